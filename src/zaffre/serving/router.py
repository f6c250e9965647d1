"""The router: listens, follows the table, ends what is over time, and keeps serving whatever becomes of the server."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import ssl
from binascii import hexlify
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import Invalid
from zaffre.core.ports import Clock
from zaffre.serving import meter, mirroring, table
from zaffre.serving.access import AccessLog, Line
from zaffre.serving.deaths import Mourning
from zaffre.serving.exchange import Exchange
from zaffre.serving.fleet import Door, Fleet, World
from zaffre.serving.front import Front
from zaffre.serving.guard import Guard
from zaffre.serving.message import Message
from zaffre.serving.quick import Memory

log = logging.getLogger("zaffre.serving")

SWEEP = 0.05
TICK = 1.0
GRACE = 30.0
SAVE = 10
"""Ticks between two savings of the counts."""
COUNTS = "counts.json"
KEPT_FOR = 30 * 86400.0
"""Seconds that the counts of a deployment which is gone are kept."""
QUIET = 1.0
"""Seconds until the server is told again that requests wait for a first replica."""


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
        self._wanted = asyncio.Event()
        self._mourning = Mourning(clock.monotonic)
        self._fleet = Fleet(World(clock, chance, self._active, self._wanted.set, self._mourning))
        self.guard = Guard(clock)
        self.memory = Memory()
        self._began = clock.now()
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

    def unix(self) -> float:
        """Unix seconds."""
        return self._clock.now()

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

    def mirror(self, message: Message) -> None:
        """Send the copies of a request that has come whole."""
        exchange = message.exchange
        if exchange is not None:
            body = b"".join(message.parts)
            for lane in message.copies:
                mirroring.send(lane, exchange, body, self._clock)

    def note(self, message: Message, status: int, sent: int) -> None:
        """Count and log a finished request."""
        seconds = self._clock.monotonic() - message.began
        lane = message.lane
        (lane.meter if lane is not None else self._unrouted).count(status, seconds, message.size, sent)
        if lane is not None and message.sample is not None:
            lane.samples.add(message.sample, status, seconds)
        name = lane.name if lane is not None else ""
        self._access.note(
            Line(
                self._clock.now(), message.method, message.target, name, status, message.model_status, seconds,
                message.id, message.client_id,
            )
        )  # fmt: skip

    # Its life.

    async def start(self) -> int:
        """Listen; returns the port."""
        self._recall()
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
        self._save()

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
        self.memory.forget()
        log.info("table %d applied, %d endpoints", found.version, len(found.endpoints))

    def metrics(self, endpoint: str = "") -> str:
        """Prometheus text, of everything or of one endpoint (``<workspace>/<endpoint>``)."""
        readings = self._fleet.readings(endpoint.lower())
        readings = [one for one in readings if table.REVISION not in one.deployment]  # counted in its deployment's too
        if endpoint:
            return meter.text(readings)
        readings.append(meter.Reading("/", "", self._unrouted, meter.Gauges(), {}))
        gauge = f"# TYPE zaffre_router_connections gauge\nzaffre_router_connections {len(self.fronts)}\n"
        return meter.text(readings) + gauge

    def counts(self) -> dict[str, object]:
        """What the server steers by: every deployment's counts, cumulative, and its gauges."""
        found = {f"{one.name}/{one.deployment}": one.to_json() for one in self._fleet.readings()}
        now = self._clock.now()
        return {"at": now, "started": self._began, "bounds": list(meter.BOUNDS), "deployments": found}

    def samples(self, name: str) -> list[dict[str, object]] | None:
        """The exchanges kept of ``<workspace>/<endpoint>/<deployment>``; None where there is no such deployment."""
        endpoint, _, deployment = name.rpartition("/")
        door = self._fleet.doors.get(endpoint.lower())
        lane = door.lanes.get(deployment) if door is not None else None
        return lane.samples.to_json() if lane is not None else None

    async def wanted(self, patience: float) -> list[str]:
        """Deployments without a replica that requests wait for, as soon as there are any; none after ``patience``."""
        deadline = self.now() + patience
        while True:
            self._wanted.clear()
            found = self._fleet.sleepers(self.now(), QUIET)
            left = deadline - self.now()
            if found or left <= 0 or self.draining:
                return found
            try:
                async with asyncio.timeout(min(left, QUIET)):
                    await self._wanted.wait()
            except TimeoutError:
                continue

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
                        "requests": sum(lane.meter.answers.statuses.values()),
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
            self._mourning.look()
            for lane in self._fleet.lanes():
                if lane.queue:
                    lane.expire(now)
            self._access.flush()

    async def _tick(self) -> None:
        for tick in itertools.count(1):
            await asyncio.sleep(TICK)
            self.reload()
            now = self.now()
            for front in list(self.fronts):
                front.sweep(now)
            for lane in self._fleet.lanes():
                for peer in lane.peers:
                    peer.look()
            if tick % SAVE == 0:
                self._save()

    def _save(self) -> None:
        """Keep the counts for the next router; a full disk loses them, nothing else."""
        self._fleet.forget(self._clock.now() - KEPT_FOR)
        path = self._config.table.with_name(COUNTS)
        draft = path.with_name(f".{COUNTS}.{os.getpid()}")
        try:
            draft.write_text(json.dumps({name: one.to_json() for name, one in self._fleet.meters.items()}))
            draft.replace(path)
        except OSError:
            return

    def _recall(self) -> None:
        """Go on counting where the last router ended."""
        try:
            stored = json.loads(self._config.table.with_name(COUNTS).read_bytes())
            self._fleet.meters.update({str(name): meter.Meter.of(one) for name, one in stored.items()})
        except (OSError, ValueError, AttributeError):
            return
