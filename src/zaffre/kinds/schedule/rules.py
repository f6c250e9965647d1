"""What a schedule must be, and which of its times are to be acted on now. Pure: the time is a fact like any other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.imports import settled
from zaffre.core.plain import is_dict
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.core.times import iso
from zaffre.core.triggers import AnyTrigger, OnEvent
from zaffre.kinds.schedule.parts import documents, events, times
from zaffre.kinds.schedule.parts.times import Timing

LONGEST_NAME = 200
"""What it starts is named after it, with the time."""
LATE = 60.0
"""Seconds after which a time was missed rather than met a little late."""
MOST_COUNTED = 1000
LONGEST_DEBOUNCE = 86_400
LONGEST_PATTERN = 255
_ACTIONS = ("create_job", "import_data", "invoke_batch_endpoint")
ASKED = "asked"
"""In its plan: what a batch endpoint is asked, instead of a job; which of its deployments answers is known at the time."""
PLAN = "plan"
"""In a schedule's state: what the engine keeps for itself."""


def work_key(workspace: str, name: str) -> str:
    """The schedule's one work item."""
    return f"schedule:{workspace}/{name}"


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Refuse what could never start anything; the rest is looked at by the engine from now on."""
    spec, key = draft.spec, draft.key
    if spec.create_monitor is not None:
        raise NotBuilt(
            "Zaffre cannot run model monitors yet: create_monitor is read and checked only.", target=key.name
        )
    if len(key.name) > LONGEST_NAME:
        raise Invalid([Problem(f"expected at most {LONGEST_NAME} characters, found {len(key.name)}", "name")])
    spec.is_enabled = spec.is_enabled is not False
    before: dict[str, Any] = draft.existing.state.get(PLAN, {}) if draft.existing else {}
    plan = _trigger_plan(draft, before)
    if not before or _changed(draft, *_ACTIONS):
        plan |= {"job": _job(draft, lookup, before), "source": documents.reference(spec.create_job)}
        plan |= {ASKED: spec.invoke_batch_endpoint}
    work = (work_key(key.workspace, key.name),)
    return Prepared(spec, {"provisioning_state": "Succeeded", PLAN: {**before, **plan}}, work=work)


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """It goes at once; what it started stays."""
    del lookup
    return Removal(work=(work_key(resource.key.workspace, resource.key.name),))


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """When it is due next, and what it started last; the engine's own notes are left out."""
    del lookup
    shown = {name: value for name, value in resource.state.items() if name != PLAN}
    plan: dict[str, Any] = resource.state.get(PLAN, {})
    due = next_time(resource)
    shown["next_run_time"] = iso(due) if due is not None else None
    shown["last_job"] = plan.get("last_job")
    return shown


def next_time(resource: Resource) -> float | None:
    """The time it waits for; None for one that is disabled, over, or waits for an event."""
    return next(iter(next_times(resource, 1)), None)


def next_times(resource: Resource, count: int) -> list[float]:
    """The times it waits for, the soonest first and at most ``count``."""
    spec = kinds()["schedule"].model().from_stored(resource.spec)
    if not spec.is_enabled or isinstance(spec.trigger, OnEvent):
        return []
    plan: dict[str, Any] = resource.state[PLAN]
    return times.read(spec.trigger, plan["made_at"]).upcoming(plan["cursor"], count)


def first_times(trigger: AnyTrigger, now: float, count: int) -> list[float]:
    """When a trigger would be due that was written now; raises ``Invalid`` with every mistake in it."""
    if isinstance(trigger, OnEvent):
        _check_event(trigger)
        return []
    timing = times.read(trigger, now)
    return timing.upcoming(now - 1 if timing.first else now, count)


@dataclass(frozen=True, slots=True)
class Missed:
    """Times at which nothing was started."""

    first: float
    last: float
    count: int
    """At most ``MOST_COUNTED``: there may be more."""


@dataclass(frozen=True, slots=True)
class Due:
    """What one look at the clock comes to."""

    run: float | None
    """The time for which a run is to be started."""
    missed: Missed | None
    cursor: float
    """Every time up to here has been dealt with."""
    next_look: float | None


