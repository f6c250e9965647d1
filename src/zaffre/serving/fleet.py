"""The live side of the table: doors (endpoints), lanes (deployments) with their queues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from zaffre.core.ports import Clock
from zaffre.serving import balance, heads
from zaffre.serving.answers import BUSY, NO_TRAFFIC, NOT_READY, Answer, waking
from zaffre.serving.deaths import Mourning
from zaffre.serving.exchange import Exchange
from zaffre.serving.keys import Gate
from zaffre.serving.meter import Gauges, Meter, Reading
from zaffre.serving.peer import Peer
from zaffre.serving.samples import Samples
from zaffre.serving.table import PASSED, Deployment, Endpoint, Table, deployment_of
from zaffre.serving.usual import Usual
from zaffre.serving.waiting import Queue

WARM = 0.002
"""Seconds for which an idle replica is not drawn anew: a process that has just run answers at half the processor time of
one that slept, so that a single caller must not go from one to the other with each request."""


@dataclass(frozen=True, slots=True)
class World:
    """What the live side needs from outside."""

    clock: Clock
    chance: Callable[[], float]
    active: set[Exchange]
    """Exchanges on a replica; the router's sweep ends those that are over time."""
    wake: Callable[[], None]
    """Told whenever a request waits for a deployment that has no replica."""
    mourning: Mourning
    """Requests whose replica ended, until it is known why."""
    usual: Usual = field(default_factory=Usual)
    """How answers begin."""


