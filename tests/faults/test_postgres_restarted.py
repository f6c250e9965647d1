"""PostgreSQL restarted, its sessions killed, or out of reach: nothing answered is lost, nothing happens twice (FT11)."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from zaffre.core.errors import Unavailable
from zaffre.core.resource import Content, Key
from zaffre.server.clock import SystemClock
from zaffre.store import Store, events, leases, resources
from zaffre.store.dialect import dialect
from zaffre.testing import postgres as real
from zaffre.testing.server import installation, until

WRITERS = 8
COUNTER = Key("ws", "data", "counter")

KILLED_WHILE_MIGRATING = """
import os, signal, sys
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

import alembic.command
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


@pytest.fixture(scope="module")
def server():
    """One of its own: it is restarted under its users."""
    with real.running() as found:
        yield found


@pytest.fixture
async def url(server):
    made = server.fresh()
    store = await Store.open(made, SystemClock())
    await store.write(lambda tx: resources.put(tx, COUNTER, Content({}, "hash", {"count": 0}), "user:test"))
    await store.close()
    return made


class Load:
    """Writers that each add rows and count them in one shared row; what was answered is kept in mind."""

    def __init__(self, stores):
        self.stores = stores
        self.answered = []
        self.refused = []
        self.stopping = False
        self.longest = 0.0
        self.answered_at = time.monotonic()

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.write(number)) for number in range(WRITERS)]
        return self

    async def __aexit__(self, *_):
        self.stopping = True
        await asyncio.gather(*self.tasks)

    async def write(self, writer):
        store = self.stores[writer % len(self.stores)]
        number = 0
        while not self.stopping:
            key = Key("ws", "data", f"{writer}-{number}")

            def change(tx, key=key):
                resources.insert_new(tx, key, Content({}, "hash"), "user:test")
                count = resources.require(tx, COUNTER).state["count"]
                resources.set_state(tx, COUNTER, {"count": count + 1})

            try:
                await store.write(change)
            except Unavailable as error:
                assert error.retry_after
                self.refused.append(key.name)
                await asyncio.sleep(0.02)
            else:
                self.answered.append(key.name)
                now = time.monotonic()
                self.longest, self.answered_at = max(self.longest, now - self.answered_at), now
            number += 1

    async def more(self, number=20):
        """Wait until so many more writes were answered."""
        target = len(self.answered) + number
        async with asyncio.timeout(20):
            while len(self.answered) < target:
                await asyncio.sleep(0.005)

    async def settle(self, url):
        """What is there at the end: all that was answered, and each change once."""
        store = await Store.open(url, SystemClock())
        found = await store.read(lambda tx: resources.list(tx, resources.Query("ws", "data", top=1_000_000)))
        kept = {each.key.name for each in found} - {"counter"}
        assert set(self.answered) <= kept
        assert kept <= set(self.answered) | set(self.refused)
        count = (await store.read(lambda tx: resources.require(tx, COUNTER))).state["count"]
        assert count == len(kept)
        told = [event.subject async for event in _all_events(store)]
        assert sorted(told) == sorted({f"data/{name}" for name in kept} | {"data/counter"})
        await store.close()


async def _all_events(store):
    after = 0
    while page := await store.read(lambda tx, after=after: events.read(tx, after)):
        for event in page:
            yield event
        after = page[-1].seq


async def test_an_id_that_a_crash_gave_to_another_transaction_is_not_taken_for_ones_own(url):
    """After a crash the server counts on from what reached its disk: a lost transaction's id may be another's."""
    store = await Store.open(url, SystemClock())
    await store.write(lambda tx: resources.insert_new(tx, Key("ws", "data", "a"), Content({}, "hash"), "user:test"))
    await store.close()
    database = dialect(url)
    with database.writer().connect() as connection:
        connection.begin()
        mark = database.began(connection, 1).mark
        connection.commit()
        connection.begin()
        database.began(connection, 1)
        assert database.is_committed(connection, mark)
        with pytest.raises(Unavailable, match="may or may not"):
            database.is_committed(connection, replace(mark, since="before the crash"))
        lost = replace(mark, id=str(int(mark.id) + 1_000_000), since="before the crash")
        assert not database.is_committed(connection, lost)  # nobody has got that far again
        connection.rollback()


@pytest.mark.parametrize("servers", [1, 2])
async def test_a_database_restarted_at_once_under_load_loses_and_doubles_nothing(server, url, servers):
    stores = [await Store.open(url, SystemClock()) for _ in range(servers)]
    async with Load(stores) as load:
        for _ in range(4):
            await load.more()
            await asyncio.to_thread(server.restart)
        await load.more()
    for store in stores:
        await store.close()
    await load.settle(url)
    assert load.longest < 5
    assert len(load.answered) > 100


