"""L0 and N0: a document loads and validates, or is refused with the place of the mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core import document
from zaffre.core.errors import Invalid, NotBuilt, Problem, ZaffreError
from zaffre.core.registry import JobType, Kind, job_types, kinds

_KINDS = {
    "asset.data": "data",
    "asset.environment": "environment",
    "asset.model": "model",
    "datastore.blob": "datastore",
    "deployment.online": "online-deployment",
    "endpoint.online": "online-endpoint",
    "registry": "registry",
    "workspace": "workspace",
}
_PLACEHOLDER = re.compile(r"\{\{\s*[\w.-]+\s*\}\}|<[A-Za-z_][\w-]*>")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one example."""

    word: str
    """``passed``, ``failed``, ``not built``, or ``not prepared`` (the runner lacks what the example needs)."""
    why: str = ""


def kind_of(entry: dict[str, Any]) -> Kind | JobType | None:
    """What of ours the example's kind is, or None where it is not built."""
    said = str(entry["kind"])
    if said.startswith("job."):
        return job_types().get(said.removeprefix("job."))
    name = next((ours for theirs, ours in _KINDS.items() if f"{said}.".startswith(f"{theirs}.")), "")
    return kinds().get(name)


def load(entry: dict[str, Any], examples: Path) -> Any:
    """The example as our model; raises what a user would see."""
    path = examples / entry["path"]
    text = path.read_text(encoding="utf-8")
    if entry.get("how") == "after_template_substitution":
        text = _PLACEHOLDER.sub("placeholder", text)
    given = [f"{key}={value}" for pairs in entry.get("cli_override") or [] for key, value in pairs.items()]
    read = document.load(text, file=str(path), overrides=given)
    kind = kind_of(entry)
    assert kind is not None
    return kind.model().from_yaml(read, base=path.parent)  # whether its files are there is asked at submitting


def judge(entry: dict[str, Any], examples: Path) -> Verdict:
    """L0 for what must load, N0 for what must be refused."""
    if kind_of(entry) is None:
        return Verdict("not built", f"{entry['kind']}: submitting it answers 501")
    try:
        load(entry, examples)
    except NotBuilt as error:
        return Verdict("not built", error.message)
    except ZaffreError as error:
        must_refuse = entry["level"] == "N0" and isinstance(error, Invalid)
        return _named(error.problems) if must_refuse else Verdict("failed", error.message)
    return Verdict("failed", "it was taken; it must be refused") if entry["level"] == "N0" else Verdict("passed")


def _named(problems: tuple[Problem, ...]) -> Verdict:
    first = problems[0]
    if first.file and first.line and (first.field or "not YAML" in first.message):
        return Verdict("passed")
    return Verdict("failed", f"refused without file, line and field: {first}")
