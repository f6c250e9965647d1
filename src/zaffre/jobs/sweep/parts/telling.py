"""How far a sweep has come, for whoever looks at it while it runs and afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from zaffre.core.plain import is_list, mapping_of
from zaffre.search.scoring import best
from zaffre.search.trial import COMPLETED, Trial

_NOTED = "trial."


def shown(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Added to the job's state: how many trials ended how, and the best so far."""
    memory: Mapping[str, Any] = mapping_of(facts.get("memory"))
    noted = {int(key.removeprefix(_NOTED)): told for key, told in memory.items() if key.startswith(_NOTED)}
    if not noted:
        return {}
    said = mapping_of(facts.get("spec")).get("objective")
    objectives: list[Mapping[str, str]] = said if is_list(said) else [mapping_of(said)]
    counts = Counter(
        "without_metric" if told[0] == COMPLETED and not _values(told) else told[0] for told in noted.values()
    )
    found: dict[str, Any] = {"trials": {"ended": len(noted), **counts}}
    trials = [Trial(number, {}, told[0], _values(told)) for number, told in sorted(noted.items())]
    chosen = best(trials, [one["goal"] for one in objectives])
    if chosen is not None and chosen.values is not None:
        scores = dict(zip((one["primary_metric"] for one in objectives), chosen.values, strict=True))
        found["best"] = {"job": f"{name}_{chosen.number}", **scores}
    return found


def _values(told: list[Any]) -> tuple[float, ...] | None:
    values = told[1]
    return None if values is None or None in values else tuple(float(value) for value in values)
