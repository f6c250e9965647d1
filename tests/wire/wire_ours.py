"""Our bodies for the same files, settled the way ``official`` settles its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from wire_scope import SCOPE, UPLOADED

from zaffre.core import document, refs
from zaffre.core.errors import Invalid
from zaffre.core.registry import job_types, kinds
from zaffre.core.wire import Spec
from zaffre.kinds.schedule.parts.documents import laid_over, overrides

KINDS = {
    "commandJob": "command",
    "commandComponent": "component",
    "CommandComponent": "component",
    "sparkComponent": "component",
    "SparkComponent": "component",
    "parallelComponent": "component",
    "code": "code",
    "data": "data",
    "model": "model",
    "environment": "environment",
    "managedOnlineEndpoint": "online-endpoint",
    "kubernetesOnlineEndpoint": "online-endpoint",
    "managedOnlineDeployment": "online-deployment",
    "kubernetesOnlineDeployment": "online-deployment",
    "amlCompute": "compute",
    "computeInstance": "compute",
    "azureBlob": "datastore",
    "azureFile": "datastore",
    "azureDataLakeGen1": "datastore",
    "azureDataLakeGen2": "datastore",
    "sweepJob": "sweep",
    "pipelineJob": "pipeline",
    "PipelineJob": "pipeline",
    "autoMLJob": "automl",
    "sparkJob": "spark",
    "pipelineComponent": "component",
    "connection": "connection",
    "Connection": "connection",
    "AzureOpenAIConnection": "connection",
    "batchEndpoint": "batch-endpoint",
    "batchDeployment": "batch-deployment",
    "modelBatchDeployment": "batch-deployment",
    "pipelineComponentBatchDeployment": "batch-deployment",
    "schedule": "schedule",
    "Schedule": "schedule",
    "featureSet": "feature-set",
    "FeatureSet": "feature-set",
    "Featureset": "feature-set",
    "featurestoreEntity": "feature-store-entity",
    "FeaturestoreEntity": "feature-store-entity",
    "ModelVersionPackage": "model-package",
    "dataImport": "data-import",
    "DataImport": "data-import",
    "workspace": "workspace",
    "registry": "registry",
}
_SCHEMA = re.compile(r"^\s*\"?\$schema\"?:\s*\S*/(\w+)(?:\.schema)?\.json", re.MULTILINE)


def kind_of(path: Path) -> str:
    """The kind that a file's ``$schema`` names, or nothing."""
    try:
        found = _SCHEMA.search(path.read_text("utf-8"))
    except UnicodeDecodeError:
        return ""
    return KINDS.get(found[1], "") if found else ""


def model(kind: str) -> type[Spec]:
    return job_types()[kind].model() if kind in job_types() else kinds()[kind].model()


def read(kind: str, path: Path, overrides: list[dict[str, Any]] | None = None) -> Spec:
    """A file as our model, or ``Invalid``."""
    sets = [f"{key}={value}" for override in overrides or [] for key, value in override.items()]
    spec = model(kind).from_yaml(document.load(path.read_text("utf-8"), file=str(path), overrides=sets))
    needed = ["code", "conda_file", "environment.conda_file", "environment.build.path"]
    needed += ["model.path"] if _is_hashed(getattr(spec, "model", None)) else []
    if missing := [problem for problem in spec.missing_files(Path.exists) if problem.field in needed]:
        raise Invalid(missing)
    return spec


def _is_hashed(model: Any) -> bool:
    """The client reads a model's files when it reads the document only to give the model a name."""
    return isinstance(model, Spec) and not getattr(model, "name", None)


def body(kind: str, path: Path, overrides: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    spec = read(kind, path, overrides)
    _described(spec, path.parent)
    _scheduled(spec, path.parent)
    spec.inline(lambda file: document.load(file.read_text("utf-8"), file=str(file)).data)
    for local in spec.local_files():
        uploaded = local.purpose in ("code",)
        local.put("azureml:uploaded:1" if uploaded else UPLOADED)
    settle(spec)
    return spec.to_arm(SCOPE)


def _scheduled(spec: Spec, folder: Path) -> None:
    """A schedule's job in a file of its own is read from there."""
    created = getattr(spec, "create_job", None)
    said = created.get("job") if isinstance(created, dict) else created
    if isinstance(said, str) and refs.is_local(said):
        file = folder / refs.local_path(said)
        data = {key: value for key, value in document.load(file.read_text("utf-8"), file=str(file)).data.items()}
        data.pop("$schema", None)
        spec.create_job = laid_over(data, overrides(created))  # type: ignore[attr-defined]


def _described(spec: Any, folder: Path) -> None:
    """An environment in a file of its own is read from there; its name is no matter."""
    said = getattr(spec, "environment", None)
    if isinstance(said, str) and refs.is_local(said):
        read("environment", folder / refs.local_path(said))
        spec.environment = "azureml:uploaded:1"


def settle(spec: Any) -> None:
    """Inline assets become references, as registering them does."""
    environment = getattr(spec, "environment", None)
    if isinstance(environment, Spec):
        named = getattr(spec, "endpoint_name", None) and environment.name
        spec.environment = f"azureml:{environment.name}:{environment.version or '1'}" if named else "azureml:uploaded:1"
    if isinstance(getattr(spec, "model", None), Spec):
        spec.model = "azureml:uploaded:1"