class Lane:
    """One deployment."""

    def __init__(self, world: World, name: str, meter: Meter) -> None:
        self.world = world
        self.name = name
        self.deployment = deployment_of(name)
        """What callers know it as: a revision on trial answers in its deployment's name."""
        self.ending = heads.ending(b"azureml-model-deployment: %b\r\n" % self.deployment.encode("latin-1"))
        """How the heads of its answers end."""
        self.config = Deployment()
        self.peers: list[Peer] = []
        self.meter = meter
        self.samples = Samples()
        self.queue = Queue()
        self.tunnels = 0
        """Open websockets."""
        self.told_at = 0.0
        """When the server was last told that requests wait for a first replica."""
        self._window = 1
        self._warm: Peer | None = None
        """The replica that was drawn last: while it has nothing to do it is asked again, for a moment."""
        self._warm_until = 0.0

    def configure(self, config: Deployment) -> None:
        """Follow the table; replicas that stay keep their connections."""
        known = {(peer.id, peer.socket): peer for peer in self.peers}
        clock, usual = self.world.clock, self.world.usual
        self.peers = [known.pop((one.id, one.socket), None) or Peer(self, one, clock, usual) for one in config.replicas]
        for gone in known.values():
            gone.retire()
        self.config, self._warm = config, None
        self.samples.resize(config.sample)
        self._window = max(1, config.max_concurrent) + max(0, config.prefetch)
        self.pump()
        if self.sleeping and len(self.queue):
            self.queue.prolong(clock.monotonic() + config.wake)
            self.world.wake()

    @property
    def sleeping(self) -> bool:
        """True while there is no replica and one is started on demand."""
        return not self.peers and self.config.wake > 0

    @property
    def waiting(self) -> int:
        """Requests in its queue."""
        return len(self.queue)

    def arrived(self) -> None:
        """A request is for it."""
        self.meter.arrive(self.world.clock.now())

    def submit(self, exchange: Exchange) -> None:
        """Give a request to a replica, or queue it; an exchange that comes back keeps its place in time."""
        now = self.world.clock.monotonic()
        if not exchange.queued_until:
            exchange.began = now
            exchange.queued_until = now + (self.config.wake if self.sleeping else self.config.max_queue_wait)
        peer = None if len(self.queue) else self.pick(now)
        if peer is not None:
            self._start(exchange, peer, now)
        elif self.queue.full:
            exchange.refuse(BUSY)
        else:
            self.queue.add(exchange, first=bool(exchange.retries or exchange.deadline))
            if self.sleeping:
                exchange.held_ms = 1
                self.world.wake()

    def pump(self) -> None:
        """Start what waits, as far as there is room."""
        while self.queue.head() is not None:
            now = self.world.clock.monotonic()
            peer = self.pick(now)
            if peer is None:
                return
            self._start(self.queue.take(), peer, now)

    def expire(self, now: float) -> None:
        """Refuse what has waited too long; look again whether a replica is back."""
        for exchange in self.queue.sift(lambda one: one.done or one.queued_until <= now):
            exchange.refuse(self._too_late())
            exchange.sink.flush()
        self.pump()

    def left(self, exchange: Exchange) -> None:
        """A replica has a free place."""
        self.world.active.discard(exchange)
        self.meter.busy_seconds += self.world.clock.monotonic() - exchange.started
        if len(self.queue):
            self.pump()

    def retried(self) -> None:
        """Count a second attempt."""
        self.meter.retried += 1

    def mourn(self, exchange: Exchange) -> bool:
        """Count a request that was lost with its replica; whether its answer waits for the reason."""
        self.meter.lost += 1
        peer = exchange.peer
        if peer is None or not peer.replica.ends:
            return False
        replica, pid = peer.replica, peer.pid
        exchange.part()
        self.world.mourning.add(exchange, replica, pid)
        return True

    def pick(self, now: float) -> Peer | None:
        """A replica that can take a request."""
        peers = self.peers
        if len(peers) == 1:
            return peers[0] if peers[0].free(now, self._window) else None
        warm = self._warm
        if warm is not None and now < self._warm_until and not warm.busy and warm.free(now, self._window):
            return warm
        free = [peer for peer in peers if peer.free(now, self._window)]
        self._warm, self._warm_until = balance.less_busy_of_two(free, self.world.chance), now + WARM
        return self._warm

    @property
    def busy(self) -> int:
        """Requests on its replicas."""
        return sum(peer.busy for peer in self.peers)

    def gauges(self) -> Gauges:
        """As it is now."""
        now = self.world.clock.monotonic()
        running = sum(peer.running_seconds(now) for peer in self.peers)
        queued = len(self.queue)
        return Gauges(self.busy, queued, queued if self.sleeping else 0, self.tunnels, running)

    def _too_late(self) -> Answer:
        if self.sleeping:
            return waking(self.config.wake_expected, self.config.wake)
        return BUSY if any(peer.up for peer in self.peers) else NOT_READY

    def _start(self, exchange: Exchange, peer: Peer, now: float) -> None:
        waited = now - exchange.began
        if not exchange.deadline:
            self.meter.waited(waited)
        if exchange.held_ms:
            exchange.held_ms = max(1, int(waited * 1000))
        exchange.started = now
        exchange.deadline = now + self.config.request_timeout
        self.world.active.add(exchange)
        peer.take(exchange)


