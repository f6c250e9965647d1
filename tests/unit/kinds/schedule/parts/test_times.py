"""When triggers are due, against a model that looks at every minute, in zones whose clocks change."""

import time as stopwatch
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.core.errors import Invalid
from zaffre.core.triggers import Cron, Recurrence
from zaffre.kinds.schedule.parts import times
from zaffre.kinds.schedule.parts.times import Timing

ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca",
    "Pacific/Chatham", "America/Santiago", "UTC",
)  # fmt: skip
CHANGES = {
    "Europe/Berlin": ("2026-03-28T12:00", "2026-10-24T12:00"),
    "America/New_York": ("2026-03-07T12:00", "2026-10-31T12:00"),
    "Australia/Lord_Howe": ("2026-10-03T03:00", "2026-04-04T03:00"),
    "America/St_Johns": ("2026-03-07T12:00", "2026-10-31T12:00"),
    "Africa/Casablanca": ("2026-02-14T12:00", "2026-03-21T12:00"),
    "Pacific/Chatham": ("2026-09-26T03:00", "2026-04-04T03:00"),
    "America/Santiago": ("2026-09-05T12:00", "2026-04-04T12:00"),
}
"""Some hours before the clock is put forward, or back."""
SPAN = 40 * 60


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def cron(expression: str, zone: str = "UTC", **more: str) -> Timing:
    trigger = Cron(type="cron", expression=expression, time_zone=zone, start_time="2020-01-01T00:00:00", **more)
    return times.read(trigger, at("2026-01-01T00:00"))


def recurrence(**said: object) -> Timing:
    trigger = Recurrence.from_yaml({"type": "recurrence", "interval": 1, "start_time": "2026-01-01T08:30:00", **said})
    return times.read(trigger, at("2026-01-01T00:00"))


def series(timing: Timing, after: float, count: int) -> list[str]:
    found = []
    for _ in range(count):
        after = timing.after(after)
        if after is None:
            break
        found.append(datetime.fromtimestamp(after, UTC).strftime("%m-%dT%H:%M"))
    return found


def all_after(timing: Timing, start: float, end: float) -> list[float]:
    found, moment = [], timing.after(start)
    while moment is not None and moment <= end:
        found.append(moment)
        moment = timing.after(moment)
    return found


def daily_model(expression: str, zone: ZoneInfo, start: float, minutes: int) -> list[float]:
    """Every minute looked at: the first moment of a local time, or, of one in a gap, the moment the gap ends."""
    found = []
    seen: set[datetime] = set()
    before = datetime.fromtimestamp(start - 86_400, zone).replace(tzinfo=None)
    for minute in range(-1440, minutes + 1):
        moment = start + minute * 60
        shown = datetime.fromtimestamp(moment, zone).replace(tzinfo=None, fold=0)
        skipped = before + timedelta(minutes=1)
        due = shown not in seen and matches(expression, shown)
        while skipped < shown:
            due = due or matches(expression, skipped)
            skipped += timedelta(minutes=1)
        if due and moment > start:
            found.append(moment)
        seen.add(shown)
        before = shown
    return found


def shown_model(expression: str, zone: ZoneInfo, start: float, minutes: int) -> list[float]:
    """Every minute looked at: whenever the wall shows it."""
    moments = [start + minute * 60 for minute in range(1, minutes + 1)]
    return [m for m in moments if matches(expression, datetime.fromtimestamp(m, zone).replace(tzinfo=None, fold=0))]


def matches(expression: str, shown: datetime) -> bool:
    """By the fields' own sets; star fields narrow nothing, so that days need no rule of their own here."""
    minute, hour, day, month, weekday = expression.split()
    checks = ((minute, shown.minute), (hour, shown.hour), (day, shown.day), (month, shown.month))
    return all(_has(field, value) for field, value in checks) and _has(weekday, shown.isoweekday() % 7)


def _has(field: str, value: int) -> bool:
    for part in field.split(","):
        body, _, step = part.partition("/")
        low, _, high = ("0", "", "59") if body == "*" else body.partition("-")
        span = range(int(low), int(high or low) + 1)
        if value in span and (not step or (value - int(low)) % int(step) == 0):
            return True
    return False


