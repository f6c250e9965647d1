"""Two servers, each with a home of its own, on one PostgreSQL: one platform, and nobody does the other's work."""

import asyncio
import contextlib
import shutil
from pathlib import Path

import pytest

from zaffre.store import leases, runs

WS = "/api/v1/workspaces/default"


@contextlib.asynccontextmanager
async def two(opening, folder, url, **more):
    """The second home begins with the keys of the first."""
    async with opening(folder / "a", ZAFFRE_DATABASE=url, **more) as one:
        await asyncio.to_thread(shutil.copytree, folder / "a" / "keys", folder / "b" / "keys")
        (folder / "b").chmod(0o700)
        async with opening(folder / "b", ZAFFRE_DATABASE=url, **more) as other:
            yield one, other


async def until(true, patience=30):
    async with asyncio.timeout(patience):
        while not (found := await true()):
            await asyncio.sleep(0.02)
    return found


async def status(server, name):
    return (await server.owner.get(f"{WS}/jobs/{name}")).json()["state"]["status"]


async def test_what_is_asked_of_one_holds_at_the_other(opening, postgres_url, tmp_path):
    async with two(opening, tmp_path, postgres_url) as (one, other):
        await one.job("seen")
        assert await status(other, "seen") == "NotStarted"
        refused = await other.owner.put(
            f"{WS}/jobs/seen",
            json={"command": "other", "compute": "local", "environment": {"image": "python:3.11-slim"}},
        )
        assert refused.status_code == 409
        numbers = await asyncio.gather(
            *(
                each.owner.put(f"{WS}/environments/e/versions/{number}", json={"image": "python:3.11-slim"})
                for number in range(1, 9)
                for each in (one, other)
            )
        )
        assert sorted(answer.status_code for answer in numbers) == [200] * 8 + [201] * 8


async def test_each_looks_after_what_was_submitted_to_it_and_hears_of_the_rest(opening, postgres_url, tmp_path):
    async with two(opening, tmp_path, postgres_url) as (one, other):
        heard = []
        one.server.store.on_event(heard.append)
        await one.job("mine")
        claim = lambda tx: leases.claim(tx, "test", 30, 100)  # noqa: E731
        assert "run:mine" not in {lease.key for lease in await other.server.store.write(claim)}
        (await other.owner.post(f"{WS}/jobs/mine/cancel")).raise_for_status()
        await until(lambda: _async([e for e in heard if e.data.get("to") == "CancelRequested"]))
        assert await status(one, "mine") == "CancelRequested"


async def _async(value):
    return value


@pytest.mark.parametrize("through", ["a", "b"])
async def test_a_job_runs_at_home_and_is_canceled_from_anywhere(opening, postgres_url, tmp_path, environments, through):
    for home in "ab":
        (tmp_path / home).mkdir(mode=0o700)
        (tmp_path / home / "environments").symlink_to(environments)
    async with two(opening, tmp_path, postgres_url, still=False) as (one, other):
        await one.job(
            "long",
            command="echo up; sleep 60",
            environment="azureml://registries/azureml/environments/python/labels/latest",
        )
        await until(lambda: _running(one), 60)
        asked = one if through == "a" else other
        (await asked.owner.post(f"{WS}/jobs/long/cancel")).raise_for_status()
        await until(lambda: _ended(other))
        run = await one.server.store.read(lambda tx: runs.require(tx, "long"))
        assert (run.status.value, run.attempt) == ("Canceled", 1)
        assert Path(tmp_path / "a" / "runs" / "long").exists()
        assert not Path(tmp_path / "b" / "runs" / "long").exists()


async def _running(server):
    return await status(server, "long") == "Running"


async def _ended(server):
    return await status(server, "long") == "Canceled"
