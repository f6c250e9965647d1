"""Whole tables as lines of text, and back: what a backup holds, and how an installation moves from one database to another.

A line is one row, a JSON list in the order of the columns that the first line names; bytes are base64. Nothing in it
belongs to SQLite or PostgreSQL, so what one wrote the other reads.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
    text,
)

from zaffre.core.errors import Invalid
from zaffre.store.dialect import Dialect, dialect
from zaffre.store.migrations import HEAD, current, migrate
from zaffre.store.tables import metadata

_BATCH = 1000


class Saved:
    """The store's own tables in one database, for a process that has it to itself or reads one moment of it."""

    def __init__(self, url: str) -> None:
        self._database: Dialect = dialect(url)

    def lines(self) -> Iterator[tuple[str, Iterator[str]]]:
        """Every table and its lines, all of one moment; each must be read before the next is asked for."""
        engine = self._database.reader(1)
        try:
            with engine.connect() as connection, connection.begin():
                if current(connection) != HEAD:
                    raise Invalid(
                        "the database is of another version; start the server once, which brings it up to date"
                    )
                for table in metadata.sorted_tables:
                    yield table.name, lines(connection, table)
        finally:
            engine.dispose()

    def make(self) -> None:
        """Create the tables in an empty database; refuses one that is in use."""
        self._database.prepare()
        read, write = self._database.reader(1), self._database.writer()
        try:
            migrate(self._database, read=read, write=write)
            with read.connect() as connection:
                if connection.execute(select(metadata.tables["resources"].c.id).limit(1)).first() is not None:
                    raise Invalid("the database is in use already; a backup is restored into an empty one")
        finally:
            read.dispose()
            write.dispose()

    def fill(self, table: str, found: Iterable[str]) -> int:
        """Put a table's lines into it; how many rows there were."""
        engine = self._database.writer()
        try:
            with engine.begin() as connection:
                return fill(connection, metadata.tables[table], found)
        finally:
            engine.dispose()


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """The names of the columns, then every row, in the order of the primary key."""
    columns = list(table.columns)
    yield _line([column.name for column in columns])
    query = select(table).order_by(*table.primary_key.columns)
    rows = connection.execute(query, execution_options={"yield_per": _BATCH})
    for row in rows:
        yield _line([_plain(value) for value in row])


def fill(connection: Connection, table: Table, found: Iterable[str]) -> int:
    """Insert what ``lines`` wrote into an empty table; how many rows there were."""
    rest = iter(found)
    names: list[str] = json.loads(next(rest))
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise Invalid(f"the backup has a column {table.name}.{missing[0]} that this version does not know")
    columns = [table.columns[name] for name in names]
    count = 0
    while batch := [_row(columns, line) for line in islice(rest, _BATCH)]:
        connection.execute(insert(table), batch)
        count += len(batch)
    _go_on_counting(connection, table)
    return count


def _row(columns: Sequence[Column[Any]], line: str) -> dict[str, Any]:
    return {column.name: _typed(column, value) for column, value in zip(columns, json.loads(line), strict=True)}


def _typed(column: Column[Any], value: Any) -> Any:
    if isinstance(value, str) and isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(value, str) and isinstance(column.type, Date | DateTime):
        return (datetime if isinstance(column.type, DateTime) else date).fromisoformat(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value  # a moment is a date too


def _go_on_counting(connection: Connection, table: Table) -> None:
    """The numbers that PostgreSQL gives out go on after the highest; SQLite sees to it by itself."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1 or not isinstance(keys[0].type, Integer | BigInteger):
        return
    full = f"{table.schema}.{table.name}" if table.schema else table.name
    sequence = connection.execute(select(func.pg_get_serial_sequence(full, keys[0].name))).scalar()
    highest = connection.execute(select(func.max(keys[0]))).scalar()
    if sequence and highest:
        connection.execute(text("SELECT setval(:name, :value)"), {"name": sequence, "value": highest})


def _line(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"
