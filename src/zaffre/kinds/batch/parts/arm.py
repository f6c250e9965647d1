"""Batch deployments in Azure's spelling, and back: settings beside the model, a pipeline in a configuration of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zaffre.core import refs
from zaffre.core.plain import mapping_of
from zaffre.core.refs import Scope

_CONFIGURATION = "deploymentConfiguration"
_PREFIX = "componentdeployment.settings."
"""Before the names of settings, as Azure's service writes some of them."""
_SWITCHES = ("continue_on_step_failure", "force_rerun")
_PIPELINE = ("default_compute", "default_datastore", *_SWITCHES)
_USUAL = {
    "errorThreshold": -1,
    "maxConcurrencyPerInstance": 1,
    "miniBatchSize": 10,
    "outputFileName": "predictions.csv",
}
"""What the official client says of a pipeline, too."""


def pipeline_out(body: dict[str, Any], component: Any, settings: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The body of a deployment that runs a pipeline component."""
    configuration: dict[str, Any] = {"deploymentConfigurationType": "PipelineComponent", "settings": dict(settings)}
    if isinstance(component, str):
        configuration["componentId"] = {"referenceType": "Id", "assetId": refs.to_arm(component, "components", scope)}
    return {**body, "properties": {**_USUAL, **body["properties"], _CONFIGURATION: configuration}}


def read(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with its model as the text that it names."""
    properties = dict(mapping_of(body.get("properties")))
    model = mapping_of(properties.get("model"))
    if model.get("referenceType"):
        properties["model"] = model.get("assetId")
    return {**body, "properties": {name: value for name, value in properties.items() if value is not None}}


def back(
    data: dict[str, Any],
    body: Mapping[str, Any],
    scoring: Callable[[Mapping[str, Any], Scope | None], dict[str, Any]],
    scope: Scope | None,
) -> dict[str, Any]:
    """``data`` with its endpoint, type and settings; ``scoring`` reads those of a model."""
    data = {**data, **_named(str(body.get("id") or ""))}
    properties = {k: v for k, v in mapping_of(body.get("properties")).items() if v is not None}
    configuration = mapping_of(properties.get(_CONFIGURATION))
    if configuration:
        return data | _pipeline(configuration, scope)
    settings = scoring(properties, scope)
    if isinstance(settings.get("logging_level"), str):
        settings["logging_level"] = settings["logging_level"].lower()
    if settings.get("output_action") == "summary_only":
        settings.pop("output_file_name", None)  # clients send the usual name along
    return data | {"type": "model"} | ({"settings": settings} if settings else {})


def _named(id_: str) -> dict[str, str]:
    """The endpoint's name stands in the deployment's id."""
    parts = id_.strip("/").split("/")
    lowered = [part.lower() for part in parts]
    if "batchendpoints" not in lowered or lowered[-2:-1] != ["deployments"]:
        return {}
    return {"endpoint_name": parts[lowered.index("batchendpoints") + 1], "name": parts[-1]}


def _pipeline(configuration: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    said = {_plain_name(name): value for name, value in mapping_of(configuration.get("settings")).items()}
    settings = {name: value for name, value in said.items() if name in _PIPELINE and value is not None}
    for name in _SWITCHES:
        if isinstance(settings.get(name), str):
            settings[name] = settings[name].lower() == "true"
    component = mapping_of(configuration.get("componentId")).get("assetId")
    found: dict[str, Any] = {"type": "pipeline"}
    if isinstance(component, str):
        found["component"] = refs.from_arm(component, scope)
    return found | ({"settings": settings} if settings else {})


def _plain_name(name: str) -> str:
    return name[len(_PREFIX) :] if name.lower().startswith(_PREFIX) else name
