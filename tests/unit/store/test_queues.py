"""The line before a compute: its order, who holds what, and that no statement reads all runs, on either database."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio
from sqlalchemy import insert, text

from zaffre.core.draft import NewRun
from zaffre.core.status import RunStatus, Signal
from zaffre.store import Store, leases, queues, runs
from zaffre.store.tables import runs as table
from zaffre.testing.clock import ManualClock

LINE = "w/cpu"


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


async def submitted(store, name, *signals, **more):
    """A run that was moved by ``signals``; its lease is given back, due in an hour."""

    def write(tx):
        runs.submit(
            tx, NewRun(**{"name": name, "workspace": "w", "type": "job", "actor": "me", "compute": LINE, **more})
        )
        [lease] = leases.claim(tx, "me", 30, 1, runs.key(name))
        for signal in signals:
            attempt = 1 if signal is Signal.START else None
            assert runs.apply(tx, lease, signal, attempt=attempt) is not None
        leases.release(tx, lease, tx.now + 3600)

    await store.write(write)


async def names(store, question):
    return [place.name for place in await store.read(question)]


@pytest.mark.asyncio
async def test_the_line_is_by_rank_then_age(store):
    for name, rank in (("z", 0), ("low", -1), ("a", 0), ("high", 1)):
        await submitted(store, name, Signal.QUEUE, priority=rank)
    await submitted(store, "elsewhere", Signal.QUEUE, compute="v/cpu", workspace="v")
    assert await names(store, lambda tx: queues.waiting(tx, LINE, 9)) == ["high", "z", "a", "low"]
    assert await names(store, lambda tx: queues.waiting(tx, LINE, 9, ["w"])) == []
    last = await store.read(lambda tx: queues.place(tx, "low"))
    assert await store.read(lambda tx: queues.ahead(tx, LINE, last)) == (3, 4)


@pytest.mark.asyncio
async def test_who_is_due_and_not_in_the_line_yet_stands_in_it_all_the_same(store):
    await submitted(store, "building", Signal.PREPARE)
    await submitted(store, "built", Signal.PREPARE)
    await submitted(store, "queued", Signal.QUEUE)
    assert set(await names(store, lambda tx: queues.standing(tx, LINE, 9, 9))) == {"queued"}
    await store.write(lambda tx: tx.nudge("run:built"))
    assert set(await names(store, lambda tx: queues.standing(tx, LINE, 9, 9))) == {"queued", "built"}


@pytest.mark.asyncio
async def test_holders_are_those_that_were_started(store):
    await submitted(store, "running", Signal.START, Signal.RUN, slots=2)
    await submitted(store, "canceled-in-line", Signal.QUEUE, Signal.ASK_CANCEL)
    await submitted(store, "other", Signal.START, workspace="v")
    assert await names(store, lambda tx: queues.holding(tx, LINE)) == ["other", "running"], "together, so by name"
    assert await store.read(lambda tx: queues.occupied(tx, LINE)) == 3
    assert await store.read(lambda tx: queues.occupied_by(tx, "w", [LINE, "local"])) == 2
    await submitted(store, "waits", Signal.QUEUE)
    assert await store.read(queues.lines) == [(LINE, "w")]


STATEMENTS = {
    "waiting": (queues._WAITING, {"at_limit": 5}),
    "without": (queues._WAITING_BUT, {"at_limit": 5, "at_without": ["v"]}),
    "standing": (queues._STANDING, {"at_limit": 5, "at_entering": 40, "at_now": 0.0}),
    "occupied": (queues._OCCUPIED, {"at_lines": [LINE]}),
    "occupied by": (queues._OCCUPIED_BY, {"at_lines": [LINE, "local"], "at_workspace": "w"}),
    "holding": (queues._HOLDING, {"at_limit": 100}),
    "ahead": (queues._AHEAD, {"at_priority": 0, "at_id": 100}),
    "open": (queues._OPEN, {}),
    "length": (queues._LENGTH, {}),
    "completed": (queues._COMPLETED, {"at_limit": 10}),
    "one": (queues._ONE, {"at_name": "x"}),
}


@pytest.mark.asyncio
async def test_no_statement_reads_all_runs(store, url):
    def fill(tx):
        base = {name: getattr(_BLANK, name) for name in runs.Run.__slots__} | {"status": "Queued"}
        statuses = [RunStatus.COMPLETED, RunStatus.QUEUED]
        rows = [
            {
                **base,
                "name": f"r{n}",
                "compute": LINE if n % 10 == 0 else f"w/c{n % 7}",
                "status": statuses[n % 10 == 0].value,
            }
            for n in range(4000)
        ]
        tx.connection.execute(insert(table), rows)

    await store.write(fill)
    await store.write(lambda tx: tx.connection.execute(text("ANALYZE")))
    word = "EXPLAIN " if url.startswith("postgresql") else "EXPLAIN QUERY PLAN "

    def plan(tx, statement, values):
        bound = statement.params(**{"at_line": LINE, **values})
        told = {"literal_binds": True, "render_postcompile": True}
        written = str(bound.compile(dialect=tx.connection.dialect, compile_kwargs=told))
        return "\n".join(str(row[-1]) for row in tx.connection.execute(text(word + written.replace(":", "\\:"))))

    for name, (statement, values) in STATEMENTS.items():
        found = await store.read(lambda tx, statement=statement, values=values: plan(tx, statement, values))
        assert not re.search(r"Seq Scan on runs|SCAN runs(?! USING (COVERING )?INDEX)", found), f"{name}: {found}"
        assert re.search(r"runs_placing|runs_name|sqlite_autoindex_runs|using .*name", found, re.IGNORECASE), (
            f"{name}: {found}"
        )


_BLANK = runs.Run(
    name="", workspace="w", type="job", status=RunStatus.QUEUED, reason=None, attempt=0, token="", cancel_by=None, parent="",
    root="", compute=LINE, slots=1, priority=0, experiment="", display_name="", facts={}, deadline=None, created_at=0.0,
    started_at=None, ended_at=None, revision=1, actor="me",
)  # fmt: skip
