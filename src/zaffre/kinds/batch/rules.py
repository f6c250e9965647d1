"""What a batch endpoint, a deployment and an invocation must be; an invocation becomes the document of a job. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zaffre.core import places, problems, refs
from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.parents import PENDING
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.kinds.batch.parts import components, invocation, planning, requests
from zaffre.kinds.batch.parts.invocation import SCORE, STEP, Whose
from zaffre.kinds.batch.spec import BatchDeployment, GivenInput, Invocation

ENDPOINT, DEPLOYMENT = "batch-endpoint", "batch-deployment"
_SOFTWARE, _MODEL_TYPE = "software", "model_type"
"""In a deployment's state: the environment of its jobs, and of what type its model is."""
_STEP = f"jobs.{STEP}."
_FIELDS = {
    "task.environment": "environment",
    "environment": "environment",
    "task.code": "code_configuration.code",
    "code": "code_configuration.code",
    "task.entry_script": "code_configuration.scoring_script",
    "compute": "compute",
    "inputs.model.path": "model",
    "inputs.model.type": "model",
}
"""Where a deployment says what its job has in the field at the left."""


def endpoint_work(workspace: str, endpoint: str) -> str:
    """The work item of an endpoint: it is told its address."""
    return f"{ENDPOINT}:{workspace}/{endpoint}"


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Check an endpoint or a deployment against what it names."""
    return _endpoint(draft, lookup) if draft.key.kind == ENDPOINT else _deployment(draft, lookup)


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Facts in the words of Azure's command line."""
    state = resource.state
    shown: dict[str, Any] = {"provisioning_state": state.get("provisioning_state", Provisioning.SUCCEEDED.value)}
    if resource.key.kind == ENDPOINT:
        shown |= {name: state[name] for name in ("scoring_uri", "openapi_uri") if name in state}
        children = lookup.children(resource.key.workspace, DEPLOYMENT, resource.key.name)
        shown["deployments"] = sorted(child.key.name for child in children)
    return shown


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """At once, an endpoint with its deployments; the jobs that they started go on. A default deployment stays."""
    key = resource.key
    if key.kind == ENDPOINT:
        children = lookup.children(key.workspace, DEPLOYMENT, key.name)
        return Removal(work=(endpoint_work(key.workspace, key.name),), along=tuple(child.key for child in children))
    endpoint = lookup.resource(Key(key.workspace, ENDPOINT, key.parent))
    if endpoint is not None and default_of(endpoint) == key.name:
        told = (
            f"Deployment {key.name!r} is the default of endpoint {key.parent!r}. Name another one first: "
            f"zaffre batch-endpoint update -n {key.parent} --set defaults.deployment_name=OTHER"
        )
        raise Conflict(told, target=key.name)
    return Removal()


def default_of(endpoint: Resource) -> str:
    """The deployment that the endpoint names for who names none; empty where it names none."""
    defaults: dict[str, Any] = endpoint.spec.get("defaults") or {}
    return str(defaults.get("deployment_name") or "")


def chosen(endpoint: Resource, named: str, lookup: Lookup) -> Resource:
    """The deployment that is meant: the named one, the default, or the only one."""
    key = endpoint.key
    children = {child.key.name: child for child in lookup.children(key.workspace, DEPLOYMENT, key.name)}
    name = named or default_of(endpoint) or (next(iter(children)) if len(children) == 1 else "")
    if name in children:
        return children[name]
    there = f"it has {', '.join(sorted(children))}" if children else "it has none"
    if not name:
        hint = f"zaffre batch-endpoint update -n {key.name} --set defaults.deployment_name=NAME"
        told = f"endpoint {key.name!r} has no default deployment; {there}"
        raise Invalid([Problem(told, "deployment_name", hint=hint if children else "create a deployment first")])
    told = f"endpoint {key.name!r} has no deployment {name!r}; {there}"
    raise Invalid([Problem(told, "deployment_name", hint=problems.closest(name, children))])


