"""``StoreContract``: what the store promises whatever database lies below, as tests.

    class TestMine(StoreContract):
        @pytest.fixture
        def url(self, tmp_path): return f"sqlite:///{tmp_path}/zaffre.db"

``url`` names an empty database of this test alone, which other processes of this machine can open too.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable

import pytest

from zaffre.core.errors import Conflict, Invalid
from zaffre.core.events import Event, EventType
from zaffre.core.resource import Content, Key
from zaffre.store import Store, Tx, events, leases, repeats, resources
from zaffre.testing.assets import AssetContract
from zaffre.testing.clock import ManualClock
from zaffre.testing.leases import LeaseContract
from zaffre.testing.runs import RunContract

_WRITER = """
import asyncio, sys, time
from zaffre.core.resource import Content, Key
from zaffre.store import Store, resources
from zaffre.testing.clock import ManualClock

async def write(store, name):
    number = 0
    while True:
        key = Key("ws", "data", f"{name}-{number}")
        await store.write(lambda tx: resources.put(tx, key, Content({"number": number}, "hash"), "user:test"))
        print(key.name, flush=True)
        number += 1

async def main():
    store = await Store.open(sys.argv[1], ManualClock())
    await asyncio.gather(*(write(store, f"task{n}") for n in range(8)))

asyncio.run(main())
"""
_OPENER = """
import asyncio, sys
from zaffre.store import Store
from zaffre.testing.clock import ManualClock

async def main():
    sys.stdin.read(1)
    store = await Store.open(sys.argv[1], ManualClock())
    print(await store.write(lambda tx: 1))
    await store.close()

