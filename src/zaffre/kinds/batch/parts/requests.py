"""What Azure's scoring address is sent, as an invocation's document: every release of its clients spells it otherwise. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core import refs
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_mapping, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.spelling import Duration

_TYPES = {
    "urifile": "uri_file",
    "urifolder": "uri_folder",
    "mltable": "mltable",
    "custommodel": "custom_model",
    "mlflowmodel": "mlflow_model",
    "tritonmodel": "triton_model",
}
_MODES = {
    "readonlymount": "ro_mount",
    "download": "download",
    "direct": "direct",
    "evalmount": "eval_mount",
    "evaldownload": "eval_download",
    "readwritemount": "rw_mount",
    "upload": "upload",
}
_SETTINGS = {
    "minibatchsize": "mini_batch_size",
    "maxconcurrencyperinstance": "max_concurrency_per_instance",
    "errorthreshold": "error_threshold",
    "outputfilename": "output_file_name",
    "logginglevel": "logging_level",
    "environmentvariables": "environment_variables",
}
_ACTIONS = {"appendrow": "append_row", "summaryonly": "summary_only"}
_DESCRIBED = {"displayname": "display_name", "description": "description", "experimentname": "experiment_name"}


def read(body: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the invocation that a request's body means."""
    said = _folded(body.get("properties", body.get("Properties")))
    own = _folded(said.get("properties"))
    made: dict[str, Any] = {"inputs": _inputs(said), "outputs": _outputs(said)}
    for spelt, name in _SETTINGS.items():
        made[name] = said.get(spelt)
    for spelt, name in _DESCRIBED.items():
        made[name] = own.get(spelt) or said.get(spelt)
    if action := said.get("outputaction"):
        made["output_action"] = _ACTIONS.get(str(action).lower(), action)
    made["retry_settings"] = _retries(_folded(said.get("retrysettings")))
    made["instance_count"] = _instances(said)
    made["job_name"] = said.get("name") or said.get("jobname")
    made["tags"] = said.get("tags")
    return {name: value for name, value in made.items() if value not in (None, {})}