def has(endpoint: Resource, deployment: str, lookup: Lookup) -> bool:
    """Whether an endpoint has a deployment of this name."""
    return lookup.resource(Key(endpoint.key.workspace, DEPLOYMENT, deployment, endpoint.key.name)) is not None


def job_of(endpoint: Resource, asked: Invocation, job: str, lookup: Lookup) -> dict[str, Any]:
    """The document of the job that an invocation is, to be submitted as a user's."""
    deployment = chosen(endpoint, asked.deployment_name or "", lookup)
    spec = BatchDeployment.from_stored(deployment.spec)
    whose = Whose(endpoint.key.name, deployment.key.name, job)
    asked = asked.model_copy(deep=True)
    _typed(asked, endpoint.key.workspace, lookup)
    if spec.is_pipeline:
        return invocation.of_pipeline(spec, asked, whose)
    state = deployment.state
    document = invocation.of_model(spec, state.get(_SOFTWARE), str(state.get(_MODEL_TYPE) or ""), asked, whose)
    if not asked.replace:
        _refuse_results(document, endpoint.key.workspace, lookup)
    return document


def invoked(said: Mapping[str, Any], job: str, workspace: str, lookup: Lookup) -> dict[str, Any]:
    """The same for who names the endpoint in the document: a schedule."""
    name = str(said.get("endpoint_name") or "")
    endpoint = lookup.resource(Key(workspace, ENDPOINT, name)) if name else None
    if endpoint is None:
        told = f"there is no batch endpoint {name!r} in workspace {workspace}" if name else "required, but missing"
        raise Invalid([Problem(told, "endpoint_name", hint="zaffre batch-endpoint list shows what is there")])
    asked = Invocation.from_yaml({key: value for key, value in said.items() if key != "endpoint_name"})
    try:
        return job_of(endpoint, asked, job, lookup)
    except Invalid as error:
        raise told_of_invocation(error) from error


def azure_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a schedule asks an endpoint, in Azure's spelling."""
    return requests.write(said)


