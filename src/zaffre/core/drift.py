"""How far two deployments' predictions lie apart: Jensen-Shannon distance, less what chance alone explains. Pure."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zaffre.core.plain import is_dict, is_list

MOST_BINS = 10
_FEW_VALUES = 12
"""Numbers of so few different values count as labels."""
_DEEPEST = 6
_LONGEST = 80
_SURE = 2.326
"""Standard deviations: what a hundredth of all samples of one and the same distribution pass."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The field whose values differ most."""

    distance: float
    """0: the same, as far as these samples can tell; 1: nothing in common."""
    field: str
    counts: tuple[int, int]


def between(serving: Iterable[bytes], candidate: Iterable[bytes]) -> Drift | None:
    """Two sets of answers' bodies; None where nothing in them can be compared."""
    known, new = _fields(serving), _fields(candidate)
    found = [
        Drift(
            _distance(known.get(name, []), new.get(name, [])), name, (len(known.get(name, [])), len(new.get(name, [])))
        )
        for name in {*known, *new}
    ]
    return max(found, key=lambda one: (one.distance, one.field), default=None)


def _fields(answers: Iterable[bytes]) -> dict[str, list[Any]]:
    """Every leaf of the answers by its path, with the places in lists taken together."""
    found: dict[str, list[Any]] = {}
    for body in answers:
        try:
            value: Any = json.loads(body)
        except ValueError:
            value = body[:_LONGEST].decode("utf-8", "replace")
        for name, leaf in _leaves(value, "", 0):
            found.setdefault(name, []).append(leaf)
    return found


def _leaves(value: Any, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    if is_list(value) and depth < _DEEPEST:
        for one in value:
            yield from _leaves(one, f"{name}[]", depth + 1)
    elif is_dict(value) and depth < _DEEPEST:
        for key, one in value.items():
            yield from _leaves(one, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield name or "answer", float(value)
    else:
        yield name or "answer", str(value)[:_LONGEST]


def _distance(known: Sequence[Any], new: Sequence[Any]) -> float:
    if not known or not new:
        return 1.0
    one, other = _binned(known, new)
    names = sorted({*one, *other}, key=str)
    divergence = _divergence(names, one, other)
    allowed = _chance(len(names), len(known), len(new))
    return math.sqrt(max(0.0, min(1.0, divergence - allowed)))


def _binned(known: Sequence[Any], new: Sequence[Any]) -> tuple[Mapping[Any, int], Mapping[Any, int]]:
    """Counts by label; numbers of many values fall into as many bins as the serving ones fill evenly."""
    everything = [*known, *new]
    numbers = all(isinstance(one, float) for one in everything)
    if not numbers or len(set(everything)) <= _FEW_VALUES:
        return Counter(known), Counter(new)
    bins = max(2, min(MOST_BINS, int(math.sqrt(min(len(known), len(new))))))
    ordered = sorted(known)
    edges = sorted({ordered[len(ordered) * at // bins] for at in range(1, bins)})
    return Counter(bisect_right(edges, one) for one in known), Counter(bisect_right(edges, one) for one in new)


def _divergence(names: Sequence[Any], one: Mapping[Any, int], other: Mapping[Any, int]) -> float:
    """Jensen and Shannon's, base 2: 0 to 1."""
    first, second = sum(one.values()), sum(other.values())
    total = 0.0
    for name in names:
        p, q = one.get(name, 0) / first, other.get(name, 0) / second
        middle = (p + q) / 2
        total += sum(share / 2 * math.log2(share / middle) for share in (p, q) if share)
    return total


def _chance(labels: int, first: int, second: int) -> float:
    """The divergence that samples of these sizes reach by chance, one time in a hundred (Wilson and Hilferty's quantile)."""
    freedom = labels - 1
    if not freedom:
        return 0.0
    part = 2 / (9 * freedom)
    quantile = freedom * (1 - part + _SURE * math.sqrt(part)) ** 3
    return quantile * (1 / first + 1 / second) / (8 * math.log(2))
