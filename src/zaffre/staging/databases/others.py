"""MySQL, SQL Server and Snowflake, by drivers that Zaffre does not bring: whoever imports from them installs one.

MySQL is handed a connection that was made to a checked address, SQL Server the checked address, Snowflake (which speaks
https to several hosts) the gateway that checks each. Types are those that the first rows hold: drivers tell few of them.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

from zaffre.core.errors import Invalid, Unavailable
from zaffre.core.targets import Database
from zaffre.staging.databases.libraries import driver, pa
from zaffre.staging.databases.reader import Column, Reader, check_names, of_values, quoted, statement
from zaffre.staging.egress import CONNECT_SECONDS, Egress
from zaffre.staging.gateway import Gateway
from zaffre.staging.order import Query

_LOOKED_AT = 10_000
"""Rows whose values say what a column is."""


@contextmanager
def mysql(query: Query, egress: Egress) -> Generator[Reader]:
    """MySQL and MariaDB."""
    pymysql = driver("pymysql", "PyMySQL>=1.2", "MySQL", least=(1, 2))
    where = query.database
    plain = egress.connect(where.host, where.port)
    try:
        connection = pymysql.connect(
            host=where.host, port=where.port, user=query.username, password=query.password, database=where.name,
            charset="utf8mb4", cursorclass=pymysql.cursors.SSCursor, defer_connect=True, local_infile=False,
            **_tls(where),
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
            server=egress.address(where.host, where.port), port=str(where.port), user=_who(query), tds_version="7.4",
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
            refused = "; ".join(dict.fromkeys(gateway.refusals))
            raise Unavailable(f"{where.shown}: {refused}") if refused else _told(query, error) from error


def _tls(where: Database) -> dict[str, Any]:
    """Encryption where the server has it; what is asked for in the target is insisted on."""
    match where.options.get("sslmode"):
        case "disable":
            return {"ssl_disabled": True}
        case "verify-full":
            return {"ssl": ssl.create_default_context()}
        case "require":
            unproven = ssl.create_default_context()
            unproven.check_hostname, unproven.verify_mode = False, ssl.CERT_NONE
            return {"ssl": unproven}
        case _:
            return {}


def _who(query: Query) -> str:
    """Azure's gateway is reached by its address here, so that the login has to name the server."""
    server, _, domain = query.database.host.partition(".")
    azure = domain.endswith(("database.windows.net", "sql.azuresynapse.net"))
    return f"{query.username}@{server}" if azure and "@" not in query.username else query.username


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
        self._texts = frozenset(index for index, one in enumerate(self.columns) if pa.types.is_string(one.type))

    def rows(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows."""
        if self._first:
            found, self._first = self._first[:most], self._first[most:]
        else:
            found = list(self._cursor.fetchmany(most))
        return [self._shaped(row) for row in found] if self._texts else found

    def _shaped(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """What no type holds (a GUID, numbers beside texts) is text."""
        return tuple(_as_text(value) if index in self._texts else value for index, value in enumerate(row))


def _as_text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _asked(query: Query, quotes: str, call: str) -> str:
    if not query.procedure:
        return statement(query, quotes)
    name = quoted(query.procedure, quotes)
    values = [_literal(value, escapes=call != "EXEC") for _, value, _ in query.parameters]
    if call == "EXEC":
        names = [_parameter(one[0]) for one in query.parameters]
        given = ", ".join(f"@{one} = {value}" for one, value in zip(names, values, strict=True))
        return f"EXEC {name} {given}".rstrip()
    return f"CALL {name}({', '.join(values)})"


def _parameter(name: str) -> str:
    bare = name.lstrip("@")
    if not re.fullmatch(r"[^\W\d][\w$#@]*", bare):
        raise Invalid(f"{name!r} is no name of a parameter")
    return bare


def _literal(value: str, *, escapes: bool) -> str:
    """``escapes``: a backslash has a meaning there."""
    plain = value.replace("\\", "\\\\") if escapes else value
    return "'" + plain.replace("'", "''") + "'"


def _told(query: Query, error: Exception) -> Invalid:
    said = [part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in _flat(error.args)]
    words = " ".join(said) or type(error).__name__
    return Invalid(f"{query.database.shown} answered: {' '.join(words.split())}")


def _flat(parts: tuple[Any, ...]) -> Iterator[Any]:
    """Some drivers put a tuple into their error."""
    for part in parts:
        if isinstance(part, tuple):
            yield from _flat(cast("tuple[Any, ...]", part))
        else:
            yield part
