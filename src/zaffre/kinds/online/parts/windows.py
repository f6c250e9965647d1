"""From the router's counts, which only grow, to what a deployment did in a stretch of time. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the router's latency histogram, in seconds, where its answer names no others."""
_NOT_THE_CALLERS = frozenset({408, 424, 429})
"""Answers below 500 that are no fault of who asked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One deployment's counts at one moment."""

    at: float
    statuses: Mapping[str, int] = field(default_factory=dict[str, int])
    buckets: tuple[int, ...] = ()
    seconds: float = 0.0
    mirrored: Mapping[str, int] = field(default_factory=dict[str, int])
    """Answers to copies, which no caller waits for."""
    mirror_buckets: tuple[int, ...] = ()
    busy_seconds: float = 0.0
    busy: int = 0
    queued: int = 0
    held: int = 0
    """Requests that wait for a replica where there is none."""
    replicas: int = 0
    cpu_seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    """By process."""
    memory: int = 0
    """Bytes, all processes together."""
    bounds: tuple[float, ...] = BOUNDS

    def to_json(self) -> dict[str, Any]:
        """The stored form: short, for there is one a minute."""
        return {
            "at": self.at, "s": dict(self.statuses), "b": list(self.buckets), "t": self.seconds,
            "ms": dict(self.mirrored), "mb": list(self.mirror_buckets), "bt": self.busy_seconds, "n": self.busy,
            "q": self.queued, "h": self.held, "r": self.replicas, "c": dict(self.cpu_seconds), "m": self.memory,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reading:
        """The inverse of ``to_json``."""
        return cls(
            float(stored["at"]), dict(stored["s"]), tuple(stored["b"]), float(stored["t"]),
            dict(stored["ms"]), tuple(stored["mb"]), float(stored["bt"]), int(stored["n"]),
            int(stored["q"]), int(stored["h"]), int(stored["r"]), dict(stored["c"]), int(stored["m"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """What happened between two readings."""

    seconds: float = 0.0
    statuses: Mapping[str, int] = field(default_factory=dict[str, int])
    buckets: tuple[int, ...] = ()
    latency_seconds: float = 0.0
    mirrored: int = 0
    """Of the requests, those that were copies."""
    busy_seconds: float = 0.0
    cpu_seconds: float = 0.0
    queued: float = 0.0
    """Mean of what was seen waiting."""
    most_queued: int = 0
    replicas: float = 0.0
    memory: int = 0
    """The most that was seen, bytes."""
    bounds: tuple[float, ...] = BOUNDS

    @property
    def requests(self) -> int:
        """Answered ones, copies included."""
        return sum(self.statuses.values())

    @property
    def errors(self) -> int:
        """Answers that were no use, for a reason that is not the caller's own."""
        return sum(count for status, count in self.statuses.items() if is_error(status))

    @property
    def error_rate(self) -> float:
        """Percent."""
        return 100.0 * self.errors / self.requests if self.requests else 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds > 0 else 0.0

    @property
    def concurrency(self) -> float:
        """Mean number of requests under way or waiting."""
        return self.busy_seconds / self.seconds + self.queued if self.seconds > 0 else self.queued

    @property
    def cpu(self) -> float:
        """Percent of one processor, all replicas together."""
        return 100.0 * self.cpu_seconds / self.seconds if self.seconds > 0 else 0.0

    def latency(self, percent: float) -> float | None:
        """Seconds within which that many percent were answered, as near as the histogram tells; None without requests."""
        total = sum(self.buckets)
        if not total:
            return None
        wanted, below = total * percent / 100.0, 0
        for at, count in enumerate(self.buckets):
            if below + count >= wanted and count:
                low = self.bounds[at - 1] if at else 0.0
                high = self.bounds[at] if at < len(self.bounds) else self.bounds[-1]
                return low + (high - low) * max(0.0, wanted - below) / count
            below += count
        return self.bounds[-1]

    def to_json(self) -> dict[str, Any]:
        """As the API tells it: milliseconds, percent, bytes."""
        latency = {f"p{one}": _ms(self.latency(one)) for one in (50, 90, 95, 99)}
        answered = sum(self.buckets)
        return {
            "seconds": round(self.seconds, 3),
            "requests": self.requests,
            "mirrored": self.mirrored,
            "requests_per_second": round(self.rate, 3),
            "statuses": dict(sorted(self.statuses.items())),
            "errors": self.errors,
            "error_rate": round(self.error_rate, 3),
            "latency_ms": {**latency, "mean": _ms(self.latency_seconds / answered if answered else None)},
            "concurrency": round(self.concurrency, 3),
            "queued": {"mean": round(self.queued, 3), "most": self.most_queued},
            "replicas": round(self.replicas, 2),
            "cpu_percent": round(self.cpu, 1),
            "memory_bytes": self.memory,
        }


def is_error(status: str | int) -> bool:
    """Whether an answer speaks against the deployment and not against its caller."""
    return int(status) >= 500 or int(status) in _NOT_THE_CALLERS


def reading(told: Mapping[str, Any], at: float, bounds: Sequence[float] | None = None) -> Reading:
    """What the router's ``/counts`` says of one deployment."""
    used: dict[str, dict[str, Any]] = dict(told.get("replicas") or {})
    return Reading(
        at=at,
        statuses=_counts(told.get("statuses")),
        buckets=tuple(int(one) for one in told.get("buckets") or ()),
        seconds=float(told.get("seconds") or 0),
        mirrored=_counts(told.get("mirror_statuses")),
        mirror_buckets=tuple(int(one) for one in told.get("mirror_buckets") or ()),
        busy_seconds=float(told.get("busy_seconds") or 0),
        busy=int(told.get("busy") or 0),
        queued=int(told.get("queued") or 0),
        held=int(told.get("held") or 0),
        replicas=int(told.get("replicas_up") or 0),
        cpu_seconds={f"{name}@{one.get('pid', 0)}": float(one.get("cpu_seconds") or 0) for name, one in used.items()},
        memory=sum(int(one.get("memory_bytes") or 0) for one in used.values()),
        bounds=tuple(bounds) if bounds else BOUNDS,
    )


def between(readings: Sequence[Reading]) -> Window:
    """From the first reading to the last; counts that went back began anew in between."""
    if len(readings) < 2:
        only = readings[0] if readings else Reading(0.0)
        return Window(queued=only.queued + only.held, replicas=only.replicas, memory=only.memory, bounds=only.bounds)
    found = Window(seconds=max(0.0, readings[-1].at - readings[0].at), bounds=readings[-1].bounds)
    for earlier, later in pairwise(readings):
        found = _with(found, earlier, later)
    seen = readings[1:]
    return replace(
        found,
        queued=sum(one.queued + one.held for one in seen) / len(seen),
        most_queued=max(one.queued + one.held for one in seen),
        replicas=sum(one.replicas for one in seen) / len(seen),
        memory=max(one.memory for one in seen),
    )


def since(readings: Sequence[Reading], moment: float) -> list[Reading]:
    """The readings from a moment on, with the last one before it: what a window begins with."""
    first = bisect_right(readings, moment, key=lambda one: one.at)
    return list(readings[max(0, first - 1) :])


def until(readings: Sequence[Reading], moment: float) -> list[Reading]:
    """The readings up to a moment."""
    return list(readings[: bisect_left(readings, moment, key=lambda one: one.at) + 1])


def _with(found: Window, earlier: Reading, later: Reading) -> Window:
    answered, copies = _grown(earlier.statuses, later.statuses), _grown(earlier.mirrored, later.mirrored)
    restarted = later.seconds < earlier.seconds
    return replace(
        found,
        statuses=_sum(_sum(found.statuses, answered), copies),
        buckets=_added(_added(found.buckets, _more(earlier.buckets, later.buckets)),
                       _more(earlier.mirror_buckets, later.mirror_buckets)),
        latency_seconds=found.latency_seconds + (later.seconds if restarted else later.seconds - earlier.seconds),
        mirrored=found.mirrored + sum(copies.values()),
        busy_seconds=found.busy_seconds + _step(earlier.busy_seconds, later.busy_seconds),
        cpu_seconds=found.cpu_seconds + sum(_grown(earlier.cpu_seconds, later.cpu_seconds, new=False).values()),
    )  # fmt: skip


def _grown(earlier: Mapping[str, Any], later: Mapping[str, Any], *, new: bool = True) -> dict[str, Any]:
    """By name, how much more there is; ``new`` False: what was not there before began before it was seen."""
    return {name: _step(earlier.get(name, 0 if new else value), value) for name, value in later.items()}


def _step(before: float, now: float) -> Any:
    return now - before if now >= before else now


def _more(earlier: Sequence[int], later: Sequence[int]) -> tuple[int, ...]:
    before = earlier if len(earlier) == len(later) and sum(later) >= sum(earlier) else [0] * len(later)
    return tuple(max(0, now - then) for then, now in zip(before, later, strict=True))


def _added(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    if not one or not other:
        return tuple(one or other)
    return tuple(first + second for first, second in zip(one, other, strict=True))


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    names = {*one, *other}
    return {name: count for name in names if (count := one.get(name, 0) + other.get(name, 0))}


def _counts(told: Any) -> dict[str, int]:
    found: dict[str, Any] = told or {}
    return {str(status): int(count) for status, count in found.items()}


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)
