"""Enable, disable, trigger and history of a schedule, in both spellings, and the lists that Azure's client asks for."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.native import document, repeated
from zaffre.api.operations import Operations, Page, Repeat, Target, View
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.events import Event, EventType
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.core.times import iso
from zaffre.kinds.schedule import rules
from zaffre.kinds.schedule.parts import documents
from zaffre.kinds.schedule.reconcile import Schedules, Start
from zaffre.kinds.schedule.spec import Schedule, action_of
from zaffre.store import Store, Tx, events, repeats, resources, runs

_ROOT = "/api/v1/workspaces/{ws}/schedules/{name}"
_TIMES = "/api/v1/workspaces/{ws}/schedules:times"
_ARM = "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}/schedules/{name}/trigger"
_TOLD = (EventType.SCHEDULE_FIRED, EventType.SCHEDULE_SKIPPED)
_MOST = 1000
_USUAL_TIMES = 5
_MOST_TIMES = 100
_VIEWS: dict[str, Callable[[bool], bool]] = {
    "enabledonly": lambda enabled: enabled,
    "disabledonly": lambda enabled: not enabled,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A schedule to be triggered, by whom, and for which time."""

    key: Key
    moment: float | None
    repeat: Repeat | None


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, store: Store, operations: Operations, schedules: Schedules) -> None:
        self._store = store
        self._operations = operations
        self._schedules = schedules
        self._kind = kinds()["schedule"]

    def routes(self) -> list[Route]:
        """The native ones."""
        read, write, tag = Permission.READ, Permission.WRITE, "schedule"
        return [
            Route("POST", _ROOT + "/enable", write, self._enable, "Enable a schedule", tag=tag, answer="Resource"),
            Route("POST", _ROOT + "/disable", write, self._disable, "Disable a schedule", tag=tag, answer="Resource"),
            Route("POST", _ROOT + "/trigger", write, self._trigger, "Start what a schedule starts, now", tag=tag),
            Route("GET", _ROOT + "/history", read, self._history, "List what a schedule started and left out", tag=tag),
            Route("GET", _ROOT + "/times", read, self._next, "Show when a schedule is due next", tag=tag),
            Route("POST", _TIMES, read, self._times, "Show when a trigger would be due", tag=tag),
        ]

    def arm_verbs(self) -> list[Verb]:
        """The one that Azure's resource manager has of them: its client enables and disables by writing the whole."""
        return [verb("POST", _ARM, self._trigger_arm)]

    async def choosing(self, call: Call, target: Target) -> list[View] | None:
        """Schedules by whether they are enabled, jobs by the schedule that started them."""
        if target.kind.name == "schedule":
            said = call.query("listViewType", "EnabledOnly").rpartition(".")[2].replace("_", "").lower()
            wanted = _VIEWS.get(said)
            found = (await self._operations.list(target, Page(view="all", top=_MOST))).views
            return [view for view in found if wanted is None or wanted(bool(view.resource.spec.get("is_enabled")))]
        scheduled, name = call.query("scheduled").lower(), call.query("scheduleId").rstrip("/").rpartition("/")[2]
        if target.kind.name != "job" or not (name or scheduled in ("true", "false")):
            return None
        sign = "!=" if scheduled == "true" and not name else "="
        page = Page(top=_MOST, filter=f'properties."{documents.SCHEDULE}" {sign} "{name}"')
        return (await self._operations.list(target, page)).views

    async def _enable(self, call: Call) -> Response:
        return await self._switched(call, enabled=True)

    async def _disable(self, call: Call) -> Response:
        return await self._switched(call, enabled=False)

    async def _switched(self, call: Call, *, enabled: bool) -> Response:
        target = self._target(call)
        found = (await self._operations.get(target)).resource
        spec = Schedule.from_stored({**found.spec, "is_enabled": enabled})
        view, _ = await self._operations.put(target, spec, call.actor)
        return reply(document(view, self._kind))

    async def _trigger(self, call: Call) -> Response:
        body = await call.object()
        job, action = await self._triggered(call, body, body.get("schedule_time"))
        return reply({"job_name": job, "schedule_action_type": action})

    async def _trigger_arm(self, call: Call) -> Response:
        body = await call.object()
        job, action = await self._triggered(call, body, body.get("scheduleTime"))
        return reply({"submissionId": job, "jobName": job, "scheduleActionType": _pascal(action)})

    async def _triggered(self, call: Call, body: dict[str, Any], said: Any) -> tuple[str, str]:
        """What was started, and by which action."""
        asked = _Asked(self._target(call).key, _moment(said), repeated(call, body))

        def start(tx: Tx) -> tuple[str, str]:
            return self._started(tx, asked), action_of(resources.require(tx, asked.key).spec)

        return await self._store.write(start)

    def _started(self, tx: Tx, asked: _Asked) -> str:
        repeat = asked.repeat
        before = repeats.recall(tx, repeat.scope, repeat.key, repeat.asked) if repeat is not None else None
        if before is not None:
            return str(before["name"])
        found = resources.require(tx, asked.key)
        moment = tx.now if asked.moment is None else asked.moment
        start = Start(moment, "manual", f"manual {secrets.token_hex(8)}", _facts(found))
        name = self._schedules.start(tx, found, start)
        if repeat is not None:
            repeats.remember(tx, repeat.scope, repeat.key, repeat.asked, {"name": name})
        return name

    async def _history(self, call: Call) -> Response:
        key = self._target(call).key
        top, before = call.number("top", 100, least=1, most=_MOST), call.number("before", 0)

        def read(tx: Tx) -> list[dict[str, Any]]:
            resources.require(tx, key)
            found = events.newest(tx, events.About(key.workspace, key.path, _TOLD, before), top)
            return [_told(tx, event) for event in found]

        value = await self._store.read(read)
        answer: dict[str, Any] = {"value": value}
        if len(value) == top:
            answer["next"] = str(call.request.url.include_query_params(before=value[-1]["id"]))
        return reply(answer)

    async def _times(self, call: Call) -> Response:
        """The next times of a trigger that is still being written; nothing is kept."""
        body, count = await call.object(), _count(call)
        said = Schedule.from_yaml({"name": "times", "trigger": body.get("trigger"), "create_job": "azureml:any"})
        if (trigger := said.trigger) is None:
            raise Invalid([Problem("expected a trigger, found none", "trigger")])
        now = await self._store.read(lambda tx: tx.now)
        return reply({"value": [iso(at) for at in rules.first_times(trigger, now, count)]})

    async def _next(self, call: Call) -> Response:
        count, key = _count(call), self._target(call).key
        found = await self._store.read(lambda tx: resources.require(tx, key))
        return reply({"value": [iso(at) for at in rules.next_times(found, count)]})

    def _target(self, call: Call) -> Target:
        return Target(self._kind, call.path("ws").lower(), call.path("name"))


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _count(call: Call) -> int:
    return call.number("count", _USUAL_TIMES, least=1, most=_MOST_TIMES)


