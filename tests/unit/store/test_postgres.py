"""PostgreSQL's side of the store: what it refuses, what its errors mean, what is never shown, and that it speaks to others."""

import asyncio
import logging

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from zaffre.core.errors import Conflict, Invalid, NoSpace, Unavailable
from zaffre.core.events import Event, EventType
from zaffre.core.resource import Content, Key
from zaffre.store import Store, events, leases, resources
from zaffre.store.database import Server
from zaffre.store.postgres import Postgres
from zaffre.testing.clock import ManualClock

PLACE = "postgresql://zaffre:secret@127.0.0.1:1/db"


def note(name):
    return lambda tx: tx.emit(Event(EventType.RUN_NOTED, "ws", f"jobs/{name}", "user:test"))


async def until(true):
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.005)


def failure(state, kind=psycopg.OperationalError):
    error = psycopg.errors.lookup(state)("made for a test") if state else kind("made for a test")
    return DBAPIError("SELECT", None, error)


@pytest.mark.parametrize(
    ("state", "kind", "said", "fleeting"),
    [
        ("53100", NoSpace, "full", False),
        ("53300", Unavailable, "max_connections", False),
        ("55P03", Unavailable, "busy", False),
        ("40001", Unavailable, "busy", True),
        ("40P01", Unavailable, "busy", True),
        ("25006", Unavailable, "only be read", False),
        ("42501", Unavailable, "permission", False),
        ("XX001", Unavailable, "backup", False),
        ("57P01", Unavailable, "cannot be used", True),
        ("08006", Unavailable, "cannot be used", True),
        ("25P03", Unavailable, "cannot be used", True),
        (None, Unavailable, "cannot be used", True),
    ],
)
def test_states_have_meanings(state, kind, said, fleeting):
    database = Postgres(PLACE)
    translated = database.translate(failure(state))
    assert type(translated) is kind
    assert said in translated.message
    assert translated.retry_after
    assert "secret" not in translated.message
    assert database.is_fleeting(failure(state)) is fleeting


def test_clashes_are_conflicts_and_mistakes_of_ours_stay_mistakes():
    database = Postgres(PLACE)
    clash = IntegrityError("INSERT", None, psycopg.errors.UniqueViolation("x"))
    assert isinstance(database.translate(clash), Conflict)
    assert database.translate(failure("42601")) is None
    assert not database.is_fleeting(failure("42601"))


@pytest.mark.parametrize("url", ["postgresql://zaffre:se/cret@[host/db", "postgresql://zaffre:sec ret@host:x:y/db?z"])
async def test_an_address_that_cannot_be_read_is_not_repeated(url):
    with pytest.raises(Invalid, match="expected postgresql://") as caught:
        await Store.open(url, ManualClock())
    assert "cret" not in caught.value.message
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("change", ["port", "password", "database"])
async def test_a_database_that_does_not_answer_is_named_without_its_password(postgres, postgres_url, change, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = {
        "port": postgres_url.replace(f":{postgres.port}/", ":1/"),
        "password": postgres_url.replace("correct-horse", "wrong-horse"),
        "database": f"{postgres_url}x",
    }[change]
    with pytest.raises(Unavailable, match=r"postgresql://zaffre:\*\*\*@127") as caught:
        await Store.open(wrong, ManualClock())
    assert "horse" not in caught.value.message + caplog.text


async def test_a_replica_an_old_server_and_another_encoding_are_refused(postgres, monkeypatch):
    class Answer:
        def __init__(self, row):
            self.row = row

        def execute(self, *_):
            return self

        def fetchone(self):
            return self.row

    for row, said in (
        ((13, "UTF8", False, "on", True), "14 or newer"),
        ((15, "LATIN1", False, "on", True), "UTF8"),
        ((15, "UTF8", True, "on", True), "replica"),
    ):
        with pytest.raises((Invalid, Unavailable), match=said):
            Postgres(PLACE)._check(Answer(row))


async def test_what_is_answered_is_on_disk_even_where_the_database_would_rather_not_wait(postgres, postgres_url):
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    store = await Store.open(postgres_url, ManualClock())
    found = await store.write(lambda tx: tx.connection.execute(text("SHOW synchronous_commit")).scalar_one())
    assert found == "on"
    await store.close()


async def test_documents_come_back_in_the_order_and_with_the_numbers_they_came(postgres_url):
    spec = {"zz": 1, "a": {"y": 1e22, "b": 0.1}, "nul": "a\0b", "m": [1.0, 2, None]}
    store = await Store.open(postgres_url, ManualClock())
    key = Key("ws", "data", "a")
    await store.write(lambda tx: resources.put(tx, key, Content(spec, "hash"), "user:test"))
    found = (await store.read(lambda tx: resources.require(tx, key))).spec
    assert repr(found) == repr(spec)
    await store.close()


async def test_text_compares_by_bytes(postgres, postgres_url):
    store = await Store.open(postgres_url, ManualClock())
    name = postgres_url.rpartition("/")[2]
    found = postgres.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'zaffre' "
        "AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C' "
        "AND table_name <> 'alembic_version'",
        name,
    )
    assert found == []
    await store.close()


