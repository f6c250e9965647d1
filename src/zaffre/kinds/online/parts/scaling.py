"""How many replicas a deployment should have now: by load, by Azure's rules, by the time of day; down to none. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

CONCURRENCY = "concurrency"
RATE = "requests_per_second"
CPU = "cpu"
USUAL_COOL_DOWN = 300.0
USUAL_POLLING = 5.0
USUAL_UTILIZATION = 70
USUAL_WAKE = 60.0
MOST_WAKES = 3
"""Starts from nothing that may fail in a row before the callers who wait are let down."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one replica should carry."""

    metric: str = CONCURRENCY
    value: float = 1.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How the number of replicas follows the load; part of a wish."""

    least: int = 1
    most: int = 1
    target: Target | None = None
    cool_down: float = USUAL_COOL_DOWN
    """Seconds for which fewer must have been enough before there are fewer."""
    polling: float = USUAL_POLLING
    wake: float = USUAL_WAKE
    """Seconds that a request waits for a deployment without replicas."""
    profiles: tuple[Mapping[str, Any], ...] = ()
    """Azure Monitor's, checked; instead of ``target``."""
    schedules: tuple[Mapping[str, Any], ...] = ()
    """Times at which other bounds hold: ``cron``, ``time_zone``, ``for`` (seconds), ``min_instances``, ``max_instances``."""

    @property
    def moves(self) -> bool:
        """False where the number is fixed."""
        return self.target is not None or bool(self.profiles)

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "least": self.least, "most": self.most, "cool_down": self.cool_down, "polling": self.polling,
            "target": [self.target.metric, self.target.value] if self.target else None, "wake": self.wake,
            "profiles": [dict(one) for one in self.profiles], "schedules": [dict(one) for one in self.schedules],
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Policy:
        """The inverse of ``to_json``."""
        usual, target = cls(), stored.get("target")
        return cls(
            least=int(stored.get("least", usual.least)),
            most=int(stored.get("most", usual.most)),
            target=Target(str(target[0]), float(target[1])) if target else None,
            cool_down=float(stored.get("cool_down", usual.cool_down)),
            polling=float(stored.get("polling", usual.polling)),
            wake=float(stored.get("wake", usual.wake)),
            profiles=tuple(stored.get("profiles") or ()),
            schedules=tuple(stored.get("schedules") or ()),
        )


@dataclass(frozen=True, slots=True)
class Load:
    """What a deployment carries now."""

    concurrency: float = 0.0
    """Requests under way or waiting, on average since the last look."""
    rate: float = 0.0
    cpu: float = 0.0
    """Percent of one processor, all replicas together."""
    held: int = 0
    """Requests that wait for a replica where there is none."""
    known: bool = True
    """False: the router does not answer; then nothing is changed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which numbers, at this moment."""

    least: int
    most: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a decision remembers of those before it; kept in the deployment's state."""

    low_since: float | None = None
    """Since when fewer replicas would have been enough."""
    changed_at: float = 0.0
    out_at: float = 0.0
    in_at: float = 0.0
    """The last steps up and down: Azure's cool-downs count from them."""
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Memory:
        """The inverse of ``to_json``."""
        return cls(**stored) if stored else cls()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision: how many from now on, why, and what to remember."""

    count: int
    memory: Memory = field(default_factory=Memory)

    def changes(self, count: int, memory: Memory) -> bool:
        """Whether there is anything to write."""
        return self.count != count or self.memory != memory


def by_target(policy: Policy, bounds: Bounds, load: Load, count: int, memory: Memory, now: float) -> Wanted:  # noqa: PLR0913, PLR0917 - one decision's whole ground
    """Up at once, as far as the load says; down when fewer have been enough for the whole cool-down."""
    if not load.known:
        return _within(Wanted(count, memory), bounds, count, now)
    needed = max(bounds.least, min(bounds.most, needs(policy, load)))
    if needed > count:
        why = f"{_told(policy, load)} needs {needed}" if count else f"{max(1, load.held)} requests wait"
        return Wanted(needed, replace(memory, low_since=None, changed_at=now, out_at=now, why=why))
    if needed == count:
        return Wanted(count, replace(memory, low_since=None))
    if count > bounds.most:
        return _within(Wanted(count, memory), bounds, count, now)
    since = memory.low_since if memory.low_since is not None else now
    if now - since < policy.cool_down:
        return Wanted(count, replace(memory, low_since=since))
    why = f"{needed} have been enough for {now - since:.0f} s"
    return Wanted(needed, replace(memory, low_since=None, changed_at=now, in_at=now, why=why))


def needs(policy: Policy, load: Load) -> int:
    """Replicas that this load takes; one more than none as soon as somebody waits."""
    target = policy.target or Target()
    carried = {CONCURRENCY: load.concurrency, RATE: load.rate, CPU: load.cpu}[target.metric]
    idle = carried < _IDLE.get(target.metric, 0.0) and not load.held
    found = 0 if idle else math.ceil(round(carried / target.value, 6))
    busy = load.held > 0 or load.rate > 0 or load.concurrency > _IDLE[CONCURRENCY]
    return max(found if target.metric != CPU or busy else 0, 1 if busy else 0)


_IDLE = {CONCURRENCY: 0.001, CPU: 2.0}
"""Below these nothing is done: a process that only waits uses some processor too."""


def bounded(policy: Policy, now_bounds: Bounds | None = None) -> Bounds:
    """The bounds that hold: those of the hour, else the policy's own."""
    return now_bounds or Bounds(policy.least, policy.most)


def _within(wanted: Wanted, bounds: Bounds, count: int, now: float) -> Wanted:
    """Bounds hold whatever is known of the load."""
    held = max(bounds.least, min(bounds.most, wanted.count))
    if held == count:
        return wanted
    why = bounds.why or f"at least {bounds.least}, at most {bounds.most}"
    stamp = {"out_at": now} if held > count else {"in_at": now}
    return Wanted(held, replace(wanted.memory, low_since=None, changed_at=now, why=why, **stamp))


def _told(policy: Policy, load: Load) -> str:
    target = policy.target or Target()
    if target.metric == RATE:
        return f"{load.rate:.1f} requests a second, {target.value:g} for each replica,"
    if target.metric == CPU:
        return f"{load.cpu:.0f} % of a processor, {target.value:g} % for each replica,"
    return f"{load.concurrency:.1f} requests at once, {target.value:g} for each replica,"
