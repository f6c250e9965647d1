"""Schedules that mean harm: nothing takes long, nothing is taken that could never work, nothing leaves its workspace."""

import time

import pytest

WS = "/api/v1/workspaces/default"
JOB = {"type": "command", "command": "echo", "compute": "local", "environment": {"image": "python:3.11"}}
CRON = {"type": "cron", "expression": "0 6 * * *", "start_time": "2030-01-01T00:00:00"}
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def put(inside, name="evil", **said):
    document = {"name": name, "trigger": CRON, "create_job": JOB, **said}
    begun = time.monotonic()
    answer = await inside.owner.put(f"{WS}/schedules/{name}", json=document)
    assert time.monotonic() - begun < 5, "it took long"
    return answer


@pytest.mark.parametrize(
    "trigger",
    [
        {"type": "cron", "expression": "*/0 * * * *"},
        {"type": "cron", "expression": "0 0 31 2 *"},
        {"type": "cron", "expression": "0 0 30 2 *", "end_time": "9999-12-31T23:59:59"},
        {"type": "cron", "expression": ",".join(["*/1"] * 30_000) + " * * * *"},
        {"type": "cron", "expression": "-" * 199},
        {"type": "cron", "expression": "\x00 * * * *"},
        {"type": "cron", "expression": "0 0 * * *", "time_zone": "../../../etc/passwd"},
        {"type": "cron", "expression": "0 0 * * *", "time_zone": "A" * 100_000},
        {"type": "cron", "expression": "0 0 * * *", "start_time": "9" * 100_000},
        {"type": "cron", "expression": "0 0 * * *", "start_time": "99999-01-01T00:00:00"},
        {"type": "recurrence", "frequency": "month", "interval": 99_999, "start_time": "9999-11-30T00:00:00"},
        {"type": "recurrence", "frequency": "minute", "interval": 2, "start_time": "2026-01-01T00:00:00",
         "schedule": {"hours": [], "minutes": [1]}},
        {"type": "recurrence", "frequency": "day", "interval": 10**30},
        {"type": "recurrence", "frequency": "day", "interval": -1},
        {"type": "recurrence", "frequency": "day", "interval": 1, "schedule": {"hours": [10**9], "minutes": [0]}},
        {"type": "event", "on": "everything"},
        {"type": "event", "on": "job_finished", "name": "*a" * 1000},
        {"type": "event", "on": "job_finished", "debounce": 10**12},
        {"type": "never"},
    ],
    ids=lambda one: str(one)[:60],
)  # fmt: skip
async def test_triggers_that_could_never_work_are_refused_fast(inside, trigger):
    answer = await put(inside, trigger=trigger)
    assert answer.status_code == 400, answer.text[:500]
    told = answer.json()["error"]["message"]
    assert "trigger" in told or told.startswith("The body"), told
    assert len(answer.text) < 20_000
    assert (await inside.owner.get(f"{WS}/schedules/evil")).status_code == 404


@pytest.mark.parametrize("name", ["a" * 201, "../x", "x y", "%00"])
async def test_names_are_held_to_the_grammar(inside, name):
    answer = await inside.owner.put(f"{WS}/schedules/{name}", json={"trigger": CRON, "create_job": JOB})
    assert answer.status_code in (400, 404, 501)


@pytest.mark.parametrize(
    "job",
    ["azureml:../../x", "azureml:" + "j" * 10_000, "/etc/passwd", {"job": "/etc/passwd"}, {"job": {}}, [], {},
     {**JOB, "command": "${{trigger.asset}}"}, {**JOB, "type": "none"}],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
async def test_jobs_that_could_never_run_are_refused(inside, job):
    answer = await put(inside, create_job=job)
    assert answer.status_code == 400, answer.text[:500]


async def test_patterns_of_names_match_in_no_time(inside):
    from zaffre.core.events import Event, EventType
    from zaffre.core.triggers import OnEvent
    from zaffre.kinds.schedule.parts import events

    trigger = OnEvent.from_yaml({"type": "event", "on": "data_version_created", "name": "*a" * 127})
    begun = time.monotonic()
    event = Event(EventType.RESOURCE_CREATED, "default", f"data/{'a' * 254}b/versions/1", "x")
    assert events.heard(trigger, event) is None
    assert time.monotonic() - begun < 1
    assert inside


@pytest.mark.parametrize("query", ["top=0", "top=1001", "top=x", "before=-1", "before=" + "9" * 30])
async def test_pages_are_bounded(inside, query):
    assert (await put(inside, "paged")).status_code in (200, 201)
    assert (await inside.owner.get(f"{WS}/schedules/paged/history?{query}")).status_code == 400


@pytest.mark.parametrize("said", ["soon", "9" * 1000, {"a": 1}, "9999-12-31T23:59:59-23:59"])
async def test_times_of_a_trigger_are_times(inside, said):
    assert (await put(inside, "timed")).status_code in (200, 201)
    answer = await inside.owner.post(f"{WS}/schedules/timed/trigger", json={"schedule_time": said})
    assert answer.status_code == 400, answer.text


async def test_a_jobs_token_neither_sees_nor_starts_schedules(inside):
    assert (await put(inside, "closed")).status_code in (200, 201)
    await inside.job("inside-a-job")
    token = inside.server.tokens.for_run("inside-a-job", "default", 3600)
    job = inside.client(authorization=f"Bearer {token}")
    for method, path in (("GET", ""), ("GET", "/history"), ("POST", "/trigger"), ("POST", "/disable"), ("DELETE", "")):
        assert (await job.request(method, f"{WS}/schedules/closed{path}", json={})).status_code == 403


async def test_one_workspaces_schedule_is_not_anothers(inside):
    assert (await put(inside, "mine")).status_code in (200, 201)
    await inside.owner.put("/api/v1/workspaces/other", json={"name": "other"})
    for verb in ("trigger", "enable"):
        answer = await inside.owner.post(f"/api/v1/workspaces/other/schedules/mine/{verb}", json={})
        assert answer.status_code == 404
