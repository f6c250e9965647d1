"""What is PostgreSQL's own: room for run names, the turn of writers, lost connections."""

import asyncio
import sys
from contextlib import closing

import psycopg
import pytest

from zaffre.core.errors import Unavailable
from zaffre.tracking import schema
from zaffre.tracking.database import Database
from zaffre.tracking.engines import engine
from zaffre.tracking.errors import Code, Refusal


def _prepare(url):
    engine(url).prepare(sys.executable)


@pytest.fixture
def url(postgres):
    made = postgres.fresh(_prepare)
    yield made
    postgres.drop(made)


@pytest.fixture
def database(url):
    opened = Database(engine(url))
    yield opened
    opened.close()


def _rows(url, statement):
    with closing(engine(url).connect()) as connection:
        return connection.execute(statement).fetchall()


def _tag(key, value):
    def run(conn):
        conn.execute("INSERT INTO registered_models (name, workspace) VALUES (?, ?)", (key, value))

    return run


def test_prepare_twice_needs_no_interpreter(url):
    engine(url).prepare("no-interpreter-is-needed")
    assert _rows(url, "SELECT version_num FROM alembic_version") == [(schema.head(),)]


def test_an_older_database_is_migrated_by_mlflow_itself(url):
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE mlflow.scheduler_leases, mlflow.job_locks")
        connection.execute("DROP INDEX mlflow.index_jobs_status_lease_expires_at")
        for column in (
            *("next_attempt_at", "scoped_permissions", "token_hash", "progress_updated_at"),
            *("progress", "status_message", "lease_expires_at", "executor_backend"),
        ):
            connection.execute(f"ALTER TABLE mlflow.jobs DROP COLUMN {column}")
        connection.execute("UPDATE mlflow.alembic_version SET version_num = '75868b020152'")
    _prepare(url)
    assert _rows(url, "SELECT version_num FROM alembic_version") == [(schema.head(),)]
    assert _rows(url, "SELECT 1 FROM pg_indexes WHERE indexname = 'zaffre_runs_newest'") == [(1,)]


def test_a_newer_database_is_refused(url):
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE mlflow.alembic_version SET version_num = 'ffffffffffff'")
    with pytest.raises(Exception, match="newer MLflow"):
        _prepare(url)


def test_two_servers_prepare_at_once(postgres_url):
    async def both():
        await asyncio.gather(*(asyncio.to_thread(_prepare, postgres_url) for _ in range(2)))

    asyncio.run(both())
    assert _rows(postgres_url, "SELECT version_num FROM alembic_version") == [(schema.head(),)]


def test_every_column_of_a_run_id_has_room_for_a_run_name(url):
    narrow = _rows(
        url,
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'mlflow'"
        " AND column_name IN ('run_uuid', 'run_id', 'source_run_id', 'source_id', 'destination_id')"
        " AND character_maximum_length < 255",
    )
    assert narrow == []


async def test_each_write_of_a_group_stands_alone(database):
    def write(n):
        def run(conn):
            conn.execute("INSERT INTO workspaces (name) VALUES (?)", (f"w{n}",))
            if n % 10 == 7:
                raise Refusal(f"no {n}")

        return run

    outcomes = await asyncio.gather(*(database.write(write(n)) for n in range(60)), return_exceptions=True)
    assert [n for n in range(60) if isinstance(outcomes[n], Refusal)] == list(range(7, 60, 10))
    rows = await database.read(lambda conn: conn.execute("SELECT count(*) FROM workspaces").fetchall())
    assert rows == [(54 + 1,)]  # and the default one


async def test_what_reads_and_then_writes_is_right_on_two_servers(url):
    """Each adds one to what it has read, fifty times; without the turn of writers some would be lost."""

    def more(conn):
        found = int(conn.execute("SELECT description FROM workspaces WHERE name = 'default'").fetchone()[0])
        conn.execute("UPDATE workspaces SET description = ? WHERE name = 'default'", (str(found + 1),))

    servers = [Database(engine(url)) for _ in range(2)]
    try:
        await servers[0].write(lambda conn: conn.execute("UPDATE workspaces SET description = '0'"))
        await asyncio.gather(*(server.write(more) for server in servers for _ in range(50)))
        assert _rows(url, "SELECT description FROM workspaces WHERE name = 'default'") == [("100",)]
    finally:
        for server in servers:
            server.close()


@pytest.mark.parametrize("value", ["a\0b", "x" * 300, "\ud800"])
async def test_a_value_it_cannot_hold_is_refused_with_a_sentence(database, value):
    with pytest.raises(Refusal, match="cannot be stored") as caught:
        await database.write(lambda conn: conn.execute("INSERT INTO workspaces (name) VALUES (?)", (value,)))
    assert caught.value.code is Code.INVALID


async def test_readers_cannot_write(database):
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await database.read(lambda conn: conn.execute("INSERT INTO workspaces (name) VALUES ('x')"))


async def test_it_goes_on_after_its_connections_were_cut(database, postgres, url):
    def count(conn):
        return conn.execute("SELECT count(*) FROM workspaces").fetchall()

    await database.write(lambda conn: conn.execute("INSERT INTO workspaces (name) VALUES ('before')"))
    await database.read(count)
    name = url.rpartition("/")[2]
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    await database.write(lambda conn: conn.execute("INSERT INTO workspaces (name) VALUES ('after')"))
    assert await database.read(count) == [(3,)]


async def test_one_that_is_cut_half_way_answers_busy_and_leaves_nothing(database, postgres, url):
    name = url.rpartition("/")[2]

    def cut(conn):
        conn.execute("INSERT INTO workspaces (name) VALUES ('half')")
        postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        conn.execute("SELECT 1")

    with pytest.raises(Refusal) as caught:
        await database.write(cut)
    assert caught.value.code is Code.BUSY
    assert ("half",) not in await database.read(lambda conn: conn.execute("SELECT name FROM workspaces").fetchall())


def test_one_that_is_not_there_is_said_without_its_password():
    with pytest.raises(Unavailable) as caught:
        engine("postgresql://someone:hunter2@127.0.0.1:1/none?connect_timeout=3").prepare(sys.executable)
    assert "127.0.0.1" in caught.value.message
    assert "hunter2" not in caught.value.message
