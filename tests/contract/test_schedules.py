"""Schedules on either database: each time and each event starts one run, whoever looks and whatever dies."""

import asyncio
import itertools
import shutil
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from zaffre.control.loop import RELEASED
from zaffre.core.status import Signal
from zaffre.kinds.schedule import reconcile, rules
from zaffre.store import leases, runs
from zaffre.store.leases import StaleLease

SIX = datetime(2030, 6, 1, 6, tzinfo=UTC).timestamp()
HOUR = 3600.0
JOB = {"type": "command", "command": "echo ${{inputs.when}}", "compute": "local", "environment": {"image": "python:3.11"},
       "inputs": {"when": "${{creation_context.trigger_time}}"}}  # fmt: skip
HOURLY = {"type": "cron", "expression": "0 * * * *", "start_time": "2030-06-01T00:00:00"}


class Rig:
    """A server that does nothing by itself, at a time of the test's choosing."""

    def __init__(self, inside, time, workspace="default"):
        self.http, self.server, self.time = inside.owner, inside.server, time
        self.store, self.workspace = inside.server.store, workspace
        self.ws = f"/api/v1/workspaces/{workspace}"
        provider = "Microsoft.MachineLearningServices"
        self.arm = f"/subscriptions/s/resourceGroups/g/providers/{provider}/workspaces/{workspace}"

    async def put(self, name="s", status=201, **said):
        document = {"name": name, "trigger": HOURLY, "create_job": JOB, **said}
        answer = await self.http.put(f"{self.ws}/schedules/{name}", json=document)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def claim(self, name="s"):
        key = rules.work_key(self.workspace, name)
        found = await self.store.write(lambda tx: leases.claim(tx, "test", 30, 1, key))
        return found[0] if found else None

    async def look(self, name="s"):
        """One look, if it is time for one; when the next is due."""
        lease = await self.claim(name)
        if lease is None:
            return None
        due = await self.server.schedules.stepper.step(lease)
        if due != RELEASED:
            await self.store.write(lambda tx: leases.release(tx, lease, due))
        return due

    async def history(self, name="s", **query):
        found = await self.http.get(f"{self.ws}/schedules/{name}/history", params=query)
        return found.raise_for_status().json()["value"]

    async def jobs(self, name="s"):
        found = await self.http.get(f"{self.ws}/jobs", params={"filter": f'properties."zaffre.schedule" = "{name}"'})
        return found.raise_for_status().json()["value"]

    async def end(self, name, signal=Signal.FAIL):
        """A run over, as if it had failed."""
        lease = (await self.store.write(lambda tx: leases.claim(tx, "test", 30, 1, f"run:{name}")))[0]
        await self.store.write(lambda tx: runs.apply(tx, lease, signal))


class Time:
    """The clock of all servers of a test."""

    def __init__(self):
        self.now = SIX


@pytest.fixture(scope="module")
def time():
    from zaffre.server.clock import SystemClock
    from zaffre.server.database import SharedClock

    found = Time()
    with pytest.MonkeyPatch.context() as patched:
        for clock in (SystemClock, SharedClock):
            patched.setattr(clock, "now", lambda self: found.now)
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def inside(request, opening, tmp_path_factory, time):
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = server.fresh() if server else ""
    async with opening(
        tmp_path_factory.mktemp("schedules") / "home", **({"ZAFFRE_DATABASE": url} if url else {})
    ) as found:
        yield found
    if server:
        server.drop(url)


_numbers = itertools.count()


@pytest_asyncio.fixture(loop_scope="module")
async def rig(inside, time):
    """A workspace of the test's own."""
    time.now = SIX
    name = f"ws{next(_numbers)}"
    answer = await inside.owner.put(f"/api/v1/workspaces/{name}", json={"name": name})
    assert answer.status_code == 201, answer.text
    return Rig(inside, time, name)


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_each_time_starts_one_run_of_a_name_that_follows_from_it(rig):
    made = await rig.put()
    assert made["state"]["next_run_time"] == "2030-06-01T07:00:00.000000Z"
    assert await rig.look() == SIX + HOUR
    assert await rig.jobs() == []
    rig.time.now = SIX + HOUR + 0.2
    assert await rig.look() == SIX + 2 * HOUR
    assert await rig.look() is None
    (job,) = await rig.jobs()
    assert job["name"].startswith("s-20300601T070000Z-")
    assert job["spec"]["display_name"] == "s-20300601T070000Z"
    assert job["spec"]["inputs"] == {"when": "2030-06-01T07:00:00Z"}
    (entry,) = await rig.history()
    assert (entry["result"], entry["job"], entry["status"]) == ("started", job["name"], "NotStarted")
    assert entry["due"] == "2030-06-01T07:00:00.000000Z"


