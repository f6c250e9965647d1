"""What a job must be before it is accepted: nothing is taken that must fail, and every mistake is named at its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaffre.assets.environment.parts.resolve import Resolved, resolve
from zaffre.assets.environment.parts.wanted import Wanted
from zaffre.core import places, refs
from zaffre.core.draft import Draft, Lookup, NewRun, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, NotBuilt, Problem
from zaffre.core.io import MODELS, JobInput, JobOutput
from zaffre.core.joblike import compute_name
from zaffre.core.registry import job_types
from zaffre.core.resource import Key, Resource
from zaffre.core.times import iso
from zaffre.kinds.job.parts.placement import output_uri

BUILT_IN_COMPUTES = ("local", "serverless")
CHANGEABLE = frozenset({"display_name", "description", "tags"})
DEFAULT_EXPERIMENT = "Default"
_PRIORITIES = {"low": -1, "medium": 0, "high": 1}


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Check the job against everything it names, pin what may move, and ask for its run."""
    spec = draft.spec
    if draft.existing is not None:
        return _changed(draft)
    if spec.type not in job_types():
        raise NotBuilt(f"Zaffre cannot run jobs of type {spec.type} yet.")
    wrong: list[Problem] = []
    facts: dict[str, Any] = {"type": spec.type}
    compute = _collect(wrong, lambda: _compute(draft, lookup)) or ("local", 1)
    inputs = {name: _collect(wrong, _input(draft, lookup, name)) for name in _data_inputs(spec)}
    wanted: dict[str, JobOutput] = spec.outputs or {}
    outputs = {name: _collect(wrong, _output(draft, lookup, name)) for name in wanted}
    resolved = _collect(wrong, lambda: resolve(draft.key.workspace, spec.environment, lookup))
    if resolved is not None:
        facts["environment"] = _collect(wrong, lambda: _wanted(resolved, lookup))
    code = _collect(wrong, lambda: _code(draft, lookup))
    if wrong:
        raise Invalid(wrong)
    facts |= {"code": code, "inputs": inputs, "output_paths": outputs, "spec": spec.to_stored()}
    experiment = spec.experiment_name or DEFAULT_EXPERIMENT
    run = NewRun(
        name=draft.key.name,
        workspace=draft.key.workspace,
        type="job",
        actor=draft.actor,
        compute=compute[0],
        slots=compute[1],
        priority=_priority(spec),
        experiment=experiment,
        display_name=spec.display_name or draft.key.name,
        facts=facts,
    )
    return Prepared(spec, {"code": code, "environment": resolved.reference if resolved else ""}, run)


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """The job's status, reason and times, and where its outputs lie."""
    found = lookup.run_state(resource.key.name) or {}
    facts: dict[str, Any] = found.pop("facts", {})
    shown: dict[str, Any] = {key: value for key, value in found.items() if key not in ("type", "created_at")}
    for moment in ("started_at", "ended_at"):
        shown[moment] = iso(found[moment]) if found.get(moment) else None
    shown["code"] = resource.state.get("code", "")
    wanted: dict[str, Any] = facts.get("environment") or {}
    shown["environment"] = wanted.get("name", "")
    shown["registered"] = facts.get("registered", {})
    shown["notes"] = list(lookup.environment_notes(wanted["fingerprint"])) if wanted else []
    if facts.get("build"):
        shown["build"] = facts["build"]
    return shown


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """Only a finished job can be deleted."""
    state = lookup.run_state(resource.key.name)
    if state is not None and state["ended_at"] is None:
        name = resource.key.name
        raise Conflict(f"Job {name!r} is {state['status']}; cancel it first: zaffre job cancel -n {name}", target=name)
    return Removal()


def _changed(draft: Draft) -> Prepared:
    """Of a job that exists, only what describes it may change."""
    assert draft.existing is not None
    before, after = draft.existing.spec, draft.spec.to_stored()
    differ = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    fixed = [field for field in differ if field not in CHANGEABLE]
    if fixed:
        told = f"Job {draft.key.name!r} exists already with another {fixed[0]}; give the new job another name."
        raise Conflict(told, target=fixed[0])
    return Prepared(draft.spec, {})


def _collect(wrong: list[Problem], check: Any) -> Any:
    """Run one check; its problems join the others, so that a user sees all of them at once."""
    try:
        return check()
    except Invalid as error:
        wrong.extend(error.problems)
        return None


