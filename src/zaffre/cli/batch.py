"""Verbs of batch endpoints and deployments: invoke on data, the jobs that came of it, a deployment that becomes the default."""

from __future__ import annotations

from typing import Any

from zaffre.cli import crud, documents, jobs, write
from zaffre.cli.documents import Written
from zaffre.cli.session import Session
from zaffre.sdk import batching
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Which, flat, is_final
from zaffre.sdk.upload import Origin

_ENDPOINT = "batch-endpoint"
_SETTINGS = ("mini_batch_size", "instance_count", "deployment_name")


def invoke(session: Session) -> Any:
    """Start a job on data; with ``--stream`` the command ends as the job does."""
    written = documents.written(session)
    data = _asked(session, written.data)
    with written.blamed():
        made = batching.invoked(session.resources, session.uploads, session.option("name"), data, written.origin)
    if session.options.stream:
        jobs.followed(session, made)
    return flat(made)


def list_jobs(session: Session) -> Any:
    """The jobs of an endpoint, or of a deployment."""
    name, endpoint = session.option("name"), session.option("endpoint_name")
    found = batching.jobs(session.resources, endpoint or name, name if endpoint else "", session.options.max_results)
    return [flat(each) for each in found]


def create_deployment(session: Session) -> Any:
    """Deploy, and with ``--set-default`` name it as what its endpoint asks."""
    made = write.created(session, _with_definition(session, documents.written(session)))
    if session.options.set_default and is_final(made):
        endpoints = session.of(_ENDPOINT)
        which = Which(str(made["parent"]))
        spec: dict[str, Any] = endpoints.get(which)["spec"]
        defaults: dict[str, Any] = {**mapping(spec.get("defaults")), "deployment_name": str(made["name"])}
        changed = {**spec, "defaults": defaults}
        crud.settle(session, endpoints, endpoints.put(changed, which))
    return flat(made)


def update_deployment(session: Session) -> Any:
    """Change fields of what is there, or put a changed document."""
    return create_deployment(session) if session.option("file") else write.update(session)


def _asked(session: Session, data: dict[str, Any]) -> dict[str, Any]:
    """The document of the invocation, with what the flags say."""
    data = {key: value for key, value in data.items() if key not in ("name", "$schema")}
    for name in _SETTINGS:
        if (value := getattr(session.options, name, None)) is not None:
            data[name] = value
    for flag, field in (("new_job_name", "job_name"), ("experiment", "experiment_name")):
        if said := session.option(flag):
            data[field] = said
    if place := session.option("input"):
        type_ = session.option("input_type")
        data["inputs"] = {"data": {"path": place, **({"type": type_} if type_ else {})}}
    if place := session.option("output_path"):
        outputs = mapping(data.get("outputs"))
        data["outputs"] = {**outputs, "score": {**mapping(outputs.get("score")), "path": place}}
    return data


def _with_definition(session: Session, written: Written) -> Written:
    def settle(job: dict[str, Any], origin: Origin) -> dict[str, Any]:
        return session.uploads.settle(job, documents.local_fields("job", job), origin.of(documents.part_fields))

    with written.blamed():
        told = batching.definition(written.data, written.origin, settle)
    if told is not None:
        written.data["job_definition"] = told
    return written