async def test_down_over_several_times_the_newest_is_run_and_the_others_are_told(rig):
    await rig.put()
    await rig.look()
    rig.time.now = SIX + 5.5 * HOUR
    assert await rig.look() == SIX + 6 * HOUR
    started, skipped = await rig.history()
    assert (started["due"], started["why"]) == ("2030-06-01T11:00:00.000000Z", "time")
    assert (skipped["why"], skipped["count"]) == ("missed", 4)
    assert (skipped["due"], skipped["until"]) == ("2030-06-01T07:00:00.000000Z", "2030-06-01T10:00:00.000000Z")
    assert len(await rig.jobs()) == 1


async def test_what_is_too_old_is_not_caught_up(rig):
    await rig.put(trigger={**HOURLY, "expression": "0 7 * * 6"})
    await rig.look()
    rig.time.now = SIX + 30 * HOUR
    await rig.look()
    (skipped,) = await rig.history()
    assert (skipped["why"], skipped["count"]) == ("missed", 1)
    assert await rig.jobs() == []


async def test_a_look_that_dies_leaves_nothing_and_the_next_does_it_once(rig, monkeypatch):
    await rig.put()
    rig.time.now = SIX + HOUR

    def die(*_):
        raise RuntimeError("killed")

    for dying in ("_keep", "_tell"):
        with monkeypatch.context() as broken:
            broken.setattr(reconcile, dying, die)
            with pytest.raises(RuntimeError):
                await rig.look()
        assert await rig.jobs() == []
        rig.time.now += 31  # its lease runs out
    await rig.look()
    assert len(await rig.jobs()) == 1
    assert len(await rig.history()) == 1


async def test_of_many_who_look_one_starts_a_run_and_whoever_lost_its_lease_none(rig):
    await rig.put()
    rig.time.now = SIX + HOUR
    overslept = await rig.claim()
    rig.time.now += 31
    await asyncio.gather(*(rig.look() for _ in range(20)))
    with pytest.raises(StaleLease):
        await rig.server.schedules.stepper.step(overslept)
    assert len(await rig.jobs()) == 1


async def test_a_job_that_is_refused_by_now_is_told_and_the_schedule_goes_on(rig):
    await rig.http.put(f"{rig.ws}/computes/c", json={"name": "c", "type": "amlcompute", "max_instances": 1})
    await rig.put(create_job={**JOB, "compute": "azureml:c"})
    await rig.http.delete(f"{rig.ws}/computes/c")
    rig.time.now = SIX + HOUR
    assert await rig.look() == SIX + 2 * HOUR
    (entry,) = await rig.history()
    assert (entry["result"], entry["why"]) == ("skipped", "refused")
    assert "there is no compute 'c'" in entry["message"]


async def test_disabled_times_do_not_count_and_enabled_ones_count_from_then(rig):
    await rig.put()
    await rig.look()
    answer = await rig.http.post(f"{rig.ws}/schedules/s/disable")
    assert answer.json()["spec"]["is_enabled"] is False
    rig.time.now = SIX + 3.5 * HOUR
    await rig.look()
    answer = await rig.http.post(f"{rig.ws}/schedules/s/enable")
    assert answer.json()["state"]["next_run_time"] == "2030-06-01T10:00:00.000000Z"
    assert await rig.look() == SIX + 4 * HOUR
    assert await rig.history() == []


async def test_a_schedule_without_a_start_begins_at_once_and_only_once(rig):
    await rig.put(trigger={"type": "cron", "expression": "0 * * * *"})
    assert await rig.look() == SIX + HOUR
    assert len(await rig.jobs()) == 1
    await rig.put(status=200, trigger={"type": "cron", "expression": "30 * * * *"})
    assert await rig.look() == SIX + 0.5 * HOUR
    assert len(await rig.jobs()) == 1