asyncio.run(main())
"""


def _note(name: str, data: dict[str, int] | None = None) -> Event:
    return Event(EventType.RUN_NOTED, "ws", f"jobs/{name}", "user:test", dict(data or {}))


class TransactionContract:
    """Durable, all or nothing, alone, and told to whoever listens."""

    async def test_a_write_returns_what_its_function_returns(self, store: Store) -> None:
        assert await store.write(lambda tx: tx.now) == ManualClock().now()

    async def test_a_read_sees_every_write_that_returned(self, store: Store) -> None:
        for number in range(20):
            await store.write(lambda tx: tx.emit(_note("a")))
            assert await store.read(events.last) == number + 1

    async def test_a_read_cannot_change_anything(self, store: Store) -> None:
        with pytest.raises(Exception, match="read"):
            await store.read(lambda tx: tx.emit(_note("a")))
        assert await store.read(events.last) == 0

    async def test_a_function_that_raises_leaves_nothing(self, store: Store) -> None:
        def fail(tx: Tx) -> None:
            tx.emit(_note("a"))
            raise LookupError("on purpose")

        with pytest.raises(LookupError, match="on purpose"):
            await store.write(fail)
        assert await store.read(events.last) == 0

    async def test_of_writes_that_share_a_commit_only_the_failing_ones_are_undone(self, store: Store) -> None:
        def write(number: int) -> Callable[[Tx], int]:
            def change(tx: Tx) -> int:
                tx.emit(_note("a", {"number": number}))
                if number % 3 == 0:
                    raise LookupError(number)
                return number

            return change

        outcomes = await asyncio.gather(*(store.write(write(number)) for number in range(60)), return_exceptions=True)
        kept = [number for number in range(60) if number % 3]
        assert [outcome for outcome in outcomes if not isinstance(outcome, LookupError)] == kept
        found = await store.read(lambda tx: events.read(tx, 0))
        assert sorted(event.data["number"] for event in found) == kept

    async def test_writers_never_overtake_each_other_half_way(self, store: Store, second: Store) -> None:
        key = Key("ws", "data", "counter")
        await store.write(lambda tx: resources.put(tx, key, Content({}, "hash", {"count": 0}), "user:test"))

        def increase(tx: Tx) -> None:
            count = resources.require(tx, key).state["count"]
            resources.set_state(tx, key, {"count": count + 1})

        await asyncio.gather(*(each.write(increase) for _ in range(40) for each in (store, second)))
        assert (await store.read(lambda tx: resources.require(tx, key))).state == {"count": 80}

    async def test_what_was_counted_nobody_adds_to_before_the_commit(self, store: Store, second: Store) -> None:
        """As slots are: several servers must never give out more than there are."""

        def enter(name: str) -> Callable[[Tx], bool]:
            def change(tx: Tx) -> bool:
                if len(resources.list(tx, resources.Query("ws", "data"))) >= 10:
                    return False
                time.sleep(0.002)  # for the other to get between
                resources.put(tx, Key("ws", "data", name), Content({}, "hash"), "user:test")
                return True

            return change

        both = (("a", store), ("b", second))
        let_in = await asyncio.gather(*(each.write(enter(f"{n}{x}")) for x in range(20) for n, each in both))
        assert sum(let_in) == 10
        assert len(await store.read(lambda tx: resources.list(tx, resources.Query("ws", "data")))) == 10

    async def test_what_one_store_wrote_the_other_reads(self, store: Store, second: Store) -> None:
        await store.write(lambda tx: tx.emit(_note("a")))
        assert await second.read(events.last) == 1

    async def test_listeners_hear_after_the_commit_and_only_of_what_is_kept(self, store: Store) -> None:
        heard: list[Event] = []
        nudged: list[str] = []
        store.on_event(heard.append)
        store.on_nudge(nudged.append)

        def fail(tx: Tx) -> None:
            tx.emit(_note("lost"))
            tx.nudge("run:lost")
            raise LookupError

        def keep(tx: Tx) -> None:
            tx.emit(_note("kept"))
            tx.nudge("run:kept")
            tx.nudge("run:kept")

        await asyncio.gather(store.write(fail), store.write(keep), return_exceptions=True)
        await asyncio.sleep(0)
        assert [(event.subject, event.at) for event in heard] == [("jobs/kept", ManualClock().now())]
        assert nudged == ["run:kept"]
        assert await store.read(lambda tx: events.read(tx, heard[0].seq - 1)) == heard

    async def test_events_are_read_in_order_by_workspace_and_by_subject(self, store: Store) -> None:
        def write(tx: Tx) -> None:
            for workspace, subject in (
                ("a", "e/one"),
                ("b", "e/one"),
                ("a", "e/one/d/x"),
                ("a", "e/one2"),
                ("a", "e/on"),
            ):
                tx.emit(Event(EventType.RESOURCE_CREATED, workspace, subject, "user:test"))

        await store.write(write)

        async def subjects(after: int, workspace: str | None, subject: str | None) -> list[str]:
            found = await store.read(lambda tx: events.read(tx, after, workspace, subject))
            assert [event.seq for event in found] == sorted(event.seq for event in found)
            return [event.subject for event in found]

        assert await subjects(0, "a", "e/one") == ["e/one", "e/one/d/x"]
        assert await subjects(0, "b", None) == ["e/one"]
        assert await subjects(3, None, None) == ["e/one2", "e/on"]
        assert len(await store.read(lambda tx: events.read(tx, 0, limit=2))) == 2

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"], ids=["nan", "infinite", "surrogate"])
    async def test_what_cannot_be_kept_is_refused_for_the_user(self, store: Store, value: object) -> None:
        with pytest.raises(Invalid):
            await store.write(
                lambda tx: resources.put(tx, Key("ws", "data", "a"), Content({"x": value}, "hash"), "user:test")
            )
        assert await store.write(lambda tx: 7) == 7

    async def test_an_idempotency_key_answers_the_same_request_only(self, store: Store) -> None:
        await store.write(lambda tx: repeats.remember(tx, "user:a POST jobs", "k", "hash", {"name": "one"}))
        assert await store.read(lambda tx: repeats.recall(tx, "user:a POST jobs", "k", "hash")) == {"name": "one"}
        assert await store.read(lambda tx: repeats.recall(tx, "user:b POST jobs", "k", "hash")) is None
        with pytest.raises(Conflict):
            await store.read(lambda tx: repeats.recall(tx, "user:a POST jobs", "k", "other"))
        assert await store.write(lambda tx: repeats.forget(tx, tx.now + 1)) == 1


class ProcessContract:
    """What holds when processes die or start at once."""

    async def test_no_acknowledged_write_is_lost_when_the_writer_is_killed(self, url: str) -> None:
        acknowledged = await asyncio.to_thread(_killed_writer, url, 150)
        store = await Store.open(url, ManualClock())
        query = resources.Query("ws", "data", top=100_000)
        kept = {found.key.name for found in await store.read(lambda tx: resources.list(tx, query))}
        assert set(acknowledged) <= kept
        # A task has at most one write on its way when the writer dies.
        assert len(kept) <= len(acknowledged) + 8
        told = {event.subject for event in await store.read(lambda tx: events.read(tx, 0, limit=1000))}
        assert told == {f"data/{name}" for name in kept}
        assert await store.write(lambda tx: leases.lead(tx, "loop", "me", 10)) == 1
        await store.close()

    async def test_processes_that_start_at_once_share_one_schema(self, url: str) -> None:
        assert await asyncio.to_thread(_opened_at_once, url, 3) == ["1"] * 3


class StoreContract(TransactionContract, ProcessContract, LeaseContract, RunContract, AssetContract):
    """Everything. Subclass it and provide the fixture ``url``."""

    @pytest.fixture
    def url(self) -> str:
        """Names an empty database."""
        raise NotImplementedError

    @pytest.fixture
    def clock(self) -> ManualClock:
        """The time, as both stores see it."""
        return ManualClock()

    @pytest.fixture
    async def store(self, url: str, clock: ManualClock) -> AsyncGenerator[Store, None]:
        """A store on the database."""
        opened = await Store.open(url, clock)
        yield opened
        await opened.close()

    @pytest.fixture
    async def second(self, url: str, store: Store, clock: ManualClock) -> AsyncGenerator[Store, None]:
        """Another store on the same database, as another server would have."""
        del store  # opened first
        opened = await Store.open(url, clock)
        yield opened
        await opened.close()


def _killed_writer(url: str, writes: int) -> list[str]:
    with subprocess.Popen([sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        seen = [writer.stdout.readline() for _ in range(writes)]
        writer.kill()
        seen += writer.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in seen if line.endswith("\n")]


def _opened_at_once(url: str, count: int) -> list[str]:
    openers = [
        subprocess.Popen([sys.executable, "-c", _OPENER, url], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(count)
    ]
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go")
        opener.stdin.flush()
    return [opener.communicate(timeout=60)[0].strip() for opener in openers]
