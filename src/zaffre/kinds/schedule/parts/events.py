"""Which events a schedule waits for, what its job is told of them, and how several become one run. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from zaffre.core.events import Event, EventType
from zaffre.core.triggers import OnEvent

SETTLING = 30.0
"""Seconds after which no event with a smaller number can still be committed by another server."""
LONGEST_CHAIN = 10
STARVED = 10
"""A stream of events without a pause starts a run after so many times the debounce."""
MOST_AT_ONCE = 20
"""Runs started by one look; the next follows at once."""
_KINDS = {"data_version_created": "data", "model_registered": "model", "job_finished": "job"}
_FINAL = frozenset({"Completed", "Failed", "Canceled"})
_OF_ASSETS = ("trigger.asset", "trigger.name", "trigger.version")
_OF_JOBS = ("trigger.job", "trigger.status")
_OF_ALL = ("trigger.event", "trigger.time", "trigger.count")


def known(trigger: OnEvent) -> frozenset[str]:
    """The expressions that such a trigger has values for."""
    return frozenset((*_OF_ALL, *(_OF_JOBS if trigger.on == "job_finished" else _OF_ASSETS)))


def types(trigger: OnEvent) -> tuple[EventType, str]:
    """The type to read, and what its subject begins with."""
    finished = trigger.on == "job_finished"
    return EventType.RUN_STATUS_CHANGED if finished else EventType.RESOURCE_CREATED, f"{_KINDS[trigger.on]}/"


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that the trigger waits for, and who led to it."""

    seq: int
    at: float
    facts: Mapping[str, str]
    """What the job is told: without ``trigger.count``."""
    chain: tuple[str, ...] = ()
    """The schedules that led to it, the first one first."""

    def to_json(self) -> dict[str, Any]:
        """As the schedule keeps it."""
        return {"seq": self.seq, "at": self.at, "facts": dict(self.facts), "chain": list(self.chain)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Heard:
        """As it was kept."""
        return Heard(data["seq"], data["at"], data["facts"], tuple(data["chain"]))


def heard(trigger: OnEvent, event: Event) -> Heard | None:
    """The event, where the trigger waits for it; its job's experiment is asked for later, where that matters."""
    type_, prefix = types(trigger)
    if event.type is not type_ or not event.subject.startswith(prefix):
        return None
    if trigger.on == "job_finished":
        return _finished(trigger, event)
    name, _, version = event.subject.removeprefix(prefix).partition("/versions/")
    if not version or not _named(trigger, name):
        return None
    told = {"asset": f"azureml:{name}:{version}", "name": name, "version": version}
    return Heard(event.seq, event.at, _facts(trigger, told))


def _finished(trigger: OnEvent, event: Event) -> Heard | None:
    name, status = event.subject.partition("/")[2], str(event.data.get("to"))
    wanted = trigger.status or _FINAL
    if status not in wanted or status not in _FINAL or not _named(trigger, name):
        return None
    return Heard(event.seq, event.at, _facts(trigger, {"job": name, "status": status}))


def _named(trigger: OnEvent, name: str) -> bool:
    return trigger.name is None or fnmatchcase(name, trigger.name)


def _facts(trigger: OnEvent, told: Mapping[str, str]) -> dict[str, str]:
    return {f"trigger.{key}": value for key, value in {**told, "event": trigger.on}.items()}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What an event schedule keeps between two looks."""

    cursor: int
    """Every event up to this number has been looked at, and no smaller one is to come."""
    used: frozenset[int] = frozenset()
    """Those above the cursor that were used already."""
    first_at: float = 0.0
    """Of the events that wait."""
    last: Heard | None = None
    count: int = 0

    def to_json(self) -> dict[str, Any]:
        """As the schedule keeps it."""
        last = self.last.to_json() if self.last else None
        return {
            "cursor": self.cursor, "used": sorted(self.used), "first_at": self.first_at, "last": last, "count": self.count
        }  # fmt: skip

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Gathered:
        """As it was kept."""
        last = Heard.from_json(data["last"]) if data["last"] else None
        return Gathered(data["cursor"], frozenset(data["used"]), data["first_at"], last, data["count"])


@dataclass(frozen=True, slots=True)
class Run:
    """One run to start, for so many events."""

    event: Heard
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look comes to."""

    kept: Gathered
    runs: tuple[Run, ...] = ()
    refused: tuple[Heard, ...] = ()
    """Of the schedule's own making: using them would go on for ever."""
    next_look: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at what happened: whose, and when."""

    schedule: str
    now: float
    debounce: float
    fresh: Sequence[Heard] = field(default_factory=tuple[Heard, ...])
    """Above the cursor, in order, used ones among them."""
    settled: int = 0
    """The number up to which no smaller event can still appear."""
    more: bool = False
    """There is more to read than was read."""


def decide(kept: Gathered, look: Look) -> Outcome:
    """Each event once: as a run of its own, or, debounced, together with those around it."""
    new = [one for one in look.fresh if one.seq not in kept.used]
    if not look.debounce:
        new, late = new[:MOST_AT_ONCE], len(new) > MOST_AT_ONCE
    else:
        late = False
    refused = tuple(one for one in new if is_loop(look.schedule, one))
    taken = [one for one in new if not is_loop(look.schedule, one)]
    cursor = kept.cursor if late else max(kept.cursor, look.settled)
    used = frozenset(seq for seq in (*kept.used, *(one.seq for one in new)) if seq > cursor)
    soon = look.now if late or look.more else None
    if not look.debounce:
        return Outcome(Gathered(cursor, used), tuple(Run(one, 1) for one in taken), refused, soon)
    return _debounced(Gathered(cursor, used, kept.first_at, kept.last, kept.count), look, taken, refused, soon)


def _debounced(
    kept: Gathered, look: Look, taken: Sequence[Heard], refused: tuple[Heard, ...], soon: float | None
) -> Outcome:
    last = taken[-1] if taken else kept.last
    if last is None:
        return Outcome(kept, (), refused, soon)
    first_at = kept.first_at if kept.last is not None else taken[0].at
    count = kept.count + len(taken)
    due = min(last.at + look.debounce, first_at + look.debounce * STARVED)
    if due <= look.now and soon is None:
        return Outcome(Gathered(kept.cursor, kept.used), (Run(last, count),), refused)
    waiting = Gathered(kept.cursor, kept.used, first_at, last, count)
    return Outcome(waiting, (), refused, soon if soon is not None else due)


def is_loop(schedule: str, event: Heard) -> bool:
    """Whether the schedule itself led to the event, or so many others did that they may never end."""
    return schedule in event.chain or len(event.chain) >= LONGEST_CHAIN
