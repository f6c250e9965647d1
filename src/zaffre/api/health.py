"""Whether the server lives, whether it can serve, and what it does (Prometheus)."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import ZaffreError
from zaffre.core.events import Event, EventType
from zaffre.core.ports import Clock
from zaffre.core.reasons import Cause
from zaffre.core.status import RunStatus
from zaffre.store import Store, Tx, leases, runs

LOOP_MAY_LAG_SECONDS = 20.0
DISK_MUST_HAVE_BYTES = 64 * 1024 * 1024
_CAUSES = frozenset(cause.value for cause in Cause)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What health is read from."""

    store: Store
    clock: Clock
    home: Path
    loop_ticked_at: Callable[[], float]
    router_metrics: Callable[[], Awaitable[str]]
    """The scoring router's own Prometheus text; empty while none runs."""


class Health:
    """The three answers operators ask for."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals
        self._registry = CollectorRegistry()
        self._moves = Counter("zaffre_run_transitions", "Moves of runs", ["status", "reason"], registry=self._registry)
        self._runs = Gauge("zaffre_runs", "Runs that have not ended", ["status"], registry=self._registry)
        self._due = Gauge("zaffre_work_due", "Work items that are due and unclaimed", registry=self._registry)
        self._known = Gauge("zaffre_work_items", "Work items in all", registry=self._registry)
        self._lag = Gauge("zaffre_loop_age_seconds", "Since the control loop came round", registry=self._registry)
        self._free = Gauge("zaffre_disk_free_bytes", "Free space below the home directory", registry=self._registry)
        vitals.store.on_event(self._count)

    def routes(self) -> list[Route]:
        """``/livez`` and ``/readyz`` are open; ``/metrics`` is not."""
        return [
            Route("GET", "/livez", Permission.OPEN, self._alive, "The process answers", tag="health"),
            Route("GET", "/readyz", Permission.OPEN, self._ready, "The server can serve", tag="health"),
            Route("GET", "/metrics", Permission.READ, self._metrics, "Prometheus metrics", tag="health"),
        ]

    async def _alive(self, call: Call) -> Response:
        del call
        return reply({"status": "alive"})

    async def _ready(self, call: Call) -> Response:
        del call
        problems: list[str] = []
        if self._loop_age() > LOOP_MAY_LAG_SECONDS:
            problems.append("the control loop has stopped")
        if await self._free_bytes() < DISK_MUST_HAVE_BYTES:
            problems.append("the disk is full")
        try:
            await self._vitals.store.write(lambda tx: None)
        except (OSError, ZaffreError):
            problems.append("the database cannot be written")
        return reply(
            {"status": "ready" if not problems else "not ready", "problems": problems}, 503 if problems else 200
        )

    async def _metrics(self, call: Call) -> Response:
        del call
        (due, known), by_status = await self._vitals.store.read(_standing)
        self._due.set(due)
        self._known.set(known)
        for status in RunStatus:
            if not status.is_final:
                self._runs.labels(status.value).set(by_status.get(status, 0))
        self._lag.set(self._loop_age())
        self._free.set(await self._free_bytes())
        text = generate_latest(self._registry).decode() + await self._vitals.router_metrics()
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    def _loop_age(self) -> float:
        return self._vitals.clock.monotonic() - self._vitals.loop_ticked_at()

    async def _free_bytes(self) -> int:
        return (await run_in_threadpool(shutil.disk_usage, self._vitals.home)).free

    def _count(self, event: Event) -> None:
        if event.type is EventType.RUN_STATUS_CHANGED:
            reason: dict[str, Any] = event.data.get("reason") or {}
            code = str(reason.get("code", ""))
            self._moves.labels(str(event.data.get("to", "")), code if not code or code in _CAUSES else "other").inc()


def _standing(tx: Tx) -> tuple[tuple[int, int], dict[RunStatus, int]]:
    return leases.depth(tx), runs.open_by_status(tx)
