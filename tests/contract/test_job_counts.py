"""The numbers beside a list's filters are those of the list itself."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"


async def counted(inside, **asked):
    answer = await inside.owner.get(f"{WS}/jobs:counts", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["value"]


async def listed(inside, **asked):
    found = (await inside.owner.get(f"{WS}/jobs", params={"top": 1000, **asked})).json()["value"]
    statuses = [job["state"]["status"] for job in found]
    return {status: statuses.count(status) for status in statuses}


async def test_counts_are_those_of_the_list(inside):
    assert await counted(inside) == {}
    for number in range(3):
        await inside.job(f"job-{number}", tags={"team": "blue" if number else "red"})
    assert (await inside.owner.post(f"{WS}/jobs/job-2/cancel")).status_code == 202
    assert (await inside.owner.post(f"{WS}/jobs/job-0/archive")).status_code == 204
    for asked in (
        {},
        {"filter": "tags.team = blue"},
        {"filter": "tags.team = red"},
        {"list_view": "all"},
        {"list_view": "archived"},
        {"filter": "status = CancelRequested"},
        {"filter": "text ~ nothing"},
    ):
        assert await counted(inside, **asked) == await listed(inside, **asked), asked
    assert sum((await counted(inside)).values()) == 2


async def test_a_filter_that_cannot_be_read_is_refused_in_words(inside):
    answer = await inside.owner.get(f"{WS}/jobs:counts", params={"filter": "colour = red"})
    assert answer.status_code == 400
    assert "there is no field" in answer.text


async def test_a_compute_is_found_by_the_name_its_users_know(inside):
    (await inside.owner.put(f"{WS}/computes/nodes", json={"name": "nodes", "type": "amlcompute"})).raise_for_status()
    await inside.job("on-nodes", compute="azureml:nodes")
    await inside.job("elsewhere")
    found = (await inside.owner.get(f"{WS}/jobs", params={"filter": "compute = nodes"})).json()["value"]
    assert [job["name"] for job in found] == ["on-nodes"]
    others = (await inside.owner.get(f"{WS}/jobs", params={"filter": "compute != nodes"})).json()["value"]
    assert "on-nodes" not in [job["name"] for job in others]
    assert "elsewhere" in [job["name"] for job in others]
