"""Our bodies for the same files, settled the way ``official`` settles its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.core.registry import job_types, kinds
from zaffre.core.wire import Spec

SCOPE = Scope("11111111-1111-1111-1111-111111111111", "g", "w", "local")
UPLOADED = "azureml://datastores/workspaceblobstore/paths/LocalUpload/hash"
"""What every local path becomes, on both sides."""
KINDS = {
    "commandJob": "command",
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
    return job_types()["command"].model() if kind == "command" else kinds()[kind].model()


def read(kind: str, path: Path, overrides: list[dict[str, Any]] | None = None) -> Spec:
    """A file as our model, or ``Invalid``."""
    sets = [f"{key}={value}" for override in overrides or [] for key, value in override.items()]
    spec = model(kind).from_yaml(document.load(path.read_text("utf-8"), file=str(path), overrides=sets))
    needed = ("code", "conda_file", "environment.conda_file", "environment.build.path", "model.path")
    if missing := [problem for problem in spec.missing_files(Path.exists) if problem.field in needed]:
        raise Invalid(missing)
    return spec


def body(kind: str, path: Path, overrides: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    spec = read(kind, path, overrides)
    spec.inline(lambda file: document.load(file.read_text("utf-8"), file=str(file)).data)
    for local in spec.local_files():
        uploaded = local.purpose in ("code",)
        local.put("azureml:uploaded:1" if uploaded else UPLOADED)
    settle(spec)
    return spec.to_arm(SCOPE)


def settle(spec: Any) -> None:
    """Inline assets become references, as registering them does."""
    environment = getattr(spec, "environment", None)
    if isinstance(environment, Spec):
        named = getattr(spec, "endpoint_name", None) and environment.name
        spec.environment = f"azureml:{environment.name}:{environment.version or '1'}" if named else "azureml:uploaded:1"
    if isinstance(getattr(spec, "model", None), Spec):
        spec.model = "azureml:uploaded:1"