MINUTES = st.sampled_from(["0", "30", "15,45", "*/20", "*", "59", "0-10/5"])
HOURS = st.sampled_from(["0", "1", "2", "3", "1,2,3", "*/2", "22-23", "0-4", "9"])


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(CHANGES)), st.integers(0, 1), MINUTES, HOURS, st.integers(0, 900))
def test_lines_that_name_hours_run_once_a_local_time(zone: str, which: int, minute: str, hour: str, ahead: int) -> None:
    expression = f"{minute} {hour} * * *"
    start = at(CHANGES[zone][which]) + ahead * 60
    found = all_after(cron(expression, zone), start, start + SPAN * 60)
    assert found == daily_model(expression, ZoneInfo(zone), start, SPAN)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(CHANGES)), st.integers(0, 1), MINUTES, st.integers(0, 900))
def test_lines_for_every_hour_follow_the_wall(zone: str, which: int, minute: str, ahead: int) -> None:
    expression = f"{minute} * * * *"
    start = at(CHANGES[zone][which]) + ahead * 60
    found = all_after(cron(expression, zone), start, start + SPAN * 60)
    assert found == shown_model(expression, ZoneInfo(zone), start, SPAN)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["minute", "hour"]), st.integers(1, 500), st.sampled_from(ZONES), st.integers(0, 10_000))
def test_minutes_and_hours_pass_evenly(frequency: str, interval: int, zone: str, ahead: int) -> None:
    timing = recurrence(frequency=frequency, interval=interval, time_zone=zone)
    after = at("2026-03-20T00:00") + ahead * 60
    found = timing.after(after)
    step = {"minute": 60, "hour": 3600}[frequency] * interval
    assert found is not None
    assert 0 < found - after <= step
    assert (found - timing.start) % step == 0


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["day", "week", "month"]),
    st.integers(1, 5),
    st.lists(st.integers(0, 23), max_size=3),
    st.lists(st.integers(0, 59), max_size=3),
    st.lists(st.sampled_from(["monday", "friday", "sunday"]), max_size=2, unique=True),
    st.sampled_from([[], [1], [31], [-1], [13, 14, 15]]),
    st.sampled_from(ZONES),
    st.integers(0, 20_000),
)
def test_days_weeks_and_months_as_a_model_that_looks_at_every_minute(
    frequency: str,
    interval: int,
    hours: list[int],
    minutes: list[int],
    week_days: list[str],
    month_days: list[int],
    zone: str,
    ahead: int,
) -> None:
    pattern = {"hours": hours, "minutes": minutes, "week_days": week_days, "month_days": month_days}
    try:
        timing = recurrence(frequency=frequency, interval=interval, time_zone=zone, schedule=pattern)
    except Invalid as error:
        assert "never be due" in error.message
        return
    after = at("2026-02-01T00:00") + ahead * 60
    found = timing.after(after)
    assert found == _first_by_model(timing, (frequency, interval), pattern, zone, after)


def _first_by_model(timing: Timing, every: tuple[str, int], pattern: dict, zone: str, after: float) -> float | None:
    where = ZoneInfo(zone)
    anchor = datetime.fromtimestamp(timing.start, where).replace(tzinfo=None)
    hours = pattern["hours"] or [anchor.hour]
    minutes = pattern["minutes"] or [anchor.minute]
    moment, before = after, datetime.fromtimestamp(after, where).replace(tzinfo=None, fold=0)
    seen = {datetime.fromtimestamp(after - 60 * n, where).replace(tzinfo=None, fold=0) for n in range(200)}
    while moment < after + 12 * 86_400:
        moment += 60
        shown = datetime.fromtimestamp(moment, where).replace(tzinfo=None, fold=0)
        candidates = [shown] if shown not in seen else []
        skipped = before + timedelta(minutes=1)
        while skipped < shown:
            candidates.append(skipped)
            skipped += timedelta(minutes=1)
        seen.add(shown)
        before = shown
        if any(c.hour in hours and c.minute in minutes and _day(c, anchor, every, pattern) for c in candidates):
            return moment
    return timing.after(after) if (timing.after(after) or 1e18) > moment else None


