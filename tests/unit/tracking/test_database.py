"""The writer thread: groups commit together, and one refusal does not undo its neighbours."""

import asyncio
import sqlite3

import pytest

from zaffre.tracking.database import Database
from zaffre.tracking.engines import engine
from zaffre.tracking.errors import Refusal


@pytest.fixture
def database(tmp_path):
    opened_engine = engine(f"sqlite:///{tmp_path / 'x.db'}")
    connection = opened_engine.connect()
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    connection.close()
    opened = Database(opened_engine)
    yield opened
    opened.close()


def _insert(n):
    def run(conn):
        conn.execute("INSERT INTO t VALUES (?)", (n,))
        if n % 10 == 7:
            raise Refusal(f"no {n}")
        return n

    return run


async def test_each_write_of_a_group_stands_alone(database):
    outcomes = await asyncio.gather(*(database.write(_insert(n)) for n in range(200)), return_exceptions=True)
    assert [n for n in range(200) if isinstance(outcomes[n], Refusal)] == list(range(7, 200, 10))
    rows = await database.read(lambda conn: conn.execute("SELECT n FROM t").fetchall())
    assert [row[0] for row in rows] == [n for n in range(200) if n % 10 != 7]


async def test_what_was_answered_is_in_the_file(database, tmp_path):
    await database.write(_insert(1))
    other = sqlite3.connect(tmp_path / "x.db")
    assert other.execute("SELECT n FROM t").fetchall() == [(1,)]
    other.close()


async def test_a_statement_that_fails_leaves_nothing_and_the_writer_lives(database):
    def broken(conn):
        conn.execute("INSERT INTO t VALUES (5)")
        conn.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(sqlite3.OperationalError):
        await database.write(broken)
    await database.write(_insert(6))
    assert await database.read(lambda conn: conn.execute("SELECT n FROM t").fetchall()) == [(6,)]


async def test_readers_cannot_write(database):
    with pytest.raises(sqlite3.OperationalError):
        await database.read(lambda conn: conn.execute("INSERT INTO t VALUES (1)"))


async def test_text_that_is_no_unicode_is_refused(database):
    with pytest.raises(Refusal):
        await database.read(lambda conn: conn.execute("SELECT ?", ("\ud800",)).fetchall())
