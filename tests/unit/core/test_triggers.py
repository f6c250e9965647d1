"""Triggers: one or many times, in any case."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.triggers import Recurrence


def test_one_is_a_list_of_one():
    made = Recurrence.from_yaml(
        {
            "type": "recurrence",
            "frequency": "Week",
            "interval": 2,
            "schedule": {"hours": 6, "minutes": [0, 30], "week_days": "Monday"},
        }
    )
    assert made.frequency == "week"
    assert made.schedule.to_yaml() == {"hours": [6], "minutes": [0, 30], "week_days": ["monday"]}


@pytest.mark.parametrize(
    ("change", "told"),
    [({"frequency": "yearly"}, "frequency: expected"), ({"schedule": {"hours": 6}}, "schedule.minutes: required")],
)
def test_mistakes_are_told(change, told):
    with pytest.raises(Invalid, match=told):
        Recurrence.from_yaml({"type": "recurrence", "frequency": "day", "interval": 1, **change})
