"""Samples: which there are, and that nothing else is run by their name."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = "/api/v1/workspaces"


@pytest.mark.parametrize("wanted", [["../../etc"], ["quickstart", "pipelines"], [3], [None], [], "pipeline", {}, 3])
async def test_only_what_is_offered_is_run(inside, wanted):
    answer = await inside.owner.post(f"{ROOT}/default/samples", json={"samples": wanted})
    assert answer.status_code == 400
    assert "expected quickstart or pipeline" in answer.text
    assert (await inside.owner.get(f"{ROOT}/default/jobs")).json()["value"] == []


async def test_a_workspace_that_is_not_there_gets_none(inside):
    answer = await inside.owner.post(f"{ROOT}/nowhere/samples", json={})
    assert answer.status_code == 404
    assert "nowhere" in answer.text


async def test_nobody_gets_none(inside):
    answer = await inside.client().post(f"{ROOT}/default/samples", json={})
    assert answer.status_code == 401


async def test_what_the_command_line_says_is_told(inside):
    """The server in this test has no socket: the process of its own finds nobody, and that is said."""
    answer = await inside.owner.post(f"{ROOT}/default/samples", json={"samples": ["quickstart"]})
    assert answer.status_code == 503
    assert "could not be submitted" in answer.text
