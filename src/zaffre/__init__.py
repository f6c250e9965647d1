"""Zaffre: an open Azure Machine Learning that runs anywhere.

The client's names are azure.ai.ml's. They are loaded when first used, so that ``import zaffre`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from zaffre.sdk.build import Input, Output, command
    from zaffre.sdk.client import MLClient
    from zaffre.sdk.spark_jobs import spark

_PLACES = {
    "Input": "zaffre.sdk.build",
    "Output": "zaffre.sdk.build",
    "command": "zaffre.sdk.build",
    "MLClient": "zaffre.sdk.client",
    "spark": "zaffre.sdk.spark_jobs",
}
_LOADED = {
    "load_batch_deployment": "batch-deployment",
    "load_batch_endpoint": "batch-endpoint",
    "load_component": "component",
    "load_compute": "compute",
    "load_connection": "connection",
    "load_data": "data",
    "load_datastore": "datastore",
    "load_environment": "environment",
    "load_feature_set": "feature-set",
    "load_feature_store_entity": "feature-store-entity",
    "load_job": "job",
    "load_model": "model",
    "load_model_package": "model-package",
    "load_online_deployment": "online-deployment",
    "load_online_endpoint": "online-endpoint",
    "load_registry": "registry",
    "load_schedule": "schedule",
    "load_serverless_endpoint": "serverless-endpoint",
    "load_workspace": "workspace",
    "load_workspace_connection": "connection",
}
"""``load_…`` → the kind it reads."""

_ALSO = frozenset(
    {"DaskDistribution", "MpiDistribution", "PyTorchDistribution", "RayDistribution", "TensorFlowDistribution"}
)
"""What azure.ai.ml has at its top as well as among its entities."""

__all__ = ["Input", "MLClient", "Output", "__version__", "command", "spark"]


def __getattr__(name: str) -> Any:
    if name in _LOADED:
        return _loader(name)
    if name in _PLACES:
        found = getattr(importlib.import_module(_PLACES[name]), name)
        globals()[name] = found
        return found
    if name in _ALSO:
        return getattr(importlib.import_module("zaffre.entities"), name)
    return _unbuilt(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_LOADED})


def _loader(name: str) -> Any:
    """A kind's ``load_…``: ``(source, *, relative_origin=None, params_override=())``."""
    from functools import partial  # noqa: PLC0415 - weight

    from zaffre.sdk.load import load  # noqa: PLC0415 - weight

    made = partial(load, _LOADED[name])
    globals()[name] = made
    return made


def _unbuilt(name: str) -> Any:
    """A name of azure.ai.ml's that says, when it is used, why there is nothing behind it."""
    from zaffre.sdk.unbuilt import UNBUILT, unbuilt  # noqa: PLC0415 - weight

    if name.startswith("_") or name not in UNBUILT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return unbuilt(name)
