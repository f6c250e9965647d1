"""Quotas that are set while the server runs: they hold at once, whoever may start starts, and the next server knows them."""

from __future__ import annotations

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_set_goes_before_the_settings(inside):
    owner = inside.owner
    said = (await owner.get("/api/v1/quotas")).json()["value"]
    assert [(one["workspace"], one["nodes"], one["is_set"]) for one in said] == [("default", None, False)]
    answer = await owner.put("/api/v1/quotas/default", json={"nodes": 2})
    assert (answer.json()["nodes"], answer.json()["is_set"], answer.json()["settings_say"]) == (2, True, None)
    used = (await owner.get("/api/v1/workspaces/default/compute-usage")).json()["value"]
    assert used[0]["limit"] == 2
    answer = await owner.put("/api/v1/quotas/default", json={"nodes": None})
    assert (answer.json()["nodes"], answer.json()["is_set"]) == (None, True)
    assert (await owner.delete("/api/v1/quotas/default")).json()["is_set"] is False


@pytest.mark.parametrize("nodes", ["2", -1, 1.5, True, 2_000_000, ""])
async def test_what_is_no_number_of_nodes_is_refused(inside, nodes):
    answer = await inside.owner.put("/api/v1/quotas/default", json={"nodes": nodes})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == "nodes"


async def test_a_workspace_that_is_not_there_has_none(inside):
    assert (await inside.owner.put("/api/v1/quotas/nowhere", json={"nodes": 1})).status_code == 404


async def test_it_holds_for_jobs_and_the_next_server_knows_it(opening, tmp_path):
    home = tmp_path / "home"
    async with opening(home) as inside:
        (await inside.owner.put("/api/v1/quotas/default", json={"nodes": 0})).raise_for_status()
    async with opening(home) as inside:
        rooms = inside.server.admission.rooms
        assert (rooms.quota("default"), rooms.has_quota) == (0, True)
        assert await inside.server.store.read(lambda tx: rooms.left(tx, "default")) == 0
        (await inside.owner.delete("/api/v1/quotas/default")).raise_for_status()
        await asyncio.sleep(0)
        assert rooms.quota("default") is None
