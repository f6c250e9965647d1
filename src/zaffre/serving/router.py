"""The router: listens, follows the table, ends what is over time, and keeps serving whatever becomes of the server."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import ssl
from binascii import hexlify
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import Invalid
from zaffre.core.ports import Clock
from zaffre.serving import meter, table
from zaffre.serving.access import AccessLog
from zaffre.serving.exchange import Exchange
from zaffre.serving.fleet import Door, Fleet, World
from zaffre.serving.front import Front
from zaffre.serving.message import Message

log = logging.getLogger("zaffre.serving")

SWEEP = 0.05
TICK = 1.0
GRACE = 30.0


@dataclass(frozen=True, slots=True)
class Config:
    """Where the router listens and reads."""

    table: Path
    host: str = "127.0.0.1"
    port: int = 8441
    access_log: Path | None = None
    tls: ssl.SSLContext | None = None
    tls_port: int = 0


class Router:
    """One process's data plane."""

    def __init__(self, config: Config, clock: Clock, chance: Callable[[], float]) -> None:
        self.draining = False
        self.fronts: set[Front] = set()
        self._config = config
        self._clock = clock
        self._active: set[Exchange] = set()
        self._fleet = Fleet(World(clock, chance, self._active))
        self._access = AccessLog(config.access_log)
        self._prefix = hexlify(os.urandom(10)).decode()
        self._ids = itertools.count(1)
        self._read: tuple[int, int, int] | None = None
        self._stop = asyncio.Event()
        self._servers: list[asyncio.Server] = []
        self._unrouted = meter.Meter()

    # What a connection asks (``front.Desk``).

    def now(self) -> float:
        """Monotonic seconds."""
        return self._clock.monotonic()

    def next_id(self) -> str:
        """A request id in the form Azure's have."""
        number = f"{next(self._ids):012x}"
        prefix = self._prefix
        return f"{prefix[:8]}-{prefix[8:12]}-{prefix[12:16]}-{prefix[16:20]}-{number}"

    def door(self, name: str) -> Door | None:
        """An endpoint of the table."""
        return self._fleet.doors.get(name)

    def opened(self, front: Front) -> None:
        """A connection was made."""
        self.fronts.add(front)

    def closed(self, front: Front) -> None:
        """A connection ended."""
        self.fronts.discard(front)

    def note(self, message: Message, status: int, sent: int) -> None:
        """Count and log a finished request."""
        seconds = self._clock.monotonic() - message.began
        lane = message.lane
        (lane.meter if lane is not None else self._unrouted).count(status, seconds, message.size, sent)
        path = message.target.partition(b"?")[0][:200]
        what = f"{message.method.decode('latin-1')} {path.decode('latin-1')}"
        self._access.note(self._clock.now(), what, lane.name if lane is not None else "", status, seconds, message.id)

    # Its life.

    async def start(self) -> int:
        """Listen; returns the port."""
        self.reload()
        loop = asyncio.get_running_loop()
        config = self._config
        self._servers = [await loop.create_server(lambda: Front(self), config.host, config.port, backlog=2048)]
        if config.tls is not None:
            self._servers.append(
                await loop.create_server(
                    lambda: Front(self), config.host, config.tls_port, ssl=config.tls, backlog=2048
                )
            )
        return int(self._servers[0].sockets[0].getsockname()[1])

    async def run(self) -> None:
        """Serve until ``stop``; then finish what is under way and close."""
        beats = [asyncio.create_task(self._sweep()), asyncio.create_task(self._tick())]
        await self._stop.wait()
        self.draining = True
        for server in self._servers:
            server.close()
        deadline = self.now() + GRACE
        while any(not front.idle for front in self.fronts) and self.now() < deadline:  # noqa: ASYNC110 - many, one deadline
            await asyncio.sleep(SWEEP)
        for front in list(self.fronts):
            front.abort()
        for beat in beats:
            beat.cancel()
        self._access.flush()

    def stop(self) -> None:
        """Finish and leave."""
        self._stop.set()

    def reload(self) -> None:
        """Follow the table file if it changed; one that cannot be read changes nothing."""
        try:
            stat = self._config.table.stat()
        except FileNotFoundError:
            return
        mark = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if mark == self._read:
            return
        self._read = mark
        try:
            found = table.read(self._config.table)
        except (Invalid, OSError) as error:
            log.error("table not applied: %s", error)
            return
        self._fleet.apply(found)
        log.info("table %d applied, %d endpoints", found.version, len(found.endpoints))

    def metrics(self) -> str:
        """Prometheus text."""
        readings = [
            meter.Reading(door.name, lane.name, lane.meter, (lane.busy, len(lane.queue), sum(p.up for p in lane.peers)))
            for door in self._fleet.doors.values()
            for lane in door.lanes.values()
        ]
        readings.append(meter.Reading("/", "", self._unrouted, (0, 0, 0)))
        return (
            meter.text(readings)
            + f"# TYPE zaffre_router_connections gauge\nzaffre_router_connections {len(self.fronts)}\n"
        )

    def status(self) -> dict[str, object]:
        """What the server asks: the table's version in use, and each replica as the router sees it."""
        return {
            "pid": os.getpid(),
            "table_version": self._fleet.version,
            "connections": len(self.fronts),
            "endpoints": {
                door.name: {
                    lane.name: {
                        "busy": lane.busy,
                        "queued": len(lane.queue),
                        "requests": sum(lane.meter.statuses.values()),
                        "replicas": {peer.id: {"up": peer.up, "busy": peer.busy} for peer in lane.peers},
                    }
                    for lane in door.lanes.values()
                }
                for door in self._fleet.doors.values()
            },
        }

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            now = self.now()
            for exchange in [one for one in self._active if one.deadline <= now]:
                exchange.expire()
                exchange.sink.flush()
            for lane in self._fleet.lanes():
                if lane.queue:
                    lane.expire(now)
            self._access.flush()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.reload()
            now = self.now()
            for front in list(self.fronts):
                front.sweep(now)
            for lane in self._fleet.lanes():
                for peer in lane.peers:
                    peer.look()