def decide(timing: Timing, cursor: float, now: float, catch_up: float) -> Due:
    """One run at most, for the newest time since ``cursor``; older ones, or one too old, were missed.

    ``catch_up`` is how old (in seconds) a time may be that is still acted on; one missed by less than a minute always is.
    """
    newest = timing.latest(cursor, now)
    if newest is None:
        return Due(None, None, cursor, timing.after(cursor))
    runs = now - newest <= max(catch_up, LATE)
    return Due(
        newest if runs else None,
        _missed(timing, cursor, newest, counted=not runs),
        newest,
        timing.after(newest),
    )


def run_name(schedule: Resource, moment: float, salt: str) -> str:
    """The name of what is started for a moment: always the same for the same schedule, moment and ``salt``.

    Names of jobs are unique in an installation, those of schedules in a workspace, hence the digits at the end.
    """
    key = schedule.key
    told = f"{key.workspace}\n{key.name}\n{schedule.created_at!r}\n{moment!r}\n{salt}"
    return f"{key.name}-{times.stamp(moment)}-{hashlib.sha256(told.encode()).hexdigest()[:6]}"


def _missed(timing: Timing, cursor: float, newest: float, *, counted: bool) -> Missed | None:
    """The times after ``cursor`` and before ``newest``, and ``newest`` itself where it is ``counted``."""
    first = timing.after(cursor)
    found, last, count = first, newest, 0
    while found is not None and (found < newest or (counted and found == newest)) and count < MOST_COUNTED:
        count, last = count + 1, found
        found = timing.after(found)
    return Missed(first, newest if counted else last, count) if count and first is not None else None


def _trigger_plan(draft: Draft, before: dict[str, Any]) -> dict[str, Any]:
    """From when on its times, or events, count: those before it was made, changed or enabled do not."""
    spec, made_at = draft.spec, before.get("made_at", draft.now)
    begins = not before or _changed(draft, "trigger", "is_enabled")
    if isinstance(spec.trigger, OnEvent):
        _check_event(spec.trigger)
        return {"made_at": made_at, "cursor": draft.now, **({"gathered": None} if begins else {})}
    timing = times.read(spec.trigger, made_at)
    at_once = timing.first and not before
    cursor = before["cursor"] if not begins else draft.now - 1 if at_once else draft.now
    if begins and timing.after(cursor) is None and spec.is_enabled:
        told = f"no time is left before the end, {spec.trigger.end_time}"
        raise Invalid([Problem(told, "trigger.end_time", hint="leave it out, or name a later one")])
    return {"made_at": made_at, "cursor": cursor, "gathered": None}


def _check_event(trigger: OnEvent) -> None:
    wrong: list[Problem] = []
    if not 0 <= trigger.debounce <= LONGEST_DEBOUNCE:
        told = f"expected seconds from 0 to {LONGEST_DEBOUNCE}, found {trigger.debounce}"
        wrong.append(Problem(told, "trigger.debounce"))
    if trigger.name is not None and len(trigger.name) > LONGEST_PATTERN:
        wrong.append(Problem(f"expected at most {LONGEST_PATTERN} characters", "trigger.name"))
    for field in ("status", "experiment"):
        if getattr(trigger, field) is not None and trigger.on != "job_finished":
            wrong.append(Problem(f"belongs to on: job_finished, and this is on: {trigger.on}", f"trigger.{field}"))
    if wrong:
        raise Invalid(wrong)


def _changed(draft: Draft, *fields: str) -> bool:
    assert draft.existing is not None
    after, before = draft.spec.to_stored(), draft.existing.spec
    return any(after.get(field) != before.get(field) for field in fields)


def _job(draft: Draft, lookup: Lookup, before: dict[str, Any]) -> dict[str, Any]:
    """The document of the job to start, checked as if it were submitted now."""
    if draft.spec.invoke_batch_endpoint is not None:
        return _invocation(draft, lookup)
    field, document = _document(draft, lookup, before)
    trigger = draft.spec.trigger
    known = events.known(trigger) if isinstance(trigger, OnEvent) else frozenset[str]()
    documents.require_known(document, known)
    try:
        _check_job(draft, lookup, document, known)
    except Invalid as error:
        raise Invalid([replace(each, field=_below(field, each.field)) for each in error.problems]) from error
    return document


