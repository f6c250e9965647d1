"""An invocation made into the document of the job that it is, which is submitted as a user's would be. Pure.

A model scores in a pipeline of one parallel step, as in Azure: whoever looks for ``batchscoring`` or its output ``score``
finds them. A pipeline deployment is a pipeline job of its component.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict

STEP, SCORE, MODEL = "batchscoring", "score", "model"
"""The step's name in Azure, its output, and the input that is the model."""
ENDPOINT, DEPLOYMENT = "zaffre.batch_endpoint", "zaffre.batch_deployment"
"""Properties by which a job names whose invocation it is."""
FILE = "predictions.csv"
RETRIES = {"max_retries": 3, "timeout": 30}
"""Azure's defaults for batch deployments, which are not those of parallel jobs."""
FILES = 10
DATA = ("uri_file", "uri_folder", "mltable")
SCALARS = ("string", "number", "integer", "boolean", "float")
_MODELS = ("custom_model", "mlflow_model", "triton_model")
_DESCRIBED = ("display_name", "description")


@dataclass(frozen=True, slots=True)
class Whose:
    """Which deployment of which endpoint is asked, and what its job is called."""

    endpoint: str
    deployment: str
    job: str


def of_model(spec: Any, software: Any, model_type: str, asked: Any, whose: Whose) -> dict[str, Any]:
    """The job that scores data with a model; ``software`` is the environment that it runs in."""
    name, data = _data(asked)
    settings = spec.scoring()
    table = data.get("type") == "mltable"
    said = {**settings.to_yaml(), **_overrides(asked)}
    output = _output(asked)
    step: dict[str, Any] = {
        "type": "parallel",
        "is_deterministic": False,  # whoever asks again wants it scored again, and ten thousand files are not hashed first
        "inputs": {name: f"${{{{parent.inputs.{name}}}}}"},
        "outputs": {SCORE: f"${{{{parent.outputs.{SCORE}}}}}"},
        "input_data": f"${{{{inputs.{name}}}}}",
        "mini_batch_size": _size(said.get("mini_batch_size"), table=table),
        "max_concurrency_per_instance": said.get("max_concurrency_per_instance", 1),
        "error_threshold": said.get("error_threshold", -1),
        "retry_settings": {**RETRIES, **(said.get("retry_settings") or {})},
        "logging_level": str(said.get("logging_level") or "info").upper(),
        "resources": _resources(spec, settings, asked),
        "environment_variables": said.get("environment_variables"),
        "compute": spec.compute,
        "task": _task(spec, software, model_type, _rows_to(said, output)),
    }
    if spec.model is not None:
        step["inputs"][MODEL] = _model(spec, model_type)
    document = {
        **_about(asked, whose, "azureml.batchjob"),
        "inputs": {name: data},
        "outputs": {SCORE: output},
        "jobs": {STEP: {key: value for key, value in step.items() if value is not None}},
    }
    return _only_said(document)


def of_pipeline(spec: Any, asked: Any, whose: Whose) -> dict[str, Any]:
    """The job of a pipeline component."""
    for field in (*_overrides(asked), "instance_count"):
        if getattr(asked, field) is not None:
            told = f"deployment {whose.deployment!r} runs a pipeline; this is a setting of deployments of models"
            raise Invalid([Problem(told, field)])
    settings: dict[str, Any] = spec.settings.to_yaml() if spec.settings is not None else {}
    compute = settings.get("default_compute")
    inputs = _inputs(asked)
    given: dict[str, Any] = asked.outputs or {}
    outputs = {name: value.to_yaml() for name, value in given.items()}
    document = {
        **_about(asked, whose, "azureml.pipelinejob"),
        "component": spec.component,
        "inputs": inputs or None,
        "outputs": outputs or None,
        "settings": settings or None,
        "compute": _compute(compute) if compute else None,
    }
    return _only_said(document)


def _about(asked: Any, whose: Whose, job_type: str) -> dict[str, Any]:
    said: dict[str, Any] = asked.tags or {}
    own: dict[str, Any] = asked.properties or {}
    tags = {
        **said,
        "azureml.batchrun": "true",
        "azureml.deploymentname": whose.deployment,
        "azureml.endpointname": whose.endpoint,
        "azureml.jobtype": job_type,
    }
    properties = {**own, ENDPOINT: whose.endpoint, DEPLOYMENT: whose.deployment}
    described = {field: getattr(asked, field) for field in _DESCRIBED}
    return {
        "type": "pipeline",
        "name": whose.job,
        "experiment_name": asked.experiment_name or whose.endpoint,
        "tags": tags,
        "properties": properties,
        **described,
    }


