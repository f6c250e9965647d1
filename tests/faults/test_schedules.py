"""Schedules of a server that is killed around their times, or is down over several of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from zaffre.core.resource import Key
from zaffre.server import database
from zaffre.server.clock import SystemClock
from zaffre.server.settings import Settings
from zaffre.store import Store, resources
from zaffre.testing.server import CURATED, Installation, until

KILLS = 6
JOB = {"type": "command", "command": "true", "environment": CURATED}
SEED = random.randrange(2**32)


def schedule(rig: Installation, name: str, **trigger: Any) -> None:
    said = {"type": "cron", "expression": "0 0 1 1 *", **trigger}
    answer = rig.call("PUT", f"schedules/{name}", {"name": name, "trigger": said, "create_job": JOB})
    assert answer.status_code == 201, answer.text


def history(rig: Installation, name: str) -> list[dict[str, Any]]:
    return rig.call("GET", f"schedules/{name}/history").raise_for_status().json()["value"]


def jobs(rig: Installation, name: str) -> list[str]:
    query = {"filter": f'properties."zaffre.schedule" = "{name}"'}
    return [job["name"] for job in rig.call("GET", "jobs", params=query).raise_for_status().json()["value"]]


def changed(rig: Installation, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """The schedule's own notes changed while no server runs."""

    async def write() -> None:
        settings = Settings.load({"ZAFFRE_HOME": str(rig.home), **rig.environ})
        store = await Store.open(database.chosen(settings), SystemClock())
        key = Key("default", "schedule", name)
        found = await store.read(lambda tx: resources.require(tx, key))
        plan = dict(found.state["plan"])
        change(plan)
        await store.write(lambda tx: resources.set_state(tx, key, {"plan": plan}))
        await store.close()

    asyncio.run(write())


def test_killed_around_its_time_it_starts_one_run(zaffre: Installation) -> None:
    """A schedule without a start is due at once: the server is killed within milliseconds of that."""
    chance = random.Random(SEED)
    for number in range(KILLS):
        schedule(zaffre, f"storm-{number}")
        deadline = time.monotonic() + chance.uniform(0, 0.06)
        while time.monotonic() < deadline:
            pass
        zaffre.kill()
        zaffre.start()
    for number in range(KILLS):
        name = f"storm-{number}"
        (job,) = until(lambda name=name: jobs(zaffre, name), f"the run of {name}; seed {SEED}", 40)
        assert zaffre.ended(job)["status"] == "Completed"
        assert [entry["job"] for entry in history(zaffre, name)] == [job]
        assert jobs(zaffre, name) == [job]


def test_down_over_several_times_it_starts_one_run_and_says_what_it_missed(zaffre: Installation) -> None:
    schedule(zaffre, "hourly", expression="0 * * * *", start_time="2020-01-01T00:00:00")
    until(lambda: zaffre.call("GET", "schedules/hourly").json()["state"]["next_run_time"], "its next time")
    zaffre.stop()
    past = time.time() - 5 * 3600
    changed(zaffre, "hourly", lambda plan: plan.update(cursor=past))
    zaffre.start()
    found = until(lambda: len(history(zaffre, "hourly")) == 2 and history(zaffre, "hourly"), "one run, one skip", 40)
    assert [(entry["result"], entry["why"]) for entry in found] == [("started", "time"), ("skipped", "missed")]
    assert found[1]["count"] == 4
    assert zaffre.ended(found[0]["job"])["status"] == "Completed"
    assert len(jobs(zaffre, "hourly")) == 1


def test_what_happened_while_the_server_was_down_is_heard_once(zaffre: Installation) -> None:
    """The end of a job whose agent outlived the server starts what waits for it."""
    said = {"type": "event", "on": "job_finished", "name": "long-*"}
    answer = zaffre.call("PUT", "schedules/after", {"name": "after", "trigger": said, "create_job": JOB})
    assert answer.status_code == 201, answer.text
    zaffre.submit("long-one", "sleep 1")
    zaffre.running("long-one")
    zaffre.kill()
    time.sleep(1.5)  # the command ends while nobody looks
    zaffre.start()
    (entry,) = until(lambda: history(zaffre, "after"), "the run that follows", 40)
    assert zaffre.ended(entry["job"])["status"] == "Completed"
    zaffre.kill()
    zaffre.start()
    assert [each["job"] for each in history(zaffre, "after")] == [entry["job"]]