def document_of(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The same, read."""
    return requests.definition(definition)


def told_of_invocation(error: Invalid) -> Invalid:
    """What is wrong with the job of an invocation, at the fields of the invocation."""
    told = [replace(each, field=each.field.removeprefix(_STEP)) for each in error.problems]
    return Invalid(list(dict.fromkeys(told)))  # the pipeline and its step say the same of the data


def _endpoint(draft: Draft, lookup: Lookup) -> Prepared:
    spec, key = draft.spec, draft.key
    if spec.auth_mode not in (None, "aad_token"):
        told = f"batch endpoints are called with tokens (aad_token), as in Azure; found {spec.auth_mode}"
        raise Invalid([Problem(told, "auth_mode")])
    name = spec.defaults.deployment_name if spec.defaults is not None else None
    known = {child.key.name for child in lookup.children(key.workspace, DEPLOYMENT, key.name)}
    if name and (wrong := planning.default_problem(name, known)):
        raise Invalid([wrong])
    before = draft.existing.state if draft.existing is not None else {}
    moving = Provisioning.SUCCEEDED if "scoring_uri" in before else Provisioning.CREATING
    return Prepared(spec, {"provisioning_state": moving.value}, work=(endpoint_work(key.workspace, key.name),))


def _deployment(draft: Draft, lookup: Lookup) -> Prepared:
    spec, key = draft.spec, draft.key
    if spec.endpoint_name and spec.endpoint_name.lower() != key.parent.lower():
        told = f"expected {key.parent}, the endpoint in the address, found {spec.endpoint_name}"
        raise Invalid([Problem(told, "endpoint_name")])
    done = {"provisioning_state": Provisioning.SUCCEEDED.value}
    if spec.is_pipeline:
        reference, furnished = components.found(draft, lookup)
        pinned = spec.model_copy(update={"component": reference, "job_definition": None, "type": "pipeline"})
        _check_compute(pinned, draft, lookup)
        return Prepared(pinned, done, furnish=furnished)
    made = planning.of_model(draft, lookup)
    document = invocation.of_model(made.spec, made.software, made.model_type, _SOME_DATA, _whose(draft))
    _check_job(draft, document, lookup)
    return Prepared(made.spec, {**done, _SOFTWARE: made.software, _MODEL_TYPE: made.model_type})


_SOME_DATA = Invocation(inputs={"data": GivenInput(type="uri_folder", path=f"{PENDING}data}}}}")})


def _whose(draft: Draft) -> Whose:
    return Whose(draft.key.parent, draft.key.name, f"{draft.key.name}-check")


def _check_job(draft: Draft, document: dict[str, Any], lookup: Lookup) -> None:
    """As if it were submitted now, with data that is yet to come."""
    job = kinds()["job"]
    rules = job.part("rules")
    assert rules is not None  # a job has them
    name = str(document["name"])
    try:
        spec = job.model().from_yaml(document)
        key = Key(draft.key.workspace, "job", name)
        rules.prepare(Draft(key, spec, None, draft.actor, draft.now, ahead=True), lookup)
    except Invalid as error:
        raise Invalid([replace(each, field=_placed(each.field)) for each in error.problems]) from error


def _placed(field: str) -> str:
    """The field of the deployment that decides one of its job's."""
    if not field.startswith(_STEP):
        return field
    inside = field.removeprefix(_STEP)
    if inside in _FIELDS:
        return _FIELDS[inside]
    if inside.startswith(("environment.", "task.environment.", "resources.")):
        return inside.removeprefix("task.")
    return f"settings.{inside}"


def _check_compute(spec: Any, draft: Draft, lookup: Lookup) -> None:
    """The compute that the steps of a pipeline run on must be there."""
    said = spec.settings.default_compute if spec.settings is not None else None
    if not said:
        return
    name = str(said).removeprefix("azureml:").rstrip("/").rpartition("/")[2]
    if name in ("local", "serverless") or lookup.resource(Key(draft.key.workspace, "compute", name)) is not None:
        return
    told = f"there is no compute {name!r} in workspace {draft.key.workspace}"
    hint = f"create it with zaffre compute create -n {name} --type amlcompute --max-instances 2"
    raise Invalid([Problem(told, "settings.default_compute", hint=hint)])


def _typed(asked: Invocation, workspace: str, lookup: Lookup) -> None:
    """Data whose type nobody says is of its asset's type, or what is found at its place."""
    for value in (asked.inputs or {}).values():
        if not isinstance(value, GivenInput) or value.type or not value.path:
            continue
        found = refs.parse(value.path)
        if isinstance(found, refs.Asset):
            kind = "model" if found.collection == "models" else "data"
            owner = refs.owner(found, workspace)
            asset = lookup.asset(Key(owner, kind, found.name, "", found.version), found.label)
            value.type = str(asset.spec.get("type") or "uri_folder") if asset is not None else None
        elif isinstance(found, refs.DatastorePath | refs.JobOutput):
            path = lookup.local_path(workspace, value.path)
            value.type = "uri_file" if path and lookup.path_kind(path) == "file" else "uri_folder"


def _refuse_results(document: dict[str, Any], workspace: str, lookup: Lookup) -> None:
    """Results are not written over others unless that is asked for, as in Azure."""
    output: dict[str, Any] = document["outputs"][SCORE]
    uri = output.get("path")
    if not uri or "${{" in uri:
        return
    task: dict[str, Any] = document["jobs"][STEP]["task"]
    below = str(task.get("append_row_to", "")).partition("}}")[2]
    path = places.locate(workspace, uri, lookup, f"outputs.{SCORE}.path")
    file = f"{path.rstrip('/')}{below}" if path and (below or output["type"] == "uri_file") else None
    if file is not None and lookup.path_kind(file) == "file":
        told = f"there are results already at {uri.rstrip('/')}{below}"
        hint = "choose another place or another output_file_name, or say replace: true"
        raise Invalid([Problem(told, f"outputs.{SCORE}.path", hint=hint)])
