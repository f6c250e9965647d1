"""The loop: nothing due is forgotten, nothing is stepped twice at once, and a new item starts with its own commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from zaffre.control import loop as module
from zaffre.control.loop import RELEASED, Look, Loop, Step
from zaffre.core.errors import Conflict, Overtaken
from zaffre.core.ports import Clock
from zaffre.server.clock import SystemClock
from zaffre.store import Store, Tx, leases
from zaffre.store.leases import Lease


class Steps:
    """A stepper that counts, and does as it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.due: float | None = None
        self.work: Callable[[], Awaitable[Any]] | None = None
        self.looked: list[str] = []

    async def step(self, lease: Lease) -> float | None:
        self.seen.append(lease.key)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.work is not None:
                await self.work()
        finally:
            self.at_once -= 1
        return self.due

    def look(self, tx: Tx, lease: Lease) -> Step:
        leases.check(tx, lease)
        self.looked.append(lease.key)
        return lambda: self.step(lease)


@asynccontextmanager
async def running(folder: Path, steps: Steps, clock: Clock | None = None) -> AsyncIterator[tuple[Store, Loop]]:
    clock = clock or SystemClock()
    store = await Store.open(f"sqlite:///{folder / 'z.db'}", clock)
    loop = Loop(store, clock, "test")
    loop.serve("run", steps, steps.look)
    loop.serve("other", steps)
    store.on_nudge(loop.nudge)
    ticking = asyncio.create_task(loop.run())
    try:
        yield store, loop
    finally:
        await loop.stop()
        await ticking
        await store.close()


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def free(store: Store, key: str) -> bool:
    """Whether nobody holds ``key`` any more: claimable in the far future."""
    found = await store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT token FROM work WHERE key = ?", (key,)).all()
    )
    return found == [(None,)]


@pytest.mark.parametrize("key", ["run:a", "other:a"])
async def test_what_is_added_is_stepped_and_let_go(tmp_path: Path, key: str) -> None:
    steps = Steps()
    async with running(tmp_path, steps) as (store, _):
        await store.write(lambda tx: leases.add(tx, key, tx.now))
        await until(lambda: steps.seen == [key])
        async with asyncio.timeout(5):
            while not await free(store, key):
                await asyncio.sleep(0.005)
    assert steps.looked == ([key] if key.startswith("run:") else [])


async def test_more_nudges_than_are_claimed_by_name(tmp_path: Path) -> None:
    steps = Steps()
    keys = {f"run:{number}" for number in range(150)}
    async with running(tmp_path, steps) as (store, _):
        await store.write(lambda tx: [leases.add(tx, key, tx.now) for key in keys])
        await until(lambda: {*steps.seen} == keys)
    assert len(steps.seen) == 150


async def test_news_during_a_step_is_not_lost_and_never_two_steps_at_once(tmp_path: Path) -> None:
    steps, go = Steps(), asyncio.Event()
    steps.work = go.wait
    async with running(tmp_path, steps) as (store, loop):
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: steps.seen == ["run:a"])
        await asyncio.gather(*(loop.wake("run:a") for _ in range(5)))
        assert steps.seen == ["run:a"]
        go.set()
        await until(lambda: len(steps.seen) == 2)
    assert steps.most_at_once == 1


async def test_news_of_an_idle_item_is_looked_at_at_once_though_it_is_due_later(tmp_path: Path) -> None:
    steps = Steps()
    steps.due = SystemClock().now() + 3600
    async with running(tmp_path, steps) as (store, loop):
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: steps.seen == ["run:a"] and not loop._busy)
        await loop.wake("run:a")
        await until(lambda: len(steps.seen) == 2)


async def test_news_of_nothing_is_nothing(tmp_path: Path) -> None:
    steps = Steps()
    async with running(tmp_path, steps) as (_, loop):
        await loop.wake("run:gone")
    assert steps.seen == []


async def test_an_early_deadline_is_met_after_a_late_one(tmp_path: Path) -> None:
    steps = Steps()
    async with running(tmp_path, steps) as (store, _):
        steps.due = SystemClock().now() + 0.2
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: len(steps.seen) == 1)
        steps.due = SystemClock().now() + 3600
        await until(lambda: len(steps.seen) == 2)


