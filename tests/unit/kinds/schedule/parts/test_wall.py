"""From the clock on the wall to the moment and back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from zaffre.kinds.schedule.parts import wall

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("shown", "moment"),
    [
        ("2026-01-10T12:00", "2026-01-10T11:00"),
        ("2026-03-29T02:00", "2026-03-29T01:00"),
        ("2026-03-29T02:59", "2026-03-29T01:00"),
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-10-25T03:00", "2026-10-25T02:00"),
    ],
)
def test_gaps_end_and_doubles_are_the_first(shown: str, moment: str) -> None:
    assert wall.moment_of(datetime.fromisoformat(shown), BERLIN) == at(moment)


def test_a_day_that_was_left_out_is_the_next_midnight() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert wall.moment_of(datetime.fromisoformat("2011-12-30T12:00"), apia) == at("2011-12-30T10:00")


def test_the_change_is_found_to_the_second() -> None:
    assert wall.change(BERLIN, at("2026-01-01T00:00") + 0.5, at("2026-12-31T00:00")) == at("2026-03-29T01:00")
    assert wall.change(BERLIN, at("2026-04-01T00:00"), at("2026-10-25T00:59")) is None
    assert wall.change(BERLIN, at("2026-04-01T00:00"), at("2026-10-25T01:00")) == at("2026-10-25T01:00")
