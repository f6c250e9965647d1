"""When a schedule is due: a trigger read, checked, and asked for the time after a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from zaffre.core.errors import Invalid, Problem
from zaffre.core.triggers import Cron, Pattern, Recurrence
from zaffre.kinds.schedule.parts import wall, zones
from zaffre.kinds.schedule.parts.calendars import Daily, Elapsed, days_of

MOST_INTERVAL = 100_000
_JUST = 0.001
"""Seconds before the start, so that the start itself can be due; a clock has no smaller part that counts here."""
LONGEST_CRON = 200
_FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")
_STEPS = {"minute": 60.0, "hour": 3_600.0}
_EXAMPLE = "write minute hour day month weekday, such as 0 6 * * 1-5"


class Source(Protocol):
    """Something that recurs."""

    def after(self, moment: float) -> float | None:
        """The first moment after ``moment``."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """What recurs, between two moments."""

    source: Source
    start: float
    """Nothing is due before."""
    end: float | None
    first: bool
    """Due at ``start`` itself too: as in Azure where the trigger names no start."""

    def after(self, moment: float) -> float | None:
        """The first time at which it is due after ``moment``; None where there is none any more."""
        if moment < self.start and self.first:
            found: float | None = self.start
        else:
            found = _found(self.source, max(moment, self.start - _JUST))
        return found if found is not None and (self.end is None or found <= self.end) else None

    def upcoming(self, moment: float, count: int) -> list[float]:
        """The first times after ``moment``, at most ``count``."""
        found: list[float] = []
        while len(found) < count and (due := self.after(found[-1] if found else moment)) is not None:
            found.append(due)
        return found

    def latest(self, after: float, now: float) -> float | None:
        """The newest time after ``after`` that is not after ``now``, found without counting up to it."""
        found = self.after(after)
        if found is None or found > now:
            return None
        later = self.after(found)
        if later is None or later > now:
            return found
        low, high = after, now
        while high - low > 1:
            middle = (low + high) / 2
            later = self.after(middle)
            low, high = (middle, high) if later is not None and later <= now else (low, middle)
        newest = found
        while (later := self.after(max(low, newest))) is not None and later <= now:
            newest = later
        return newest


def read(trigger: Cron | Recurrence, made_at: float) -> Timing:
    """The timing of a trigger that was written at ``made_at``; raises ``Invalid`` with every mistake in it."""
    wrong: list[Problem] = []
    zone = _collected(wrong, "trigger.time_zone", lambda: zones.zone(trigger.time_zone or "UTC")) or ZoneInfo("UTC")
    start = _moment(wrong, "start_time", trigger.start_time, zone)
    end = _moment(wrong, "end_time", trigger.end_time, zone)
    anchor = float(int(made_at)) if start is None else start
    if isinstance(trigger, Cron):
        source = _collected(wrong, "trigger.expression", lambda: _cron(trigger.expression, zone))
    else:
        wrong += _pattern_problems(trigger)
        source = None if wrong else _recurrence(trigger, anchor, zone)
    if wrong or source is None:
        raise Invalid(wrong)
    timing = Timing(source, anchor if start is not None else made_at, end, first=start is None)
    _require_times(trigger, timing)
    return timing


@dataclass(frozen=True, slots=True)
class _CronTimes:
    """A cron line. One that names hours runs once for each; one for every hour follows the clock on the wall."""

    expression: str
    zone: ZoneInfo
    every_hour: bool

    def after(self, moment: float) -> float | None:
        find = wall.next_shown if self.every_hour else wall.next_daily
        return find(self._local, self.zone, moment)

    def _local(self, shown: datetime) -> datetime | None:
        return next(CronSim(self.expression, shown), None)


def _cron(expression: str, zone: ZoneInfo) -> _CronTimes:
    if len(expression) > LONGEST_CRON:
        raise ValueError(f"expected at most {LONGEST_CRON} characters, found {len(expression)}")
    parts = expression.split()
    if len(parts) != len(_FIELDS):
        raise ValueError(f"expected five fields, found {len(parts)} in {expression!r}; {_EXAMPLE}")
    if not expression.isascii():
        raise ValueError(f"expected digits, names and * , - / in {expression!r}; {_EXAMPLE}")
    for number, (part, field) in enumerate(zip(parts, _FIELDS, strict=True)):
        alone = ["*"] * len(_FIELDS)
        alone[number] = part
        try:
            CronSim(" ".join(alone), datetime(2000, 1, 1))  # noqa: DTZ001 - the line alone is looked at
        except (CronSimError, ValueError, AssertionError):
            raise ValueError(f"{part!r} is no {field}; {_EXAMPLE}") from None
    try:
        hours = CronSim(expression, datetime(2000, 1, 1)).hours  # noqa: DTZ001 - the same
    except CronSimError:
        raise ValueError(f"{expression!r} names a day that its months do not have, so it would never be due") from None
    return _CronTimes(expression, zone, every_hour=len(hours) == 24)


def _recurrence(trigger: Recurrence, anchor: float, zone: ZoneInfo) -> Source:
    pattern = trigger.schedule or Pattern(hours=[], minutes=[])
    shown = wall.local(anchor, zone)
    week_days: list[str] = [*(pattern.week_days or ())]
    month_days = pattern.month_days or []
    if trigger.frequency in _STEPS:
        widens = trigger.frequency == "hour" and bool(pattern.minutes)
        begun = anchor - (shown.minute * 60 + shown.second if widens else 0)
        step = _STEPS[trigger.frequency] * trigger.interval
        hours, minutes = frozenset(pattern.hours), frozenset(pattern.minutes)
        return Elapsed(step, begun, zone, days_of(week_days, month_days), hours, minutes, widens)
    if trigger.frequency == "week" and not (week_days or month_days):
        week_days = [shown.strftime("%A").lower()]
    if trigger.frequency == "month" and not (week_days or month_days):
        month_days = [shown.day]
    days = days_of(week_days, month_days)
    return Daily(trigger.frequency, trigger.interval, shown.date(), days, _clock_times(pattern, shown), zone)


def _clock_times(pattern: Pattern, shown: datetime) -> tuple[time, ...]:
    """Every hour with every minute; the start's own where the pattern says neither."""
    if not pattern.hours and not pattern.minutes:
        return (shown.time().replace(microsecond=0),)
    hours, minutes = pattern.hours or [shown.hour], pattern.minutes or [shown.minute]
    return tuple(sorted({time(hour, minute) for hour in hours for minute in minutes}))


