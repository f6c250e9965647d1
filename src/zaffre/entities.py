"""azure.ai.ml's entities: each is the model of its kind, loaded when it is first named."""

from __future__ import annotations

import importlib
from typing import Any

_KINDS = "zaffre.kinds"
_CLASSES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "AmlCompute": (f"{_KINDS}.compute.spec:Compute", "compute", {"type": "amlcompute"}),
    "AssignedIdentityConfiguration": ("zaffre.core.shapes:AssignedIdentity", "", {}),
    "BuildContext": ("zaffre.assets.environment.spec:BuildContext", "", {}),
    "CodeConfiguration": ("zaffre.core.serving:CodeConfiguration", "", {}),
    "CommandJob": ("zaffre.jobs.command.spec:CommandJob", "job", {}),
    "CommandJobLimits": ("zaffre.jobs.command.spec:CommandLimits", "", {}),
    "Compute": (f"{_KINDS}.compute.spec:Compute", "compute", {}),
    "ComputeInstance": (f"{_KINDS}.compute.spec:Compute", "compute", {"type": "computeinstance"}),
    "Data": ("zaffre.assets.data.spec:Data", "data", {}),
    "DataCollector": ("zaffre.core.serving:DataCollector", "", {}),
    "Datastore": (f"{_KINDS}.datastore.spec:Datastore", "datastore", {}),
    "Environment": ("zaffre.assets.environment.spec:Environment", "environment", {}),
    "IdentityConfiguration": ("zaffre.core.shapes:ResourceIdentity", "", {}),
    "JobResourceConfiguration": ("zaffre.core.joblike:JobResources", "", {}),
    "KubernetesOnlineDeployment": (
        f"{_KINDS}.online.spec:OnlineDeployment",
        "online-deployment",
        {"type": "kubernetes"},
    ),
    "KubernetesOnlineEndpoint": (f"{_KINDS}.online.spec:OnlineEndpoint", "online-endpoint", {}),
    "ManagedOnlineDeployment": (f"{_KINDS}.online.spec:OnlineDeployment", "online-deployment", {}),
    "ManagedOnlineEndpoint": (f"{_KINDS}.online.spec:OnlineEndpoint", "online-endpoint", {}),
    "Model": ("zaffre.assets.model.spec:Model", "model", {}),
    "MpiDistribution": ("zaffre.core.joblike:Mpi", "", {"type": "mpi"}),
    "OnlineDeployment": (f"{_KINDS}.online.spec:OnlineDeployment", "online-deployment", {}),
    "OnlineEndpoint": (f"{_KINDS}.online.spec:OnlineEndpoint", "online-endpoint", {}),
    "OnlineRequestSettings": ("zaffre.core.serving:RequestSettings", "", {}),
    "ProbeSettings": ("zaffre.core.serving:Probe", "", {}),
    "PyTorchDistribution": ("zaffre.core.joblike:PyTorch", "", {"type": "pytorch"}),
    "QueueSettings": ("zaffre.core.joblike:Queue", "", {}),
    "ResourceSettings": ("zaffre.core.serving:ResourceAmount", "", {}),
    "TensorFlowDistribution": ("zaffre.core.joblike:TensorFlow", "", {"type": "tensorflow"}),
    "Workspace": (f"{_KINDS}.workspace.spec:Workspace", "workspace", {}),
}


def __getattr__(name: str) -> Any:
    if name not in _CLASSES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # weight: pydantic and the models are loaded with the first entity, not with this module
    from zaffre.sdk.entity import entity  # noqa: PLC0415

    place, kind, preset = _CLASSES[name]
    module, _, model = place.partition(":")
    made = entity(getattr(importlib.import_module(module), model), kind, **_own_name(name, model), **preset)
    globals()[name] = made
    return made


def __dir__() -> list[str]:
    return sorted(_CLASSES)


def _own_name(name: str, model: str) -> dict[str, str]:
    """A model known under one name only is one class, so that what the server answers is an instance of it."""
    shared = sum(place.endswith(f":{model}") for place, _, _ in _CLASSES.values()) > 1
    return {"name": name} if shared and name != model else {}
