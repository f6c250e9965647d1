"""The live side of the table: doors (endpoints), lanes (deployments) with their queues, peers (replicas)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.ports import Clock
from zaffre.serving import balance
from zaffre.serving.answers import BUSY, NO_TRAFFIC, NOT_READY
from zaffre.serving.exchange import IDEMPOTENT, Exchange, Nowhere
from zaffre.serving.keys import Gate
from zaffre.serving.link import Link
from zaffre.serving.meter import Meter
from zaffre.serving.table import Deployment, Endpoint, Replica, Table

MAX_QUEUE = 10_000
_STOPPED = frozenset("TtZX")
"""Process states of Linux in which nothing is answered."""


@dataclass(frozen=True, slots=True)
class World:
    """What the live side needs from outside."""

    clock: Clock
    chance: Callable[[], float]
    active: set[Exchange]
    """Exchanges on a replica; the router's sweep ends those that are over time."""


class Peer:
    """One replica: its open connections and whether it can be asked."""

    def __init__(self, lane: Lane, replica: Replica) -> None:
        self.id = replica.id
        self.socket = replica.socket
        self.busy = 0
        self.pid = 0
        self.stopped = False
        self._lane = lane
        self._idle: list[Link] = []
        self._links: set[Link] = set()
        self._held: set[Exchange] = set()
        self._down_until = 0.0
        self._failures = 0
        self._retired = False
        self._tasks: set[asyncio.Task[None]] = set()

    def free(self, now: float, window: int) -> bool:
        """True when it can take a request."""
        return self.busy < window and not self.stopped and self._down_until <= now

    @property
    def up(self) -> bool:
        """True when it is not known to be down."""
        return not self.stopped and self._failures == 0

    def take(self, exchange: Exchange) -> None:
        """Carry ``exchange``, on an open connection where there is one."""
        self.busy += 1
        self._held.add(exchange)
        exchange.peer = self
        while self._idle:
            link = self._idle.pop()
            if link.usable:
                link.send(exchange)
                return
        task = asyncio.get_running_loop().create_task(self._connect(exchange))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def release(self, exchange: Exchange) -> None:
        """An exchange is over."""
        self.busy -= 1
        self._held.discard(exchange)
        self._lane.left(exchange)

    def keep(self, link: Link) -> None:
        """A connection is free again."""
        self._failures = 0
        if self._retired:
            link.drop()
        else:
            self._idle.append(link)

    def forget(self, link: Link) -> None:
        """A connection is closed."""
        self._links.discard(link)
        if link in self._idle:
            self._idle.remove(link)

    def failed(self) -> None:
        """It does not answer: ask others for a moment, longer each time."""
        self._failures += 1
        self._down_until = self._lane.world.clock.monotonic() + min(1.0, 0.05 * 2**self._failures)

    def retire(self) -> None:
        """The table no longer names it: finish what it has, take nothing more."""
        self._retired = True
        for link in list(self._idle):
            link.drop()
        self._idle.clear()

    def look(self) -> None:
        """See whether its process is stopped; then requests that may be repeated go elsewhere."""
        if not self.pid:
            return
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            state = ""
        was, self.stopped = self.stopped, state in _STOPPED
        if self.stopped and not was:
            for exchange in list(self._held):
                if exchange.method in IDEMPOTENT and exchange.link is not None and not exchange.answering:
                    exchange.link.drop()
                    exchange.lost(not_run=False)

    async def _connect(self, exchange: Exchange) -> None:
        try:
            _, link = await asyncio.get_running_loop().create_unix_connection(lambda: Link(self), self.socket)
        except OSError:
            self.failed()
            if exchange.peer is self:
                exchange.lost(not_run=True)
            return
        self._links.add(link)
        if exchange.peer is self and not exchange.done:
            link.send(exchange)
        else:
            self.keep(link)


