"""Filters of lists: what a list costs grows with what it looks at, not with its square."""

from __future__ import annotations

import time

import pytest
import pytest_asyncio
from sqlalchemy import insert

from zaffre.core import filters
from zaffre.core.draft import NewRun
from zaffre.store import Store, counting, resources, runs
from zaffre.store.resources import Query
from zaffre.store.tables import resources as rows
from zaffre.store.tables import runs as table
from zaffre.testing.clock import ManualClock

JOBS = 4000
SECONDS = 3.0
"""Every run looked at for every job, this would be sixteen million."""


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def store(request, tmp_path):
    shared = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if shared else f"sqlite:///{tmp_path}/home/z.db"
    found = await Store.open(url, ManualClock())
    await found.write(_fill)
    yield found
    await found.close()


def _fill(tx):
    told = {"archived": False, "created_at": 1.0, "created_by": "me", "modified_at": 1.0, "modified_by": "me"}
    about = {
        "kind": "job",
        "parent": "",
        "version": "",
        "spec": {},
        "spec_hash": "",
        "state": {},
        "revision": 1,
        **told,
    }
    tx.connection.execute(insert(rows), [{"workspace": "w", "name": f"j{n}", **about} for n in range(JOBS)])
    tx.connection.execute(insert(rows), {"workspace": "v", "name": "other", **about})
    runs.submit(tx, NewRun(name="j0", workspace="w", type="job", actor="me", compute="w/cpu"))
    first = dict(tx.connection.execute(table.select()).one()._mapping)
    del first["id"]
    tx.connection.execute(insert(table), [{**first, "name": f"j{n}", "status": "Queued"} for n in range(1, JOBS)])
    tx.connection.execute(insert(table), {**first, "name": "other", "workspace": "v", "status": "Queued"})


@pytest.mark.asyncio
@pytest.mark.parametrize(("told", "count"), [
    ("status = Running", 0), ("status = Queued", 100), ("status != Queued", 1), ("compute = cpu", 100),
    ("experiment = nothing", 0), ("parent = nobody", 0),
])  # fmt: skip
async def test_a_filter_by_what_runs_say_is_quick(store, told, count):
    def read(tx):
        query = Query("w", "job", terms=filters.parse(told, tx.now), top_level=True)
        return resources.list(tx, query), counting.by_status(tx, query)

    began = time.monotonic()
    found, counts = await store.read(read)
    assert time.monotonic() - began < SECONDS
    assert len(found) == count
    assert "other" not in {one.key.name for one in found}
    assert sum(counts.values()) >= count
