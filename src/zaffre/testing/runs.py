"""``RunContract``: a run moves as the table of legal moves says, by its holder alone, and ends once."""

from __future__ import annotations

import asyncio

import pytest

from zaffre.core.errors import Conflict, Invalid, NotFound
from zaffre.core.events import Event, EventType
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus, Signal
from zaffre.store import Store, Tx, events, leases, queues, runs
from zaffre.store.leases import Lease, StaleLease
from zaffre.store.runs import NewRun, Run, RunQuery
from zaffre.testing.clock import ManualClock

TTL = 30.0
_SUCCESS = Reason(Cause.SUCCEEDED, {"run": "a"})


def new_run(name: str = "a", **fields: object) -> NewRun:
    """A run with little to say."""
    return NewRun(**{"name": name, "workspace": "ws", "type": "command", "actor": "user:me", **fields})  # pyright: ignore[reportArgumentType]  fields of NewRun


class RunContract:
    """Part of ``StoreContract``."""

    async def held(self, store: Store, new: NewRun | None = None, *signals: Signal) -> tuple[Run, Lease]:
        """A run, moved by ``signals``, and the lease on it."""

        def write(tx: Tx) -> tuple[Run, Lease]:
            run = runs.submit(tx, new or new_run())
            [lease] = leases.claim(tx, "one", TTL, 1, runs.key(run.name))
            for signal in signals:
                attempt = run.attempt + 1 if signal is Signal.START else None
                moved = runs.apply(tx, lease, signal, attempt=attempt)
                assert moved is not None
                run = moved
            return run, lease

        return await store.write(write)

    async def events(self, store: Store) -> list[Event]:
        """All there are."""
        return await store.read(lambda tx: events.read(tx, 0))

    async def test_a_run_is_on_record_due_and_told_of(self, store: Store, clock: ManualClock) -> None:
        nudged: list[str] = []
        store.on_nudge(nudged.append)
        run = await store.write(lambda tx: runs.submit(tx, new_run(facts={"x": [1]}, experiment="e", priority=3)))
        await asyncio.sleep(0)
        assert await store.read(lambda tx: runs.require(tx, "a")) == run
        assert (run.status, run.root, run.attempt, run.created_at) == (RunStatus.NOT_STARTED, "a", 0, clock.now())
        assert (run.facts, run.experiment, run.priority, run.actor) == ({"x": [1]}, "e", 3, "user:me")
        assert nudged == ["run:a"]
        [told] = await self.events(store)
        assert (told.type, told.subject) == (EventType.RUN_STATUS_CHANGED, "job/a")
        assert told.data == {"to": "NotStarted"}
        assert len(await store.write(lambda tx: leases.claim(tx, "one", TTL, 5))) == 1

    async def test_a_name_is_taken_once_in_the_whole_installation(self, store: Store) -> None:
        await store.write(lambda tx: runs.submit(tx, new_run()))
        with pytest.raises(Conflict):
            await store.write(lambda tx: runs.submit(tx, new_run(workspace="other")))
        assert len(await self.events(store)) == 1

    async def test_a_run_goes_its_way_to_its_one_end(self, store: Store, clock: ManualClock) -> None:
        nudged: list[str] = []
        parent = await store.write(lambda tx: runs.submit(tx, new_run("parent")))
        _, lease = await self.held(store, new_run(parent=parent.name, root=parent.name))
        await asyncio.sleep(0)
        store.on_nudge(nudged.append)
        started = await store.write(lambda tx: runs.apply(tx, lease, Signal.START, attempt=1, token="t"))  # noqa: S106
        assert started is not None
        assert (started.status, started.attempt, started.token, started.started_at) == (
            RunStatus.STARTING,
            1,
            "t",
            None,
        )
        clock.advance(2)
        running = await store.write(lambda tx: runs.apply(tx, lease, Signal.RUN, facts={"pid": 7}))
        assert running is not None
        assert (running.started_at, running.facts) == (clock.now(), {"pid": 7})
        clock.advance(3)
        assert nudged == []
        ended = await store.write(lambda tx: runs.apply(tx, lease, Signal.COMPLETE, reason=_SUCCESS))
        assert ended is not None
        assert (ended.status, ended.reason, ended.ended_at) == (RunStatus.COMPLETED, _SUCCESS, clock.now())
        assert await store.read(lambda tx: runs.get(tx, "a")) == ended
        await asyncio.sleep(0)
        assert nudged == ["run:parent"]
        told = [event.data for event in await self.events(store) if event.subject == "job/a"]
        assert [(data.get("from"), data["to"]) for data in told] == [
            (None, "NotStarted"),
            ("NotStarted", "Starting"),
            ("Starting", "Running"),
            ("Running", "Completed"),
        ]
        assert told[-1]["reason"]["code"] == "Succeeded"

    async def test_an_end_is_final(self, store: Store, clock: ManualClock) -> None:
        _, lease = await self.held(store, None, Signal.START, Signal.RUN)
        ended = await store.write(
            lambda tx: runs.apply(tx, lease, Signal.FAIL, reason=Reason(Cause.EXIT_CODE, {"code": 3}))
        )
        for signal in Signal:
            with pytest.raises(StaleLease):
                await store.write(lambda tx, signal=signal: runs.apply(tx, lease, signal, reason=_SUCCESS))
        with pytest.raises(StaleLease):
            await store.write(lambda tx: runs.note(tx, lease, {"late": True}))
        assert await store.write(lambda tx: runs.request(tx, "a", Signal.ASK_CANCEL, "user:me")) == ended
        clock.advance(1e6)
        await store.write(lambda tx: tx.nudge("run:a"))
        assert await store.write(lambda tx: leases.claim(tx, "one", TTL, 5)) == []

    async def test_a_run_that_changed_since_it_was_read_is_read_again(self, store: Store) -> None:
        old, lease = await self.held(store)
        await store.write(lambda tx: runs.apply(tx, lease, Signal.START, run=old, attempt=1))
        moved = await store.write(lambda tx: runs.apply(tx, lease, Signal.RUN, run=old))
        assert moved is not None
        assert (moved.status, moved.attempt) == (RunStatus.RUNNING, 1)
        assert await store.write(lambda tx: runs.apply(tx, lease, Signal.START, run=old)) is None
        stale = Lease(lease.key, "other", lease.owner, lease.until)
        with pytest.raises(StaleLease):
            await store.write(lambda tx: runs.apply(tx, stale, Signal.COMPLETE, run=moved))

    async def test_an_illegal_move_changes_nothing(self, store: Store) -> None:
        run, lease = await self.held(store)
        assert await store.write(lambda tx: runs.apply(tx, lease, Signal.COMPLETE, reason=_SUCCESS)) is None
        assert await store.read(lambda tx: runs.get(tx, "a")) == run
        assert len(await self.events(store)) == 1

    async def test_only_the_holder_moves_a_run(self, store: Store, second: Store, clock: ManualClock) -> None:
        _, lease = await self.held(store, None, Signal.START)
        clock.advance(TTL)
        [taken] = await second.write(lambda tx: leases.claim(tx, "two", TTL, 5))
        for stale in (lease, Lease("run:a", "guessed", "three", clock.now() + TTL)):
            with pytest.raises(StaleLease):
                await store.write(lambda tx, stale=stale: runs.apply(tx, stale, Signal.RUN))
            with pytest.raises(StaleLease):
                await store.write(lambda tx, stale=stale: runs.note(tx, stale, {"a": 1}))
        moved = await second.write(lambda tx: runs.apply(tx, taken, Signal.RUN))
        assert moved is not None
        assert (moved.status, moved.facts) == (RunStatus.RUNNING, {})

    async def test_the_lease_of_another_run_moves_nothing(self, store: Store) -> None:
        _, lease = await self.held(store)
        await store.write(lambda tx: runs.submit(tx, new_run("b")))
        borrowed = Lease("run:b", lease.token, lease.owner, lease.until)
        with pytest.raises(StaleLease):
            await store.write(lambda tx: runs.apply(tx, borrowed, Signal.START))

    async def test_a_retried_run_keeps_its_first_start(self, store: Store, clock: ManualClock) -> None:
        run, lease = await self.held(store, None, Signal.START, Signal.RUN)
        clock.advance(9)

        def again(tx: Tx) -> Run | None:
            runs.apply(tx, lease, Signal.RETRY)
            runs.apply(tx, lease, Signal.START, attempt=2, token="u")  # noqa: S106
            return runs.apply(tx, lease, Signal.RUN)

        retried = await store.write(again)
        assert retried is not None
        assert (retried.attempt, retried.token, retried.started_at) == (2, "u", run.started_at)

    async def test_facts_are_merged_and_told_of_once(self, store: Store) -> None:
        _, lease = await self.held(store, new_run(facts={"a": 1, "b": 1}))
        noted = await store.write(lambda tx: runs.note(tx, lease, {"b": 2, "c": 3}))
        assert noted.facts == {"a": 1, "b": 2, "c": 3}
        assert await store.write(lambda tx: runs.note(tx, lease, {"c": 3})) == noted
        assert [event.type for event in await self.events(store)].count(EventType.RUN_NOTED) == 1

    async def test_a_cancel_is_asked_for_once_by_whoever_was_first(self, store: Store) -> None:
        nudged: list[str] = []
        _, lease = await self.held(store, None, Signal.START, Signal.RUN)
        await asyncio.sleep(0)
        store.on_nudge(nudged.append)
        asked = await store.write(lambda tx: runs.request(tx, "a", Signal.ASK_CANCEL, "user:first"))
        assert (asked.status, asked.cancel_by) == (RunStatus.CANCEL_REQUESTED, "user:first")
        assert await store.write(lambda tx: runs.request(tx, "a", Signal.ASK_CANCEL, "user:second")) == asked
        await asyncio.sleep(0)
        assert nudged == ["run:a"]
        assert (await self.events(store))[-1].actor == "user:first"
        reason = Reason(Cause.CANCELED, {"by": "user:first"})
        ended = await store.write(lambda tx: runs.apply(tx, lease, Signal.CANCEL, reason=reason))
        assert ended is not None
        assert ended.status is RunStatus.CANCELED

    async def test_pause_and_resume_are_asked_for_while_queued(self, store: Store) -> None:
        await self.held(store, None, Signal.QUEUE)
        for _ in range(2):
            paused = await store.write(lambda tx: runs.request(tx, "a", Signal.PAUSE, "user:me"))
            assert paused.status is RunStatus.PAUSED
        for _ in range(2):
            resumed = await store.write(lambda tx: runs.request(tx, "a", Signal.RESUME, "user:me"))
            assert resumed.status is RunStatus.QUEUED

    async def test_requests_that_cannot_be_granted_say_so(self, store: Store) -> None:
        await self.held(store, None, Signal.START, Signal.RUN)
        with pytest.raises(Conflict, match="Running"):
            await store.write(lambda tx: runs.request(tx, "a", Signal.PAUSE, "user:me"))
        with pytest.raises(Invalid):
            await store.write(lambda tx: runs.request(tx, "a", Signal.COMPLETE, "user:me"))
        with pytest.raises(NotFound, match="zaffre job list"):
            await store.write(lambda tx: runs.request(tx, "b", Signal.ASK_CANCEL, "user:me"))

    async def test_the_queue_is_in_order_and_slots_are_counted(self, store: Store) -> None:
        for name, priority, signals in (
            ("low", 1, (Signal.QUEUE,)),
            ("high", 5, (Signal.QUEUE,)),
            ("low2", 1, (Signal.QUEUE,)),
            ("running", 1, (Signal.START, Signal.RUN)),
            ("preparing", 9, (Signal.PREPARE,)),
        ):
            await self.held(store, new_run(name, compute="c", priority=priority, slots=2), *signals)
        await self.held(store, new_run("elsewhere", compute="d"), Signal.QUEUE)
        assert [run.name for run in await store.read(lambda tx: queues.waiting(tx, "c", 9))] == ["high", "low", "low2"]
        assert [run.name for run in await store.read(lambda tx: queues.waiting(tx, "c", 1))] == ["high"]
        assert await store.read(lambda tx: (queues.occupied(tx, "c"), queues.occupied(tx, "none"))) == (2, 0)

    async def test_runs_are_listed_newest_first_and_by_what_they_are(self, store: Store) -> None:
        for name, fields in (
            ("a", {}),
            ("b", {"workspace": "other"}),
            ("c", {"parent": "a", "experiment": "e"}),
            ("d", {"compute": "c", "type": "sweep"}),
        ):
            await self.held(store, new_run(name, **fields), *((Signal.START,) if name == "c" else ()))

        async def names(**query: object) -> list[str]:
            wanted = RunQuery(**query)  # pyright: ignore[reportArgumentType]  fields of RunQuery
            return [run.name for run in await store.read(lambda tx: runs.list(tx, wanted))]

        assert await names() == ["d", "c", "b", "a"]
        assert await names(workspace="ws") == ["d", "c", "a"]
        assert await names(workspace="ws", top=1, skip=1) == ["c"]
        assert await names(parent="a", experiment="e") == ["c"]
        assert await names(compute="c") == await names(type="sweep") == ["d"]
        assert await names(statuses=[RunStatus.STARTING, RunStatus.RUNNING]) == ["c"]
