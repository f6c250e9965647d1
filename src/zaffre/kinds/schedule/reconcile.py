"""Looks at a schedule when it is due, or when something it waits for happened, and starts what it says.

One look is one transaction: the run is submitted, what became of each time or event is told, and the schedule moves on,
or none of it. So each time starts one run, however many servers look and whichever of them dies when.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from zaffre.api.operations import Operations, Target
from zaffre.control.loop import RELEASED
from zaffre.core.errors import ZaffreError
from zaffre.core.events import Event, EventType
from zaffre.core.plain import mapping_of
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.core.triggers import Cron, OnEvent, Recurrence
from zaffre.kinds.schedule import rules
from zaffre.kinds.schedule.parts import documents, times
from zaffre.kinds.schedule.parts import events as hearing
from zaffre.kinds.schedule.parts.events import Gathered, Heard, Look
from zaffre.kinds.schedule.spec import Schedule
from zaffre.store import Store, Tx, leases, resources, runs
from zaffre.store import events as happened
from zaffre.store.leases import Lease

log = logging.getLogger(__name__)

LISTENS_SECONDS = 60.0
"""An event whose news was lost is found after so long at the latest."""
CHANGED = (EventType.RESOURCE_CREATED, EventType.RESOURCE_UPDATED)
_SYSTEM = "system"
Wake = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Start:
    """One run to start."""

    moment: float
    """When it was due, or when its event happened."""
    why: str
    """``time``, ``event`` or ``manual``."""
    salt: str = "time"
    """What tells it from others of the same schedule and moment."""
    facts: dict[str, str] = field(default_factory=dict[str, str])
    chain: tuple[str, ...] = ()


class Schedules:
    """The stepper of ``schedule:workspace/name``."""

    def __init__(self, store: Store, operations: Operations, catch_up: float) -> None:
        """``catch_up``: how many seconds after its time a run is still started that could not be started then."""
        self._store = store
        self._operations = operations
        self._catch_up = catch_up
        self._listening: dict[str, dict[str, OnEvent]] = {}
        self._wake: Wake | None = None
        self._waking: set[asyncio.Future[None]] = set()
        store.on_event(self._hear)

    def woken_by(self, wake: Wake) -> None:
        """``wake`` has a work item looked at now."""
        self._wake = wake

    async def step(self, lease: Lease) -> float | None:
        """One look; the Unix time of the next one, None to sleep until nudged."""
        workspace, _, name = lease.key.partition(":")[2].partition("/")

        def write(tx: Tx) -> tuple[float | None, OnEvent | None]:
            leases.check(tx, lease)
            found = resources.get(tx, Key(workspace, "schedule", name))
            if found is None:
                leases.remove(tx, lease)
                return RELEASED, None
            return self._look(tx, found)

        due, awaited = await self._store.write(write)
        self._listening.setdefault(workspace, {}).pop(lease.key, None)
        if awaited is not None:
            self._listening[workspace][lease.key] = awaited
        return due

    def start(self, tx: Tx, schedule: Resource, start: Start) -> str:
        """Submit the run in this transaction; its name. Raises what a user would be told who submitted it."""
        plan: dict[str, Any] = schedule.state[rules.PLAN]
        name = rules.run_name(schedule, start.moment, start.salt)
        values = {"name": name, documents.TIME: times.spelt(start.moment), **start.facts}
        document = documents.rendered(plan["job"], values)
        if plan.get(rules.ASKED):
            document = rules.invoked(document, name, schedule.key.workspace, self._operations.lookup(tx))
        told = {
            documents.SCHEDULE: schedule.key.name,
            documents.DUE: times.spelt(start.moment),
            documents.CHAIN: ",".join((*start.chain, schedule.key.name)),
        }
        shown = f"{schedule.key.name}-{times.stamp(start.moment)}"
        properties = {**mapping_of(document.get("properties")), **told}
        document = {**document, "name": name, "display_name": shown, "properties": properties}
        job = kinds()["job"]
        target = Target(job, schedule.key.workspace, name)
        self._operations.write_within(tx, target, job.model().from_yaml(document), schedule.modified_by)
        data: dict[str, Any] = {"job": name, "due": start.moment, "why": start.why}
        _tell(tx, schedule, EventType.SCHEDULE_FIRED, data)
        return name

    def _look(self, tx: Tx, found: Resource) -> tuple[float | None, OnEvent | None]:
        """When to look again, and what to listen for until then."""
        spec = Schedule.from_stored(found.spec)
        trigger = spec.trigger
        if not spec.is_enabled or trigger is None:
            return None, None
        if isinstance(trigger, OnEvent):
            return self._look_at_events(tx, found, trigger), trigger
        return self._look_at_clock(tx, found, trigger), None

    def _look_at_clock(self, tx: Tx, found: Resource, trigger: Cron | Recurrence) -> float | None:
        plan: dict[str, Any] = found.state[rules.PLAN]
        timing = times.read(trigger, plan["made_at"])
        due = rules.decide(timing, plan["cursor"], tx.now, self._catch_up)
        if due.cursor == plan["cursor"]:
            return due.next_look
        if due.missed is not None:
            missed = due.missed
            told = {"why": "missed", "due": missed.first, "until": missed.last, "count": missed.count}
            _tell(tx, found, EventType.SCHEDULE_SKIPPED, told)
        changes: dict[str, Any] = {"cursor": due.cursor}
        if due.run is not None:
            changes |= self._started(tx, found, Start(due.run, "time"))
        _keep(tx, found, changes)
        return due.next_look

    def _look_at_events(self, tx: Tx, found: Resource, trigger: OnEvent) -> float | None:
        workspace = found.key.workspace
        plan: dict[str, Any] = found.state[rules.PLAN]
        kept, mark = _gathered(tx, found, plan)
        read = happened.read_type(tx, kept.cursor, workspace, hearing.types(trigger)[0])
        more = len(read) == happened.LARGEST_PAGE
        settled = mark[0] if tx.now - mark[1] >= hearing.SETTLING else kept.cursor
        if more:
            settled = min(settled, read[-1].seq)
        fresh = [_led_to(tx, workspace, one) for event in read if (one := _wanted(tx, trigger, event)) is not None]
        look = Look(found.key.name, tx.now, trigger.debounce, fresh, settled, more)
        outcome = hearing.decide(kept, look)
        changes: dict[str, Any] = {}
        for one in outcome.refused:
            told = {"why": "loop", "due": one.at, "event": one.seq, "chain": list(one.chain)}
            _tell(tx, found, EventType.SCHEDULE_SKIPPED, told)
        for run in outcome.runs:
            facts = {**run.event.facts, "trigger.time": times.spelt(run.event.at), "trigger.count": str(run.count)}
            start = Start(run.event.at, "event", f"event {run.event.seq}", facts, run.event.chain)
            changes |= {"facts": facts, **self._started(tx, found, start)}
        newest = happened.last(tx)
        if tx.now - mark[1] >= hearing.SETTLING and newest > mark[0]:
            mark = [newest, tx.now]
        gathered = {**outcome.kept.to_json(), "mark": mark}
        if changes or gathered != plan["gathered"]:
            _keep(tx, found, {**changes, "gathered": gathered})
        latest = tx.now + LISTENS_SECONDS
        return latest if outcome.next_look is None else min(latest, outcome.next_look)

    def _started(self, tx: Tx, found: Resource, start: Start) -> dict[str, Any]:
        """What to keep of it; a job that is refused now is told of, and the schedule goes on."""
        if runs.get(tx, rules.run_name(found, start.moment, start.salt)) is not None:
            return {}
        try:
            return {"last_job": self.start(tx, found, start)}
        except ZaffreError as error:
            log.warning("a schedule's job was refused", extra={"schedule": found.key.path, "why": error.message})
            told = {"why": "refused", "due": start.moment, "message": error.message[:2000]}
            _tell(tx, found, EventType.SCHEDULE_SKIPPED, told)
            return {}

    def _hear(self, event: Event) -> None:
        """Something was committed: those who may wait for it look now."""
        listening = self._listening.get(event.workspace)
        if not listening or self._wake is None:
            return
        for key in [key for key, trigger in listening.items() if hearing.heard(trigger, event) is not None]:
            task = asyncio.ensure_future(self._wake(key))
            self._waking.add(task)
            task.add_done_callback(self._waking.discard)


def _gathered(tx: Tx, found: Resource, plan: dict[str, Any]) -> tuple[Gathered, list[Any]]:
    """What was kept; at first, everything up to the moment at which it was made, changed or enabled counts as heard."""
    if plan.get("gathered"):
        kept: dict[str, Any] = plan["gathered"]
        return Gathered.from_json(kept), list(kept["mark"])
    begun = happened.newest(tx, happened.About(found.key.workspace, found.key.path, CHANGED))
    seq = begun[0].seq if begun else happened.last(tx)
    return Gathered(seq), [seq, tx.now]


def _wanted(tx: Tx, trigger: OnEvent, event: Event) -> Heard | None:
    """The event, if the trigger waits for it. Steps of pipelines and trials of sweeps are their parents' affair."""
    one = hearing.heard(trigger, event)
    if one is None or trigger.on != "job_finished":
        return one
    run = runs.get(tx, one.facts["trigger.job"])
    if run is None or run.parent:
        return None
    return one if trigger.experiment in (None, run.experiment) else None


