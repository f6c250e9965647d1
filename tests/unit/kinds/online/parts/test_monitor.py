"""Azure Monitor's profiles as users have them, evaluated over readings."""

from __future__ import annotations

import pytest

from zaffre.kinds.online.parts import hours, monitor
from zaffre.kinds.online.parts.monitor import Situation
from zaffre.kinds.online.parts.scaling import Memory
from zaffre.kinds.online.parts.windows import BOUNDS, Reading

NOW = 10_000.0


def rule(metric, holds, threshold, direction, **action):
    trigger = {"metricName": metric, "operator": holds, "threshold": threshold, "timeWindow": "PT5M"}
    return {
        "metricTrigger": trigger,
        "scaleAction": {"direction": direction, "value": "1", "cooldown": "PT5M", **action},
    }


def profile(*rules, least="1", most="5", **more):
    return {
        "name": "usual",
        "capacity": {"minimum": least, "maximum": most, "default": least},
        "rules": [*rules],
        **more,
    }


BUSY = rule("CpuUtilizationPercentage", "GreaterThan", 70, "Increase", value="2")
IDLE = rule("CpuUtilizationPercentage", "LessThan", 30, "Decrease")


def situation(cpu, count=2, memory=None, requests=600):
    """Readings of ten minutes with that many percent of a processor for each replica."""
    readings = [
        Reading(
            NOW - 600 + at, {"200": requests * at // 600}, tuple([requests * at // 600] + [0] * len(BOUNDS)),
            seconds=requests * at / 600 * 0.02, replicas=count, cpu_seconds={"p": cpu / 100 * at * count},
        )
        for at in range(0, 601, 10)
    ]  # fmt: skip
    return Situation(readings, count, memory or Memory(), NOW)


def test_more_when_it_is_busy_fewer_when_it_is_not_and_none_of_both_in_between():
    scaled = profile(BUSY, IDLE)
    assert monitor.wanted(scaled, situation(90)).count == 4
    assert monitor.wanted(scaled, situation(50)).count == 2
    assert monitor.wanted(scaled, situation(10)).count == 1
    assert "CpuUtilizationPercentage GreaterThan 70" in monitor.wanted(scaled, situation(90)).memory.why


def test_never_past_the_capacity():
    assert monitor.wanted(profile(BUSY, IDLE), situation(90, count=5)).count == 5
    assert monitor.wanted(profile(BUSY, IDLE), situation(10, count=1)).count == 1
    assert monitor.wanted(profile(least="3"), situation(50)).count == 3


def test_within_a_cool_down_nothing_happens_in_that_direction():
    scaled = profile(BUSY, IDLE)
    assert monitor.wanted(scaled, situation(90, memory=Memory(out_at=NOW - 299))).count == 2
    assert monitor.wanted(scaled, situation(90, memory=Memory(out_at=NOW - 301))).count == 4
    assert monitor.wanted(scaled, situation(10, memory=Memory(out_at=NOW - 299))).count == 2


def test_up_by_any_rule_down_by_all():
    calls = rule("RequestsPerMinute", "GreaterThan", 50, "Increase")
    quiet = rule("RequestsPerMinute", "LessThan", 10, "Decrease")
    assert monitor.wanted(profile(BUSY, calls), situation(10)).count == 3
    assert monitor.wanted(profile(IDLE, quiet), situation(10)).count == 2
    assert monitor.wanted(profile(IDLE, quiet), situation(10, requests=6)).count == 1


@pytest.mark.parametrize(
    ("action", "count"),
    [
        ({"type": "ExactCount", "value": "4"}, 4),
        ({"type": "PercentChangeCount", "value": "100"}, 4),
        ({"value": "1"}, 3),
    ],
)
def test_the_sorts_of_actions(action, count):
    grown = rule("CpuUtilizationPercentage", "GreaterThanOrEqual", 70, "Increase", **action)
    assert monitor.wanted(profile(grown), situation(90)).count == count


def test_without_anything_measured_no_rule_is_met():
    assert monitor.wanted(profile(BUSY, IDLE), Situation([], 2, Memory(), NOW)).count == 2


def at(text):
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


WEEKEND = profile(
    least="5",
    recurrence={
        "frequency": "Week",
        "schedule": {"timeZone": "Pacific Standard Time", "days": ["Saturday", "Sunday"], "hours": [6], "minutes": [0]},
    },
)
EVENING = profile(
    least="1",
    recurrence={
        "frequency": "Week",
        "schedule": {
            "timeZone": "Pacific Standard Time",
            "days": ["Saturday", "Sunday"],
            "hours": [19],
            "minutes": [0],
        },
    },
)
HOLIDAY = profile(
    least="0",
    fixedDate={"timeZone": "UTC", "start": "2026-12-24T00:00:00Z", "end": "2026-12-27T00:00:00Z"},
)
USUAL = profile()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-21T15:00:00+00:00", WEEKEND),  # Saturday, 7 in the morning in Seattle
        ("2026-11-22T04:00:00+00:00", EVENING),  # Saturday, 8 in the evening there
        ("2026-11-25T12:00:00+00:00", EVENING),  # on a Wednesday: the last that began
        ("2026-12-25T12:00:00+00:00", HOLIDAY),
    ],
)
def test_the_profile_in_force(moment, expected):
    assert hours.profile([USUAL, WEEKEND, EVENING, HOLIDAY], at(moment)) is expected
    assert hours.profile([USUAL], at(moment)) is USUAL
    assert hours.profile([HOLIDAY], at("2026-11-25T12:00:00+00:00")) is None