def _compute(draft: Draft, lookup: Lookup) -> tuple[str, int]:
    """The compute's name and the nodes asked of it."""
    spec = draft.spec
    count = int(getattr(spec.resources, "instance_count", None) or 1)
    name = compute_name(spec.compute) if spec.compute else "serverless"
    if name in BUILT_IN_COMPUTES:
        return "local", count
    found = lookup.resource(Key(draft.key.workspace, "compute", name))
    if found is None:
        told = f"there is no compute {name!r} in workspace {draft.key.workspace}"
        create = f"zaffre compute create -n {name} --type amlcompute --max-instances 2"
        hint = f"create it with {create}, or write compute: local, which is always there"
        raise Invalid([Problem(told, field="compute", hint=hint)])
    most = int(found.spec.get("max_instances") or 1)
    if count > most:
        told = f"the job asks for {count} nodes and compute {name!r} has at most {most}"
        raise Invalid([Problem(told, field="resources.instance_count")])
    return name, count


def _wanted(resolved: Resolved, lookup: Lookup) -> dict[str, Any]:
    """The environment as the run keeps it; refuses what cannot be built here."""
    try:
        fingerprint = lookup.fingerprint(resolved.definition)
    except Invalid as error:
        raise Invalid([replace(problem, field="environment") for problem in error.problems]) from error
    return Wanted(fingerprint, resolved.reference, resolved.definition).to_json()


def _data_inputs(spec: Any) -> list[str]:
    given: dict[str, Any] = spec.inputs or {}
    return [name for name, value in given.items() if isinstance(value, JobInput)]


def _input(draft: Draft, lookup: Lookup, name: str) -> Any:
    """A check of one input: its URI, with assets pinned and places looked at."""

    def check() -> dict[str, str]:
        value = draft.spec.inputs[name]
        field = f"inputs.{name}.path"
        if not value.path:
            raise Invalid([Problem("expected a path, found nothing", field=field)])
        found = refs.parse(value.path)
        if isinstance(found, refs.Asset):
            return _asset_input(draft, lookup, found, name)
        places.check(draft.key.workspace, value.path, value.type, lookup, field)
        return {"uri": lookup.pinned(draft.key.workspace, value.path)}

    return check


def _asset_input(draft: Draft, lookup: Lookup, found: refs.Asset, name: str) -> dict[str, str]:
    value = draft.spec.inputs[name]
    kind = "model" if value.type in MODELS else "data"
    field = f"inputs.{name}.path"
    asset = lookup.asset(Key(draft.key.workspace, kind, found.name, "", found.version), found.label)
    if asset is None:
        told = f"there is no {kind} {found.short!r} in workspace {draft.key.workspace}"
        raise Invalid([Problem(told, field=field, hint=f"zaffre {kind} list shows what is there")])
    uri = str(asset.spec["path"])
    places.check(draft.key.workspace, uri, str(asset.spec.get("type", value.type)), lookup, field)
    value.path = f"azureml:{asset.key.name}:{asset.key.version}"
    return {"uri": uri, "asset": value.path}


def _output(draft: Draft, lookup: Lookup, name: str) -> Any:
    """A check of one output: it must go to a place of this installation. Answers with datastore and path."""

    def check() -> list[str]:
        uri = output_uri(draft.key.name, name, draft.spec.outputs[name])
        found = refs.parse(uri)
        field = f"outputs.{name}.path"
        if not isinstance(found, refs.DatastorePath):
            told = f"outputs go to a datastore; {uri} is none"
            raise Invalid([Problem(told, field=field, hint="write azureml://datastores/NAME/paths/PATH")])
        places.locate(draft.key.workspace, uri, lookup, field)
        return [found.datastore, found.path]

    return check


def _code(draft: Draft, lookup: Lookup) -> str:
    """The pinned reference of the code asset, or nothing."""
    if not draft.spec.code:
        return ""
    found = refs.parse(draft.spec.code)
    if not isinstance(found, refs.Asset):
        told = f"{draft.spec.code!r} has not been uploaded; the zaffre client does that before it submits"
        raise Invalid([Problem(told, field="code")])
    stored = lookup.asset(Key(draft.key.workspace, "code", found.name, "", found.version), found.label)
    if stored is None:
        raise Invalid([Problem(f"there is no code {found.short!r} in workspace {draft.key.workspace}", field="code")])
    return f"azureml:{stored.key.name}:{stored.key.version}"


def _priority(spec: Any) -> int:
    queue = getattr(spec, "queue_settings", None)
    return _PRIORITIES.get(getattr(queue, "priority", None) or "medium", 0)