def _led_to(tx: Tx, workspace: str, one: Heard) -> Heard:
    """The event with the schedules that led to it: those of the job it is about, or whose output the asset is."""
    name = one.facts.get("trigger.job", "")
    if not name:
        kind = "model" if one.facts["trigger.event"] == "model_registered" else "data"
        key = Key(workspace, kind, one.facts["trigger.name"], "", one.facts["trigger.version"])
        asset = resources.get(tx, key)
        maker = asset.created_by.removeprefix("run:") if asset and asset.created_by.startswith("run:") else ""
        name = maker or str(mapping_of(asset.spec.get("properties")).get("job_name") or "") if asset else ""
    run = runs.get(tx, name) if name else None
    job = resources.get(tx, Key(workspace, "job", run.root)) if run is not None else None
    said = str(mapping_of(job.spec.get("properties")).get(documents.CHAIN) or "") if job is not None else ""
    return replace(one, chain=tuple(said.split(","))) if said else one


def _keep(tx: Tx, found: Resource, changes: dict[str, Any]) -> None:
    plan = {**found.state[rules.PLAN], **changes}
    resources.set_state(tx, found.key, {rules.PLAN: plan}, expect_revision=found.revision)


def _tell(tx: Tx, found: Resource, type_: EventType, data: dict[str, Any]) -> None:
    tx.emit(Event(type_, found.key.workspace, found.key.path, _SYSTEM, data))
