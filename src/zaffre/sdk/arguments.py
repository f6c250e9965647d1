"""Constructor arguments of azure.ai.ml that are no fields of ours: short forms written out, the server's facts left aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Given = dict[str, Any]
_SPARK = (
    "driver_cores", "driver_memory", "executor_cores", "executor_memory", "executor_instances",
    "dynamic_allocation_enabled", "dynamic_allocation_min_executors", "dynamic_allocation_max_executors",
)  # fmt: skip
_SERVERS = {
    "BatchEndpoint": ("scoring_uri", "openapi_uri"),
    "KubernetesOnlineEndpoint": ("kind", "location"),
    "ManagedNetwork": ("network_id",),
    "ManagedOnlineEndpoint": ("kind", "location"),
    "Model": ("utc_time_created",),
    "OnlineEndpoint": ("kind", "location", "openapi_uri", "provisioning_state", "scoring_uri"),
    "Registry": ("discovery_url", "managed_resource_group", "mlflow_registry_uri"),
    "SystemCreatedAcrAccount": ("arm_resource_id",),
    "SystemCreatedStorageAccount": ("arm_resource_id", "replicated_ids"),
    "Workspace": ("resource_group",),
    **{
        f"{service}JobService": ("endpoint", "status") for service in ("", "JupyterLab", "Ssh", "TensorBoard", "VsCode")
    },
}
"""Class → what only an answer of the server has; it may be given, as azure.ai.ml lets one, and says nothing."""


def _code(given: Given) -> Given:
    """``code_path`` and ``scoring_script`` are a code configuration."""
    code, script = given.pop("code_path", None), given.pop("scoring_script", None)
    if (code or script) and not given.get("code_configuration"):
        given["code_configuration"] = {"code": code, "scoring_script": script}
    return given


def _instances(given: Given) -> Given:
    """``instance_count`` is one of the resources."""
    count = given.pop("instance_count", None)
    if count is not None and not given.get("resources"):
        given["resources"] = {"instance_count": count}
    return given


def _batch(given: Given) -> Given:
    return _instances(_code(given))


def _default_deployment(given: Given) -> Given:
    """``default_deployment_name`` is one of the defaults."""
    name = given.pop("default_deployment_name", None)
    if name and not given.get("defaults"):
        given["defaults"] = {"deployment_name": name}
    return given


def _spark(given: Given) -> Given:
    """Sizes of driver and executors are entries of Spark's configuration."""
    sizes = {name: given.pop(name) for name in _SPARK if name in given}
    told = {name: value for name, value in sizes.items() if value is not None}
    return {**given, "conf": {**(given.get("conf") or {}), **told}} if told else given


def _scheduled(given: Given) -> Given:
    """A job or an import may be an object; its paths are relative to where it came from."""
    for field in ("create_job", "import_data"):
        if hasattr(given.get(field), "local_files"):
            made = given[field].model_copy(deep=True)
            for file in list(made.local_files()):
                file.put(str(file.path.absolute()))
            given[field] = made.to_yaml()
    return given


_CODE = ("code_path", "scoring_script")
_SHORT: dict[str, tuple[Callable[[Given], Given], tuple[str, ...]]] = {
    "BatchDeployment": (_batch, (*_CODE, "instance_count")),
    "BatchEndpoint": (_default_deployment, ("default_deployment_name",)),
    "CommandComponent": (_instances, ("instance_count",)),
    "KubernetesOnlineDeployment": (_code, _CODE),
    "ManagedOnlineDeployment": (_code, _CODE),
    "ModelBatchDeployment": (_code, _CODE),
    "OnlineDeployment": (_code, _CODE),
    "ParallelComponent": (_instances, ("instance_count",)),
    "ImportDataSchedule": (_scheduled, ()),
    "JobSchedule": (_scheduled, ()),
    "Schedule": (_scheduled, ()),
    "SparkComponent": (_spark, _SPARK),
    "SparkJob": (_spark, _SPARK),
}
"""Class → how its short forms are written out, and which arguments they are."""


def settled(name: str, given: Given) -> Given:
    """The fields that the arguments of the class ``name`` mean."""
    kept = {key: value for key, value in given.items() if key not in _SERVERS.get(name, ())}
    short = _SHORT.get(name)
    return short[0](kept) if short is not None else kept


def accepted(name: str) -> frozenset[str]:
    """Arguments that a class takes besides its fields."""
    short = _SHORT.get(name)
    return frozenset((*_SERVERS.get(name, ()), *(short[1] if short is not None else ())))