async def test_a_pipeline_is_started_with_its_inputs_filled_in(rig):
    step = {
        "type": "command", "command": "echo ${{inputs.w}} > ${{outputs.o}}/x", "compute": "local",
        "environment": {"image": "python:3.11"}, "inputs": {"w": "${{parent.inputs.who}}"},
        "outputs": {"o": {"type": "uri_folder", "path": "azureml://datastores/workspaceblobstore/paths/${{name}}/"}},
    }  # fmt: skip
    await rig.put(create_job={"type": "pipeline", "inputs": {"who": "${{name}}"}, "jobs": {"a": step}})
    rig.time.now = SIX + HOUR
    await rig.look()
    (job,) = await rig.jobs()
    assert job["spec"]["inputs"] == {"who": job["name"]}
    assert job["spec"]["jobs"]["a"]["outputs"]["o"]["path"].endswith("/${{name}}/")


async def test_triggered_by_hand_once_for_a_key(rig):
    await rig.put()
    told = [
        (await rig.http.post(f"{rig.ws}/schedules/s/trigger", json={}, headers={"Idempotency-Key": "k"})).json()
        for _ in range(2)
    ]
    assert told[0] == told[1]
    other = (await rig.http.post(f"{rig.ws}/schedules/s/trigger", json={})).json()
    assert other["job_name"] != told[0]["job_name"]
    assert {job["name"] for job in await rig.jobs()} == {other["job_name"], told[0]["job_name"]}
    assert [entry["why"] for entry in await rig.history()] == ["manual", "manual"]
    body = {"scheduleTime": "2030-01-01T00:00:00+00:00"}
    arm = (await rig.http.post(f"{rig.arm}/schedules/s/trigger?api-version=2024-01-01-preview", json=body)).json()
    assert arm["scheduleActionType"] == "CreateJob"
    assert arm["submissionId"].startswith("s-20300101T000000Z-")


async def test_deleted_it_starts_no_more_and_made_again_it_is_another(rig):
    await rig.put()
    rig.time.now = SIX + HOUR
    await rig.look()
    assert (await rig.http.delete(f"{rig.ws}/schedules/s")).status_code == 204
    assert await rig.look() == RELEASED
    await rig.put(trigger={**HOURLY, "start_time": "2030-06-01T07:00:00"})
    rig.time.now += HOUR
    await rig.look()
    assert len({job["name"] for job in await rig.jobs()}) == 2


async def test_the_history_comes_in_pages(rig):
    await rig.put()
    for _ in range(5):
        await rig.http.post(f"{rig.ws}/schedules/s/trigger", json={})
    first = await rig.history(top=2)
    rest = await rig.history(before=first[-1]["id"])
    assert [len(first), len(rest)] == [2, 3]
    assert (await rig.http.get(f"{rig.ws}/schedules/none/history")).status_code == 404


async def test_lists_as_azures_client_asks_for_them(rig):
    await rig.put("on")
    await rig.put("off", is_enabled=False)
    shown = {}
    for view in ("EnabledOnly", "DisabledOnly", "All"):
        answer = await rig.http.get(f"{rig.arm}/schedules", params={"listViewType": view})
        shown[view] = sorted(each["name"] for each in answer.json()["value"])
    assert shown == {"EnabledOnly": ["on"], "DisabledOnly": ["off"], "All": ["off", "on"]}
    job = (await rig.http.post(f"{rig.ws}/schedules/on/trigger", json={})).json()["job_name"]
    await rig.http.put(f"{rig.ws}/jobs/plain", json={**JOB, "inputs": {"when": "now"}})
    for query, names in (
        ({"scheduleId": "on"}, [job]),
        ({"scheduled": "true"}, [job]),
        ({"scheduled": "false"}, ["plain"]),
    ):
        answer = await rig.http.get(f"{rig.arm}/jobs", params=query)
        assert [each["name"] for each in answer.json()["value"]] == names


DATA = {"type": "event", "on": "data_version_created", "name": "taxi*"}
ENDS = {"type": "event", "on": "job_finished"}


