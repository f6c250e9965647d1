"""A run in the words of Azure's run history: what streaming, lists of children and downloads read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.control.ways import RUNNING, Way
from zaffre.core import queues, refs, services
from zaffre.core.io import MODELS
from zaffre.core.reasons import Cause, Reason
from zaffre.core.refs import Scope
from zaffre.core.resource import Resource
from zaffre.core.status import RunStatus
from zaffre.core.times import iso
from zaffre.store.runs import Run

_MARK = "azureml_{job}_output_data_{output}"
_BEFORE_135 = {"uri_file": "UriFile", "uri_folder": "UriFolder", "mltable": "MLTable"}
_PLATFORM = frozenset({Cause.INTERNAL, Cause.AGENT_LOST, Cause.NODE_LOST, Cause.LAUNCH_FAILED})
"""What the user's command is not to blame for."""


def details(run: Run, spec: Mapping[str, Any], logs: Mapping[str, str], status: RunStatus) -> dict[str, Any]:
    """What a stream asks for again and again. ``logs`` are names and URLs, ``status`` what the caller is told."""
    notes: list[str] = run.facts.get("notes") or []
    return {
        **_times(run),
        "runId": run.name,
        "runUuid": run.name,
        "parentRunUuid": run.parent or None,
        "parentRunId": run.parent or None,
        "rootRunUuid": run.root,
        "rootRunId": run.root,
        "target": queues.compute_of(run.compute),
        "status": status.value,
        "createdTimeUtc": iso(run.created_at),
        "warnings": [{"source": "zaffre", "message": note} for note in notes],
        "tags": _texts(spec.get("tags")),
        "properties": _texts(spec.get("properties")),
        "runDefinition": dict(spec),
        "inputDatasets": [],
        "outputDatasets": [],
        "logFiles": dict(logs),
        "revision": run.revision,
        "error": failure(run),
    }


def record(run: Run, resource: Resource | None, place: Scope) -> dict[str, Any]:
    """The run itself."""
    spec = resource.spec if resource is not None else {}
    return {
        **_times(run),
        "runId": run.name,
        "runUuid": run.name,
        "rootRunId": run.root,
        "rootRunUuid": run.root,
        "parentRunId": run.parent or None,
        "parentRunUuid": run.parent or None,
        "experimentId": run.experiment,
        "dataContainerId": f"dcid.{run.facts.get('reused') or run.name}",
        "createdUtc": iso(run.created_at),
        "createdBy": {"userName": run.actor},
        "status": run.status.value,
        "runType": f"azureml.{spec.get('type') or 'command'}job",
        "target": queues.compute_of(run.compute),
        "displayName": spec.get("display_name") or run.display_name,
        "name": run.name,
        "description": spec.get("description"),
        "hidden": resource.archived if resource is not None else False,
        "tags": _texts(spec.get("tags")),
        "properties": _texts(spec.get("properties")),
        "error": failure(run),
        "inputs": {},
        "outputs": outputs(run, spec, place),
        "revision": run.revision,
    }


def outputs(run: Run, spec: Mapping[str, Any], place: Scope) -> dict[str, dict[str, str]]:
    """Each named output and an id that ``datastore_path`` knows again.

    Models are told of as folders: client 1.35 fails on their own types before it asks for anything.
    """
    found: dict[str, dict[str, str]] = {}
    wanted: Mapping[str, dict[str, Any]] = spec.get("outputs") or {}
    paths: dict[str, list[str]] = run.facts.get("output_paths") or {}
    for name in paths:
        said = str(wanted.get(name, {}).get("type") or "uri_folder")
        id_ = f"azureml://locations/{place.location}/workspaces/{place.workspace}/data/{marked(run.name, name)}/versions/1"
        found[name] = {"assetId": id_, "type": "uri_folder" if said in MODELS else said}
    return found


def before_135(outputs: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The same with types as releases before 1.35 compare them: another spelling, and they leave an output out."""
    return {name: {**told, "type": _BEFORE_135.get(told["type"], told["type"])} for name, told in outputs.items()}


def marked(job: str, output: str) -> str:
    """The name that Azure gives an output which was not registered under another."""
    return _MARK.format(job=job, output=output)


def unmarked(name: str) -> tuple[str, str] | None:
    """Job and output of such a name."""
    if not name.startswith("azureml_"):
        return None
    job, between, output = name.removeprefix("azureml_").partition("_output_data_")
    return (job, output) if between and job and output else None


def datastore_path(run: Run, output: str, place: Scope) -> str:
    """Where an output lies, in the long form that the client takes apart; empty where there is none."""
    paths: dict[str, list[str]] = run.facts.get("output_paths") or {}
    where = paths.get(output)
    return str(refs.DatastorePath(where[0], where[1], place)) if where else ""


def failure(run: Run) -> dict[str, Any] | None:
    """Why the run failed, as the client prints it."""
    reason = run.reason
    if run.status is not RunStatus.FAILED or reason is None:
        return None
    code = "SystemError" if reason.cause in _PLATFORM else "UserError"
    root: dict[str, Any] = {
        "code": code,
        "message": sentence(run, reason),
        "details": [],
        "innerError": {"code": reason.cause.value},
    }
    return {"error": root, "time": iso(run.ended_at or run.created_at)}


def sentence(run: Run, reason: Reason) -> str:
    """The reason with the job's own name in it."""
    return Reason(reason.cause, {"run": run.name, **reason.facts}).sentence


def _times(run: Run) -> dict[str, str | None]:
    return {
        "startTimeUtc": iso(run.started_at) if run.started_at else None,
        "endTimeUtc": iso(run.ended_at) if run.ended_at else None,
    }


def _texts(said: Any) -> dict[str, str]:
    """Names and values; history has texts only."""
    given: Mapping[str, Any] = said or {}
    return {name: "" if value is None else str(value) for name, value in given.items()}


def instance(way: Way, run: Run, base: str) -> dict[str, Any]:
    """One service of a job as ``serviceinstances`` has it; ``base`` is the address that was asked."""
    endpoint = f"{base.rstrip('/')}{services.prefix_of(run.workspace, run.name, way.name)}/"
    if way.type == services.SSH:
        endpoint = f"ssh://127.0.0.1:{way.at}" if way.at else ""
    told: dict[str, Any] = {
        "type": _SERVICES.get(way.type, way.type),
        "port": int(way.at) if way.at.isdigit() else None,
        "status": way.status,
        "endpoint": endpoint if way.status == RUNNING else None,
        "properties": {},
    }
    return told | ({"error": {"error": {"code": "ServiceFailed", "message": way.error}}} if way.error else {})


_SERVICES = {
    "jupyter_lab": "JupyterLab",
    "tensor_board": "TensorBoard",
    "vs_code": "VSCode",
    "ssh": "SSH",
    "custom": "Custom",
}
