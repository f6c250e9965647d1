"""SQLite files: opened for reading alone, kept from every other file, columns typed by what they hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid
from zaffre.staging.databases.libraries import pa
from zaffre.staging.databases.reader import Column, Reader, check_names, statement
from zaffre.staging.order import Query

_SECONDS = 60.0
"""How long another process may keep the file locked."""
_REFUSED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA})


@contextmanager
def opened(query: Query) -> Generator[Reader]:
    """The answer to a query."""
    if query.procedure:
        raise Invalid("SQLite has no stored procedures; write a query")
    asked = statement(query, '""')
    try:
        with closing(sqlite3.connect(f"file:{quote(query.file)}?mode=ro", uri=True, timeout=_SECONDS)) as connection:
            connection.execute("PRAGMA query_only=1")
            connection.set_authorizer(_permit)
            connection.execute("BEGIN")
            columns = _columns(connection, asked)
            yield _Reader(connection.execute(asked), columns)
    except sqlite3.Error as error:
        raise Invalid(f"SQLite answered: {error}") from error


class _Reader:
    def __init__(self, cursor: sqlite3.Cursor, columns: list[Column]) -> None:
        self._cursor = cursor
        self.columns = columns
        self._reals = [index for index, column in enumerate(columns) if pa.types.is_floating(column.type)]
        self._texts = [index for index, column in enumerate(columns) if pa.types.is_string(column.type)]

    def rows(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows, each value as its column has it."""
        found = self._cursor.fetchmany(most)
        return [self._shaped(row) for row in found] if self._reals or self._texts else found

    def _shaped(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for index in self._reals:
            values[index] = None if values[index] is None else float(values[index])
        for index in self._texts:
            values[index] = values[index] if values[index] is None else _as_text(values[index])
        return tuple(values)


def _permit(action: int, *_: Any) -> int:
    """Any statement that looks at another file, or at the settings, is refused."""
    return sqlite3.SQLITE_DENY if action in _REFUSED else sqlite3.SQLITE_OK


def _columns(connection: sqlite3.Connection, asked: str) -> list[Column]:
    """Types by what every row holds: a column of SQLite may hold anything, whatever it was declared as."""
    cursor = connection.execute(asked)
    names = [one[0] for one in cursor.description or ()]
    check_names(names)
    held = ", ".join(f"group_concat(DISTINCT typeof({_named(name)}))" for name in names)
    found = connection.execute(f"SELECT {held} FROM ({asked}\n)").fetchone()  # noqa: S608  what the user asks
    return [
        Column(name, _type(set(kinds.split(",")) if kinds else set())) for name, kinds in zip(names, found, strict=True)
    ]


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _type(kinds: set[str]) -> Any:
    if "blob" in kinds and kinds & {"integer", "real"}:
        raise Invalid("a column holds both numbers and bytes; CAST it to one type in the query")
    match sorted(kinds - {"null"}):
        case ["integer"]:
            return pa.int64()
        case ["real"] | ["integer", "real"]:
            return pa.float64()
        case ["blob"] | ["blob", "text"]:
            return pa.binary()
        case _:
            return pa.string()


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