class TestEvents:
    """Schedules that wait for what happens."""

    def job(self, *names):
        asked = {name: f"${{{{trigger.{name}}}}}" for name in names}
        said = " ".join(f"${{{{inputs.{name}}}}}" for name in names)
        return {**JOB, "command": f"echo {said}", "inputs": asked}

    async def data(self, rig, name):
        folder = rig.server.locations.inside(rig.workspace, "workspaceblobstore", "x")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rides.csv").write_text("one")
        document = {"type": "uri_folder", "path": "azureml://datastores/workspaceblobstore/paths/x/"}
        answer = await rig.http.post(f"{rig.ws}/data/{name}/versions", json={**document, "name": name})
        assert answer.status_code == 201, answer.text

    async def test_each_new_version_once_and_told_to_the_job(self, rig):
        await self.data(rig, "taxi")
        await rig.put(trigger=DATA, create_job=self.job("asset", "version"))
        await rig.look()
        assert await rig.jobs() == []
        for name in ("taxi", "other", "taxi2"):
            await self.data(rig, name)
        for _ in range(3):
            rig.time.now += 61
            await rig.look()
        found = [job["spec"]["inputs"] for job in await rig.jobs()]
        assert found == [{"asset": "azureml:taxi2:1", "version": "1"}, {"asset": "azureml:taxi:2", "version": "2"}]

    async def test_debounced_they_are_one_run(self, rig):
        await rig.put(trigger={**DATA, "debounce": 10}, create_job=self.job("asset", "count"))
        await rig.look()
        for _ in range(3):
            await self.data(rig, "taxi")
        rig.time.now += 61
        await rig.look()
        (job,) = await rig.jobs()
        assert job["spec"]["inputs"] == {"asset": "azureml:taxi:3", "count": "3"}

    async def test_the_end_of_its_own_run_is_left_out_and_told(self, rig):
        await rig.put(trigger=ENDS, create_job=self.job("job", "status"))
        await rig.look()
        await rig.http.put(f"{rig.ws}/jobs/first", json={**JOB, "inputs": {"when": "now"}})
        await rig.end("first")
        rig.time.now += 61
        await rig.look()
        (job,) = await rig.jobs()
        assert job["spec"]["inputs"] == {"job": "first", "status": "Failed"}
        await rig.end(job["name"])
        for _ in range(3):
            rig.time.now += 61
            await rig.look()
        assert len(await rig.jobs()) == 1
        skipped, _ = await rig.history()
        assert (skipped["why"], skipped["chain"]) == ("loop", ["s"])

    async def test_two_that_wait_for_each_other_end(self, rig):
        for name, other in (("a", "b"), ("b", "a")):
            trigger = {**ENDS, "name": f"{other}-2*"}
            await rig.put(name, trigger=trigger, create_job=self.job("job"))
            await rig.look(name)
        started = (await rig.http.post(f"{rig.ws}/schedules/a/trigger", json={})).status_code
        assert started == 409  # no event has told it a job's name yet
        await rig.put("a", status=200, trigger={**ENDS, "name": "b-2*"}, create_job={**JOB, "inputs": {"when": "x"}})
        first = (await rig.http.post(f"{rig.ws}/schedules/a/trigger", json={})).json()["job_name"]
        await rig.end(first)
        for _ in range(4):
            rig.time.now += 61
            for name in ("a", "b"):
                await rig.look(name)
                for job in await rig.jobs(name):
                    if job["state"]["status"] == "NotStarted":
                        await rig.end(job["name"])
        assert [len(await rig.jobs(name)) for name in ("a", "b")] == [1, 1]
        assert [entry["why"] for entry in await rig.history("a")] == ["loop", "manual"]

    async def test_filters_of_jobs(self, rig):
        trigger = {**ENDS, "experiment": "e", "status": "Canceled"}
        await rig.put(trigger=trigger, create_job=self.job("job"))
        await rig.look()
        for name, experiment in (("one", "e"), ("two", "other"), ("three", "e")):
            body = {**JOB, "inputs": {"when": "now"}, "experiment_name": experiment}
            await rig.http.put(f"{rig.ws}/jobs/{name}", json=body)
        await rig.end("one")
        for name in ("two", "three"):
            await rig.store.write(lambda tx, name=name: runs.request(tx, name, Signal.ASK_CANCEL, "user:x"))
            await rig.end(name, Signal.CANCEL)
        rig.time.now += 61
        await rig.look()
        assert [job["spec"]["inputs"]["job"] for job in await rig.jobs()] == ["three"]


async def test_what_one_server_adds_another_looks_after(opening, tmp_path, postgres_url, time):
    """Schedules need nothing of one server's home: the death of the one that took it in does not end them."""
    time.now = SIX
    async with opening(tmp_path / "a", ZAFFRE_DATABASE=postgres_url) as one:
        await Rig(one, time).put()
        shutil.copytree(tmp_path / "a" / "keys", tmp_path / "b" / "keys")
        (tmp_path / "b").chmod(0o700)
    async with opening(tmp_path / "b", ZAFFRE_DATABASE=postgres_url) as other:
        rig = Rig(other, time)
        time.now = SIX + HOUR + 31
        assert await rig.look() == SIX + 2 * HOUR
        assert len(await rig.jobs()) == 1
