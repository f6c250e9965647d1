"""What a schedule must be, and which of its times are acted on."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid, NotBuilt
from zaffre.core.resource import Key, Resource
from zaffre.core.triggers import Cron
from zaffre.kinds.schedule import rules
from zaffre.kinds.schedule.parts import times
from zaffre.kinds.schedule.spec import Schedule

NOW = datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC).timestamp()
HOUR = 3600.0
HOURLY = times.read(Cron(type="cron", expression="0 * * * *", start_time="2026-01-01T00:00:00"), NOW)
JOB = {"type": "command", "command": "true", "compute": "local", "environment": "azureml:e:1"}


def lookup(**found: Any) -> Any:
    environment = SimpleNamespace(
        key=Key("default", "environment", "e", "", "1"), spec={"name": "e", "version": "1", "image": "python:3.11"},
        state={}, archived=False,
    )  # fmt: skip
    return SimpleNamespace(
        resource=lambda key: found.get(key.name),
        asset=lambda key, label="": environment,
        curated=lambda name, version="": None,
        fingerprint=lambda definition: "f",
        environment_notes=lambda fingerprint: (),
    )


def document(**more: Any) -> dict[str, Any]:
    trigger = {"type": "cron", "expression": "0 6 * * *"}
    return {key: value for key, value in {"name": "s", "trigger": trigger, "create_job": JOB, **more}.items() if value}


def prepared(existing: Resource | None = None, looks: Any = None, now: float = NOW, **more: Any) -> Any:
    spec = Schedule.from_yaml(document(**more))
    return rules.prepare(Draft(Key("default", "schedule", "s"), spec, existing, "user:a", now), looks or lookup())


def stored(found: Any) -> Resource:
    key = Key("default", "schedule", "s")
    return Resource(key, found.spec.to_stored(), "", found.state, 1, False, NOW, "user:a", NOW, "user:a")


def test_a_time_met_starts_a_run_and_moves_on() -> None:
    due = rules.decide(HOURLY, NOW - HOUR, NOW, 0)
    assert due == rules.Due(NOW - 30, None, NOW - 30, NOW - 30 + HOUR)


def test_before_its_time_nothing_happens() -> None:
    assert rules.decide(HOURLY, NOW, NOW + 10, 0) == rules.Due(None, None, NOW, NOW - 30 + HOUR)


def test_after_downtime_the_newest_is_run_and_the_rest_is_told() -> None:
    due = rules.decide(HOURLY, NOW - 5 * HOUR, NOW, 86_400)
    assert due.run == NOW - 30
    assert due.missed == rules.Missed(NOW - 30 - 4 * HOUR, NOW - 30 - HOUR, 4)


@pytest.mark.parametrize(
    ("late", "catch_up", "runs"), [(59, 0, True), (61, 0, False), (600, 600, True), (601, 600, False)]
)
def test_how_old_a_time_may_be(late: float, catch_up: float, runs: bool) -> None:
    due = rules.decide(HOURLY, NOW - 30 - 60, NOW - 30 + late, catch_up)
    assert (due.run is not None) is runs
    assert due.cursor == NOW - 30
    assert (due.missed is None) is runs
    if not runs:
        assert due.missed == rules.Missed(NOW - 30, NOW - 30, 1)


def test_a_year_of_minutes_is_counted_to_a_thousand_at_once() -> None:
    timing = times.read(Cron(type="cron", expression="* * * * *", start_time="2020-01-01T00:00:00"), NOW)
    due = rules.decide(timing, NOW - 365 * 86_400, NOW, 60)
    assert due.run == NOW - 30
    assert due.missed is not None
    assert due.missed.count == rules.MOST_COUNTED


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=20), st.sampled_from([0.0, 600.0, 86_400.0]))
def test_each_time_is_run_or_missed_once_whenever_it_is_looked_at(pauses: list[float], catch_up: float) -> None:
    cursor, now, ran, missed = NOW, NOW, [], 0
    for pause in pauses:
        now += pause
        due = rules.decide(HOURLY, cursor, now, catch_up)
        cursor = due.cursor
        ran += [due.run] if due.run is not None else []
        missed += due.missed.count if due.missed else 0
        assert due.next_look is not None
        assert due.next_look > now
    assert len(set(ran)) == len(ran)
    assert len(ran) + missed == int((now - (NOW - 30)) // HOUR)


def test_names_follow_from_schedule_moment_and_salt() -> None:
    one, other = stored(prepared()), stored(prepared())
    assert rules.run_name(one, NOW, "time") == rules.run_name(other, NOW, "time")
    assert rules.run_name(one, NOW, "time").startswith("s-20260601T120030Z-")
    elsewhere = Resource(Key("other", "schedule", "s"), one.spec, "", {}, 1, False, NOW, "", NOW, "")
    names = {
        rules.run_name(one, NOW, "time"),
        rules.run_name(one, NOW, "event 1"),
        rules.run_name(elsewhere, NOW, "time"),
    }
    assert len(names) == 3


def test_a_new_schedule_begins_at_once_and_keeps_its_job() -> None:
    found = prepared()
    assert found.work == ("schedule:default/s",)
    assert found.spec.is_enabled is True
    assert found.state["plan"]["job"]["command"] == "true"
    shown = rules.describe(stored(found), lookup())
    assert shown == {
        "provisioning_state": "Succeeded",
        "next_run_time": "2026-06-01T12:00:30.000000Z",
        "last_job": None,
    }


def test_changing_its_job_alone_leaves_its_times() -> None:
    before = stored(prepared())
    before.state["plan"]["cursor"] = NOW + 5
    after = prepared(before, now=NOW + 999, create_job={**JOB, "command": "false"})
    assert after.state["plan"]["cursor"] == NOW + 5
    assert after.state["plan"]["job"]["command"] == "false"


@pytest.mark.parametrize("change", [{"is_enabled": True}, {"trigger": {"type": "cron", "expression": "* * * * *"}}])
def test_enabled_again_or_changed_its_times_count_from_then(change: dict[str, Any]) -> None:
    before = stored(prepared(is_enabled=False) if "is_enabled" in change else prepared())
    before.spec["is_enabled"] = "is_enabled" not in change
    after = prepared(before, now=NOW + 999, **change)
    assert after.state["plan"]["cursor"] == NOW + 999


def test_a_disabled_one_has_no_next_time() -> None:
    found = stored(prepared(trigger={"type": "cron", "expression": "* * * * *"}))
    found.spec["is_enabled"] = False
    assert rules.next_time(found) is None


def test_a_job_by_reference_is_that_job_again() -> None:
    job = SimpleNamespace(spec={**JOB, "name": "j", "display_name": "J"})
    found = prepared(looks=lookup(j=job), create_job={"job": "azureml:j", "type": "command", "command": "other"})
    assert found.state["plan"]["job"] == {**JOB, "command": "other"}
    assert found.state["plan"]["source"] == "j"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"create_job": "azureml:nobody"}, "create_job: there is no job 'nobody'"),
        ({"create_job": "./job.yml"}, "create_job: './job.yml' is a file"),
        ({"create_job": {**JOB, "compute": "nowhere"}}, "create_job.compute: there is no compute 'nowhere'"),
        ({"create_job": {**JOB, "commnad": "x"}}, "create_job.commnad: unknown"),
        ({"create_job": {**JOB, "command": "${{inputs.x}}"}}, "create_job.command"),
        (
            {"create_job": {**JOB, "command": "${{trigger.asset}}"}},
            "create_job: this trigger has no ${{trigger.asset}}",
        ),
        ({"trigger": {"type": "cron", "expression": "0 0 31 2 *"}}, "trigger.expression: '0 0 31 2 *' names a day"),
        (
            {"trigger": {"type": "cron", "expression": "* * * * *", "end_time": "2020-01-01T00:00:00"}},
            "trigger.end_time",
        ),
        ({"trigger": {"type": "event", "on": "job_finished", "debounce": -1}}, "trigger.debounce: expected seconds"),
        ({"trigger": {"type": "event", "on": "model_registered", "status": "Failed"}}, "trigger.status: belongs to"),
        ({"trigger": {"type": "event", "on": "job_finished", "name": "*" * 300}}, "trigger.name: expected at most"),
        ({"create_job": None, "import_data": {"name": "d", "path": "p"}}, "import_data.source: required"),
        ({"create_job": None, "import_data": "import.yml"}, "import_data: expected a data import"),
    ],
)
def test_what_could_never_start_anything_is_refused_at_its_field(more: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid) as refused:
        prepared(**more)
    assert told in refused.value.message


def test_monitors_are_refused_by_name() -> None:
    with pytest.raises(NotBuilt, match="create_monitor"):
        prepared(create_job=None, create_monitor={"compute": {"instance_type": "x"}})


def test_an_event_schedule_checks_its_job_as_far_as_it_can() -> None:
    job = {**JOB, "command": "echo ${{inputs.d}}", "inputs": {"d": {"type": "uri_file", "path": "${{trigger.asset}}"}}}
    found = prepared(trigger={"type": "event", "on": "data_version_created"}, create_job=job)
    assert found.state["plan"]["job"]["inputs"]["d"]["path"] == "${{trigger.asset}}"
    assert found.state["plan"]["gathered"] is None
    assert rules.next_time(stored(found)) is None
