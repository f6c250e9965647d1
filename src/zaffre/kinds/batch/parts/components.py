"""The pipeline component that a deployment runs: by name, written out, or made of a job that has run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zaffre.core import assets, refs
from zaffre.core.asset import ANONYMOUS_COMPONENT, anonymous, spec_hash
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.plain import is_mapping
from zaffre.core.registry import job_types
from zaffre.core.resource import Content, Key

Furnished = tuple[tuple[Key, Content], ...]


def found(draft: Draft, lookup: Lookup) -> tuple[str, Furnished]:
    """The pinned reference of the component, and the component itself where it had no name."""
    spec, workspace = draft.spec, draft.key.workspace
    if spec.job_definition is not None:
        return _anonymous(workspace, _of_job(draft, lookup), "job_definition")
    if is_mapping(spec.component):
        return _anonymous(workspace, dict(spec.component), "component")
    reference = refs.parse(spec.component)
    if not isinstance(reference, refs.Asset):
        told = f"{spec.component!r} is a file of the client's machine; the zaffre client reads it, the server cannot"
        raise Invalid([Problem(told, "component")])
    asset = assets.find(workspace, "component", reference, lookup, "component")
    type_ = asset.spec.get("type", "command")
    if type_ != "pipeline":
        told = f"{spec.component} is a {type_} component; a deployment needs a pipeline component"
        raise Invalid([Problem(told, "component", hint="put it into a pipeline component of one step")])
    pinned = replace(reference, version=asset.key.version, label="", collection=reference.collection or "components")
    return str(pinned), ()


def _anonymous(workspace: str, said: dict[str, Any], field: str) -> tuple[str, Furnished]:
    """A component without a name is known by its content."""
    nameless = {key: value for key, value in said.items() if key not in ("name", "version", "$schema")}
    if str(nameless.get("type", "pipeline")) != "pipeline":
        raise Invalid([Problem(f"expected type: pipeline, found {nameless['type']!r}", f"{field}.type")])
    model = job_types()["pipeline"].component_model()
    try:
        spec = model.from_yaml({**nameless, "type": "pipeline"})
    except Invalid as error:
        raise Invalid([replace(each, field=f"{field}.{each.field}") for each in error.problems]) from error
    stored: dict[str, Any] = spec.to_stored()
    version = anonymous(stored)
    stored |= {"name": ANONYMOUS_COMPONENT, "version": version}
    key = Key(workspace, "component", ANONYMOUS_COMPONENT, "", version)
    furnished = ((key, Content(stored, spec_hash(stored))), *spec.unnamed(workspace))
    return f"azureml:{ANONYMOUS_COMPONENT}:{version}", furnished


def _of_job(draft: Draft, lookup: Lookup) -> dict[str, Any]:
    """The steps of a pipeline job, with its inputs and outputs as the component's."""
    said = draft.spec.job_definition
    if is_mapping(said):
        return _of_document(said, draft, lookup)
    name = said.removeprefix("azureml:").rstrip("/").rpartition("/")[2]
    job = lookup.resource(Key(draft.key.workspace, "job", name))
    if job is None:
        told = f"there is no job {name!r} in workspace {draft.key.workspace}"
        raise Invalid([Problem(told, "job_definition", hint="zaffre job list shows the jobs there are")])
    type_ = job.spec.get("type", "command")
    if type_ != "pipeline":
        told = f"job {name} is a {type_} job; a deployment is made of a pipeline"
        raise Invalid([Problem(told, "job_definition", hint="put it into a pipeline of one step")])
    status = str((lookup.run_state(name) or {}).get("status"))
    if status != "Completed":
        raise Conflict(
            f"Job {name!r} is {status}; a deployment is made of one that completed.", target="job_definition"
        )
    return _of_document(job.spec, draft, lookup)


def _of_document(job: Mapping[str, Any], draft: Draft, lookup: Lookup) -> dict[str, Any]:
    """A pipeline job's document as a component."""
    sourced = job_types()["pipeline"].part("parts.sourced")
    assert sourced is not None  # pipelines have it
    said = job.get("component")
    own: Mapping[str, Any] | None = said if is_mapping(said) else None
    if isinstance(said, str):
        field = "job_definition.component"
        own = assets.find(draft.key.workspace, "component", refs.asset(said), lookup, field).spec
    made: dict[str, Any] = sourced.component(job, own)
    return made
