"""What was served, counted in memory: nothing is written on the hot path, and the counts go on when the router is replaced.

Read out as Prometheus text (``text``) and as the plain numbers that the server steers by (``Reading.to_json``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the histograms, in seconds."""
_NUMBERS = (
    "arrived",
    "busy_seconds",
    "bytes_in",
    "bytes_out",
    "last_arrival",
    "lost",
    "mirrored",
    "mirror_skipped",
    "retried",
)


class Tally:
    """Answers by status, and how long they took."""

    __slots__ = ("buckets", "seconds", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, status: int, seconds: float) -> None:
        """One answer."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"statuses": dict(self.statuses), "buckets": list(self.buckets), "seconds": round(self.seconds, 6)}

    def take(self, stored: Mapping[str, Any]) -> None:
        """Go on from a stored form; one with other buckets is left."""
        buckets: Sequence[int] = stored.get("buckets") or ()
        if len(buckets) == len(self.buckets):
            statuses: Mapping[str, Any] = stored.get("statuses") or {}
            self.statuses = {int(status): int(count) for status, count in statuses.items()}
            self.buckets = [int(count) for count in buckets]
            self.seconds = float(stored.get("seconds") or 0.0)


class Meter:
    """One deployment's counts."""

    __slots__ = (
        "answers", "arrived", "busy_seconds", "bytes_in", "bytes_out", "into", "last_arrival", "lost", "mirror",
        "mirror_skipped", "mirrored", "model_statuses", "retried", "waits",
    )  # fmt: skip

    def __init__(self) -> None:
        self.arrived = 0
        """Requests that were for it."""
        self.last_arrival = 0.0
        """Unix seconds; 0 for never."""
        self.answers = Tally()
        """What callers were answered, from the request's arrival to the answer's end."""
        self.waits = Tally()
        """How long requests waited for a free replica; its statuses are not used."""
        self.mirror = Tally()
        """What copies were answered, apart from everything else."""
        self.model_statuses: dict[int, int] = {}
        """The model's own answers from 400 on, whatever callers were told."""
        self.busy_seconds = 0.0
        """Time that requests spent on replicas, added up: over a time, its growth is the mean of requests at once."""
        self.bytes_in = 0
        self.bytes_out = 0
        self.lost = 0
        """Requests whose replica ended, or hung up, before it had answered."""
        self.retried = 0
        self.mirrored = 0
        self.mirror_skipped = 0
        """Copies that were due and not sent, because the mirrored deployment had enough to do."""
        self.into: Meter | None = None
        """Of a revision on trial: the deployment's own, which counts all that callers see."""

    def arrive(self, now: float) -> None:
        """A request came for it."""
        self.arrived += 1
        self.last_arrival = now
        if self.into is not None:
            self.into.arrive(now)

    def count(self, status: int, seconds: float, received: int, sent: int) -> None:
        """One finished request."""
        self.answers.add(status, seconds)
        self.bytes_in += received
        self.bytes_out += sent
        if self.into is not None:
            self.into.count(status, seconds, received, sent)

    def waited(self, seconds: float) -> None:
        """A request got its replica."""
        waits = self.waits
        waits.buckets[bisect_left(BOUNDS, seconds) if seconds else 0] += 1
        waits.seconds += seconds

    def said(self, status: int) -> None:
        """The model answered with an error."""
        self.model_statuses[status] = self.model_statuses.get(status, 0) + 1
        if self.into is not None:
            self.into.said(status)

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        mirror, waits = self.mirror.to_json(), self.waits.to_json()
        return {
            **self.answers.to_json(),
            **numbers,
            "model_statuses": dict(self.model_statuses),
            "waits": {"buckets": waits["buckets"], "seconds": waits["seconds"]},
            **{f"mirror_{name}": value for name, value in mirror.items()},
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Meter:
        """The inverse of ``to_json``; what cannot be read counts from nothing."""
        made = cls()
        try:
            for name in _NUMBERS:
                setattr(made, name, type(getattr(made, name))(stored.get(name) or 0))
            made.answers.take(stored)
            made.waits.take(stored.get("waits") or {})
            made.mirror.take({name: stored.get(f"mirror_{name}") for name in ("statuses", "buckets", "seconds")})
            said: Mapping[str, Any] = stored.get("model_statuses") or {}
            made.model_statuses = {int(status): int(count) for status, count in said.items()}
        except (TypeError, ValueError, AttributeError):
            return cls()
        return made


@dataclass(frozen=True, slots=True)
class Use:
    """One replica's process as it is now."""

    up: bool
    busy: int
    pid: int
    """0 while it is not known."""
    cpu_seconds: float
    memory_bytes: int

    def to_json(self) -> dict[str, Any]:
        """As the server reads it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Gauges:
    """A deployment at the moment of reading."""

    busy: int = 0
    queued: int = 0
    held: int = 0
    """Requests that wait for a first replica."""
    tunnels: int = 0
    """Open websockets."""
    running_seconds: float = 0.0
    """How long the requests on replicas have been there, added up."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A meter with the name it goes by and its gauges."""

    name: str
    """``<workspace>/<endpoint>``."""
    deployment: str
    meter: Meter
    gauges: Gauges
    replicas: Mapping[str, Use]

    @property
    def labels(self) -> str:
        """As Prometheus has them."""
        workspace, _, endpoint = self.name.partition("/")
        return f'workspace="{workspace}",endpoint="{endpoint}",deployment="{self.deployment}"'

    @property
    def up(self) -> int:
        """Replicas that can be asked."""
        return sum(use.up for use in self.replicas.values())

    def to_json(self) -> dict[str, Any]:
        """Everything, as the server reads it."""
        gauges = self.gauges
        found = self.meter.to_json()
        found["busy_seconds"] = round(self.meter.busy_seconds + gauges.running_seconds, 6)
        now = {"busy": gauges.busy, "queued": gauges.queued, "held": gauges.held, "tunnels": gauges.tunnels}
        replicas = {name: use.to_json() for name, use in self.replicas.items()}
        return {**found, **now, "replicas_up": self.up, "replicas": replicas}


def text(readings: Iterable[Reading]) -> str:
    """Prometheus' exposition format."""
    found = list(readings)
    lines: list[str] = []
    for name, told in (
        ("requests_total", [one.meter.answers.statuses for one in found]),
        ("model_errors_total", [one.meter.model_statuses for one in found]),
        ("mirror_requests_total", [one.meter.mirror.statuses for one in found]),
    ):
        lines.append(f"# TYPE zaffre_endpoint_{name} counter")
        for one, statuses in zip(found, told, strict=True):
            for status, count in sorted(statuses.items()):
                lines.append(f'zaffre_endpoint_{name}{{{one.labels},status="{status}"}} {count}')
    for name, tallies in (
        ("latency_seconds", [one.meter.answers for one in found]),
        ("queue_seconds", [one.meter.waits for one in found]),
        ("mirror_latency_seconds", [one.meter.mirror for one in found]),
    ):
        lines.append(f"# TYPE zaffre_endpoint_{name} histogram")
        for one, tally in zip(found, tallies, strict=True):
            lines.extend(_histogram(f"zaffre_endpoint_{name}", one.labels, tally))
    return "\n".join([*lines, *_plain(found), *_replicas(found)]) + "\n"


def _plain(found: Sequence[Reading]) -> list[str]:
    lines: list[str] = []
    for name, kind, values in (
        ("arrived_total", "counter", [one.meter.arrived for one in found]),
        ("busy_seconds_total", "counter", [one.meter.busy_seconds + one.gauges.running_seconds for one in found]),
        ("request_bytes_total", "counter", [one.meter.bytes_in for one in found]),
        ("response_bytes_total", "counter", [one.meter.bytes_out for one in found]),
        ("lost_total", "counter", [one.meter.lost for one in found]),
        ("retries_total", "counter", [one.meter.retried for one in found]),
        ("mirrored_total", "counter", [one.meter.mirrored for one in found]),
        ("mirror_skipped_total", "counter", [one.meter.mirror_skipped for one in found]),
        ("in_flight", "gauge", [one.gauges.busy for one in found]),
        ("queued", "gauge", [one.gauges.queued for one in found]),
        ("held", "gauge", [one.gauges.held for one in found]),
        ("tunnels", "gauge", [one.gauges.tunnels for one in found]),
        ("replicas_up", "gauge", [one.up for one in found]),
    ):
        lines.append(f"# TYPE zaffre_endpoint_{name} {kind}")
        for one, value in zip(found, values, strict=True):
            lines.append(f"zaffre_endpoint_{name}{{{one.labels}}} {value:.6f}".removesuffix(".000000"))
    return lines


def _replicas(found: Sequence[Reading]) -> list[str]:
    lines: list[str] = []
    for name, kind in (("up", "gauge"), ("cpu_seconds_total", "counter"), ("memory_bytes", "gauge")):
        lines.append(f"# TYPE zaffre_replica_{name} {kind}")
        for one in found:
            for replica, use in one.replicas.items():
                value = {"up": int(use.up), "cpu_seconds_total": use.cpu_seconds, "memory_bytes": use.memory_bytes}
                lines.append(f'zaffre_replica_{name}{{{one.labels},replica="{replica}"}} {value[name]}')
    return lines


def _histogram(name: str, labels: str, tally: Tally) -> list[str]:
    lines: list[str] = []
    total = 0
    for bound, count in zip((*BOUNDS, float("inf")), tally.buckets, strict=True):
        total += count
        shown = "+Inf" if bound == float("inf") else f"{bound:g}"
        lines.append(f'{name}_bucket{{{labels},le="{shown}"}} {total}')
    lines.append(f"{name}_sum{{{labels}}} {tally.seconds:.6f}")
    lines.append(f"{name}_count{{{labels}}} {total}")
    return lines
