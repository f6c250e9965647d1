"""Whether the server lives, whether it can serve, and what it has done (Prometheus)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.core.events import Event, EventType
from zaffre.core.ports import Clock
from zaffre.store import Store

LOOP_MAY_LAG_SECONDS = 20.0
DISK_MUST_HAVE_BYTES = 64 * 1024 * 1024


class Health:
    """The three answers operators ask for."""

    def __init__(self, store: Store, clock: Clock, home: Path, loop_ticked_at: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._home = home
        self._loop_ticked_at = loop_ticked_at
        self._registry = CollectorRegistry()
        self._moves = Counter("zaffre_run_transitions", "Moves of runs", ["status", "reason"], registry=self._registry)
        self._lag = Gauge("zaffre_loop_age_seconds", "Since the control loop came round", registry=self._registry)
        self._free = Gauge("zaffre_disk_free_bytes", "Free space below the home directory", registry=self._registry)
        store.on_event(self._count)

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
        if self._clock.monotonic() - self._loop_ticked_at() > LOOP_MAY_LAG_SECONDS:
            problems.append("the control loop has stopped")
        if shutil.disk_usage(self._home).free < DISK_MUST_HAVE_BYTES:
            problems.append("the disk is full")
        try:
            await self._store.write(lambda tx: None)
        except OSError:
            problems.append("the database cannot be written")
        return reply(
            {"status": "ready" if not problems else "not ready", "problems": problems}, 503 if problems else 200
        )

    async def _metrics(self, call: Call) -> Response:
        del call
        self._lag.set(self._clock.monotonic() - self._loop_ticked_at())
        self._free.set(shutil.disk_usage(self._home).free)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def _count(self, event: Event) -> None:
        if event.type is EventType.RUN_STATUS_CHANGED:
            reason: dict[str, Any] = event.data.get("reason") or {}
            self._moves.labels(str(event.data.get("to", "")), str(reason.get("code", ""))).inc()
