"""MySQL, SQL Server and Snowflake, by drivers that Zaffre does not bring: whoever imports from them installs one.

MySQL is handed a connection that was made to a checked address, SQL Server the checked address, Snowflake (which speaks
https to several hosts) the gateway that checks each. Types are those that the first rows hold, where the driver tells none.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from zaffre.core.errors import Invalid
from zaffre.staging.databases.libraries import driver
from zaffre.staging.databases.reader import Column, Reader, check_names, of_values, quoted, statement
from zaffre.staging.egress import CONNECT_SECONDS, Egress
from zaffre.staging.gateway import Gateway
from zaffre.staging.order import Query

_LOOKED_AT = 10_000
"""Rows whose values say what a column is."""


@contextmanager
def mysql(query: Query, egress: Egress) -> Generator[Reader]:
    """MySQL and MariaDB."""
    pymysql = driver("pymysql", "PyMySQL", "MySQL")
    where = query.database
    plain = egress.connect(where.host, where.port)
    secure = where.options.get("ssl", "").lower() not in ("", "0", "false")
    try:
        connection = pymysql.connect(
            host=where.host, port=where.port, user=query.username, password=query.password, database=where.name,
            charset="utf8mb4", cursorclass=pymysql.cursors.SSCursor, defer_connect=True, local_infile=False,
            ssl={"check_hostname": True} if secure else None,
        )  # fmt: skip
        connection.connect(sock=plain)
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SET time_zone = '+00:00'")
            cursor.execute("START TRANSACTION READ ONLY")
            cursor.execute(_asked(query, "``", "CALL"))
            yield _Rows(cursor)
    except pymysql.Error as error:
        raise _told(query, error) from error
    finally:
        plain.close()


@contextmanager
def mssql(query: Query, egress: Egress) -> Generator[Reader]:
    """SQL Server, Azure SQL and Synapse."""
    pymssql = driver("pymssql", "pymssql", "SQL Server")
    where = query.database
    try:
        connection = pymssql.connect(
            server=egress.address(where.host, where.port), port=str(where.port), user=query.username,
            password=query.password, database=where.name, login_timeout=int(CONNECT_SECONDS), read_only=True,
            encryption="require" if where.options.get("encrypt", "true").lower() != "false" else "off",
        )  # fmt: skip
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(_asked(query, "[]", "EXEC"))
            yield _Rows(cursor)
    except pymssql.Error as error:
        raise _told(query, error) from error


@contextmanager
def snowflake(query: Query, egress: Egress) -> Generator[Reader]:
    """Snowflake."""
    connector = driver("snowflake.connector", "snowflake-connector-python", "Snowflake")
    where = query.database
    with Gateway(egress) as gateway:
        through = urlsplit(gateway.url)
        try:
            connection = connector.connect(
                account=where.host.removesuffix(".snowflakecomputing.com"), host=where.host, user=query.username,
                password=query.password, database=where.name, timezone="UTC", proxy_host=through.hostname,
                proxy_port=str(through.port), proxy_user=through.username, proxy_password=through.password,
                **where.options,
            )  # fmt: skip
            with closing(connection), connection.cursor() as cursor:
                cursor.execute(_asked(query, '""', "CALL"))
                yield _Rows(cursor)
        except connector.errors.Error as error:
            raise _told(query, error) from error


class _Rows:
    """A cursor of PEP 249."""

    def __init__(self, cursor: Any) -> None:
        names = [one[0] for one in cursor.description or ()]
        check_names(names)
        self._cursor = cursor
        self._first: list[tuple[Any, ...]] = list(cursor.fetchmany(_LOOKED_AT))
        self.columns = [
            Column(name, of_values([row[index] for row in self._first])) for index, name in enumerate(names)
        ]

    def rows(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows."""
        if self._first:
            found, self._first = self._first[:most], self._first[most:]
            return found
        return list(self._cursor.fetchmany(most))


def _asked(query: Query, quotes: str, call: str) -> str:
    if not query.procedure:
        return statement(query, quotes)
    name = quoted(query.procedure, quotes)
    values = [_literal(value, escapes=call != "EXEC") for _, value, _ in query.parameters]
    if call == "EXEC":
        given = ", ".join(
            f"@{one[0].lstrip('@')} = {value}" for one, value in zip(query.parameters, values, strict=True)
        )
        return f"EXEC {name} {given}".rstrip()
    return f"CALL {name}({', '.join(values)})"


def _literal(value: str, *, escapes: bool) -> str:
    """``escapes``: a backslash has a meaning there."""
    plain = value.replace("\\", "\\\\") if escapes else value
    return "'" + plain.replace("'", "''") + "'"


def _told(query: Query, error: Exception) -> Invalid:
    words = " ".join(str(part) for part in error.args) or type(error).__name__
    return Invalid(f"{query.database.shown} answered: {' '.join(words.split())}")
