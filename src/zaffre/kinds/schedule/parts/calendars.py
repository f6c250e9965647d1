"""Recurrences as times: on which days at which hours and minutes, or every so many minutes and hours.

A pattern's entries narrow or widen as RFC 5545 has it: an hour may have several ``minutes`` and a day several times of
it, a week several ``week_days``, a month several ``month_days``; everything else in a pattern narrows.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from zaffre.kinds.schedule.parts import wall

_DAY = timedelta(days=1)
_CYCLE_DAYS = 146_097
"""After 400 years the calendar begins again: what has not come by then never comes."""
_MOST_LOOKS = 100_000
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Days:
    """Which days a pattern leaves."""

    week_days: frozenset[int] = frozenset()
    """Monday is 0; empty: all."""
    month_days: frozenset[int] = frozenset()
    """-1 is the last; empty: all."""

    def has(self, day: date) -> bool:
        """Whether ``day`` is one of them."""
        if self.week_days and day.weekday() not in self.week_days:
            return False
        if not self.month_days or day.day in self.month_days:
            return True
        length = calendar.monthrange(day.year, day.month)[1]
        return day.day - length - 1 in self.month_days


def days_of(week_days: Iterable[str], month_days: Iterable[int]) -> Days:
    """Of a pattern's words and numbers."""
    return Days(frozenset(_NAMES.index(name) for name in week_days), frozenset(month_days))


@dataclass(frozen=True, slots=True)
class Daily:
    """Every so many days, weeks or months, counted from ``anchor``, at ``times`` of the day."""

    frequency: str
    interval: int
    anchor: date
    days: Days
    times: tuple[time, ...]
    """In order."""
    zone: ZoneInfo

    def after(self, moment: float) -> float | None:
        """The next one."""
        return wall.next_daily(self._local, self.zone, moment)

    def _local(self, shown: datetime) -> datetime | None:
        day, clock = shown.date(), cast("time | None", shown.time())
        for _ in range(_CYCLE_DAYS):
            if self._has(day):
                found = next((at for at in self.times if clock is None or at > clock), None)
                if found is not None:
                    return datetime.combine(day, found)
            if day == date.max:
                return None
            day, clock = day + _DAY, None
        return None

    def _has(self, day: date) -> bool:
        return self._periods(day) % self.interval == 0 and self.days.has(day)

    def _periods(self, day: date) -> int:
        """Days, weeks (from Monday on) or months since the anchor's."""
        if self.frequency == "day":
            return (day - self.anchor).days
        if self.frequency == "week":
            return (day.toordinal() - 1) // 7 - (self.anchor.toordinal() - 1) // 7
        return (day.year - self.anchor.year) * 12 + day.month - self.anchor.month


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Every so many minutes or hours as they pass, whatever the clock on the wall does, from ``anchor`` on."""

    step: float
    """Seconds."""
    anchor: float
    zone: ZoneInfo
    days: Days
    hours: frozenset[int]
    """Empty: all."""
    minutes: frozenset[int]
    widens: bool
    """``minutes`` are those of each hour that is reached, rather than those that are let through."""

    def after(self, moment: float) -> float | None:
        """The next one."""
        count = max(0, int((moment - self.anchor) // self.step))
        for _ in range(_MOST_LOOKS):
            slot = self.anchor + count * self.step
            shown = wall.local(slot, self.zone)
            if not self.days.has(shown.date()):
                count = self._count(count, slot, 86_400 - _seconds(shown.time()))
            elif self.hours and shown.hour not in self.hours:
                count = self._count(count, slot, 3_600 - shown.minute * 60 - shown.second)
            else:
                found = next((at for at in self._inside(slot, shown) if at > moment), None)
                if found is not None:
                    return found
                count += 1
        return None

    def _count(self, count: int, slot: float, ahead: int) -> int:
        """The first slot at least ``ahead`` seconds after ``slot``, short of a change of the clock in between."""
        changed = wall.change(self.zone, slot, slot + ahead)
        target = changed if changed is not None else slot + ahead
        return max(count + 1, int(-((self.anchor - target) // self.step)))

    def _inside(self, slot: float, shown: datetime) -> list[float]:
        if not self.minutes:
            return [slot]
        if self.widens:
            return sorted(slot + (minute - shown.minute) % 60 * 60 for minute in self.minutes)
        return [slot] if shown.minute in self.minutes else []


def _seconds(clock: time) -> int:
    return clock.hour * 3_600 + clock.minute * 60 + clock.second
