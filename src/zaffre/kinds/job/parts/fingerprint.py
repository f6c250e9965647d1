"""What decides a job's result, put into one hash, and what differs between two of them. Pure.

The parts are named as a document names them, so that a difference can be told where its user can change it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zaffre.core.draft import Prepared
from zaffre.core.io import JobInput, JobOutput

_NO_PART = frozenset(
    {
        "name", "display_name", "description", "tags", "properties", "experiment_name", "compute", "services", "identity",
        "queue_settings", "limits", "component", "inputs", "outputs", "environment", "code", "parent_job_name", "secrets",
    }
)  # fmt: skip
"""Fields that say who, where, when or for how long, or that have parts of their own."""
_MOST_SHOWN = 200
_MOST_FILES = 20
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Made:
    """What a job is made of."""

    parts: dict[str, str]
    """Name of a part, as in a document → its value, or the digest of its content."""
    contents: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Input → ``{uri, stamp, digest}``: what its content was told by, for the next time."""

    @property
    def hash(self) -> str:
        """Equal for equal parts."""
        return hashlib.sha256(json.dumps(self.parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of two jobs that is not the same."""

    field: str
    before: str | None
    after: str | None
    files: tuple[str, ...] = ()
    """Of code: which files, and what became of them."""

    def to_json(self) -> dict[str, Any]:
        """As a run keeps it."""
        told: dict[str, Any] = {"field": self.field, "before": self.before, "after": self.after}
        return told | ({"files": list(self.files)} if self.files else {})


def made(prepared: Prepared, contents: Mapping[str, Mapping[str, str]]) -> Made:
    """The parts of a job that is about to be submitted; ``contents`` are those of its data inputs."""
    assert prepared.run is not None
    spec, facts = prepared.spec, prepared.run.facts
    stored: dict[str, Any] = spec.to_stored()
    parts = {name: _text(value) for name, value in stored.items() if name not in _NO_PART}
    if facts.get("code"):
        parts["code"] = str(facts["code"])
    if facts.get("environment"):
        parts["environment"] = str(facts["environment"]["fingerprint"])
    given: dict[str, Any] = spec.inputs or {}
    for name, value in given.items():
        parts[f"inputs.{name}"] = contents[name]["digest"] if isinstance(value, JobInput) else _text(value)
    outputs: dict[str, JobOutput] = spec.outputs or {}
    for name, output in outputs.items():
        told = {"type": output.type, "path": output.path, "name": output.name, "mode": output.mode}
        parts[f"outputs.{name}"] = _text({key: value for key, value in told.items() if value})
    return Made(parts, {name: dict(content) for name, content in contents.items()})


def differences(told: Mapping[str, Any], now: Made) -> list[Difference]:
    """Every part that is not the same, in the order of their names. ``told``: the other's, as its run keeps it."""
    before: Mapping[str, str] = told["parts"]
    contents: Mapping[str, Mapping[str, str]] = told.get("contents", {})
    found: list[Difference] = []
    for name in sorted({*before, *now.parts}):
        if before.get(name) != now.parts.get(name):
            first, second = _shown(name, before, contents, now)
            found.append(Difference(name, first, second))
    return found


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Which files of code are not the same; a few of them, if there are many. Path → digest, twice."""
    found = [
        f"{path} {'is new' if path not in before else 'is gone' if path not in after else 'changed'}"
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    ]
    more = len(found) - _MOST_FILES
    return (*found[:_MOST_FILES], *([f"and {more} more"] if more > 0 else []))


def environments(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Two environments by their names, and by their fingerprints where only these differ."""
    names = [str(one.get("name") or "") for one in (before, after)]
    prints = [str(one.get("fingerprint") or "")[:_DIGITS] for one in (before, after)]
    shown = [f"{name} ({digits})" if name else digits for name, digits in zip(names, prints, strict=True)]
    return Difference("environment", shown[0], shown[1])


def subject(experiment: str, key: str, component: str | None) -> str:
    """What a run is the newest of: a registered component's step, or a step of an experiment's pipelines."""
    own = component if component and "azureml_anonymous" not in component else ""
    return f"{own.removeprefix('azureml:').partition(':')[0]}/{key}" if own else f"{experiment}//{key}"


def facts(made: Made, subject: str, compared: Mapping[str, Any]) -> dict[str, Any]:
    """As a run keeps them."""
    kept = {"hash": made.hash, "parts": made.parts, "contents": made.contents}
    return {"fingerprint": kept, "subject": subject, "compared": dict(compared)}


def compared(with_run: str, found: Sequence[Difference], gone: str = "") -> dict[str, Any]:
    """What a run was held against, and how it differed; ``gone`` where it did not, and could not be taken all the same."""
    told: dict[str, Any] = {"with": with_run, "differences": [one.to_json() for one in found]}
    return told | ({"gone": gone} if gone else {})


def forced() -> dict[str, Any]:
    """Where it was held against nothing, because it was to run in any case."""
    return {"with": "", "differences": [], "forced": True}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def _shown(
    name: str, before: Mapping[str, str], contents: Mapping[str, Mapping[str, str]], now: Made
) -> tuple[str | None, str | None]:
    """Both values as they are shown: data by its place and the first digits of its content, long text where it differs."""
    given = name.removeprefix("inputs.")
    if given in contents or given in now.contents:
        return _data(contents.get(given), before.get(name)), _data(now.contents.get(given), now.parts.get(name))
    first, second = before.get(name), now.parts.get(name)
    if first is None or second is None:
        return _cut(first, 0), _cut(second, 0)
    same = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    return _cut(first, same), _cut(second, same)


def _data(content: Mapping[str, str] | None, value: str | None) -> str | None:
    if content is None:
        return _cut(value, 0)
    kind, _, digits = content.get("digest", "").partition(":")
    return f"{content.get('uri', '')} ({digits[:_DIGITS]})" if kind == "sha256" else content.get("digest", "")


def _cut(value: str | None, at: int) -> str | None:
    """A long text, from a little before ``at``."""
    if value is None or len(value) <= _MOST_SHOWN:
        return value
    start = max(0, at - _MOST_SHOWN // 4)
    end = start + _MOST_SHOWN
    return f"{'…' if start else ''}{value[start:end]}{'…' if end < len(value) else ''}"