async def test_nul_in_a_name_is_refused_for_the_user(postgres_url):
    store = await Store.open(postgres_url, ManualClock())
    with pytest.raises(Invalid, match="NUL"):
        await store.write(note("a\0b"))
    await store.close()


async def test_servers_hear_each_other_in_order_and_once(postgres_url):
    one, two = [await Store.open(postgres_url, ManualClock()) for _ in range(2)]
    heard = {one: [], two: []}
    nudged = []
    for store in (one, two):
        store.on_event(heard[store].append)
    two.on_nudge(nudged.append)
    for number in range(50):
        await asyncio.gather(*(store.write(note(f"{number}")) for store in (one, two)))
    await one.write(lambda tx: [tx.nudge(f"run:{'x' * 200}{number}") for number in range(100)])
    await until(lambda: len(heard[one]) == len(heard[two]) == 100 and len(nudged) == 100)
    await asyncio.sleep(0.05)  # were anything told twice, it would be by now
    for store in (one, two):
        assert sorted(event.seq for event in heard[store]) == sorted({event.seq for event in heard[store]})
        assert len(heard[store]) == 100
    stored = await one.read(lambda tx: events.read(tx, 0))
    assert sorted(heard[two], key=lambda event: event.seq) == stored
    for store in (one, two):
        await store.close()


async def test_a_server_that_could_not_listen_for_a_while_misses_nothing(postgres, postgres_url):
    one, two = [await Store.open(postgres_url, ManualClock()) for _ in range(2)]
    heard = []
    two.on_event(heard.append)
    await one.write(note("before"))
    await until(lambda: len(heard) == 1)
    await asyncio.to_thread(
        postgres.execute, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    )
    for number in range(30):
        await one.write(note(f"{number}"))
        await two.write(note(f"own{number}"))
    await until(lambda: len(heard) == 61)
    await asyncio.sleep(0.05)
    assert len({event.seq for event in heard}) == len(heard) == 61
    for store in (one, two):
        await store.close()


async def test_work_belongs_to_the_server_that_has_its_files(postgres_url):
    clock = ManualClock()
    mine, other = [await Store.open(postgres_url, clock, Server(name, lambda now: None)) for name in ("a", "b")]
    await mine.write(lambda tx: leases.add(tx, "run:x", tx.now))
    claim = lambda tx: leases.claim(tx, "me", 10, 5)  # noqa: E731
    assert await other.write(claim) == []
    assert await other.write(lambda tx: leases.take(tx, "me", 10, "run:x")) is None
    assert await other.read(leases.next_due) is None
    assert [lease.key for lease in await mine.write(claim)] == ["run:x"]
    for store in (mine, other):
        await store.close()


async def test_the_time_is_the_databases_where_servers_share_it(postgres_url):
    told = []
    store = await Store.open(postgres_url, ManualClock(), Server("a", told.append))
    await store.write(lambda tx: None)
    found = await store.read(
        lambda tx: tx.connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
    )
    assert abs(told[-1] - float(found)) < 5
    await store.close()


async def test_a_server_that_stands_still_does_not_hold_the_others_up(postgres_url, monkeypatch):
    monkeypatch.setattr("zaffre.store.postgres.IDLE_TIMEOUT", 1.0)
    store = await Store.open(postgres_url, ManualClock())
    stuck = Postgres(postgres_url)
    engine = stuck.writer()
    with engine.connect() as connection:
        connection.begin()
        started = asyncio.get_running_loop().time()
        await store.write(note("a"))
        assert 0.3 < asyncio.get_running_loop().time() - started < 5
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("SELECT 1"))
        assert stuck.is_fleeting(caught.value)
    engine.dispose()
    await store.close()


async def test_a_database_that_has_gone_back_in_time_is_not_written(postgres, postgres_url):
    store = await Store.open(postgres_url, ManualClock())
    for number in range(5):
        await store.write(note(f"{number}"))
    name = postgres_url.rpartition("/")[2]
    postgres.execute("DELETE FROM zaffre.events WHERE seq > 2", name)
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    )
    for _ in range(2):
        with pytest.raises(Unavailable, match="gone back in time"):
            await store.write(note("late"))
    await store.close()
    again = await Store.open(postgres_url, ManualClock())
    await again.write(note("accepted"))
    await again.close()


async def test_idle_connections_are_few(postgres, postgres_url):
    store = await Store.open(postgres_url, ManualClock())
    await asyncio.gather(*(store.read(events.last) for _ in range(40)))
    name = postgres_url.rpartition("/")[2]
    (row,) = postgres.execute(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'")
    assert row[0] <= 6
    await store.close()