class Door:
    """One endpoint."""

    def __init__(self, world: World, name: str, meters: Callable[[str], Meter]) -> None:
        self.name = name
        self.lanes: dict[str, Lane] = {}
        self.config = Endpoint()
        self.gate = Gate(self.config.auth, world.clock, self._workspace)
        self.passes_errors = False
        """True where callers are told the model's own status."""
        self._world = world
        self._meters = meters

    def configure(self, config: Endpoint) -> None:
        """Follow the table."""
        if config.auth != self.config.auth:
            self.gate = Gate(config.auth, self._world.clock, self._workspace)
        self.config = config
        self.passes_errors = config.model_errors == PASSED
        gone = [self.lanes.pop(name) for name in list(self.lanes) if name not in config.deployments]
        for name, deployment in config.deployments.items():
            if name not in self.lanes:
                lane = self.lanes[name] = Lane(self._world, name, self._meters(f"{self.name}/{name}"))
                if lane.deployment != name:
                    lane.meter.into = self._meters(f"{self.name}/{lane.deployment}")
            self.lanes[name].configure(deployment)
        for lane in gone:
            self._close(lane)

    def choose(self, named: str) -> Lane | None:
        """The deployment a request is for: the one it names, else one by weight."""
        if named:
            return self._revised(self.lanes.get(named))
        weights = self.config.traffic
        chosen = next(iter(weights)) if len(weights) == 1 else balance.by_weight(weights, self._world.chance())
        if chosen is None or (len(weights) == 1 and weights[chosen] <= 0):
            return None
        return self._revised(self.lanes.get(chosen))

    def _revised(self, lane: Lane | None) -> Lane | None:
        """A deployment, or its next revision, which gets a share of its requests."""
        if lane is None or not lane.config.revision:
            return lane
        other = self.lanes.get(lane.config.revision)
        chosen = self._world.chance() * 100 < lane.config.revision_share
        return other if chosen and other is not None and any(peer.up for peer in other.peers) else lane

    def mirrors(self, lane: Lane) -> tuple[Lane, ...]:
        """The deployments that get a copy of a request which ``lane`` answers: those whose share it falls in."""
        found: list[Lane] = []
        for name, percent in self.config.mirror.items():
            other = self.lanes.get(name)
            if other is not None and other is not lane and self._world.chance() * 100 < percent:
                found.append(other)
        return tuple(found)

    def readings(self) -> Iterator[Reading]:
        """Its deployments' counts."""
        for lane in self.lanes.values():
            yield Reading(self.name, lane.name, lane.meter, lane.gauges(), {peer.id: peer.use for peer in lane.peers})

    def close(self) -> None:
        """The table no longer names it."""
        for lane in self.lanes.values():
            self._close(lane)
        self.lanes.clear()

    @property
    def _workspace(self) -> str:
        return self.name.partition("/")[0]

    def _close(self, lane: Lane) -> None:
        """Requests that waited for a deployment that is gone go where the traffic now goes."""
        waiting = [exchange for exchange in lane.queue.sift(lambda _: True) if not exchange.done]
        lane.configure(Deployment())
        for exchange in waiting:
            revision = lane.deployment != lane.name
            other = self.lanes.get(lane.deployment) if revision else None if exchange.pinned else self.choose("")
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
        self.meters: dict[str, Meter] = {}
        """By ``<workspace>/<endpoint>/<deployment>``; those of deployments that are gone too."""
        self._world = world

    def apply(self, table: Table) -> None:
        """Follow a table; what it still names goes on undisturbed."""
        self.version = table.version
        for name in [name for name in self.doors if name not in table.endpoints]:
            self.doors.pop(name).close()
        for name, endpoint in table.endpoints.items():
            self.doors.setdefault(name, Door(self._world, name, self._meter)).configure(endpoint)

    def lanes(self) -> Iterator[Lane]:
        """Every deployment."""
        for door in self.doors.values():
            yield from door.lanes.values()

    def readings(self, endpoint: str = "") -> list[Reading]:
        """The counts of every deployment, or of one endpoint's."""
        doors = self.doors.values() if not endpoint else [self.doors[endpoint]] if endpoint in self.doors else []
        return [reading for door in doors for reading in door.readings()]

    def forget(self, before: float) -> None:
        """Drop the counts of deployments that are gone and had their last request before then."""
        here = {f"{door.name}/{name}" for door in self.doors.values() for name in door.lanes}
        for name in [name for name, one in self.meters.items() if name not in here and one.last_arrival < before]:
            del self.meters[name]

    def sleepers(self, now: float, quiet: float) -> list[str]:
        """Deployments without a replica for which requests wait, and of which the server was not told lately."""
        found: list[str] = []
        for door in self.doors.values():
            for lane in door.lanes.values():
                if lane.sleeping and len(lane.queue) and now - lane.told_at >= quiet:
                    lane.told_at = now
                    found.append(f"{door.name}/{lane.name}")
        return found

    def _meter(self, name: str) -> Meter:
        return self.meters.setdefault(name, Meter())
