"""Tracking in PostgreSQL, in a schema ``mlflow`` of its own: every word that only PostgreSQL understands is here.

Writes take one advisory lock a transaction, so that several servers follow one another as SQLite's writers do; what
reads first and then writes is right on both for the same reason. Transactions are grouped, so the lock is taken rarely.

MLflow's columns for run ids hold 32 characters and a Zaffre run is named by its user, so they are widened after every
migration of MLflow's; that changes the catalogue alone, no row is rewritten.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.pq import TransactionStatus

from zaffre.core.database import masked
from zaffre.core.errors import Unavailable
from zaffre.tracking import schema
from zaffre.tracking.dialect import Cursor, unstorable
from zaffre.tracking.errors import Code, Refusal

SCHEMA = "mlflow"
_PATH = f"options=-csearch_path%3D{SCHEMA}"
"""In an address: MLflow's tables are found by their bare names."""
_LOCK = 0x6D6C_666C_6F77
"""Whoever holds it writes (it spells mlflow)."""
_MIGRATING = _LOCK + 1
_ID_LENGTH = 255
_RUN_COLUMNS = ("run_uuid", "run_id", "source_run_id", "source_id", "destination_id")
_LOCATIONS = {("runs", "artifact_uri"): 1000}
_FULL = "The disk that holds the tracking database is full; free space and try again."
_AWAY = "The tracking database cannot be reached; try again in a moment."


class Session:
    """A connection in the manner of SQLite's: ``?`` for parameters, transactions by hand; a lost one is opened anew."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._raw: psycopg.Connection[tuple[Any, ...]] | None = None

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Run one statement."""
        return self._open().execute(_spelled(statement), parameters or None)

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> Cursor:
        """Run one statement for each row."""
        cursor = self._open().cursor()
        cursor.executemany(_spelled(statement), parameters)
        return cursor

    def begin(self, statement: str) -> None:
        """Begin; a connection that was lost meanwhile is found out here, where nothing is under way."""
        try:
            self._open().execute(statement.encode())
        except psycopg.OperationalError:
            self.close()
            self._open().execute(statement.encode())

    def roll_back(self) -> None:
        """Undo what is under way; what cannot be undone is given up with its connection."""
        if self._raw is None or self._raw.closed:
            return
        if self._raw.info.transaction_status != TransactionStatus.IDLE:
            try:
                self._raw.execute("ROLLBACK")
            except psycopg.Error:
                self.close()

    def close(self) -> None:
        """Let go of the database."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None

    def _open(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._raw is None or self._raw.closed:
            self._raw = psycopg.connect(self._url, autocommit=True)
        return self._raw


class Postgres:
    """One database, shared by the servers that were started on it."""

    is_near = False
    errors: tuple[type[Exception], ...] = (psycopg.Error, UnicodeError, OverflowError)

    def __init__(self, url: str) -> None:
        self._url = url if "search_path" in url else f"{url}{'&' if '?' in url else '?'}{_PATH}"
        self.mlflow_url = "postgresql+psycopg://" + self._url.partition("://")[2]
        self._shown = masked(url)

    def prepare(self, python: str) -> None:
        """Have MLflow make or upgrade its tables, one server at a time, and fit them to Zaffre."""
        try:
            with self._alone() as connection:
                if _revision(connection) != schema.head():
                    for name in schema.INDEXES:
                        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(name)))
                    said = schema.migrate(self.mlflow_url, python)
                    if said or _revision(connection) != schema.head():
                        raise schema.refused(self._shown, "make a copy with pg_dump before you try again", said)
                with connection.transaction():
                    _widen(connection)
                    for name, columns in schema.INDEXES.items():
                        connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}".encode())
        except psycopg.OperationalError as error:
            raise Unavailable(f"the tracking database {self._shown} cannot be reached: {_words(error)}") from error

    def connect(self, *, read_only: bool = False, waits: bool = True) -> Session:
        """A connection, made on its first use."""
        del read_only, waits  # the transaction says it
        return Session(self._url)

    def begin(self, connection: Any, *, waits: bool = True) -> bool:
        """Begin, and wait for the lock."""
        del waits  # nothing is written on the event loop here
        connection.begin("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
        return True

    def look(self, connection: Any) -> None:
        """A snapshot that cannot write."""
        connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def roll_back(self, connection: Any) -> None:
        """Undo what is under way."""
        connection.roll_back()

    def wrote(self, connection: Any) -> None:
        """PostgreSQL tidies up by itself."""

    def refusal(self, error: BaseException) -> BaseException:
        """What a caller can do about it."""
        match error:
            case errors.DiskFull():
                return Refusal(_FULL, Code.BUSY)
            case psycopg.DataError():
                return Refusal(f"A value cannot be stored: {_words(error)}.")
            case psycopg.OperationalError():
                return Refusal(_AWAY, Code.BUSY)
            case _:
                return unstorable(error)

    def close(self) -> None:
        """Nothing goes on aside."""

    @contextmanager
    def _alone(self) -> Generator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection whose holder alone migrates; the lock goes with it, however it ends."""
        with contextlib.closing(psycopg.connect(self._url, autocommit=True)) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (_MIGRATING,))
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
            yield connection


@lru_cache(maxsize=1024)
def _spelled(statement: str) -> bytes:
    """``?`` as psycopg spells it. No statement of ours has a question mark or a percent sign in a literal."""
    return statement.replace("?", "%s").encode()


def _revision(connection: psycopg.Connection[tuple[Any, ...]]) -> str | None:
    found = connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.alembic_version",)).fetchone()
    if found is None or found[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _widen(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Make room for run names wherever MLflow keeps a run's id."""
    found = connection.execute(
        "SELECT table_name, column_name, character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = %s AND (column_name = ANY(%s) OR column_name = 'artifact_uri')",
        (SCHEMA, list(_RUN_COLUMNS)),
    ).fetchall()
    for table, column, length in found:
        wanted = _LOCATIONS.get((table, column), _ID_LENGTH)
        if length is not None and length < wanted:
            connection.execute(
                sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE varchar({})").format(
                    sql.Identifier(SCHEMA, table), sql.Identifier(column), sql.Literal(wanted)
                )
            )


def _words(error: psycopg.Error) -> str:
    """The first line of what PostgreSQL says, which holds no password."""
    return str(error).strip().partition("\n")[0]
