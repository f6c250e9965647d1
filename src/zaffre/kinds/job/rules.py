"""What a job must be before it is accepted: nothing is taken that must fail, and every mistake is named at its field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from zaffre.assets.environment.parts.resolve import Resolved, resolve
from zaffre.assets.environment.parts.wanted import Wanted, unbuildable
from zaffre.core import assets, limits, names, places, queues, refs, sizes
from zaffre.core.draft import Draft, Lookup, NewRun, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, NotBuilt, Problem
from zaffre.core.io import MODELS, JobInput, JobOutput
from zaffre.core.joblike import compute_name
from zaffre.core.parents import PENDING
from zaffre.core.registry import job_types
from zaffre.core.resource import Key, Resource
from zaffre.core.times import iso
from zaffre.kinds.job.parts import ahead
from zaffre.kinds.job.parts.expansion import expand
from zaffre.kinds.job.parts.placement import output_uri

CHANGEABLE = frozenset({"display_name", "description", "tags", "properties"})
DEFAULT_EXPERIMENT = "Default"
SAID = "said"
"""In a job's state: the fields that pinning changed, as they were submitted, for when the same is submitted again."""


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Check the job against everything it names, pin what may move, and ask for its run."""
    if draft.spec.type not in job_types() or not job_types()[draft.spec.type].built:
        raise NotBuilt(f"Jobs of type {draft.spec.type} are not built in this version of Zaffre.", target="type")
    draft, furnished = expand(draft, lookup)
    if draft.existing is not None:
        return _changed(draft)
    if job_types()[draft.spec.type].is_parent:
        prepared = _new_parent(draft, lookup)
        return replace(prepared, furnish=(*furnished, *prepared.furnish))
    return replace(_new(draft, lookup), furnish=furnished)


def _new(draft: Draft, lookup: Lookup) -> Prepared:
    spec = draft.spec
    said = spec.to_stored()
    wrong: list[Problem] = []
    facts: dict[str, Any] = {"type": spec.type}
    compute = _collect(wrong, lambda: _compute(draft, lookup)) or ("local", 1, "")
    asked = _collect(wrong, lambda: limits.asked(spec.resources)) or limits.Asked(limits.Limits())
    inputs = {name: _collect(wrong, _input(draft, lookup, name)) for name in _data_inputs(spec)}
    wanted: dict[str, JobOutput] = spec.outputs or {}
    outputs = {name: _collect(wrong, _output(draft, lookup, name)) for name in wanted}
    resolved = _collect(wrong, lambda: _environment(draft, lookup))
    if resolved is not None:
        facts["environment"] = _collect(wrong, lambda: _wanted(resolved, lookup))
    code = _collect(wrong, lambda: _code(draft, lookup))
    granted = _collect(wrong, lambda: _granted(draft, lookup))
    own = job_types()[spec.type].part("rules")
    if own is not None:
        _collect(wrong, lambda: own.check(draft, lookup))
    if wrong:
        raise Invalid(wrong)
    facts |= _bounds(asked, compute, draft.notes) | ({"secrets": granted} if granted else {})
    pinned = spec.to_stored()
    facts |= {"code": code, "inputs": inputs, "output_paths": outputs, "spec": pinned}
    run = _run(draft, _Place(compute[0], compute[1], _rank(spec)), facts)
    state: dict[str, Any] = {"code": code, "environment": resolved.reference if resolved else ""}
    if said != pinned:
        state[SAID] = {field: value for field, value in said.items() if value != pinned.get(field)}
    return Prepared(spec, state, run)


def _new_parent(draft: Draft, lookup: Lookup) -> Prepared:
    """A job that runs others: its children are checked as far as they are known, and what may move in them is pinned."""
    wrong: list[Problem] = []
    spec = draft.spec
    said = spec.to_stored()
    inputs = {name: _collect(wrong, _input(draft, lookup, name)) for name in _data_inputs(spec)}
    wanted: dict[str, JobOutput] = spec.outputs or {}
    for name in [name for name, output in wanted.items() if output.path]:
        _collect(wrong, _output(draft, lookup, name))
    checked = ahead.check(draft, lookup, prepare)
    own = job_types()[spec.type].part("rules")
    if own is not None:
        _collect(wrong, lambda: own.check(replace(draft, spec=checked.spec), lookup))
    if wrong or checked.problems:
        raise Invalid([*wrong, *checked.problems])
    pinned = checked.spec.to_stored()
    facts: dict[str, Any] = {"type": spec.type, "inputs": inputs, "output_paths": {}, "spec": pinned}
    notes = [*draft.notes, *checked.notes]
    facts |= {"notes": notes} if notes else {}
    state: dict[str, Any] = {}
    if said != pinned:
        state[SAID] = {field: value for field, value in said.items() if value != pinned.get(field)}
    return Prepared(checked.spec, state, _run(draft, _Place("", 0, 0), facts, "parent"), furnish=checked.furnish)


@dataclass(frozen=True, slots=True)
class _Place:
    """A line, the nodes asked for in it, and the rank there."""

    line: str
    slots: int
    rank: int


def _run(draft: Draft, place: _Place, facts: dict[str, Any], type_: str = "job") -> NewRun:
    below, spec = draft.below, draft.spec
    return NewRun(
        name=draft.key.name,
        workspace=draft.key.workspace,
        type=type_,
        actor=draft.actor,
        compute=place.line,
        slots=place.slots,
        priority=place.rank,
        parent=below.parent if below else "",
        root=below.root if below else "",
        experiment=spec.experiment_name or (below.experiment if below else "") or DEFAULT_EXPERIMENT,
        display_name=spec.display_name or draft.key.name,
        facts=facts | ({"key": below.key} if below else {}),
    )


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
    shown["gpus"] = facts.get("gpus") or []
    shown["notes"] = [*facts.get("notes", []), *(lookup.environment_notes(wanted["fingerprint"]) if wanted else ())]
    if facts.get("build"):
        shown["build"] = facts["build"]
    plan = job_types()[str(resource.spec.get("type", "command"))].part("plan")
    if facts.get("memory") and (told := getattr(plan, "shown", None)) is not None:
        shown |= told(resource.key.name, facts)
    return shown


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """Only a finished job can be deleted, and with it the jobs that it started."""
    state = lookup.run_state(resource.key.name)
    if state is not None and state["ended_at"] is None:
        name = resource.key.name
        raise Conflict(f"Job {name!r} is {state['status']}; cancel it first: zaffre job cancel -n {name}", target=name)
    below = (replace(resource.key, name=name) for name in lookup.runs_below(resource.key.name))
    return Removal(along=tuple(key for key in below if lookup.resource(key) is not None))


def _changed(draft: Draft) -> Prepared:
    """Of a job that exists, only what describes it may change."""
    assert draft.existing is not None
    before, after = draft.existing.spec, draft.spec.to_stored()
    if "experiment_name" not in before and after.get("experiment_name") == DEFAULT_EXPERIMENT:
        del after["experiment_name"]  # as the answer had it, which filled it in
    said = draft.existing.state.get(SAID, {})
    fixed = sorted(
        field
        for field in {*before, *after} - CHANGEABLE
        if before.get(field) != after.get(field) and (field not in said or said[field] != after.get(field))
    )
    if fixed:
        told = f"Job {draft.key.name!r} exists already with another {fixed[0]}; give the new job another name."
        raise Conflict(told, target=fixed[0])
    kept = {field: value for field, value in before.items() if field not in CHANGEABLE}
    told = {field: value for field, value in after.items() if field in CHANGEABLE}
    spec = job_types()[draft.spec.type].model().from_stored(kept | told)
    return Prepared(spec, {})


def _collect(wrong: list[Problem], check: Any) -> Any:
    """Run one check; its problems join the others, so that a user sees all of them at once."""
    try:
        return check()
    except Invalid as error:
        wrong.extend(error.problems)
        return None


def _compute(draft: Draft, lookup: Lookup) -> tuple[str, int, str]:
    """The line to stand in, the nodes asked for, and their size."""
    spec = draft.spec
    count = int(getattr(spec.resources, "instance_count", None) or 1)
    size = str(getattr(spec.resources, "instance_type", None) or "")
    name = compute_name(spec.compute) if spec.compute else "serverless"
    if name in queues.BUILT_IN:
        return queues.LOCAL, count, size
    found = lookup.resource(Key(draft.key.workspace, "compute", name))
    if found is None:
        told = f"there is no compute {name!r} in workspace {draft.key.workspace}"
        create = f"zaffre compute create -n {name} --type amlcompute --max-instances 2"
        hint = f"create it with {create}, or write compute: local, which is always there"
        raise Invalid([Problem(told, field="compute", hint=hint)])
    if found.state.get("is_attached"):
        told = f"Compute {name!r} is attached ({found.spec['type']}); this version runs jobs on its own machine only."
        raise NotBuilt(told, target="compute")
    most = 1 if found.spec.get("type") == "computeinstance" else int(found.spec.get("max_instances") or 1)
    if count > most:
        told = f"the job asks for {count} nodes and compute {name!r} has at most {most}"
        raise Invalid([Problem(told, field="resources.instance_count")])
    return queues.line(draft.key.workspace, name), count, size or str(found.spec.get("size") or "")


def _bounds(asked: limits.Asked, compute: tuple[str, int, str], told: tuple[str, ...]) -> dict[str, Any]:
    """What the job may use, the GPUs of its size included, as the run keeps it."""
    _, nodes, name = compute
    size = sizes.find(name)
    bounds, notes = asked.limits, [*told, *asked.notes]
    if size is not None and size.gpus and bounds.gpus is None:
        bounds = replace(bounds, gpus=size.gpus * nodes)
        notes.append(f"{size.name} has {size.gpus} GPU(s) a node; the job gets as many of them as this machine has")
    found: dict[str, Any] = {"limits": bounds.to_json(), "size": name, "notes": notes}
    return {key: value for key, value in found.items() if value}


def _granted(draft: Draft, lookup: Lookup) -> dict[str, str]:
    """Name → connection, each of which must be there; the job may read these while it runs, and no others."""
    said: dict[str, str] = getattr(draft.spec, "secrets", None) or {}
    wrong: list[Problem] = []
    found: dict[str, str] = {}
    for name, reference in said.items():
        if why := names.problem("input", name):
            wrong.append(Problem(why, f"secrets.{name}"))
        connection = reference.removeprefix("azureml:").removeprefix("//connections/")
        if lookup.resource(Key(draft.key.workspace, "connection", connection)) is None:
            told = f"there is no connection {connection!r} in workspace {draft.key.workspace}"
            wrong.append(Problem(told, f"secrets.{name}", hint="zaffre connection list shows what is there"))
        found[name] = connection
    if wrong:
        raise Invalid(wrong)
    return found


def _environment(draft: Draft, lookup: Lookup) -> Resolved | None:
    """The environment it names, or that of its type; None for a type whose jobs have none."""
    named = getattr(draft.spec, "environment", None) or getattr(draft.spec, "usual_environment", None)
    return resolve(draft.key.workspace, named, lookup) if named is not None else None


def _wanted(resolved: Resolved, lookup: Lookup) -> dict[str, Any]:
    """The environment as the run keeps it; refuses what cannot be built here."""
    try:
        fingerprint = lookup.fingerprint(resolved.definition)
    except Invalid as error:
        raise unbuildable(error) from error
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
        if draft.ahead and PENDING in value.path:
            return {"uri": value.path}
        found = refs.parse(value.path)
        if isinstance(found, refs.Asset):
            return _asset_input(draft, lookup, found, name)
        _check_place(draft, lookup, value.path, value.type, name)
        return {"uri": lookup.pinned(draft.key.workspace, value.path)}

    return check


def _asset_input(draft: Draft, lookup: Lookup, found: refs.Asset, name: str) -> dict[str, str]:
    value = draft.spec.inputs[name]
    kind = "model" if value.type in MODELS else "data"
    field = f"inputs.{name}.path"
    asset = assets.find(draft.key.workspace, kind, found, lookup, field)
    uri = assets.place_of(asset, draft.key.workspace)
    type_ = str(asset.spec.get("type", value.type))
    _check_place(draft, lookup, uri, type_, name)
    value.path = str(replace(found, version=asset.key.version, label=""))
    return {"uri": uri, "asset": value.path} | ({"type": type_} if type_ != value.type else {})


def _check_place(draft: Draft, lookup: Lookup, uri: str, type_: str, name: str) -> None:
    """Something of the right type is there, or it can be brought when the job starts."""
    field = f"inputs.{name}.path"
    if any(uri == place or uri.startswith(f"{place}/") for place in draft.written):
        return
    taken = places.EITHER if type_ == "uri_file" and getattr(draft.spec, "takes_parts", False) else type_
    path = places.check(draft.key.workspace, uri, taken, lookup, field)
    if path is None and draft.spec.inputs[name].mode != "direct":
        with places.named(field):
            lookup.check_elsewhere(draft.key.workspace, uri, type_)


def _output(draft: Draft, lookup: Lookup, name: str) -> Any:
    """A check of one output: it must go to a place of this installation. Answers with datastore and path."""

    def check() -> list[str]:
        uri = output_uri(draft.key.name, name, draft.spec.outputs[name])
        found = refs.parse(uri)
        field = f"outputs.{name}.path"
        if not isinstance(found, refs.DatastorePath):
            told = f"outputs go to a datastore; {uri} is none"
            raise Invalid([Problem(told, field=field, hint="write azureml://datastores/NAME/paths/PATH")])
        if places.locate(draft.key.workspace, uri, lookup, field) is None:
            with places.named(field):
                lookup.check_elsewhere(draft.key.workspace, uri, "uri_folder", write=True)
        return [found.datastore, found.path]

    return check


def _code(draft: Draft, lookup: Lookup) -> str:
    """The pinned reference of the code asset, or nothing."""
    if not getattr(draft.spec, "code", None):
        return ""
    found = refs.parse(draft.spec.code)
    if not isinstance(found, refs.Asset):
        told = f"{draft.spec.code!r} has not been uploaded; the zaffre client does that before it submits"
        raise Invalid([Problem(told, field="code")])
    stored = assets.find(draft.key.workspace, "code", found, lookup, "code")
    return str(replace(found, version=stored.key.version, label=""))


def _rank(spec: Any) -> int:
    queue = getattr(spec, "queue_settings", None)
    return queues.rank(getattr(queue, "job_tier", None), getattr(queue, "priority", None))
