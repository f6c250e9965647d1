"""Jobs that run other jobs, on every database there is: each child once, whatever dies when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from zaffre.control.loop import RELEASED
from zaffre.control.parents import MOST_AT_ONCE, Parents, Refusal
from zaffre.core.draft import NewRun
from zaffre.core.intents import Wait
from zaffre.core.parents import Ask, CancelChild, Child, FinishParent, Note, ParentFacts, StartChild
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus, Signal
from zaffre.store import Store, Tx, families, leases, results, runs
from zaffre.store.leases import Lease, StaleLease
from zaffre.store.runs import Run
from zaffre.testing.clock import ManualClock


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/z.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
async def store(url: str) -> AsyncGenerator[Store]:
    opened = await Store.open(url, ManualClock())
    yield opened
    await opened.close()


class Scripted:
    """A parent type that plans what it is told to, and keeps what it was asked."""

    def __init__(self, *plans: Sequence[Any]) -> None:
        self.plans = list(plans)
        self.told: list[ParentFacts] = []
        self.closed: list[Reason] = []
        self.refuses: Mapping[str, str] = {}
        self.over: set[str] = set()
        self.known: set[str] = set()
        self.submitted: list[tuple[str, Tx]] = []

    def plan(self, run: Run, facts: ParentFacts) -> Sequence[Any]:
        del run
        self.told.append(facts)
        return self.plans.pop(0) if self.plans else [Wait(5)]

    async def ask(self, run: Run, facts: ParentFacts, asked: Ask) -> Mapping[str, Any]:
        del run, facts
        return {"answer": asked.question["number"] + 1}

    async def ready(self, run: Run, starts: Sequence[StartChild]) -> Sequence[Any]:
        del run
        keys = [start.key for start in starts]
        return [Refusal(key, self.refuses[key]) if key in self.refuses else key for key in keys]

    def at_hand(self, tx: Tx, run: Run, start: StartChild) -> Any | None:
        del tx, run
        return start.key if start.key in self.known else None

    def submit(self, tx: Tx, run: Run, ready: Any) -> Child | Refusal:
        self.submitted.append((ready, tx))
        name = f"{run.name}_{ready}"
        if runs.get(tx, name) is None:
            new = NewRun(name, "ws", "job", "user:a", parent=run.name, root=run.name, facts={"key": ready})
            runs.record(tx, new, Reason(Cause.REUSED)) if ready in self.over else runs.submit(tx, new)
        found = runs.require(tx, name)
        return Child(ready, name, found.status, found.reason, None, found.ended_at)

    async def opened(self, run: Run) -> None:
        assert run.status is RunStatus.NOT_STARTED

    async def ending(self, run: Run, reason: Reason) -> None:
        del run
        self.closed.append(reason)

    def publish(self, tx: Tx, run: Run, outputs: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
        del tx, run
        return {"left": {name: list(place) for name, place in outputs.items()}}

    def show(self, tx: Tx, run: Run, properties: Mapping[str, str]) -> None:
        del tx, run, properties


async def claimed(store: Store, name: str = "p") -> tuple[Lease, Run]:
    def write(tx: Tx) -> tuple[Lease, Run]:
        if runs.get(tx, name) is None:
            runs.submit(tx, NewRun(name, "ws", "parent", "user:a"))
        lease = leases.take(tx, "me", 30, runs.key(name))
        assert lease is not None
        return lease, runs.require(tx, name)

    return await store.write(write)


def engine(store: Store, scripted: Scripted) -> Parents:
    made = Parents(store, ManualClock())
    made.serve("parent", scripted)
    return made


async def ended(store: Store, name: str, signal: Signal = Signal.COMPLETE) -> None:
    """A child runs, and ends."""

    def write(tx: Tx) -> None:
        lease = leases.take(tx, "other", 30, runs.key(name))
        assert lease is not None
        for each in (Signal.START, Signal.RUN, signal):
            runs.apply(tx, lease, each, reason=Reason(Cause.SUCCEEDED) if each is Signal.COMPLETE else None)

    await store.write(write)


def starts(*keys: str) -> list[Any]:
    return [*(StartChild(key, {}) for key in keys), Note({"begun": list(keys)}), Wait(5)]


async def test_children_and_memory_are_there_together_and_the_parent_runs(store: Store) -> None:
    scripted = Scripted(starts("a", "b"))
    lease, run = await claimed(store)
    assert await engine(store, scripted).step(lease, run) == RELEASED
    due = await store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT due FROM work WHERE key = 'run:p'").scalar()
    )
    assert due == ManualClock().now() + 5
    now = await store.read(lambda tx: runs.require(tx, "p"))
    assert (now.status, now.facts["memory"]) == (RunStatus.RUNNING, {"begun": ["a", "b"]})
    found = await store.read(lambda tx: families.children(tx, "p"))
    assert {child.key: child.status for child in found} == dict.fromkeys("ab", RunStatus.NOT_STARTED)


async def test_who_lost_the_lease_starts_nothing(store: Store) -> None:
    lease, run = await claimed(store)
    await store.write(lambda tx: leases.release(tx, lease, tx.now))
    await claimed(store)
    with pytest.raises(StaleLease):
        await engine(store, Scripted(starts("a"))).step(lease, run)
    assert await store.read(lambda tx: list(families.children(tx, "p"))) == []


async def test_the_next_server_sees_the_children_and_starts_none_twice(store: Store) -> None:
    lease, run = await claimed(store)
    await engine(store, Scripted(starts("a"))).step(lease, run)
    await ended(store, "p_a")
    scripted = Scripted(starts("a"), starts("b"))
    again = engine(store, scripted)
    await again.step(*await claimed(store))
    assert scripted.told[0].children["a"].status is RunStatus.COMPLETED
    assert scripted.told[0].memory == {"begun": ["a"]}
    names = await store.read(lambda tx: [child.name for child in families.children(tx, "p")])
    assert sorted(names) == ["p_a", "p_b"]


async def test_news_are_what_has_ended_and_everybody_where_somebody_was_never_seen(store: Store) -> None:
    lease, run = await claimed(store)
    await engine(store, Scripted(starts("a", "b", "c"))).step(lease, run)
    known = await store.read(lambda tx: families.children(tx, "p"))

    async def told(seen: Sequence[Child]) -> dict[str, str]:
        found = await store.read(lambda tx: families.news(tx, "p", seen))
        return {child.key: child.status.value for child in found}

    assert await told(known) == {}
    await ended(store, "p_a")
    assert await told(known) == {"a": "Completed"}
    known = await store.read(lambda tx: families.children(tx, "p"))
    assert await told(known) == {}
    await ended(store, "p_b", Signal.FAIL)  # by another server, before this one ever saw it
    unseen = [child for child in known if child.key != "b"]
    assert await told(unseen) == {"a": "Completed", "b": "Failed", "c": "NotStarted"}


async def test_a_run_that_nobody_changed_is_not_read_again(store: Store) -> None:
    lease, run = await claimed(store)
    assert await store.read(lambda tx: runs.fresh(tx, run)) is run
    await store.write(lambda tx: runs.note(tx, lease, {"more": 1}))
    assert (await store.read(lambda tx: runs.fresh(tx, run))).facts == {"more": 1}


async def test_what_ends_as_it_is_submitted_is_planned_with_at_once(store: Store) -> None:
    scripted = Scripted(starts("a"), starts("b"), [FinishParent(Reason(Cause.SUCCEEDED), {"out": ("b", "x")})])
    scripted.over = {"a", "b"}
    lease, run = await claimed(store)
    assert await engine(store, scripted).step(lease, run) == RELEASED
    now = await store.read(lambda tx: runs.require(tx, "p"))
    assert (now.status, now.facts["left"]) == (RunStatus.COMPLETED, {"out": ["p_b", "x"]})
    assert [reason.cause for reason in scripted.closed] == [Cause.SUCCEEDED]


async def test_a_refused_child_is_one_that_failed_and_stays_so(store: Store) -> None:
    scripted = Scripted(starts("a"), [Wait(5)])
    scripted.refuses = {"a": "there is no compute"}
    lease, run = await claimed(store)
    await engine(store, scripted).step(lease, run)
    child = scripted.told[1].children["a"]
    assert (child.status, child.refused) == (RunStatus.FAILED, "there is no compute")
    other = Scripted()
    await engine(store, other).step(lease, await store.read(lambda tx: runs.require(tx, "p")))
    assert other.told[0].children["a"].refused == "there is no compute"


async def test_many_children_come_in_several_transactions(store: Store) -> None:
    keys = [str(number) for number in range(MOST_AT_ONCE + 3)]
    scripted = Scripted(starts(*keys), starts(*keys[MOST_AT_ONCE:]))
    lease, run = await claimed(store)
    await engine(store, scripted).step(lease, run)
    assert len(await store.read(lambda tx: list(families.children(tx, "p")))) == len(keys)


async def test_an_answer_is_told_for_one_plan(store: Store) -> None:
    scripted = Scripted([Ask("q", {"number": 1})], [Note({"kept": 2}), Wait(5)], [Wait(5)])
    lease, run = await claimed(store)
    made = engine(store, scripted)
    await made.step(lease, run)
    assert scripted.told[1].told == {"q": {"answer": 2}}
    await made.step(lease, await store.read(lambda tx: runs.require(tx, "p")))
    assert (scripted.told[2].told, scripted.told[2].memory) == ({}, {"kept": 2})


async def test_a_plan_that_asks_for_ever_is_an_error(store: Store) -> None:
    scripted = Scripted(*([Ask("q", {"number": 1})] for _ in range(50)))
    lease, run = await claimed(store)
    with pytest.raises(RuntimeError, match="asks without end"):
        await engine(store, scripted).step(lease, run)


async def test_a_child_is_asked_to_end_once(store: Store) -> None:
    scripted = Scripted(starts("a"), [CancelChild("a", "me"), Wait(5)], [CancelChild("a", "you"), Wait(5)])
    made = engine(store, scripted)
    for _ in range(3):
        await made.step(*await claimed(store))
    child = await store.read(lambda tx: runs.require(tx, "p_a"))
    assert (child.status, child.cancel_by) == (RunStatus.CANCEL_REQUESTED, "me")


async def test_the_end_of_a_child_wakes_its_parent(store: Store) -> None:
    lease, run = await claimed(store)
    await engine(store, Scripted(starts("a"))).step(lease, run)
    await store.write(lambda tx: leases.release(tx, lease, tx.now + 1000))
    nudged: list[str] = []
    store.on_nudge(nudged.append)
    await ended(store, "p_a")
    async with asyncio.timeout(10):
        while "run:p" not in nudged:
            await asyncio.sleep(0.005)


async def test_what_cannot_be_planned_ends_after_its_children(store: Store) -> None:
    scripted = Scripted(starts("a"))
    lease, run = await claimed(store)
    made = engine(store, scripted)
    await made.step(lease, run)
    lease, run = await claimed(store)
    assert await made.give_up(lease, run, "KeyError") is None
    child = await store.read(lambda tx: runs.require(tx, "p_a"))
    assert child.status is RunStatus.CANCEL_REQUESTED

    def cancel(tx: Tx) -> None:
        held = leases.take(tx, "other", 30, "run:p_a")
        assert held is not None
        runs.apply(tx, held, Signal.CANCEL, reason=Reason(Cause.CANCELED, {"by": "me"}))

    await store.write(cancel)
    assert await made.give_up(lease, run, "KeyError") == RELEASED
    now = await store.read(lambda tx: runs.require(tx, "p"))
    assert now.status is RunStatus.FAILED
    assert now.reason is not None
    assert (
        "Zaffre made a mistake: the job could not be planned, however often it was tried (KeyError)."
        in now.reason.sentence
    )


async def test_results_are_found_by_what_they_were_made_of_the_newest_first(store: Store) -> None:
    def write(tx: Tx) -> None:
        for number in range(6):
            results.add(tx, "ws", "train", "f1", f"run{number}")
        results.add(tx, "ws", "train", "f2", "other")
        results.add(tx, "elsewhere", "train", "f1", "theirs")

    await store.write(write)
    assert await store.read(lambda tx: results.equal(tx, "ws", "f1")) == ["run5", "run4", "run3", "run2"]
    assert await store.read(lambda tx: results.newest(tx, "ws", "train")) == "other"
    assert await store.read(lambda tx: results.newest(tx, "ws", "score")) is None
    assert await store.read(lambda tx: results.equal(tx, "ws", "f3")) == []


async def test_a_parent_that_only_waits_is_let_go_of_where_it_is_claimed(store: Store) -> None:
    scripted = Scripted(starts("a"))
    parents = engine(store, scripted)
    await parents.step(*await claimed(store))
    await ended(store, "p_a")

    def look(tx: Tx) -> Any:
        lease = leases.take(tx, "me", 30, "run:p")
        assert lease is not None
        return parents.look(tx, lease, runs.require(tx, "p"))

    step = await store.write(look)
    assert scripted.told[-1].children["a"].status is RunStatus.COMPLETED
    assert await step() == RELEASED
    assert await store.write(lambda tx: leases.take(tx, "other", 30, "run:p")) is not None  # nobody holds it


async def test_what_a_look_has_read_is_what_its_step_begins_with(store: Store) -> None:
    scripted = Scripted(starts("a"), starts("b"), starts("b"))
    parents = engine(store, scripted)
    await parents.step(*await claimed(store))
    await ended(store, "p_a")

    def look(tx: Tx) -> Any:
        lease = leases.take(tx, "me", 30, "run:p")
        assert lease is not None
        return parents.look(tx, lease, runs.require(tx, "p"))

    step = await store.write(look)
    assert await step() == RELEASED
    names = await store.read(lambda tx: [child.name for child in families.children(tx, "p")])
    assert sorted(names) == ["p_a", "p_b"]


async def test_what_a_look_has_read_is_not_kept_where_its_transaction_fails(store: Store) -> None:
    scripted = Scripted(starts("a"), [Wait(5)], [Wait(5)])
    parents = engine(store, scripted)
    lease, run = await claimed(store)
    await parents.step(lease, run)

    def look(tx: Tx) -> None:
        lease = leases.take(tx, "other", 30, "run:p_a")
        assert lease is not None
        for signal in (Signal.START, Signal.RUN, Signal.COMPLETE):
            runs.apply(tx, lease, signal)
        mine = leases.take(tx, "me", 30, "run:p")
        assert mine is not None
        parents.look(tx, mine, runs.require(tx, "p"))
        raise ValueError

    with pytest.raises(ValueError):
        await store.write(look)
    await parents.step(*await claimed(store))
    assert [facts.children["a"].status.is_final for facts in scripted.told[1:]] == [True, False]


async def test_what_follows_from_what_is_over_at_once_shares_its_transaction(store: Store) -> None:
    scripted = Scripted(starts("a")[:1], starts("b")[:1], starts("c")[:1], starts("c")[:1])
    scripted.over, scripted.known = {"a", "b"}, {"b"}  # what c needs has to be looked at outside
    assert await engine(store, scripted).step(*await claimed(store)) == RELEASED
    (_, first), (_, second), (last, third) = scripted.submitted
    assert first is second
    assert (last, third is first) == ("c", False)
    found = await store.read(lambda tx: families.children(tx, "p"))
    assert {child.key: child.status for child in found} == {
        "a": RunStatus.COMPLETED,
        "b": RunStatus.COMPLETED,
        "c": RunStatus.NOT_STARTED,
    }


async def test_a_memory_is_written_before_more_is_planned(store: Store) -> None:
    scripted = Scripted(starts("a"), starts("b"))
    scripted.over = scripted.known = {"a", "b"}
    await engine(store, scripted).step(*await claimed(store))
    assert [facts.memory for facts in scripted.told[:2]] == [{}, {"begun": ["a"]}]