def _invocation(draft: Draft, lookup: Lookup) -> dict[str, Any]:
    """What is asked of a batch endpoint, checked as if it were asked now."""
    said, trigger = draft.spec.invoke_batch_endpoint, draft.spec.trigger
    known = events.known(trigger) if isinstance(trigger, OnEvent) else frozenset[str]()
    documents.require_known(said, known, "invoke_batch_endpoint")
    name = f"{draft.key.name}-scheduled"
    values = {"name": name, documents.TIME: times.spelt(draft.now)} | {each: _LATER for each in known}
    job = kinds()["job"]
    rules = job.part("rules")
    assert rules is not None  # a job has them
    try:
        made = invoked(documents.pending(documents.rendered(said, values), _LATER), name, draft.key.workspace, lookup)
        spec = job.model().from_yaml(made)
        key = Key(draft.key.workspace, "job", name)
        rules.prepare(Draft(key, spec, None, draft.actor, draft.now, ahead=True), lookup)
    except Invalid as error:
        field = "invoke_batch_endpoint"
        raise Invalid([replace(each, field=_below(field, each.field)) for each in error.problems]) from error
    return dict(said)


def invoked(asked: dict[str, Any], job: str, workspace: str, lookup: Lookup) -> dict[str, Any]:
    """The document of the job that a batch endpoint makes of what it is asked."""
    batch = kinds()["batch-endpoint"].part("rules")
    assert batch is not None  # a batch endpoint has them
    made: dict[str, Any] = batch.invoked(asked, job, workspace, lookup)
    return made


_LATER = "known when the event happens"


def _document(draft: Draft, lookup: Lookup, before: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The field that says it, and the document it means."""
    spec = draft.spec
    if spec.import_data is not None:
        return "import_data", _import(spec.import_data)
    name, over = documents.reference(spec.create_job), documents.overrides(spec.create_job)
    if not name:
        return "create_job", _written(spec.create_job)
    over.pop("type", None)
    job = lookup.resource(Key(draft.key.workspace, "job", name))
    if job is not None:
        return "create_job", documents.laid_over(documents.of_job(job), over)
    if before and before.get("source") == name and not over:
        return "create_job", before["job"]
    told = f"there is no job {name!r} in workspace {draft.key.workspace}"
    raise Invalid([Problem(told, "create_job", hint="zaffre job list shows the jobs there are")])


def _written(said: Any) -> dict[str, Any]:
    if is_dict(said) and documents.REFERENCE not in said:
        return {key: value for key, value in said.items() if key != "name"}
    told = f"{said!r} is a file, which the client reads before it sends the schedule"
    raise Invalid([Problem(told[:300], "create_job", hint="an existing job is written azureml:NAME")])


def _import(said: Any) -> dict[str, Any]:
    if not is_dict(said):
        raise Invalid([Problem("expected a data import, written out", "import_data")])
    try:
        kinds()["data-import"].model().from_yaml(said)
    except Invalid as error:
        raise Invalid([replace(each, field=_below("import_data", each.field)) for each in error.problems]) from error
    return settled(said)


def _check_job(draft: Draft, lookup: Lookup, document: dict[str, Any], known: frozenset[str]) -> None:
    job = kinds()["job"]
    name = f"{draft.key.name}-scheduled"
    values = {"name": name, documents.TIME: times.spelt(draft.now)}
    values |= {each: "known when the event happens" for each in known}
    said = documents.rendered(documents.ahead(document), values)
    spec = job.model().from_yaml({**said, "name": name})
    rules = job.part("rules")
    assert rules is not None  # a job has them
    rules.prepare(Draft(Key(draft.key.workspace, "job", name), spec, None, draft.actor, draft.now), lookup)


def _below(field: str, inside: str) -> str:
    return f"{field}.{inside}" if inside else field