class Settable(SystemClock):
    """The machine's clock, as somebody set it."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


async def test_a_clock_set_back_postpones_nothing(tmp_path: Path) -> None:
    steps, clock = Steps(), Settable()
    clock.ahead = 3600.0
    async with running(tmp_path, steps, clock) as (store, loop):
        steps.due = clock.now() + 30
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: steps.seen == ["run:a"] and not loop._busy)
        clock.ahead = 0.0  # now it would be due in more than an hour
        loop.nudge("run:other")
        await until(lambda: len(steps.seen) == 2)


async def test_a_seized_item_is_stepped_after_its_own_commit(tmp_path: Path) -> None:
    steps = Steps()

    def make(tx: Tx) -> None:
        leases.add_new(tx, "run:a", tx.now)
        loop.seize(tx, "run:a")

    async with running(tmp_path, steps) as (store, loop):
        await store.write(make)
        await until(lambda: steps.seen == ["run:a"])
    assert steps.looked == ["run:a"]


async def test_what_is_not_committed_is_not_begun(tmp_path: Path) -> None:
    steps = Steps()

    def make(tx: Tx) -> None:
        leases.add_new(tx, "run:a", tx.now)
        loop.seize(tx, "run:a")
        raise Conflict("refused after all")

    async with running(tmp_path, steps) as (store, loop):
        with pytest.raises(Conflict):
            await store.write(make)
        await store.write(lambda tx: leases.add(tx, "run:b", tx.now))
        await until(lambda: steps.seen)
    assert steps.seen == ["run:b"]


async def test_a_step_that_was_overtaken_is_taken_again_at_once_and_is_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A user changes what a step is about to write: it looks again, without the pause that a failure costs."""
    steps = Steps()

    async def overtaken() -> None:
        if len(steps.seen) < 4:
            raise Overtaken("somebody was faster")

    steps.work = overtaken
    async with running(tmp_path, steps) as (store, loop):
        began = loop._clock.monotonic()
        await store.write(lambda tx: leases.add(tx, "other:a", tx.now))
        await until(lambda: len(steps.seen) == 4 and not loop._busy)
        assert loop._clock.monotonic() - began < 0.9, "it waited as after a failure"
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "WARNING")]


async def test_a_step_that_let_go_itself_is_not_let_go_again(tmp_path: Path) -> None:
    steps = Steps()
    steps.due = RELEASED
    async with running(tmp_path, steps) as (store, loop):
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: steps.seen == ["run:a"] and not loop._busy)
        assert not await free(store, "run:a")  # the step said so, and did not


async def test_an_item_that_cannot_be_read_fails_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    steps = Steps()

    def look(tx: Tx, lease: Lease) -> Step:
        if lease.key == "run:broken":
            raise ValueError("a row that nobody can read")
        return steps.look(tx, lease)

    async with running(tmp_path, steps) as (store, loop):
        loop.serve("run", steps, look)
        await store.write(lambda tx: [leases.add(tx, key, tx.now) for key in ("run:broken", "run:fine")])
        await until(lambda: {*steps.seen} == {"run:broken", "run:fine"})
    assert "could not be read" in caplog.text


async def test_an_item_that_always_fails_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_SECONDS", 0.001)
    steps, given_up = Steps(), list[str]()

    async def fail() -> None:
        raise KeyError("x")

    async def despair(lease: Lease, why: str) -> float | None:
        given_up.append(why)
        await store.write(lambda tx: leases.remove(tx, lease))
        return RELEASED

    steps.work = fail
    async with running(tmp_path, steps) as (store, loop):
        loop.serve("run", steps, steps.look, despair)
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: bool(given_up))
    assert given_up == ["KeyError"]  # its words may hold what is nobody's business
    assert len(steps.seen) == module.MOST_FAILURES


async def test_after_stop_nothing_is_begun_and_nothing_held(tmp_path: Path) -> None:
    steps = Steps()
    async with running(tmp_path, steps) as (store, loop):
        await loop.stop()
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await loop.wake("run:a")
        await asyncio.sleep(0.05)
        assert await free(store, "run:a")
    assert steps.seen == []


async def test_news_that_is_understood_is_one_transaction_and_begins_whom_it_nudges(tmp_path: Path) -> None:
    steps, heard = Steps(), list[str]()

    async def news(key: str) -> Look | None:
        heard.append(key)
        return look

    def look(tx: Tx, lease: Lease) -> Step:
        leases.remove(tx, lease)  # a child that is over
        leases.nudge(tx, "run:parent")
        return over

    async def over() -> float:
        return RELEASED

    async with running(tmp_path, steps) as (store, loop):
        loop.hear("run", news)
        far = loop._clock.now() + 3600
        await store.write(lambda tx: [leases.add(tx, key, far) for key in ("run:child", "run:parent")])
        await loop.wake("run:child")
        await until(lambda: steps.seen == ["run:parent"])
    assert (heard, steps.looked) == (["run:child"], ["run:parent"])


@pytest.mark.parametrize("trouble", ["no answer", "not found out", "not written"])
async def test_news_that_comes_to_nothing_is_a_step_like_any_other(tmp_path: Path, trouble: str) -> None:
    steps = Steps()

    async def news(key: str) -> Look | None:
        if trouble == "not found out":
            raise OSError(key)
        return look if trouble == "not written" else None

    def look(tx: Tx, lease: Lease) -> Step:
        leases.remove(tx, lease)
        raise Conflict("an output of that name is there already")

    async with running(tmp_path, steps) as (store, loop):
        loop.hear("run", news)
        far = loop._clock.now() + 3600
        await store.write(lambda tx: leases.add(tx, "run:a", far))
        await loop.wake("run:a")
        await until(lambda: steps.seen == ["run:a"])  # so what the look had done was taken back


async def test_news_of_what_is_being_stepped_is_looked_at_afterwards(tmp_path: Path) -> None:
    steps, go = Steps(), asyncio.Event()
    steps.work = go.wait
    heard: list[str] = []

    async def news(key: str) -> Look | None:
        heard.append(key)
        return None

    async with running(tmp_path, steps) as (store, loop):
        loop.hear("run", news)
        await store.write(lambda tx: leases.add(tx, "run:a", tx.now))
        await until(lambda: steps.seen == ["run:a"])
        await loop.wake("run:a")
        go.set()
        await until(lambda: steps.seen == ["run:a", "run:a"])
    assert heard == []
