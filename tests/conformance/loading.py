"""L0 and N0: a document loads and validates, or is refused with the place of the mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core import document, refs
from zaffre.core.errors import Invalid, NotBuilt, Problem, ZaffreError
from zaffre.core.registry import JobType, Kind, job_types, kinds

_KINDS = {
    "asset.data": "data",
    "asset.environment": "environment",
    "asset.model": "model",
    "asset.data_import": "data-import",
    "asset.model_package": "model-package",
    "component": "component",
    "connection": "connection",
    "datastore.blob": "datastore",
    "deployment.batch": "batch-deployment",
    "deployment.online": "online-deployment",
    "endpoint.batch": "batch-endpoint",
    "endpoint.online": "online-endpoint",
    "endpoint.serverless": "serverless-endpoint",
    "feature.featureset": "feature-set",
    "promptflow.flow": "flow",
    "promptflow.run": "flow-run",
    "registry": "registry",
    "schedule": "schedule",
    "workspace": "workspace",
}
_LOOKED_AT = ("code", "environment", "environment.conda_file", "conda_file", "component")
"""Files that the official client looks for when it reads a document; the others when it submits one."""
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
    spec = kind.model().from_yaml(read, base=path.parent)
    missing = [problem for problem in spec.missing_files(Path.exists) if problem.field in _LOOKED_AT]
    if missing:
        raise Invalid(missing)
    for component in _components(spec, path.parent):
        part = document.load(component.read_text(encoding="utf-8"), file=str(component))
        part.data.pop("name", None)  # inside another document it needs none, and its own may be anything
        kinds()["component"].model().from_yaml(part, base=component.parent)
    return spec


def _components(spec: Any, folder: Path) -> list[Path]:
    """The files of components that the steps of a pipeline name."""
    steps: dict[str, Any] = getattr(spec, "jobs", None) or {}
    said = [step.get("component") for step in steps.values() if isinstance(step, dict)]
    return [folder / refs.local_path(one) for one in said if isinstance(one, str) and refs.is_local(one)]


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
