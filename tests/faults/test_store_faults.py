"""The store when its disk is full, its database held by another, or its process killed (FT08, FT10, FT35)."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys

import pytest

from zaffre.core.errors import Unavailable
from zaffre.core.resource import Content, Key
from zaffre.store import Store, resources, sqlite
from zaffre.testing.clock import ManualClock

WRITE_UNTIL_FULL = """
import asyncio, pathlib, sys
from zaffre.core.errors import NoSpace
from zaffre.core.resource import Content, Key
from zaffre.store import Store, resources
from zaffre.store.blobs import Blobs
from zaffre.testing.clock import ManualClock

def put(number):
    return lambda tx: resources.put(tx, Key("ws", "data", f"{number}"), Content({"x": "x" * 5000}, "hash"), "user:test")

async def main():
    home = pathlib.Path(sys.argv[1])
    store = await Store.open(f"sqlite:///{home}/zaffre.db", ManualClock())
    ballast = home / "ballast"
    ballast.write_bytes(bytes(2_000_000))
    kept = 0
    try:
        for number in range(10_000):
            await store.write(put(number))
            kept += 1
    except NoSpace as error:
        print(error.message.replace(str(home), "HOME"))
    try:
        Blobs(home / "blobs").add(bytes(3_000_000))
    except NoSpace as error:
        print("blobs:", error.message.replace(str(home), "HOME"))
    found = await store.read(lambda tx: resources.list(tx, resources.Query("ws", "data", top=100_000)))
    print(len(found) == kept > 10)
    ballast.unlink()
    print(await store.write(lambda tx: put("after")(tx)[1]))
    check = await store.read(lambda tx: tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar_one())
    print(check)
    await store.close()

asyncio.run(main())
"""

KILLED_WHILE_MIGRATING = """
import os, signal, sys
from pathlib import Path
import alembic.command
from sqlalchemy import Engine, event
from zaffre.store import database
from zaffre.store.dialect import dialect

url, left = sys.argv[1], 0

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

for statement in range(1, 1000):
    left = statement
    child = os.fork()
    if child == 0:
        database._prepared(dialect(url))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
print(statement)
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs Linux's unshare to mount a small disk")
async def test_a_full_disk_is_said_so_and_the_store_heals(tmp_path):
    (tmp_path / "home").mkdir()
    shell = 'mount -t tmpfs -o size=6m none "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-rm", "sh", "-c", shell, "sh", str(tmp_path / "home"), sys.executable, WRITE_UNTIL_FULL]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, check=False)
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine lets nobody mount a small disk")
    assert done.stdout.splitlines() == [
        "the disk that holds HOME is full; free some space and ask again",
        "blobs: the disk that holds HOME is full; free some space and try again",
        "True",
        "True",
        "ok",
    ], done.stderr


async def test_a_database_held_by_another_process_is_waited_for_then_said_to_be_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.3)
    store = await Store.open(f"sqlite:///{tmp_path}/zaffre.db", ManualClock())

    def put(name):
        key = Key("ws", "data", name)
        return asyncio.ensure_future(store.write(lambda tx: resources.put(tx, key, Content({}, "hash"), "user:test")))

    await put("before")
    holder = sqlite3.connect(tmp_path / "zaffre.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    outcomes = await asyncio.gather(*(put(f"held{number}") for number in range(10)), return_exceptions=True)
    assert all(isinstance(outcome, Unavailable) and outcome.retry_after for outcome in outcomes)
    read = await store.read(lambda tx: resources.list(tx, resources.Query("ws", "data")))
    assert [found.key.name for found in read] == ["before"]
    waiting = put("waiting")
    holder.execute("ROLLBACK")
    holder.close()
    await waiting
    read = await store.read(lambda tx: resources.list(tx, resources.Query("ws", "data")))
    assert [found.key.name for found in read] == ["waiting", "before"]
    await store.close()


async def test_a_migration_killed_at_any_statement_is_done_by_the_next_start(tmp_path):
    """One database, one start after another, each killed one statement later than the last, until one gets through."""
    url = f"sqlite:///{tmp_path}/zaffre.db"
    command = [sys.executable, "-c", KILLED_WHILE_MIGRATING, url]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=100, check=True)
    assert int(done.stdout) > 20
    store = await Store.open(url, ManualClock())
    assert await store.write(lambda tx: resources.put(tx, Key("ws", "data", "a"), Content({}, "hash"), "user:test")[1])
    await store.close()