def _facts(found: Any) -> dict[str, str]:
    """Those of the last event, for a trigger that waits for events; without one, what its job asks for is not known."""
    plan: dict[str, Any] = found.state[rules.PLAN]
    facts: dict[str, str] = plan.get("facts") or {}
    asked = documents.asked(plan["job"])
    if missing := sorted(asked - set(facts)):
        told = f"${{{{{missing[0]}}}}} is known once an event has happened that the schedule waits for; none has yet"
        raise Conflict(told, target=found.key.name)
    return facts


def _told(tx: Tx, event: Event) -> dict[str, Any]:
    """One entry: a run that was started and how it stands, or times and events that started none, and why."""
    data = event.data
    entry: dict[str, Any] = {
        "id": event.seq,
        "at": iso(event.at),
        "due": iso(float(data["due"])),
        "result": "started" if event.type is EventType.SCHEDULE_FIRED else "skipped",
        "why": data.get("why"),
    }
    if job := data.get("job"):
        run = runs.get(tx, str(job))
        entry |= {"job": job, "status": run.status.value if run is not None else "Deleted"}
    if "until" in data:
        entry["until"] = iso(float(data["until"]))
    return entry | {key: data[key] for key in ("count", "message", "event", "chain") if key in data}


def _moment(said: Any) -> float | None:
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(str(said)[:64])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        told = f"expected a time such as 2026-01-31T08:00:00Z, found {str(said)[:64]!r}"
        raise Invalid([Problem(told, "schedule_time")]) from None
