"""When a schedule is due next, and when a trigger would be that is still being written."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
HOURLY = {"type": "cron", "expression": "0 * * * *", "start_time": "2020-01-01T00:00:00"}
JOB = {"type": "command", "command": "true", "compute": "local", "environment": {"image": "python:3.11"}}


async def test_the_next_times_are_those_it_waits_for(inside):
    body = {"name": "next", "trigger": HOURLY, "create_job": JOB}
    (await inside.owner.put(f"{WS}/schedules/next", json=body)).raise_for_status()
    times = f"{WS}/schedules/next/times"
    told = (await inside.owner.get(times, params={"count": 3})).raise_for_status().json()["value"]
    assert [time[14:19] for time in told] == ["00:00"] * 3
    assert told == sorted(set(told))
    (await inside.owner.post(f"{WS}/schedules/next/disable")).raise_for_status()
    assert (await inside.owner.get(times)).json()["value"] == []
    assert (await inside.owner.get(f"{WS}/schedules/none/times")).status_code == 404


async def test_a_trigger_tells_its_times_before_it_is_kept(inside):
    async def told(trigger, **query):
        return await inside.owner.post(f"{WS}/schedules:times", json={"trigger": trigger}, params=query)

    assert len((await told(HOURLY)).raise_for_status().json()["value"]) == 5
    assert (await told({"type": "event", "on": "model_registered"})).json()["value"] == []
    wrong = await told({"type": "cron", "expression": "0 25 * * *"})
    assert wrong.status_code == 400
    assert "'25' is no hour" in wrong.text
    assert (await told(None)).status_code == 400
    assert (await told(HOURLY, count=101)).status_code == 400