def _pattern_problems(trigger: Recurrence) -> list[Problem]:
    wrong: list[Problem] = []
    if not 1 <= trigger.interval <= MOST_INTERVAL:
        told = f"expected a number from 1 to {MOST_INTERVAL}, found {trigger.interval}"
        wrong.append(Problem(told, "trigger.interval"))
    pattern = trigger.schedule
    if pattern is None:
        return wrong
    limits = {"hours": (0, 23), "minutes": (0, 59), "month_days": (-31, 31)}
    for field, (least, most) in limits.items():
        said: list[int] = getattr(pattern, field) or []
        strange = [one for one in said if not least <= one <= most or (field == "month_days" and one == 0)]
        if strange:
            told = f"expected numbers from {least} to {most}, found {strange[0]}"
            wrong.append(Problem(told, f"trigger.schedule.{field}"))
    return wrong


def _require_times(trigger: Cron | Recurrence, timing: Timing) -> None:
    """One that is never due is a mistake, not a schedule that waits."""
    if timing.end is not None and timing.end <= timing.start:
        told = "the end lies before the start, so it would never be due"
        raise Invalid([Problem(told, "trigger.end_time", hint="leave it out, or name a later one")])
    if timing.after(timing.start) is None and (timing.end is None or timing.after(timing.start - 2) is None):
        field = "expression" if isinstance(trigger, Cron) else "schedule"
        raise Invalid([Problem("it would never be due", f"trigger.{field}", hint="check the days and the end")])


def _found(source: Source, moment: float) -> float | None:
    """None, too, where the calendar ends (the year 9999)."""
    try:
        return source.after(moment)
    except (OverflowError, ValueError):
        return None


def _moment(wrong: list[Problem], field: str, said: str | None, zone: ZoneInfo) -> float | None:
    """A local time of the zone, unless it says its own offset."""
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said.strip()) if len(said) <= 64 else None
        if found is not None:
            return found.timestamp() if found.tzinfo is not None else wall.moment_of(found, zone)
    except (ValueError, OverflowError):
        pass
    told = f"expected a time such as 2026-01-31T08:00:00, found {said[:64]!r}"
    wrong.append(Problem(told, f"trigger.{field}"))
    return None


def _collected(wrong: list[Problem], field: str, check: Any) -> Any:
    try:
        return check()
    except ValueError as error:
        wrong.append(Problem(str(error), field))
        return None


def stamp(moment: float) -> str:
    """``20260131T080000Z``, as Azure writes the time into the display name of what a schedule starts."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%SZ")


def spelt(moment: float) -> str:
    """``2026-01-31T08:00:00Z``."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
