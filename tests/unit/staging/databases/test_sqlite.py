"""SQLite files: read alone, typed by what they hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest

from zaffre.core.errors import Invalid
from zaffre.core.targets import Database
from zaffre.staging.databases import sqlite
from zaffre.staging.order import Query


@pytest.fixture
def shelf(tmp_path):
    """A file whose name has what URLs have a meaning for, and a way to fill it."""
    path = tmp_path / "a?mode=rwc#ö.db"

    def fill(declared, rows):
        with closing(sqlite3.connect(path)) as base, base:
            base.execute(f"create table t({declared})")
            base.executemany(f"insert into t values ({','.join('?' * len(rows[0]))})", rows)

    fill.path = path
    return fill


def read(shelf, **asked):
    query = Query(Database("sqlite", "", 0, "azureml://…"), "/f", "mltable", file=str(shelf.path), **asked)
    with sqlite.opened(query) as found:
        return [one.type for one in found.columns], found.rows(100)


@pytest.mark.parametrize(
    ("held", "kind", "first"),
    [
        ([1, None, 3], pa.int64(), 1),
        ([1, 2.5], pa.float64(), 1.0),
        (["x", None], pa.string(), "x"),
        ([1, "x"], pa.string(), "1"),
        ([1.5, "x"], pa.string(), "1.5"),
        ([b"\0", None], pa.binary(), b"\0"),
        ([None, None], pa.string(), None),
    ],
)
def test_a_column_is_what_all_of_its_values_are(shelf, held, kind, first):
    shelf("c", [(value,) for value in held])
    kinds, rows = read(shelf, table="t")
    assert (kinds, rows[0], len(rows)) == ([kind], (first,), len(held))
    assert type(rows[0][0]) is type(first)


def test_numbers_beside_bytes_are_no_column(shelf):
    shelf("c", [(1,), (b"\0",)])
    with pytest.raises(Invalid, match="a column holds both numbers and bytes"):
        read(shelf, table="t")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"statement": "select nosuch from t"}, "no such column: nosuch"),
        ({"table": 't"; drop table t; --'}, "is no name of a table"),
        ({"statement": "select 1 as a, 2 as a"}, "several columns named a"),
        ({"statement": "select load_extension('x')"}, "not authorized"),
        ({"statement": "select * from pragma_database_list"}, "not authorized"),
        ({"statement": "vacuum into '/tmp/copy.db'"}, "not authorized|attempt to write|cannot VACUUM"),
        ({"procedure": "p"}, "SQLite has no stored procedures"),
    ],
)
def test_what_is_refused(shelf, asked, said):
    shelf("c", [(1,)])
    with pytest.raises(Invalid, match=said):
        read(shelf, **asked)
    assert [path.name for path in shelf.path.parent.iterdir()] == [shelf.path.name]


def test_a_file_that_is_none(shelf):
    shelf.path.write_bytes(b"no database, but long enough to look like one" * 9)
    with pytest.raises(Invalid, match="file is not a database"):
        read(shelf, table="t")
    shelf.path.unlink()
    with pytest.raises(Invalid, match="unable to open database file"):
        read(shelf, table="t")
    assert not shelf.path.exists()