def definition(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the endpoint it is for, as a schedule has it: the request's body, or what it has as ``properties``."""
    said = _folded(body)
    inner = body if "properties" in said and not said.get("inputdata") else {"properties": body}
    made = read(inner)
    name = str(said.get("endpointname") or said.get("endpointid") or said.get("endpoint") or "")
    made["endpoint_name"] = name.rstrip("/").rpartition("/")[2].removeprefix("azureml:")
    if deployment := said.get("deploymentname"):
        made["deployment_name"] = deployment
    return made


def write(said: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of ``definition``."""
    made: dict[str, Any] = {"endpointName": said.get("endpoint_name"), "deploymentName": said.get("deployment_name")}
    made["inputData"] = {name: _input_out(value) for name, value in mapping_of(said.get("inputs")).items()}
    made["outputData"] = {
        name: _output_out(mapping_of(value)) for name, value in mapping_of(said.get("outputs")).items()
    }
    spelt = {**{name: key for key, name in _SETTINGS.items()}, **{name: key for key, name in _DESCRIBED.items()}}
    made |= {_camel(name): said.get(name) for name in spelt}
    made |= {"outputAction": said.get("output_action"), "name": said.get("job_name"), "tags": said.get("tags")}
    retries = mapping_of(said.get("retry_settings"))
    timeout = Duration().out(retries.get("timeout"), Scope())
    kept = {"maxRetries": retries.get("max_retries"), "timeout": timeout}
    made["retrySettings"] = {key: value for key, value in kept.items() if value is not None}
    if said.get("instance_count"):
        made["compute"] = {"instanceCount": said["instance_count"]}
    return {key: value for key, value in made.items() if value not in (None, {})}


def _input_out(value: Any) -> dict[str, Any]:
    said = mapping_of(value)
    if not said or "path" not in said:
        if isinstance(value, str) and (value.startswith("azureml:") or "://" in value):
            return {"jobInputType": "UriFolder", "uri": value}
        return {"jobInputType": "Literal", "value": said.get("default", said.get("value")) if said else value}
    made = {"jobInputType": _AZURE[str(said.get("type") or "uri_folder")], "uri": said["path"]}
    return made | ({"mode": _MODES_OUT[said["mode"]]} if said.get("mode") in _MODES_OUT else {})


def _output_out(said: Mapping[str, Any]) -> dict[str, Any]:
    made = {"jobOutputType": _AZURE[str(said.get("type") or "uri_folder")], "uri": said.get("path")}
    return {key: value for key, value in made.items() if value is not None}


_AZURE = {
    "uri_file": "UriFile",
    "uri_folder": "UriFolder",
    "mltable": "MLTable",
    "custom_model": "CustomModel",
    "mlflow_model": "MLFlowModel",
    "triton_model": "TritonModel",
}
_MODES_OUT = {
    "ro_mount": "ReadOnlyMount",
    "download": "Download",
    "direct": "Direct",
    "eval_mount": "EvalMount",
    "eval_download": "EvalDownload",
}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _inputs(said: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _input(name, value) for name, value in mapping_of(said.get("inputdata")).items()}
    dataset = said.get("dataset")
    if found or not dataset:
        return found
    return {"data": _dataset(dataset)}


def _input(name: str, value: Any) -> dict[str, Any]:
    told = _folded(value)
    kind = str(told.get("jobinputtype") or "UriFolder").lower()
    if kind == "literal":
        return {"type": "string", "default": told.get("value")}
    if kind not in _TYPES:
        choices = "UriFile, UriFolder, MLTable, CustomModel, MLFlowModel, TritonModel or Literal"
        raise Invalid(
            [Problem(f"expected {choices}, found {told['jobinputtype']!r}", f"InputData.{name}.JobInputType")]
        )
    made: dict[str, Any] = {"type": _TYPES[kind], "path": _place(told.get("uri"))}
    if mode := _MODES.get(str(told.get("mode") or "").lower()):
        made["mode"] = mode
    return made


def _dataset(said: Any) -> dict[str, Any]:
    """What the clients of 2021 sent: one place, or one asset."""
    if isinstance(said, str):
        return {"path": _place(said)}
    told = _folded(said)
    place = told.get("path") or told.get("uri") or told.get("assetid")
    if not place and (name := told.get("datasetname")):
        place = f"azureml:{name}:{told.get('datasetversion') or 1}"
    return {"path": _place(place)}


def _outputs(said: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _output(value) for name, value in mapping_of(said.get("outputdata")).items()}
    old = _folded(said.get("outputdataset"))
    if found or not old.get("datastoreid"):
        return found
    store = str(old["datastoreid"]).removeprefix("azureml:").rstrip("/").rpartition("/")[2]
    path = str(old.get("path") or "").strip("/")
    return {"score": {"type": "uri_folder", "path": f"azureml://datastores/{store}/paths/{path}"}}


def _output(value: Any) -> dict[str, Any]:
    told = _folded(value)
    made: dict[str, Any] = {"type": _TYPES.get(str(told.get("joboutputtype") or "UriFolder").lower(), "uri_folder")}
    if told.get("uri"):
        made["path"] = _place(told["uri"])
    if mode := _MODES.get(str(told.get("mode") or "").lower()):
        made["mode"] = mode
    return made


def _place(said: Any) -> str:
    """A resource id, or a URI, as a job's input names it."""
    text = str(said or "").replace("/versions/labels/", "/labels/")  # as Azure's pages write it
    found = refs.arm(text.removeprefix("azureml:")) if text.startswith(("/", "azureml:/sub")) else None
    if found is None:
        return text
    if found.collection.lower() == "datastores":
        path = found.child.partition("paths/")[2]
        return f"azureml://datastores/{found.name}/paths/{path}"
    return f"azureml:{text.removeprefix('azureml:')}"


def _retries(said: Mapping[str, Any]) -> dict[str, Any]:
    found = {"max_retries": said.get("maxretries"), "timeout": said.get("timeout")}
    if isinstance(found["timeout"], str):
        found["timeout"] = Duration().back(found["timeout"], None)
    return {name: value for name, value in found.items() if value is not None}


def _instances(said: Mapping[str, Any]) -> Any:
    for place in ("compute", "resources"):
        count = _folded(said.get(place)).get("instancecount")
        if count is not None:
            return count
    return None


def _folded(said: Any) -> dict[str, Any]:
    """Keys in whichever case: ``InputData``, ``inputData``."""
    return {str(key).lower(): value for key, value in said.items()} if is_mapping(said) else {}
