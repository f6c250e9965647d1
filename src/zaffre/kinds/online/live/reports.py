"""What a deployment tells of itself: its logs, what it does in numbers, the exchanges that the router keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Invalid, Problem
from zaffre.core.events import Event, EventType
from zaffre.core.ports import Clock
from zaffre.core.resource import Key, Resource
from zaffre.core.times import iso
from zaffre.kinds.online import rules
from zaffre.kinds.online.live.measuring import Measures
from zaffre.kinds.online.parts import windows
from zaffre.kinds.online.parts.layout import CONTAINERS, SERVER, Layout
from zaffre.kinds.online.parts.task import Owner
from zaffre.store import Store, Tx, resources

_ENDPOINT = "online-endpoints/{name}/deployments/{deployment}"
_ROOT = "/api/v1/workspaces/{ws}/" + _ENDPOINT
_ARM = (
    "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
    "/onlineEndpoints/{name}/deployments/{deployment}"
)
MOST_LOG_BYTES = 4 * 1024 * 1024
USUAL_LINES = 50
MOST_LINES = 100_000
USUAL_WINDOW = 300
LONGEST_WINDOW = 86_400
MOST_STEPS = 1440
_UNKEPT = {"cache-control": "no-store"}


class Reports:
    """The routes that read."""

    def __init__(self, store: Store, clock: Clock, layout: Layout, measures: Measures) -> None:
        self._store = store
        self._clock = clock
        self._layout = layout
        self._measures = measures

    def routes(self) -> list[Route]:
        """The native routes."""
        about = "online-deployment"
        return [
            Route("GET", _ROOT + "/logs", Permission.READ, self._show_log, "Read a deployment's log", tag=about),
            Route("GET", _ROOT + "/metrics", Permission.READ, self._show_metrics,
                  "What a deployment did in a window of time", tag=about),
            Route("POST", _ROOT + "/recording", Permission.SECRETS, self._show_recording,
                  "The exchanges that the router keeps", tag=about),
        ]  # fmt: skip

    def arm_verbs(self) -> list[Verb]:
        """The log as the official client asks for it."""
        return [verb("POST", _ARM + "/getLogs", self._arm_log)]

    async def log(self, owner: Owner, container: str, choose: Callable[[Path, str], dict[str, Any]]) -> dict[str, Any]:
        """What ``choose`` makes of the folder of logs."""
        await self._require(owner)
        folder = self._layout.logs(owner.workspace, owner.endpoint, owner.deployment)
        suffix = CONTAINERS.get(container.lower().replace("-", ""))
        if suffix is None:
            told = f"expected inference-server or storage-initializer, found {container!r}"
            raise Invalid([Problem(told, field="container")])
        return await run_in_threadpool(choose, folder, suffix)

    async def _show_log(self, call: Call) -> Response:
        tail = call.number("tail", USUAL_LINES, least=0, most=MOST_LINES)
        after, replica = call.query("after"), call.query("replica")

        def choose(folder: Path, suffix: str) -> dict[str, Any]:
            names = _replicas(folder, suffix)
            name = replica or (names[-1] if names else "")
            if name not in names:
                return {"content": "", "replica": name, "next": 0, "replicas": names}
            path = folder / f"{name}{suffix}"
            start = call.number("after", 0) if after else None
            text, end = _tail(path, tail) if start is None else _from(path, start)
            return {"content": text, "replica": name, "next": end, "replicas": names}

        return reply(await self.log(_owner(call), call.query("container") or SERVER, choose), headers=_UNKEPT)

    async def _arm_log(self, call: Call) -> Response:
        body = await call.object()
        tail: Any = body.get("tail")
        lines = tail if isinstance(tail, int) and 0 <= tail <= MOST_LINES else USUAL_LINES

        def choose(folder: Path, suffix: str) -> dict[str, Any]:
            names = _replicas(folder, suffix)
            return {"content": _tail(folder / f"{names[-1]}{suffix}", lines)[0] if names else ""}

        return reply(await self.log(_owner(call), str(body.get("containerType") or SERVER), choose))

    async def _show_metrics(self, call: Call) -> Response:
        owner = _owner(call)
        found = await self._require(owner)
        length = call.number("window", USUAL_WINDOW, least=1, most=LONGEST_WINDOW)
        step = call.number("step", 0, least=0, most=LONGEST_WINDOW)
        if step and length / step > MOST_STEPS:
            told = f"expected at most {MOST_STEPS} steps, found {length // step}"
            raise Invalid([Problem(told, field="step", hint="ask for a longer step or a shorter window")])
        fresh = await self._measures.look()
        return reply(self._told(owner, found, length, step) | {"fresh": fresh}, headers=_UNKEPT)

    def _told(self, owner: Owner, found: Resource, length: int, step: int) -> dict[str, Any]:
        readings = self._measures.readings(owner)
        now = readings[-1].at if readings else self._clock.now()
        seen = windows.since(readings, now - length)
        latest = readings[-1] if readings else windows.Reading(now)
        told: dict[str, Any] = {
            "endpoint": owner.endpoint,
            "deployment": owner.deployment,
            "until": iso(now),
            "window": windows.between(seen).to_json(),
            "now": {"in_flight": latest.busy, "queued": latest.queued, "waiting_for_a_replica": latest.held,
                    "replicas": latest.replicas, "memory_bytes": latest.memory},
            "start_seconds": found.state.get("start_seconds"),
        }  # fmt: skip
        if step:
            marks = [now - length + step * at for at in range(1, length // step + 1)]
            parts = [(at, windows.until(windows.since(seen, at - step), at)) for at in marks]
            told["series"] = [
                {"until": iso(at), **windows.between(part).to_json()} for at, part in parts if len(part) > 1
            ]
        return told

    async def _show_recording(self, call: Call) -> Response:
        owner = _owner(call)
        found = await self._require(owner)

        def note(tx: Tx) -> None:
            tx.emit(Event(EventType.SECRET_READ, owner.workspace, found.key.path, call.actor, {"what": "recording"}))

        await self._store.write(note)
        return reply({"value": await self._measures.samples(owner)}, headers=_UNKEPT)

    async def _require(self, owner: Owner) -> Resource:
        key = Key(owner.workspace, rules.DEPLOYMENT, owner.deployment, owner.endpoint)
        return await self._store.read(lambda tx: resources.require(tx, key))


def _owner(call: Call) -> Owner:
    return Owner(call.path("ws").lower(), call.path("name"), call.path("deployment"))


def _replicas(folder: Path, suffix: str) -> list[str]:
    """Those that have a log, in the order of their starts."""
    found = [path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}") if path.name.count(".") == 1]
    return sorted(found, key=lambda name: int(name.rpartition("-")[2]))


def _tail(path: Path, lines: int) -> tuple[str, int]:
    """The last lines, and where the file ended; bytes that are no text are shown as such."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - MOST_LOG_BYTES))
        text = file.read(MOST_LOG_BYTES).decode("utf-8", "replace")
    return "".join(text.splitlines(keepends=True)[-lines:]) if lines else "", size


def _from(path: Path, start: int) -> tuple[str, int]:
    """What was written since: whole lines where there is one, else what there is of it."""
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(MOST_LOG_BYTES)
    whole = data[: data.rfind(b"\n") + 1] or data
    return whole.decode("utf-8", "replace"), start + len(whole)