def _day(shown: datetime, anchor: datetime, every: tuple[str, int], pattern: dict) -> bool:
    frequency, interval = every
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    days, numbers = list(pattern["week_days"]), list(pattern["month_days"])
    if not days and not numbers:
        days = [names[anchor.weekday()]] if frequency == "week" else []
        numbers = [anchor.day] if frequency == "month" else []
    monday = lambda d: d.date() - timedelta(days=d.weekday())  # noqa: E731
    periods = {
        "day": (shown.date() - anchor.date()).days,
        "week": (monday(shown) - monday(anchor)).days // 7,
        "month": (shown.year - anchor.year) * 12 + shown.month - anchor.month,
    }[frequency]
    last = (shown.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    fits = not numbers or shown.day in numbers or (-1 in numbers and shown.day == last.day)
    return periods % interval == 0 and (not days or names[shown.weekday()] in days) and fits


def test_a_time_in_the_gap_runs_when_the_gap_ends_and_a_doubled_one_once() -> None:
    assert series(cron("30 2 * * *", "Europe/Berlin"), at("2026-03-28T12:00"), 2) == ["03-29T01:00", "03-30T00:30"]
    assert series(cron("30 2 * * *", "Europe/Berlin"), at("2026-10-24T12:00"), 2) == ["10-25T00:30", "10-26T01:30"]


def test_every_hour_runs_in_both_of_a_doubled_hour() -> None:
    found = series(cron("0 * * * *", "Romance Standard Time"), at("2026-10-24T23:30"), 4)
    assert found == ["10-25T00:00", "10-25T01:00", "10-25T02:00", "10-25T03:00"]


def test_the_31st_is_left_out_where_a_month_has_none() -> None:
    found = series(recurrence(frequency="month", schedule={"hours": 6, "minutes": 0, "month_days": 31}), 0, 4)
    assert found == ["01-31T06:00", "03-31T06:00", "05-31T06:00", "07-31T06:00"]


def test_the_first_monday_of_a_month() -> None:
    pattern = {"hours": 6, "minutes": 0, "month_days": [1, 2, 3, 4, 5, 6, 7], "week_days": "Monday"}
    assert series(recurrence(frequency="month", schedule=pattern), 0, 2) == ["01-05T06:00", "02-02T06:00"]


def test_azures_own_example() -> None:
    pattern = {"hours": [4, 5], "minutes": [0, 30]}
    timing = recurrence(
        frequency="day", schedule=pattern, start_time="2022-07-10T10:00:00", time_zone="Pacific Standard Time"
    )
    assert series(timing, at("2022-07-10T00:00"), 3) == ["07-11T11:00", "07-11T11:30", "07-11T12:00"]


def test_minutes_of_every_other_hour() -> None:
    pattern = {"hours": [], "minutes": [10, 40]}
    timing = recurrence(frequency="hour", interval=2, schedule=pattern)
    assert series(timing, timing.start, 3) == ["01-01T08:40", "01-01T10:10", "01-01T10:40"]


def test_without_a_start_the_first_run_is_at_once_and_the_rest_by_the_trigger() -> None:
    made = at("2026-01-01T10:17") + 3.5
    timing = times.read(Cron(type="cron", expression="0 12 * * *"), made)
    assert timing.after(made - 1) == made
    assert series(timing, made, 1) == ["01-01T12:00"]


def test_a_start_is_due_itself_and_nothing_before_it() -> None:
    timing = recurrence(frequency="day", start_time="2026-05-01T06:00:00+02:00")
    assert series(timing, 0, 2) == ["05-01T04:00", "05-02T04:00"]


def test_the_end_is_the_last() -> None:
    timing = cron("0 0 * * *", end_time="2020-01-03T00:00:00")
    assert series(timing, 0, 9) == ["01-01T00:00", "01-02T00:00", "01-03T00:00"]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("0 0 31 2 *", "its months do not have"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("75 * * * *", "'75' is no minute"),
        ("0 24 * * *", "'24' is no hour"),
        ("0 0 * * FUN", "'FUN' is no day-of-week"),
        ("0 0 * *", "expected five fields, found 4"),
        ("0 0 * * * *", "expected five fields, found 6"),
        ("", "expected five fields, found 0"),
        ("٣ * * * *", "expected digits"),
        ("*" * 201, "at most 200 characters"),
        ("1," * 90 + "x * * * *", "is no minute"),
        ("/" * 150 + " * * * *", "is no minute"),
        ("-".join("1" * 60) + " * * * *", "is no minute"),
    ],
)
def test_lines_that_are_refused(expression: str, told: str) -> None:
    begun = stopwatch.monotonic()
    with pytest.raises(Invalid) as refused:
        cron(expression)
    assert told in refused.value.message
    assert refused.value.problems[0].field == "trigger.expression"
    assert stopwatch.monotonic() - begun < 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"interval": 0}, "trigger.interval"),
        ({"interval": 10**9}, "trigger.interval"),
        ({"schedule": {"hours": 24, "minutes": 0}}, "trigger.schedule.hours"),
        ({"schedule": {"hours": 1, "minutes": 60}}, "trigger.schedule.minutes"),
        ({"schedule": {"hours": 1, "minutes": 0, "month_days": 0}}, "trigger.schedule.month_days"),
        ({"time_zone": "Mars/Olympus"}, "trigger.time_zone"),
        ({"time_zone": "../../etc/passwd"}, "trigger.time_zone"),
        ({"start_time": "soon"}, "trigger.start_time"),
        ({"start_time": "9999-12-31T23:59:59"}, "trigger.schedule"),
        ({"end_time": "2025-01-01T00:00:00"}, "trigger.end_time"),
        ({"start_time": "2026-02-01T08:00:00", "frequency": "month", "interval": 12,
          "schedule": {"hours": 1, "minutes": 0, "month_days": 30}}, "trigger.schedule"),
    ],
)  # fmt: skip
def test_recurrences_that_are_refused(said: dict[str, object], field: str) -> None:
    begun = stopwatch.monotonic()
    with pytest.raises(Invalid) as refused:
        recurrence(**{"frequency": "day", **said})
    assert refused.value.problems[0].field == field
    assert stopwatch.monotonic() - begun < 3


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["*/7 * * * *", "0 6 * * 1-5", "0 0 1 * *"]), st.integers(1, 100_000), st.integers(0, 100_000))
def test_the_newest_time_is_found_without_counting(expression: str, span: int, ahead: int) -> None:
    timing = cron(expression, "Europe/Berlin")
    after = at("2026-03-01T00:00") + ahead * 60
    now = after + span * 60
    counted = all_after(timing, after, now) if span < 5_000 else None
    found = timing.latest(after, now)
    if counted is not None:
        assert found == (counted[-1] if counted else None)
    assert found is None or (after < found <= now and (timing.after(found) or 1e18) > now)


def test_of_two_restricted_days_either_will_do_as_in_every_cron() -> None:
    assert series(cron("0 0 15 6 1"), at("2026-06-09T00:00"), 3) == ["06-15T00:00", "06-22T00:00", "06-29T00:00"]


def test_utc_lines_agree_with_the_library_alone() -> None:
    plain = CronSim("*/17 3,4 * * 2", datetime(2026, 1, 1))  # noqa: DTZ001 - UTC without saying so
    timing, moment = cron("*/17 3,4 * * 2"), at("2026-01-01T00:00")
    for _ in range(50):
        moment = timing.after(moment)
        assert moment == next(plain).replace(tzinfo=UTC).timestamp()


def test_upcoming_times_follow_each_other_and_end() -> None:
    timing = cron("0 6 * * *", end_time="2026-01-04T00:00:00")
    start = at("2026-01-01T06:00")
    assert timing.upcoming(start, 5) == [at("2026-01-02T06:00"), at("2026-01-03T06:00")]
    assert timing.upcoming(start, 1) == [at("2026-01-02T06:00")]
    assert timing.upcoming(start, 0) == []
