"""The writing thread: batches, savepoints, and what a broken transaction does to those who share it."""

import asyncio
import contextlib
import threading

import pytest
from sqlalchemy import text

from zaffre.core.errors import Conflict, NoSpace, Unavailable
from zaffre.core.events import Event, EventType
from zaffre.store import Store, events
from zaffre.testing.clock import ManualClock


@pytest.fixture
async def store(tmp_path):
    opened = await Store.open(f"sqlite:///{tmp_path}/zaffre.db", ManualClock())
    yield opened
    await opened.close()


class Gate:
    """Holds the writing thread in one job while others queue up behind it."""

    def __init__(self, store):
        self.store = store
        self.opened = threading.Event()

    async def __aenter__(self):
        entered = threading.Event()

        def hold(tx):
            entered.set()
            assert self.opened.wait(20)

        self.held = asyncio.ensure_future(self.store.write(hold))
        await asyncio.to_thread(entered.wait, 20)

    async def __aexit__(self, *_):
        self.opened.set()
        await asyncio.gather(self.held, return_exceptions=True)


def emit(name):
    return lambda tx: tx.emit(Event(EventType.RUN_NOTED, "ws", f"jobs/{name}", "user:test"))


async def kept(store):
    return [event.subject.removeprefix("jobs/") for event in await store.read(lambda tx: events.read(tx, 0))]


async def test_what_waits_shares_a_commit(store):
    seen = []
    async with Gate(store):
        waiting = [
            asyncio.ensure_future(store.write(lambda tx: seen.append(id(tx.connection.get_transaction()))))
            for _ in range(20)
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert len(seen) == 20
    assert len(set(seen)) == 1


async def test_writes_happen_in_the_order_they_were_asked_for(store):
    async with Gate(store):
        waiting = [asyncio.ensure_future(store.write(emit(str(number)))) for number in range(50)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert await kept(store) == [str(number) for number in range(50)]


async def test_a_write_canceled_before_its_turn_does_not_happen(store):
    async with Gate(store):
        waiting = [asyncio.ensure_future(store.write(emit(name))) for name in ("a", "b", "c")]
        await asyncio.sleep(0)
        waiting[1].cancel()
    await asyncio.wait(waiting)
    assert await kept(store) == ["a", "c"]


@pytest.mark.parametrize("together", [True, False])
async def test_a_full_disk_loses_no_acknowledged_write_and_heals(store, together):
    """SQLite gives up the whole transaction then: nobody in it may be told that it was kept."""
    await store.write(emit("before"))
    pages = await store.read(lambda tx: tx.connection.execute(text("PRAGMA page_count")).scalar_one())

    def grow(tx):
        tx.connection.execute(text(f"PRAGMA max_page_count={pages + 3}"))
        tx.emit(Event(EventType.RUN_NOTED, "ws", "jobs/big", "user:test", {"x": "x" * 100_000}))

    async with Gate(store) if together else contextlib.nullcontext():
        waiting = [asyncio.ensure_future(store.write(fn)) for fn in (emit("one"), grow, emit("two"))]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(outcomes[1], NoSpace)
    acknowledged = [name for name, outcome in zip(("one", "big", "two"), outcomes, strict=True) if outcome is None]
    for outcome in outcomes:
        assert outcome is None or isinstance(outcome, NoSpace)
    assert [name for name in await kept(store) if name != "before"] == acknowledged
    await store.write(lambda tx: tx.connection.execute(text("PRAGMA max_page_count=1000000")).scalar_one())
    await store.write(emit("after"))
    assert (await kept(store))[-1] == "after"


async def test_a_commit_that_fails_is_told_to_all_and_leaves_nothing_behind(store):
    def owe(tx):
        """What is checked only at the commit, and leaves the transaction open when it fails."""
        tx.connection.execute(text("CREATE TABLE owed (id INTEGER PRIMARY KEY)"))
        tx.connection.execute(text("CREATE TABLE owing (id REFERENCES owed (id) DEFERRABLE INITIALLY DEFERRED)"))
        tx.connection.execute(text("INSERT INTO owing VALUES (1)"))

    async with Gate(store):
        waiting = [asyncio.ensure_future(store.write(fn)) for fn in (emit("one"), owe, emit("two"))]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Conflict] * 3
    assert await kept(store) == []
    await store.write(emit("after"))
    assert await kept(store) == ["after"]


async def test_any_exception_reaches_the_one_who_asked(store):
    class Odd(BaseException):
        pass

    def fail(error):
        def raising(tx):
            raise error

        return raising

    for error in (Odd(), KeyError("x"), SystemExit(3)):
        with pytest.raises(type(error)):
            await store.write(fail(error))
    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.write(fail(StopIteration()))
    assert await store.write(lambda tx: "alive") == "alive"


async def test_a_closed_store_says_so_and_has_finished_what_waited(tmp_path):
    store = await Store.open(f"sqlite:///{tmp_path}/zaffre.db", ManualClock())
    waiting = [asyncio.ensure_future(store.write(emit(str(number)))) for number in range(10)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*waiting)
    with pytest.raises(Unavailable, match="closed"):
        await store.write(emit("late"))
    await store.close()
    again = await Store.open(f"sqlite:///{tmp_path}/zaffre.db", ManualClock())
    assert len(await kept(again)) == 10
    await again.close()