class Lane:
    """One deployment."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.config = Deployment()
        self.peers: list[Peer] = []
        self.meter = Meter()
        self.queue: deque[Exchange] = deque()
        self._window = 1

    def configure(self, config: Deployment) -> None:
        """Follow the table; replicas that stay keep their connections."""
        known = {(peer.id, peer.socket): peer for peer in self.peers}
        self.peers = [known.pop((one.id, one.socket), None) or Peer(self, one) for one in config.replicas]
        for gone in known.values():
            gone.retire()
        self.config = config
        self._window = max(1, config.max_concurrent) + max(0, config.prefetch)
        self.pump()

    def submit(self, exchange: Exchange) -> None:
        """Give a request to a replica, or queue it; an exchange that comes back keeps its place in time."""
        now = self.world.clock.monotonic()
        if not exchange.queued_until:
            exchange.queued_until = now + self.config.max_queue_wait
        peer = None if self.queue else self._pick(now)
        if peer is not None:
            self._start(exchange, peer, now)
        elif len(self.queue) >= MAX_QUEUE:
            exchange.refuse(BUSY)
        elif exchange.retries or exchange.deadline:
            self.queue.appendleft(exchange)
        else:
            self.queue.append(exchange)

    def pump(self) -> None:
        """Start what waits, as far as there is room."""
        while self.queue:
            if self.queue[0].done:
                self.queue.popleft()
                continue
            now = self.world.clock.monotonic()
            peer = self._pick(now)
            if peer is None:
                return
            self._start(self.queue.popleft(), peer, now)

    def expire(self, now: float) -> None:
        """Refuse what has waited too long; look again whether a replica is back."""
        late = [exchange for exchange in self.queue if exchange.done or exchange.queued_until <= now]
        for exchange in late:
            self.queue.remove(exchange)
            exchange.refuse(BUSY if any(peer.up for peer in self.peers) else NOT_READY)
            exchange.sink.flush()
        self.pump()

    def left(self, exchange: Exchange) -> None:
        """A replica has a free place."""
        self.world.active.discard(exchange)
        if self.queue:
            self.pump()

    def retried(self) -> None:
        """Count a second attempt."""
        self.meter.retried += 1

    @property
    def busy(self) -> int:
        """Requests on its replicas."""
        return sum(peer.busy for peer in self.peers)

    def _start(self, exchange: Exchange, peer: Peer, now: float) -> None:
        exchange.deadline = now + self.config.request_timeout
        self.world.active.add(exchange)
        peer.take(exchange)

    def _pick(self, now: float) -> Peer | None:
        peers = self.peers
        if len(peers) == 1:
            return peers[0] if peers[0].free(now, self._window) else None
        return balance.less_busy_of_two([peer for peer in peers if peer.free(now, self._window)], self.world.chance)


class Door:
    """One endpoint."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.lanes: dict[str, Lane] = {}
        self.config = Endpoint()
        self.gate = Gate(self.config.auth, world.clock)
        self._world = world

    def configure(self, config: Endpoint) -> None:
        """Follow the table."""
        if config.auth != self.config.auth:
            self.gate = Gate(config.auth, self._world.clock)
        self.config = config
        gone = [self.lanes.pop(name) for name in list(self.lanes) if name not in config.deployments]
        for name, deployment in config.deployments.items():
            self.lanes.setdefault(name, Lane(self._world, name)).configure(deployment)
        for lane in gone:
            self._close(lane)

    def choose(self, named: str) -> Lane | None:
        """The deployment a request is for: the one it names, else one by weight."""
        if named:
            return self.lanes.get(named)
        weights = self.config.traffic
        chosen = next(iter(weights)) if len(weights) == 1 else balance.by_weight(weights, self._world.chance())
        if chosen is None or (len(weights) == 1 and weights[chosen] <= 0):
            return None
        return self.lanes.get(chosen)

    def mirror(self, exchange: Exchange, body: bytes) -> None:
        """Send a copy to the mirrored deployments whose share this request falls in; nobody waits for it."""
        for name, percent in self.config.mirror.items():
            lane = self.lanes.get(name)
            if lane is None or self._world.chance() * 100 >= percent or lane.queue:
                continue
            copy = Exchange(Nowhere(), exchange.method, exchange.head, len(body))
            copy.lane = lane
            lane.meter.mirrored += 1
            copy.feed(body)
            copy.finish()

    def close(self) -> None:
        """The table no longer names it."""
        for lane in self.lanes.values():
            self._close(lane)
        self.lanes.clear()

    def _close(self, lane: Lane) -> None:
        """Requests that waited for a deployment that is gone go where the traffic now goes."""
        waiting = [exchange for exchange in lane.queue if not exchange.done]
        lane.queue.clear()
        lane.configure(Deployment())
        for exchange in waiting:
            other = None if exchange.pinned else self.choose("")
            exchange.lane = other
            if other is None:
                exchange.refuse(NO_TRAFFIC)
                exchange.sink.flush()
            else:
                other.submit(exchange)


class Fleet:
    """All endpoints."""

    def __init__(self, world: World) -> None:
        self.version = 0
        self.doors: dict[str, Door] = {}
        self._world = world

    def apply(self, table: Table) -> None:
        """Follow a table; what it still names goes on undisturbed."""
        self.version = table.version
        for name in [name for name in self.doors if name not in table.endpoints]:
            self.doors.pop(name).close()
        for name, endpoint in table.endpoints.items():
            self.doors.setdefault(name, Door(self._world, name)).configure(endpoint)

    def lanes(self) -> Iterator[Lane]:
        """Every deployment."""
        for door in self.doors.values():
            yield from door.lanes.values()