def _data(asked: Any) -> tuple[str, dict[str, Any]]:
    """The one input of a model's deployment, whatever it is called."""
    given = _inputs(asked)
    values = [name for name, value in given.items() if not is_dict(value)]
    if values:
        told = "a deployment of a model takes data only; values are for deployments of pipelines"
        raise Invalid([Problem(told, f"inputs.{values[0]}")])
    if len(given) != 1:
        told = f"expected one input, the data to score, found {', '.join(given) or 'none'}"
        raise Invalid([Problem(told, "inputs", hint="--input PATH, or inputs: {data: {type: uri_folder, path: …}}")])
    name, data = next(iter(given.items()))
    if data["type"] not in DATA:
        raise Invalid([Problem(f"expected one of {', '.join(DATA)}, found {data['type']}", f"inputs.{name}.type")])
    return (name if name != MODEL else "data"), data


def _inputs(asked: Any) -> dict[str, Any]:
    given: dict[str, Any] = asked.inputs or {}
    return {name: _given(name, value) for name, value in given.items()}


def _given(name: str, value: Any) -> Any:
    """Data as a job's input has it, or a value."""
    field = f"inputs.{name}"
    if isinstance(value, (bool, int, float, str)):
        return value
    said = value.to_yaml()
    if value.type in SCALARS or (value.type is None and value.path is None):
        literal = value.default if value.default is not None else value.value
        if literal is None:
            raise Invalid([Problem("expected a path, or a value (default), found neither", field)])
        return literal
    if value.type not in (*DATA, *_MODELS, None):
        choices = (*DATA, *_MODELS, *SCALARS)
        told = f"expected one of {', '.join(choices)}, found {value.type!r}"
        raise Invalid([Problem(told, f"{field}.type", hint=problems.closest(value.type, choices))])
    if not value.path:
        raise Invalid([Problem("required, but missing", f"{field}.path")])
    return {"type": value.type or "uri_folder", **{k: v for k, v in said.items() if k in ("path", "mode")}}


def _output(asked: Any) -> dict[str, Any]:
    """Where the results go: the one output, whatever it is called, as Azure takes it."""
    outputs: Mapping[str, Any] = asked.outputs or {}
    if len(outputs) > 1:
        told = f"a deployment of a model has one output, {SCORE}; found {', '.join(outputs)}"
        raise Invalid([Problem(told, "outputs")])
    every: list[dict[str, Any]] = [value.to_yaml() for value in outputs.values()]
    said = every[0] if every else {}
    return {"type": "uri_folder", **said}


def _overrides(asked: Any) -> dict[str, Any]:
    from_asked: dict[str, Any] = asked.to_yaml()
    return {name: from_asked[name] for name in _SETTINGS if name in from_asked}


_SETTINGS = (
    "mini_batch_size", "max_concurrency_per_instance", "output_action", "output_file_name", "retry_settings",
    "error_threshold", "logging_level", "environment_variables",
)  # fmt: skip


def _size(said: Any, *, table: bool) -> str | None:
    """Files of a mini-batch; of a table rows, or Zaffre's own measure where nothing is said."""
    if table:
        return f"{said} rows" if said else None
    return str(said or FILES)


def _rows_to(said: Mapping[str, Any], output: Mapping[str, Any]) -> str | None:
    """Where the returned rows go; None where the script keeps its results itself."""
    if said.get("output_action") == "summary_only":
        return None
    if output["type"] == "uri_file":
        return f"${{{{outputs.{SCORE}}}}}"
    return f"${{{{outputs.{SCORE}}}}}/{said.get('output_file_name') or FILE}"


def _resources(spec: Any, settings: Any, asked: Any) -> dict[str, Any]:
    said: dict[str, Any] = spec.resources.to_yaml() if spec.resources is not None else {}
    count = asked.instance_count or said.get("instance_count") or settings.instance_count or 1
    return {**{k: v for k, v in said.items() if k != "properties" or v}, "instance_count": count}


def _task(spec: Any, software: Any, model_type: str, rows_to: str | None) -> dict[str, Any]:
    task: dict[str, Any] = {"environment": software, "append_row_to": rows_to}
    if spec.model is not None:
        task["model"] = f"${{{{inputs.{MODEL}}}}}"
    if spec.code_configuration is None:
        return _only_said({**task, "type": "model"})
    code = spec.code_configuration
    del model_type
    return _only_said({**task, "type": "run_function", "code": code.code, "entry_script": code.scoring_script})


def _model(spec: Any, model_type: str) -> dict[str, Any]:
    path = spec.model if isinstance(spec.model, str) else spec.model.path
    return {"type": model_type, "path": path}


def _compute(said: Any) -> str:
    text = str(said)
    return text if text.startswith(("azureml:", "/")) or text == "local" else f"azureml:{text}"


def _only_said(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value is not None}
