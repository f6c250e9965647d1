"""PostgreSQL, in one read-only transaction, by a cursor of the server's, so that memory does not grow with rows."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from psycopg.types.string import TextLoader

from zaffre.core.errors import Invalid, Unavailable
from zaffre.staging.databases.libraries import pa
from zaffre.staging.databases.reader import Column, Reader, check_names, decimal, quoted, statement
from zaffre.staging.egress import CONNECT_SECONDS, STALL_SECONDS, Egress
from zaffre.staging.order import Query

_DECLARE = "DECLARE zaffre NO SCROLL CURSOR FOR "
_SESSION = "-c default_transaction_read_only=on -c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601"
_NUMERIC = 1700
_TYPES = {
    16: pa.bool_(), 21: pa.int16(), 23: pa.int32(), 20: pa.int64(), 26: pa.int64(), 700: pa.float32(), 701: pa.float64(),
    1082: pa.date32(), 1083: pa.time64("us"), 1114: pa.timestamp("us"), 1184: pa.timestamp("us", "UTC"), 17: pa.binary(),
}  # fmt: skip
"""Number of a type → Arrow's; every other one is text, as PostgreSQL writes it."""


@contextmanager
def opened(query: Query, egress: Egress) -> Generator[Reader]:
    """The answer to a query."""
    asked = _asked(query)
    connection = _connected(query, egress)
    with connection:
        try:
            with connection.cursor(binary=True) as declaring:  # by the protocol that takes one statement alone
                declaring.execute(_text(_DECLARE + asked))
            with connection.cursor() as cursor:
                yield _Reader(cursor)
        except psycopg.Error as error:
            raise _told(error, asked, query) from error


class _Reader:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        cursor.execute("FETCH 0 FROM zaffre")
        check_names([one.name for one in cursor.description])
        self.columns = [Column(one.name, _type(one)) for one in cursor.description]
        for one in cursor.description:
            if one.type_code not in _TYPES and one.type_code != _NUMERIC:
                cursor.adapters.register_loader(one.type_code, TextLoader)

    def rows(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows."""
        self._cursor.execute(_text(f"FETCH {most} FROM zaffre"))
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
        return found


def _type(column: Any) -> Any:
    if column.type_code == _NUMERIC:
        return decimal(column.precision, column.scale)
    return _TYPES.get(column.type_code, pa.string())


def _asked(query: Query) -> str:
    if not query.procedure:
        return statement(query, '""')
    given = ", ".join(f"{_name(name)} => {_literal(value)}" for name, value, _ in query.parameters)
    return f"SELECT * FROM {_name(query.procedure)}({given})"  # noqa: S608  quoted, part by part


def _name(written: str) -> str:
    return quoted(written, '""')


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _connected(query: Query, egress: Egress) -> psycopg.Connection[Any]:
    """To an address that was looked at; TLS still proves the name."""
    where = query.database
    mode = where.options.get("sslmode", "prefer")
    roots = "system" if mode.startswith("verify") else None
    address = egress.address(where.host, where.port)
    try:
        connection = psycopg.connect(
            host=where.host, hostaddr=address, port=where.port, dbname=where.name, user=query.username or None,
            password=query.password or None, passfile="/dev/null", sslmode=mode, gssencmode="disable",
            connect_timeout=int(CONNECT_SECONDS), keepalives_idle=int(STALL_SECONDS),
            tcp_user_timeout=int(STALL_SECONDS * 1000), client_encoding="utf8", application_name="zaffre import",
            options=_SESSION, sslrootcert=roots,
        )  # fmt: skip
    except psycopg.Error as error:
        raise Unavailable(f"{where.shown} could not be opened: {_plain(str(error))}") from error
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def _told(error: psycopg.Error, asked: str, query: Query) -> Exception:
    """The database's own sentence, with the place in the query as the user wrote it."""
    said = error.diag
    words = said.message_primary or _plain(str(error)) or type(error).__name__
    if said.statement_position:
        at = asked[: max(0, int(said.statement_position) - 1 - len(_DECLARE))]
        words += f" (line {at.count(chr(10)) + 1}, column {len(at.rpartition(chr(10))[2]) + 1} of the query)"
    words += "".join(f". {more}" for more in (said.message_detail, said.message_hint) if more)
    told = f"{query.database.shown} answered: {words}"
    return Invalid(told) if said.sqlstate and said.sqlstate[:2] not in ("08", "57") else Unavailable(told)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _text(statement: str) -> LiteralString:
    """psycopg asks for literals, so that nobody puts values into statements; a whole statement is what a user wrote."""
    return cast("LiteralString", statement)
