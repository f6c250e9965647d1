"""Bounds that hold for some hours."""

from __future__ import annotations

from datetime import datetime

import pytest

from zaffre.kinds.online.parts import hours
from zaffre.kinds.online.parts.scaling import Policy

OFFICE = {
    "cron": "0 8 * * 1-5",
    "time_zone": "Europe/Paris",
    "duration": 10 * 3600,
    "min_instances": 2,
    "max_instances": 6,
}


def at(text):
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("2026-11-23T07:30:00+01:00", None),
        ("2026-11-23T08:00:00+01:00", (2, 6)),
        ("2026-11-23T17:59:00+01:00", (2, 6)),
        ("2026-11-23T18:00:30+01:00", None),
        ("2026-11-22T12:00:00+01:00", None),
        ("2026-07-20T08:30:00+02:00", (2, 6)),
    ],
)
def test_a_schedule_is_on_for_as_long_as_it_says_by_the_clock_on_the_wall(moment, found):
    bounds = hours.bounds(Policy(0, 4, schedules=(OFFICE,)), at(moment))
    assert (bounds and (bounds.least, bounds.most)) == found


def test_of_several_the_last_holds_and_what_it_does_not_say_is_the_policys():
    night = {"cron": "0 0 * * *", "duration": 86_400, "min_instances": 1}
    bounds = hours.bounds(Policy(0, 4, schedules=(OFFICE, night)), at("2026-11-23T09:00:00+01:00"))
    assert (bounds.least, bounds.most) == (1, 4)
