"""The official client as an oracle: the bodies azure-ai-ml would send for a YAML file, without a network.

References are resolved by its own code; what would be uploaded becomes a fixed reference instead.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

from azure.ai.ml import (  # noqa: E402
    load_batch_deployment,
    load_batch_endpoint,
    load_component,
    load_compute,
    load_connection,
    load_data,
    load_datastore,
    load_environment,
    load_feature_set,
    load_feature_store_entity,
    load_job,
    load_model,
    load_model_package,
    load_online_deployment,
    load_online_endpoint,
    load_registry,
    load_serverless_endpoint,
    load_workspace,
)
from azure.ai.ml._azure_environments import _set_cloud  # noqa: E402
from azure.ai.ml._restclient.arm_ml_service._utils.model_base import SdkJSONEncoder  # noqa: E402
from azure.ai.ml._scope_dependent_operations import OperationConfig, OperationScope  # noqa: E402
from azure.ai.ml.constants._common import AzureMLResourceType  # noqa: E402
from azure.ai.ml.entities._data_import.data_import import DataImport  # noqa: E402
from azure.ai.ml.entities._load_functions import (  # noqa: E402
    load_common,
    load_model_batch_deployment,
    load_pipeline_component_batch_deployment,
    load_schedule,
)
from azure.ai.ml.operations._operation_orchestrator import OperationOrchestrator  # noqa: E402
from wire_scope import SCOPE, UPLOADED  # noqa: E402

_set_cloud("AzureCloud")


class _Assets:
    """Stands where the client would register an asset: answers with the id it would get."""

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def create_or_update(self, asset: Any) -> Any:
        name, version = ("uploaded", "1")
        if self.collection == "environments" and not asset._is_anonymous and asset.name:
            name, version = asset.name, asset.version or "1"
        return SimpleNamespace(id=f"{SCOPE.id}/{self.collection}/{name}/versions/{version}")


class _Orchestrator(OperationOrchestrator):
    """Labels stay labels: there is no workspace to ask what the latest is."""

    def get_asset_arm_id(self, asset: Any, azureml_type: str, *args: Any, **kwargs: Any) -> Any:
        if isinstance(asset, str) and (found := re.fullmatch(r"(?:azureml:)?(?!AzureML-)([\w.-]+)@(\w+)", asset)):
            return f"{SCOPE.id}/{azureml_type}/{found[1]}/labels/{found[2]}"
        if isinstance(asset, str) and azureml_type == "environments" and re.fullmatch(r"[\w.-]+", asset):
            return f"{SCOPE.id}/environments/{asset}"
        return super().get_asset_arm_id(asset, azureml_type, *args, **kwargs)


def _orchestrator() -> _Orchestrator:
    kinds = (
        AzureMLResourceType.CODE,
        AzureMLResourceType.ENVIRONMENT,
        AzureMLResourceType.MODEL,
        AzureMLResourceType.DATA,
    )
    container = SimpleNamespace(all_operations={kind: _Assets(kind) for kind in kinds})
    scope = OperationScope(SCOPE.subscription, SCOPE.group, SCOPE.workspace)
    return _Orchestrator(container, scope, OperationConfig(show_progress=False, enable_telemetry=False))


def plain(rest: Any) -> Any:
    """What goes over the wire for one of the client's REST objects."""
    if rest is None:
        return None
    if hasattr(rest, "serialize") and not hasattr(rest, "_is_model"):
        return json.loads(json.dumps(rest.serialize(), cls=SdkJSONEncoder))
    return json.loads(json.dumps(rest, cls=SdkJSONEncoder, exclude_readonly=True))


