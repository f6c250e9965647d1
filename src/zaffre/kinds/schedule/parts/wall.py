"""From the clock on the wall to the moment and back, over the days on which it is put forward or back.

A local time that there is twice is its first moment; one that there is not is the first moment after the gap. So what
is to happen at a time of the day happens once that day, whatever the clock does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Local = Callable[[datetime], datetime | None]
"""The first local time (without a zone) after the one given; None where there is no more."""

_WEEK = 7 * 86_400.0
_MINUTE = timedelta(minutes=1)


def local(moment: float, zone: ZoneInfo) -> datetime:
    """What the wall shows, without the zone."""
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None, fold=0)


def moment_of(shown: datetime, zone: ZoneInfo) -> float:
    """The moment at which the wall first shows this, or, where it never does, the first one after."""
    early = shown.replace(tzinfo=zone, fold=0).timestamp()
    if local(early, zone) == shown:
        return early
    late = shown.replace(tzinfo=zone, fold=1).timestamp()
    found = change(zone, late - 1, early)  # fold=1 counts by the new clock, and so lies before the gap
    return early if found is None else found


def change(zone: ZoneInfo, start: float, end: float) -> float | None:
    """The first moment after ``start``, up to ``end``, from which on the clock goes by another offset than at ``start``."""
    before = _offset(zone, start)
    low = start
    while low < end:
        high = min(low + _WEEK, end)  # no zone changes its clock there and back within a week
        if _offset(zone, high) != before:
            return _bisected(zone, before, low, high)
        low = high
    return None


def next_daily(times: Local, zone: ZoneInfo, after: float) -> float | None:
    """The first moment after ``after`` at which one of ``times`` is due: each local time once."""
    shown = times(local(after, zone))
    while shown is not None:
        found = moment_of(shown, zone)
        if found > after:
            return found
        shown = times(shown)
    return None


def next_shown(times: Local, zone: ZoneInfo, after: float) -> float | None:
    """The first moment after ``after`` at which the wall shows one of ``times``: twice where the hour comes twice."""
    moment, shown = after, local(after, zone)
    while True:
        found = times(shown)
        if found is None:
            return None
        stamp = (found - _offset(zone, moment)).replace(tzinfo=UTC).timestamp()
        changed = change(zone, moment, stamp)
        if changed is None:
            return stamp
        moment, shown = changed, local(changed, zone) - _MINUTE


def _bisected(zone: ZoneInfo, before: timedelta, low: float, high: float) -> float:
    """The whole second at which the offset is another than ``before``."""
    first, last = int(low // 1), int(-(-high // 1))
    while last - first > 1:
        middle = (first + last) // 2
        if _offset(zone, middle) == before:
            first = middle
        else:
            last = middle
    return float(last)


def _offset(zone: ZoneInfo, moment: float) -> timedelta:
    found = datetime.fromtimestamp(moment, zone).utcoffset()
    assert found is not None  # a zone knows its offset
    return found