async def test_killed_backends_are_replaced_and_their_transactions_are_made_once(server, url):
    stores = [await Store.open(url, SystemClock()) for _ in range(2)]
    kill = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        f"WHERE datname = '{url.rpartition('/')[2]}' AND pid <> pg_backend_pid()"
    )
    killed = 0
    async with Load(stores) as load:
        for _ in range(25):
            await load.more(5)
            killed += (await asyncio.to_thread(server.execute, kill))[0][0]
        await load.more()
    for store in stores:
        await store.close()
    await load.settle(url)
    assert killed > 25
    assert load.refused == []  # a connection alone is got again before anybody has to hear of it


async def test_a_lost_answer_to_a_commit_is_looked_up_and_not_guessed(server, url):
    """The commit reaches the database, its answer does not: the write is answered as made, once."""
    store = await Store.open(url, SystemClock())
    await store.write(lambda tx: tx.emit(_event("first")))  # from here on there is something to lose
    lost = _lose_next_answer(store)
    await store.write(lambda tx: tx.emit(_event("once")))
    assert lost == ["COMMIT"]
    found = await store.read(lambda tx: events.read(tx, 0))
    assert [event.subject for event in found][-2:] == ["jobs/first", "jobs/once"]
    assert await store.write(lambda tx: leases.lead(tx, "loop", "me", 10)) == 1
    await store.close()


def _event(name):
    from zaffre.core.events import Event, EventType

    return Event(EventType.RUN_NOTED, "ws", f"jobs/{name}", "user:test")


def _lose_next_answer(store):
    """Have the next commit be made and its connection be lost with the answer."""
    dialect, lost = store._write_engine.dialect, []
    commit = dialect.do_commit

    def lose(dbapi_connection):
        dialect.do_commit = commit
        commit(dbapi_connection)
        lost.append("COMMIT")
        driver = (
            dbapi_connection.driver_connection if hasattr(dbapi_connection, "driver_connection") else dbapi_connection
        )
        driver.close()
        driver.execute("SELECT 1")

    dialect.do_commit = lose
    return lost


async def test_out_of_reach_for_seconds_is_said_at_once_and_heals_alone(server, url):
    store = await Store.open(url, SystemClock())
    await asyncio.to_thread(server.stop)
    try:
        waits = []
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(Unavailable, match="cannot be used") as caught:
                await store.write(lambda tx: None)
            assert caught.value.retry_after
            with pytest.raises(Unavailable):
                await store.read(events.last)
            waits.append(time.monotonic() - started)
        assert max(waits) < 5
    finally:
        await asyncio.to_thread(server.start)
    started = time.monotonic()
    while True:
        try:
            await store.write(lambda tx: None)
            break
        except Unavailable:
            await asyncio.sleep(0.02)
    assert time.monotonic() - started < 5
    assert await store.read(events.last) > 0
    await store.close()


async def test_a_migration_killed_at_any_statement_is_done_by_the_next_start(server):
    url = server.fresh()
    command = [sys.executable, "-c", KILLED_WHILE_MIGRATING, url]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=100, check=True)
    assert int(done.stdout) > 20
    store = await Store.open(url, SystemClock())
    assert await store.write(lambda tx: leases.lead(tx, "loop", "me", 10)) == 1
    await store.close()


def test_a_server_whose_database_is_away_answers_503_and_goes_on_alone(server):
    """The whole server: a request is refused with a time to wait, and nobody has to start anything again."""
    with installation(environ={"ZAFFRE_DATABASE": server.fresh()}) as rig:
        rig.call("PUT", "environments/e/versions/1", {"image": "python:3.11-slim"}).raise_for_status()
        server.stop()
        try:
            answer = rig.call("PUT", "environments/e/versions/2", {"image": "python:3.11-slim"})
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) >= 1
            assert "cannot be used" in json.dumps(answer.json())
            assert real.PASSWORD not in answer.text
            assert rig.http.get(f"http://127.0.0.1:{rig.port}/livez").status_code == 200
            assert rig.http.get(f"http://127.0.0.1:{rig.port}/readyz").status_code == 503
        finally:
            server.start()
        until(lambda: rig.http.get(f"http://127.0.0.1:{rig.port}/readyz").status_code == 200, "recovery", 10)
        body = {"image": "python:3.11-slim"}
        assert rig.call("PUT", "environments/e/versions/2", body).status_code == 201
        rig.process.send_signal(signal.SIGTERM)
        assert rig.process.wait(20) == 0
        assert real.PASSWORD not in rig.log()
        rig.process = None
