"""Live, ready, and the figures of what is done."""

import re

from zaffre.api import health

JOB = {"command": "echo 1", "environment": {"image": "python:3.11-slim"}}
WS = "/api/v1/workspaces/default"


async def figures(inside):
    text = (await inside.owner.get("/metrics")).text
    return {name: float(value) for name, value in re.findall(r"^(zaffre_\S+) (\S+)$", text, re.MULTILINE)}


async def test_live_and_ready_answer_anybody(opening, tmp_path):
    async with opening(tmp_path / "home", still=False) as inside:
        nobody = inside.client()
        assert (await nobody.get("/livez")).json() == {"status": "alive"}
        assert (await nobody.get("/readyz")).json() == {"status": "ready", "problems": []}


async def test_a_loop_that_stopped_is_not_ready(opening, tmp_path, monkeypatch):
    async with opening(tmp_path / "home") as inside:
        monkeypatch.setattr(health, "LOOP_MAY_LAG_SECONDS", -1.0)
        answer = await inside.client().get("/readyz")
        assert (answer.status_code, answer.json()["problems"]) == (503, ["the control loop has stopped"])


async def test_figures_count_what_is_open_and_what_moved(opening, tmp_path):
    async with opening(tmp_path / "home") as inside:
        for name in ("one", "two", "three"):
            await inside.job(name)
        before = await figures(inside)
        assert before['zaffre_runs{status="NotStarted"}'] == 3
        assert (before["zaffre_work_due"], before["zaffre_work_items"]) == (3, 3)
        assert before["zaffre_loop_age_seconds"] >= 0
        assert before["zaffre_disk_free_bytes"] > 0
        await inside.owner.post(f"{WS}/jobs/two/cancel")
        after = await figures(inside)
        assert after['zaffre_runs{status="NotStarted"}'] == 2
        assert after['zaffre_runs{status="CancelRequested"}'] == 1
        assert after['zaffre_run_transitions_total{reason="",status="NotStarted"}'] == 3


async def test_labels_do_not_grow_with_what_users_name(opening, tmp_path):
    async with opening(tmp_path / "home") as inside:
        await inside.job("first")
        few = len(await figures(inside))
        for number in range(20):
            await inside.job(f"more-{number}", compute="local", experiment_name=f"e{number}")
        assert len(await figures(inside)) == few
