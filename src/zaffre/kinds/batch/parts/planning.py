"""A deployment held against what it names: everything found and pinned, so that its jobs need nothing that moves. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from zaffre.assets.environment.parts.resolve import resolve
from zaffre.core import assets, document, places, problems, refs
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem

MLFLOW = "mlflow_model"
LEVELS = ("debug", "info", "warning")


@dataclass(frozen=True, slots=True)
class Pinned:
    """A deployment of a model, with what may move pinned."""

    spec: Any
    model_type: str = ""
    software: Any = None
    """The environment, as a job's document has it."""


@dataclass(frozen=True, slots=True)
class _Model:
    type: str
    path: str
    """On this machine; empty where it lies elsewhere."""
    reference: str


def of_model(draft: Draft, lookup: Lookup) -> Pinned:
    """Raises ``Invalid`` with everything that is wrong at once."""
    spec = draft.spec.model_copy(deep=True)
    wrong: list[Problem] = _settings(spec)
    model = _collect(wrong, lambda: _model(draft, lookup))
    code = _collect(wrong, lambda: _code(draft, lookup))
    if not wrong:
        wrong += _needs(spec, model)
    software = _collect(wrong, lambda: _software(draft, lookup, model)) if not wrong else None
    if wrong:
        raise Invalid(wrong)
    if model is not None and model.reference:
        spec.model = model.reference
    if code:
        spec.code_configuration.code, spec.code_configuration.scoring_script = code
    if isinstance(software, str):
        spec.environment = software
    return Pinned(spec, model.type if model is not None else "", software)


def default_problem(name: str, known: set[str]) -> Problem | None:
    """What is wrong with the name of an endpoint's default deployment."""
    if name in known:
        return None
    there = f"the endpoint has {', '.join(sorted(known))}" if known else "the endpoint has none yet"
    hint = problems.closest(name, known) or "zaffre batch-deployment create --set-default makes one and names it"
    return Problem(f"there is no deployment {name!r}; {there}", "defaults.deployment_name", hint=hint)


def _settings(spec: Any) -> list[Problem]:
    settings = spec.scoring()
    level, name = settings.logging_level, settings.output_file_name
    wrong: list[Problem] = []
    if level is not None and str(level).lower() not in LEVELS:
        told = f"expected one of {', '.join(LEVELS)}, found {level!r}"
        wrong.append(Problem(told, "settings.logging_level"))
    if name is not None and (not name.strip() or ".." in name.split("/") or name.startswith("/") or "${{" in name):
        told = f"expected the name of a file, such as predictions.csv, found {name!r}"
        wrong.append(Problem(told, "settings.output_file_name"))
    return wrong


def _model(draft: Draft, lookup: Lookup) -> _Model | None:
    said = draft.spec.model
    if said is None:
        return None
    if not isinstance(said, str):
        uri = said.path or ""
        path = places.check(draft.key.workspace, uri, said.type, lookup, "model.path")
        return _Model(said.type, path or "", "")
    found = refs.asset(said)
    stored = assets.find(draft.key.workspace, "model", found, lookup, "model")
    type_ = str(stored.spec.get("type") or "custom_model")
    uri = assets.place_of(stored, draft.key.workspace)
    path = places.check(draft.key.workspace, uri, type_, lookup, "model")
    pinned = replace(found, version=stored.key.version, label="", collection=found.collection or "models")
    return _Model(type_, path or "", str(pinned))


def _code(draft: Draft, lookup: Lookup) -> tuple[str, str] | None:
    """The pinned code and the script in it."""
    said = draft.spec.code_configuration
    if said is None:
        return None
    for field in ("code", "scoring_script"):
        if not getattr(said, field):
            raise Invalid([Problem("required beside the other, but missing", f"code_configuration.{field}")])
    field = "code_configuration.code"
    found = refs.parse(said.code)
    if not isinstance(found, refs.Asset):
        told = f"{said.code!r} has not been uploaded; the zaffre client does that before it submits"
        raise Invalid([Problem(told, field)])
    stored = assets.find(draft.key.workspace, "code", found, lookup, field)
    script = said.scoring_script.replace("\\", "/").removeprefix("./")
    files: list[str] = [str(entry[0]) for entry in stored.state.get("files", [])]
    if files and script not in files:
        scripts = [name for name in files if name.endswith(".py")]
        near = [*difflib.get_close_matches(str(script), scripts, 1), *scripts][:1]
        hint = f'did you mean "{near[0]}"?' if near else "the folder has no Python file"
        raise Invalid([Problem(f"the code has no file {script!r}", "code_configuration.scoring_script", hint=hint)])
    return str(replace(found, version=stored.key.version, label="")), script


def _needs(spec: Any, model: _Model | None) -> list[Problem]:
    """An MLflow model scores by itself; anything else needs a script, and a script an environment."""
    if spec.code_configuration is None and model is not None and model.type == MLFLOW:
        return []
    what = "a deployment without a model" if model is None else f"a model of type {model.type}"
    if model is not None and model.type == MLFLOW:
        what += " with a scoring script"
    wrong: list[Problem] = []
    if spec.code_configuration is None:
        hint = f"only models of type {MLFLOW} score without a script"
        wrong.append(Problem(f"required for {what}, but missing", "code_configuration", hint=hint))
    if spec.environment is None:
        wrong.append(Problem(f"required for {what}, but missing", "environment"))
    return wrong


def _software(draft: Draft, lookup: Lookup, model: _Model | None) -> Any:
    """The environment as a job's document names it: what is written, pinned; else what the MLflow model needs."""
    said = draft.spec.environment
    if isinstance(said, str):
        return resolve(draft.key.workspace, said, lookup).reference
    if said is not None:
        return said.to_yaml()
    if model is None or not model.path:
        told = "the model lies outside this installation, so what software it needs is not known"
        raise Invalid([Problem(told, "environment", hint="name an environment that has mlflow and its libraries")])
    return _of_mlflow(model.path, lookup)


def _of_mlflow(path: str, lookup: Lookup) -> dict[str, Any]:
    """MLflow writes the software a model needs beside it."""
    text = lookup.text(f"{path}/conda.yaml")
    conda = document.load(text, file="conda.yaml").data if text is not None else None
    if conda:
        return {"conda_file": conda}
    text = lookup.text(f"{path}/requirements.txt")
    if text is not None:
        lines = [line.strip() for line in text.splitlines()]
        wanted = [line for line in lines if line and not line.startswith("#")]
        return {"conda_file": {"dependencies": ["python", "pip", {"pip": wanted}]}}
    told = "the MLflow model has neither conda.yaml nor requirements.txt, so nothing says what software it needs"
    hint = "name an environment that has mlflow and the model's libraries"
    raise Invalid([Problem(told, "environment", hint=hint)])


def _collect(wrong: list[Problem], check: Callable[[], Any]) -> Any:
    try:
        return check()
    except Invalid as error:
        wrong.extend(error.problems)
        return None
