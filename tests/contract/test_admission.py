"""Admission against a real store: who gets nodes and GPUs, in which order, under quotas, and who is called up when."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zaffre.control.admission import HEAD_SECONDS, LINE_SECONDS, Admission, interrupted_by
from zaffre.control.gpus import Gpus
from zaffre.control.rooms import Rooms
from zaffre.core import queues as ranks
from zaffre.core.draft import NewRun
from zaffre.core.reasons import Cause, Reason
from zaffre.core.resource import Content, Key
from zaffre.core.status import RunStatus, Signal
from zaffre.store import Store, leases, resources, runs
from zaffre.testing.clock import ManualClock

CPU = "w/cpu"
SUCCESS = Reason(Cause.SUCCEEDED)


class World:
    """A store with one compute, and what an engine would do."""

    def __init__(self, store, nodes=2, quota=None, gpus=(), **spec):
        self.store = store
        self.admission = Admission(Rooms({"local": 3}, quota or {}), Gpus(gpus))
        self.spec = {"type": "amlcompute", "max_instances": nodes, **spec}

    async def __aenter__(self):
        content = Content(self.spec, "h", {"provisioning_state": "Succeeded"})
        await self.store.write(lambda tx: resources.put(tx, Key("w", "compute", "cpu"), content, "me"))
        return self

    async def __aexit__(self, *_):
        await self.store.write(lambda tx: resources.delete(tx, Key("w", "compute", "cpu"), "me"))

    async def submit(self, name, **more):
        new = NewRun(**{"name": name, "workspace": "w", "type": "job", "actor": "me", "compute": CPU, **more})
        await self.store.write(lambda tx: runs.submit(tx, new))
        return await self.look(name)

    async def look(self, name):
        """What a step of a ready run does; True when it was started."""

        def write(tx):
            [lease] = leases.claim(tx, "me", 30, 1, runs.key(name)) or [leases.take(tx, "me", 30, runs.key(name))]
            started = self.admission.admit(tx, lease, runs.require(tx, name))
            leases.release(tx, lease, tx.now + (30 if started else self.admission.patience(tx, runs.require(tx, name))))
            return started is not None

        return await self.store.write(write)

    async def end(self, name, signal=Signal.COMPLETE):
        def write(tx):
            lease = leases.take(tx, "me", 30, runs.key(name))
            runs.apply(tx, lease, Signal.RUN)
            if signal is Signal.RETRY:
                ended = runs.apply(tx, lease, Signal.RETRY)
                leases.release(tx, lease, tx.now + 30)
            else:
                ended = runs.apply(tx, lease, signal, reason=SUCCESS)
            self.admission.released(tx, ended)

        await self.store.write(write)

    async def due(self):
        """Who was called up."""

        def write(tx):
            found = leases.claim(tx, "me", 30, 100)
            for lease in found:
                leases.release(tx, lease, tx.now + 3600)
            return sorted(lease.key.partition(":")[2] for lease in found)

        return await self.store.write(write)

    async def run(self, name):
        return await self.store.read(lambda tx: runs.require(tx, name))

    async def change(self, **state):
        await self.store.write(lambda tx: resources.set_state(tx, Key("w", "compute", "cpu"), state))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return (
        request.getfixturevalue("postgres_url") if request.param == "postgresql" else f"sqlite:///{tmp_path}/home/z.db"
    )


@pytest_asyncio.fixture
async def store(url):
    found = await Store.open(url, ManualClock())
    yield found
    await found.close()


@pytest.mark.asyncio
async def test_nodes_go_in_order_and_the_next_is_called_up(store):
    async with World(store) as world:
        assert [await world.submit(name) for name in "abcd"] == [True, True, False, False]
        assert (await world.run("c")).status is RunStatus.QUEUED
        assert await world.due() == []
        await world.end("a")
        assert await world.due() == ["c"], "and nobody else is disturbed"
        assert not await world.look("d"), "not before its turn"
        assert await world.look("c")


@pytest.mark.asyncio
async def test_a_large_run_keeps_its_place(store):
    async with World(store) as world:
        await world.submit("a")
        assert not await world.submit("large", slots=2)
        assert not await world.submit("small")
        await world.end("a")
        assert await world.due() == ["large"]


@pytest.mark.asyncio
async def test_an_older_run_is_not_passed_while_it_is_about_to_be_looked_at(store):
    """Two runs waited for one build; its end makes both due, and the younger is looked at first."""
    async with World(store, nodes=1) as world:
        for name in ("z-older", "a-younger"):
            new = NewRun(name=name, workspace="w", type="job", actor="me", compute=CPU)

            def write(tx, new=new):
                runs.submit(tx, new)
                [lease] = leases.claim(tx, "me", 30, 1, runs.key(new.name))
                runs.apply(tx, lease, Signal.PREPARE)
                leases.release(tx, lease, tx.now + 60)
                tx.nudge(runs.key(new.name))

            await store.write(write)
        assert not await world.look("a-younger")
        assert await world.look("z-older")


@pytest.mark.asyncio
async def test_those_in_front_are_looked_at_again_soon_the_others_when_told(store):
    async with World(store, nodes=1) as world:
        for number in range(40):
            await world.submit(f"r{number:02}")
        first, last = await world.run("r01"), await world.run("r39")
        assert await store.read(lambda tx: world.admission.patience(tx, first)) == HEAD_SECONDS
        assert await store.read(lambda tx: world.admission.patience(tx, last)) == LINE_SECONDS


@pytest.mark.asyncio
async def test_a_stopped_compute_starts_nothing(store):
    async with World(store) as world:
        await world.change(state="Stopped")
        assert not await world.submit("a")
        await world.change(state="Running")
        await store.write(lambda tx: world.admission.call_up(tx, "w", CPU))
        assert await world.due() == ["a"]


@pytest.mark.asyncio
async def test_a_quota_holds_for_all_computes_of_a_workspace_together(store):
    async with World(store, nodes=3, quota={"w": 2, "*": 1}) as world:
        assert [await world.submit("a"), await world.submit("b", compute="local")] == [True, True]
        assert not await world.submit("c")
        assert not await world.submit("d", compute="local")
        assert await world.submit("other", workspace="v", compute="local"), "the line is not blocked for others"
        assert not await world.submit("other-2", workspace="v", compute="local")
        await world.end("b")
        assert {"c", "d"} <= set(await world.due()), "either may take what has become free"
        assert await world.look("c")
        assert not await world.look("d")


@pytest.mark.asyncio
async def test_a_premium_run_takes_the_place_of_the_youngest_spot_run(store):
    spot, premium = ranks.rank("spot", None), ranks.rank("premium", None)
    async with World(store) as world:
        await world.submit("old", priority=spot)
        await world.submit("young", priority=spot)
        assert not await world.submit("standard")
        assert [interrupted_by(await world.run(name)) for name in ("old", "young")] == [None, None]
        await world.due()
        assert not await world.submit("urgent", priority=premium)
        assert [interrupted_by(await world.run(name)) for name in ("old", "young")] == [None, "urgent"]
        assert await world.due() == ["young"], "it is told at once"
        assert not await world.look("urgent")
        assert interrupted_by(await world.run("old")) is None, "one is enough, however often it asks"
        await world.end("young", Signal.RETRY)
        assert "urgent" in await world.due()
        assert await world.look("urgent")
        assert interrupted_by(await world.run("young")) is None, "its next attempt is not the one that was interrupted"


@pytest.mark.asyncio
async def test_on_low_priority_nodes_any_run_makes_room_but_a_premium_one(store):
    premium = ranks.rank("premium", None)
    async with World(store, nodes=2, tier="low_priority") as world:
        await world.submit("first", priority=premium)
        await world.submit("plain")
        await world.submit("second", priority=premium)
        assert interrupted_by(await world.run("plain")) == "second"
        assert interrupted_by(await world.run("first")) is None


@pytest.mark.asyncio
async def test_gpus_are_lent_to_one_run_at_a_time_and_come_back_by_its_end(store):
    async with World(store, nodes=3, gpus=("GPU-1", "GPU-2")) as world:
        await world.submit("a", facts={"limits": {"gpus": 1}})
        await world.submit("plain")
        assert not await world.submit("both", facts={"limits": {"gpus": 8}}), "more than there are is all there are"
        assert (await world.run("a")).facts["gpus"] == ["GPU-1"]
        assert await store.read(world.admission.gpus.holders) == {"GPU-1": "a"}
        await world.due()
        await world.end("a")
        assert "both" in await world.due()
        assert await world.look("both")
        assert (await world.run("both")).facts["gpus"] == ["GPU-1", "GPU-2"]


@pytest.mark.asyncio
async def test_without_gpus_a_run_that_asks_for_one_starts(store):
    async with World(store) as world:
        assert await world.submit("a", facts={"limits": {"gpus": 4}})
        assert "gpus" not in (await world.run("a")).facts


@pytest.mark.asyncio
async def test_nodes_stay_idle_for_a_while_after_a_run(store):
    async with World(store, nodes=3, idle_time_before_scale_down=100) as world:

        async def idle():
            found = await store.read(lambda tx: resources.require(tx, Key("w", "compute", "cpu")))
            return found.state.get("idle_nodes")

        for name in "abcd":
            await world.submit(name)
        await world.end("a")
        assert not await idle(), "d takes it"
        await world.look("d")
        await world.end("b")
        await world.end("c")
        assert [count for _, count in await idle()] == [1, 1]
        await world.submit("e", slots=2)
        assert await idle() == []


@pytest.mark.asyncio
async def test_a_compute_that_is_gone_starts_nothing(store):
    world = World(store)
    assert not await world.submit("a")
    await store.write(world.admission.call_up_all)
    assert await world.due() == []


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["submit", "submit", "end", "retry"]), st.integers(0, 3), st.integers(1, 3)), max_size=30
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_whatever_happens_there_is_never_more_than_there_is_room_for_and_nobody_is_forgotten(tmp_path_factory, actions):
    asyncio.run(_story(tmp_path_factory.mktemp("story"), actions))


async def _story(folder, actions):
    store = await Store.open(f"sqlite:///{folder}/z.db", ManualClock())
    try:
        async with World(store, nodes=3) as world:
            running: list[str] = []
            for number, action in enumerate(actions):
                await _act(world, running, f"r{number:02}", action)
                await _settle(world, running)
                assert sum([(await world.run(name)).slots for name in running]) <= 3
            while running:
                await world.end(running.pop())
                await _settle(world, running)
            left = await store.read(lambda tx: runs.list(tx, runs.RunQuery()))
            assert {run.status for run in left} <= {RunStatus.COMPLETED}, "nobody was left waiting"
    finally:
        await store.close()


async def _act(world, running, name, action):
    what, rank, slots = action
    if what == "submit":
        if await world.submit(name, priority=rank - 1, slots=slots):
            running.append(name)
    elif running:
        await world.end(running.pop(rank % len(running)), Signal.RETRY if what == "retry" else Signal.COMPLETE)


async def _settle(world, running):
    """Everybody who is called up looks."""
    while called := await world.due():
        for name in called:
            if (await world.run(name)).status is RunStatus.QUEUED and await world.look(name):
                running.append(name)