def body(kind: str, path: Path, overrides: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The client's body for one file of a kind; raises whatever the client raises when it refuses it."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return _BODIES[kind](path, overrides or [])
    finally:
        os.chdir(here)


def _job(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    job = load_job(path, params_override=overrides)._to_job()
    resolve = _orchestrator().get_asset_arm_id
    if job.code is not None:
        job.code = f"{SCOPE.id}/codes/uploaded/versions/1"
    job.environment = resolve(job.environment, azureml_type="environments")
    if job.compute is not None and job.compute != "local":
        job.compute = resolve(job.compute, azureml_type="computes")
    for item in job.inputs.values():
        if hasattr(item, "path"):
            item.path = _place(item, resolve)
    result = plain(job._to_rest_object())
    result.pop("name", None)
    return result


def _sweep(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    job = load_job(path, params_override=overrides)
    resolve = _orchestrator().get_asset_arm_id
    if job.trial.code is not None:
        job.trial.code = f"{SCOPE.id}/codes/uploaded/versions/1"
    job.trial.environment = resolve(job.trial.environment, azureml_type="environments")
    if job.compute is not None:
        job.compute = resolve(job.compute, azureml_type="computes")
    for item in job.inputs.values():
        if hasattr(item, "path"):
            item.path = _place(item, resolve)
    result = plain(job._to_rest_object())
    result.pop("name", None)
    return result


def _component(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    component = load_component(path, params_override=overrides)
    if component.type == "pipeline":  # its steps are resolved with a workspace at hand
        return {}
    resolve = _orchestrator().get_asset_arm_id
    if getattr(component, "code", None):
        component.code = f"{SCOPE.id}/codes/uploaded/versions/1"
    if getattr(component, "environment", None):
        component.environment = resolve(component.environment, azureml_type="environments")
    result = plain(component._to_rest_object())
    result["properties"]["componentSpec"].pop("$schema", None)  # an editor's hint
    result["properties"]["properties"].pop("client_component_hash", None)  # the client's own cache key, of local paths
    return {"properties": result["properties"]}


def _place(item: Any, resolve: Any) -> str:
    path = str(item.path)
    if path.startswith(("azureml://", "/subscriptions/", "http", "wasb", "abfs", "runs:", "${{")):
        return path
    if not Path(path).is_absolute() and (":" in path or "@" in path) and not path.startswith("file:"):
        kind = "models" if item.type in ("mlflow_model", "custom_model") else "data"
        return resolve(path, azureml_type=kind)
    return UPLOADED


def _data(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    data = load_data(path, params_override=overrides)
    if not re.match(r"[a-z0-9]+:", str(data.path)):
        data._path = UPLOADED
    return plain(data._to_rest_object())


def _model(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    model = load_model(path, params_override=overrides)
    if model.path and not re.match(r"[a-z0-9]+:", str(model.path)):
        model._path = UPLOADED
    return plain(model._to_rest_object())


def _environment(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    environment = load_environment(path, params_override=overrides)
    if environment.build is not None:
        environment.build.path = UPLOADED
    return plain(environment._to_rest_object())


def _endpoint(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    endpoint = load_online_endpoint(path, params_override=overrides)
    if getattr(endpoint, "compute", None):
        endpoint.compute = _orchestrator().get_asset_arm_id(endpoint.compute, azureml_type="computes")
    return plain(endpoint._to_rest_online_endpoint(SCOPE.location))


def _deployment(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    deployment = load_online_deployment(path, params_override=overrides)
    resolve = _orchestrator().get_asset_arm_id
    if deployment.code_configuration and deployment.code_configuration.code:
        code = str(deployment.code_configuration.code)
        is_reference = code.startswith("azureml:")
        deployment.code_configuration.code = (
            resolve(code.removeprefix("azureml:"), azureml_type="codes")
            if is_reference
            else f"{SCOPE.id}/codes/uploaded/versions/1"
        )
    deployment.environment = resolve(deployment.environment, azureml_type="environments")
    deployment.model = (
        resolve(deployment.model, azureml_type="models")
        if isinstance(deployment.model, str) or deployment.model is None
        else f"{SCOPE.id}/models/uploaded/versions/1"
    )
    return plain(deployment._to_rest_object(location=SCOPE.location))


def _compute(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    compute = load_compute(path, params_override=overrides)
    compute.location = compute.location or SCOPE.location
    return plain(compute._to_rest_object())


def _connection(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    return plain(load_connection(path, params_override=overrides)._to_rest_object())


def _batch_deployment(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    loaders = {"model": load_model_batch_deployment, "pipeline": load_pipeline_component_batch_deployment}
    found = re.search(r"^type: *(\w+)", path.read_text("utf-8"), re.MULTILINE)
    loaders.get(found[1] if found else "", load_batch_deployment)(path, params_override=overrides)
    return {}


def _data_import(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    load_common(DataImport, path, None, params_override=overrides)
    return {}


def _datastore(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    return plain(load_datastore(path, params_override=overrides)._to_rest_object())


def _accepted(load: Any) -> Any:
    def answer(path: Path, overrides: list[dict[str, Any]]) -> dict[str, Any]:
        load(path, params_override=overrides)
        return {}

    return answer


_BODIES: dict[str, Any] = {
    "command": _job,
    "component": _component,
    "data": _data,
    "model": _model,
    "environment": _environment,
    "online-endpoint": _endpoint,
    "online-deployment": _deployment,
    "compute": _compute,
    "datastore": _datastore,
    "connection": _connection,
    "sweep": _sweep,
    "data-import": _data_import,
    **{kind: _accepted(load_job) for kind in ("pipeline", "automl", "spark", "finetuning", "distillation")},
    **{kind: _accepted(load_component) for kind in ("flow", "flow-run")},
    "serverless-endpoint": _accepted(load_serverless_endpoint),
    "batch-endpoint": _accepted(load_batch_endpoint),
    "batch-deployment": _batch_deployment,
    "schedule": _accepted(load_schedule),
    "feature-set": _accepted(load_feature_set),
    "feature-store-entity": _accepted(load_feature_store_entity),
    "model-package": _accepted(load_model_package),
    "workspace": _accepted(load_workspace),
    "registry": _accepted(load_registry),
}
