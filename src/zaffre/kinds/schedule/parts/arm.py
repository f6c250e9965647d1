"""Triggers and what they start in Azure's spelling, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core.plain import mapping_of
from zaffre.core.refs import Scope
from zaffre.core.registry import job_types, kinds
from zaffre.kinds.schedule.parts.documents import overrides, reference

_FREQUENCIES = {word: word.capitalize() for word in ("minute", "hour", "day", "week", "month")}
_EMPTY = ("jobs", "inputs", "outputs", "settings", "tags", "properties")
"""What the official client reads of a pipeline without asking whether it is there."""
_ASSET = ("description", "properties", "tags")


def trigger_out(trigger: dict[str, Any]) -> dict[str, Any]:
    """The trigger under Azure's names; the pattern that its client expects is there, if empty."""
    made: dict[str, Any] = {"timeZone": "UTC", **trigger, "triggerType": trigger["type"]}
    del made["type"]
    if made["triggerType"] == "Recurrence":
        made["frequency"] = _FREQUENCIES[made["frequency"]]
        pattern: dict[str, Any] = {**(made.get("schedule") or {"hours": [], "minutes": []})}
        if pattern.get("weekDays"):
            pattern["weekDays"] = [day.capitalize() for day in pattern["weekDays"]]
        made["schedule"] = pattern
    return made


def trigger_back(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """The same words in the other case; a pattern that says nothing is none."""
    made: dict[str, Any] = {_snake(key): value for key, value in trigger.items() if value is not None}
    made["type"] = made.pop("trigger_type", None)
    pattern = {_snake(key): value for key, value in mapping_of(made.pop("schedule", None)).items() if value}
    return {**made, "schedule": {"hours": [], "minutes": [], **pattern}} if pattern else made


def job_out(created: Any, scope: Scope) -> dict[str, Any]:
    """The job's body. By reference it is a pipeline that names its source, whatever that is: Azure schedules no other."""
    name, over = reference(created), overrides(created)
    if not name:
        definition: dict[str, Any] = kinds()["job"].model().from_stored(created).to_arm(scope)["properties"]
        return {"isArchived": False, **definition}
    told: dict[str, Any] = _pipeline().from_stored({**over, "type": "pipeline"}).to_arm(scope).get("properties", {})
    empty: dict[str, Any] = {key: {} for key in _EMPTY}
    source = f"{scope.id}/jobs/{name}"
    said = {key: value for key, value in told.items() if value is not None}
    return {**empty, **said, "jobType": "Pipeline", "sourceJobId": source, "experimentName": "", "isArchived": False}


def job_back(definition: Mapping[str, Any], scope: Scope | None) -> Any:
    """A job's document, or the reference it is."""
    source = definition.get("sourceJobId")
    body = {"properties": {key: value for key, value in definition.items() if key != "sourceJobId"}}
    if not source:
        made: dict[str, Any] = kinds()["job"].model().from_arm(body, scope=scope).to_stored()
        return made
    name = str(source).removeprefix("azureml:").rstrip("/").rpartition("/")[2]
    read = _pipeline().arm_to_yaml(body, scope)
    over = {key: value for key, value in read.items() if value and key in ("inputs", "outputs", "settings", "tags")}
    return {"type": "pipeline", "job": f"azureml:{name}", **over} if over else f"azureml:{name}"


def invocation_out(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The action that asks a batch endpoint. Azure says nothing of its definition: it is what the scoring address takes."""
    definition: dict[str, Any] = _batch().azure_of(asked)
    return {"actionType": "InvokeBatchEndpoint", "endpointInvocationDefinition": definition}


def invocation_back(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of which endpoint."""
    made: dict[str, Any] = _batch().document_of(definition)
    return made


def import_out(imported: Mapping[str, Any]) -> dict[str, Any]:
    """A data import as its action has it: an asset without an envelope."""
    source = dict(mapping_of(imported.get("source")))
    source["sourceType"] = source.pop("type", None)
    made = {
        "isAnonymous": False,
        "isArchived": False,
        "dataType": imported.get("type") or "uri_folder",
        "dataUri": imported.get("path"),
        "assetName": imported.get("name"),
        "source": {_camel(key): value for key, value in source.items()},
    }
    return made | {key: imported[key] for key in _ASSET if imported.get(key) is not None}


def import_back(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The data import's document."""
    source = {_snake(key): value for key, value in mapping_of(definition.get("source")).items() if value is not None}
    source["type"] = source.pop("source_type", None)
    made = {"name": definition.get("assetName"), "path": definition.get("dataUri"), "source": source}
    return made | {key: definition[key] for key in _ASSET if definition.get(key)}


def _batch() -> Any:
    return kinds()["batch-endpoint"].part("rules")


def _pipeline() -> type[Any]:
    return job_types()["pipeline"].model()


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
