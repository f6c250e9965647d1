"""Which bounds hold at this moment: a deployment's own schedules, or the profile of Azure Monitor's that is in force. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cronsim import CronSim, CronSimError

from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, is_list
from zaffre.core.zones import zone
from zaffre.kinds.online.parts.scaling import Bounds, Policy

LONGEST = 366 * 86_400
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = 7


def bounds(policy: Policy, now: float) -> Bounds | None:
    """The bounds of a schedule that is on now, the last of several; None where none is."""
    on = [one for one in policy.schedules if _is_on(one, now)]
    if not on:
        return None
    chosen = on[-1]
    least = _given(chosen.get("min_instances"), policy.least)
    most = max(least, _given(chosen.get("max_instances"), policy.most))
    return Bounds(least, most, f"schedule {chosen['cron']!r}: {least} to {most}")


def schedule_problems(schedules: Sequence[Mapping[str, Any]], field: str) -> list[Problem]:
    """What is wrong with schedules as they are written."""
    found: list[Problem] = []
    for at, one in enumerate(schedules):
        try:
            CronSim(str(one["cron"]), datetime(2026, 1, 1))  # noqa: DTZ001 - only its grammar is of interest
        except CronSimError as error:
            found.append(Problem(f"expected minute hour day month weekday: {error}", f"{field}[{at}].cron"))
        try:
            zone(str(one.get("time_zone") or "UTC"))
        except ValueError as error:
            found.append(Problem(str(error), f"{field}[{at}].time_zone"))
        if not 0 < float(one["duration"]) <= LONGEST:
            found.append(
                Problem(f"expected 1 to {LONGEST} seconds, found {one['duration']}", f"{field}[{at}].duration")
            )
    return found


def profile(profiles: Sequence[Mapping[str, Any]], now: float) -> Mapping[str, Any] | None:
    """The profile in force: of a fixed date, else the recurring one that began last, else the one without a time."""
    for one in profiles:
        fixed = one.get("fixedDate")
        if is_dict(fixed) and _moment(fixed, "start") <= now < _moment(fixed, "end"):
            return one
    begun = [(at, one) for one in profiles if (at := _last_start(one, now)) is not None]
    if begun:
        return max(begun, key=lambda pair: pair[0])[1]
    return next((one for one in profiles if not one.get("fixedDate") and not one.get("recurrence")), None)


def starts(recurrence: Mapping[str, Any], now: float) -> Iterator[float]:
    """The moments of the last week, and of today, at which a recurring profile begins."""
    schedule = recurrence.get("schedule")
    if not is_dict(schedule):
        return
    where = zone(str(schedule.get("timeZone") or "UTC"))
    today = datetime.fromtimestamp(now, UTC).astimezone(where)
    days = [str(one).lower() for one in _listed(schedule.get("days"))] or list(_DAYS)
    for back in range(_WEEK + 1):
        day = today - timedelta(days=back)
        if _DAYS[day.weekday()] not in days:
            continue
        for hour in _listed(schedule.get("hours")) or [0]:
            for minute in _listed(schedule.get("minutes")) or [0]:
                yield day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0).timestamp()


def _last_start(one: Mapping[str, Any], now: float) -> float | None:
    recurrence = one.get("recurrence")
    if not is_dict(recurrence):
        return None
    return max((at for at in starts(recurrence, now) if at <= now), default=None)


def _is_on(one: Mapping[str, Any], now: float) -> bool:
    """Whether it began at most ``duration`` seconds ago."""
    where = zone(str(one.get("time_zone") or "UTC"))
    before = datetime.fromtimestamp(now - float(one["duration"]), UTC).astimezone(where)
    try:
        first = next(iter(CronSim(str(one["cron"]), before)))
    except StopIteration:
        return False
    return first.timestamp() <= now


def _moment(fixed: Mapping[str, Any], name: str) -> float:
    """A date of Azure's, ``2026-01-31T08:00:00Z`` or without a zone in that of the profile."""
    found = datetime.fromisoformat(str(fixed[name]).replace("Z", "+00:00"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone(str(fixed.get("timeZone") or "UTC")))
    return found.timestamp()


def _given(value: Any, usual: int) -> int:
    return usual if value is None else int(value)


def _listed(value: Any) -> list[Any]:
    return value if is_list(value) else []
