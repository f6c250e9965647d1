"""PostgreSQL: every word that only PostgreSQL understands is in this file.

What SQLite's single writer gives for free must hold here with several servers on one database, so this is relied on:

- **One writing transaction at a time**, of all servers. It begins with ``pg_advisory_xact_lock`` and lets go of it with
  its end, after its changes have become visible. READ COMMITTED is then as good as serial: what a function reads, nobody
  changes before it commits. Slots are counted, numbers given and names checked as on SQLite; events are committed in the
  order of their numbers, so "all after N" never skips one. Group commit shares the lock among all that waits.
- **A server that stands still cannot hold the others up**: ``idle_in_transaction_session_timeout`` ends its session, and
  with that its lock. What it had not committed is gone; what it decided under a lease since taken over is refused.
- **Readers see one moment** (REPEATABLE READ, READ ONLY), which holds every commit that was answered before.
- **A commit whose answer was lost is looked up** by its transaction id (``pg_xact_status``), never guessed and never
  applied twice; unless the server has become another one meanwhile (its timeline changed), which nobody can know.
- **Text compares by bytes** (COLLATE "C" in the tables). JSON is kept as it was written (``json``, not ``jsonb``, which
  reorders keys and turns 1e22 into an integer): YAML comes back in the order it came.

Our tables are in the schema ``zaffre`` (MLflow's are in ``mlflow``).
"""

from __future__ import annotations

import json
import selectors
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import set_json_dumps
from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from zaffre.core.database import masked
from zaffre.core.errors import Conflict, Invalid, NoSpace, Unavailable, ZaffreError
from zaffre.store.moment import Moment

SCHEMA = "zaffre"
OLDEST = 14
"""The oldest major version that is tried."""
LOCK_TIMEOUT = 10.0
"""Seconds a writer waits for another server before it gives up."""
IDLE_TIMEOUT = 5.0
"""Seconds after which PostgreSQL ends a transaction whose server stands still."""
_WRITING, _MIGRATING, _CHANNEL = 0x7A616666, 0x7A616667, "zaffre"
_CONNECT_TIMEOUT = 3
_LISTEN_AGAIN = 0.5

_BEGIN = f"""
BEGIN;
WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock({_WRITING}))
SELECT pg_current_xact_id()::text, extract(epoch FROM clock_timestamp())::float8 FROM alone
"""  # noqa: S608  a number of ours
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_STANDING = """
SELECT max(seq), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), pg_postmaster_start_time()::text FROM events
"""
_WHAT_BECAME = """
SELECT CASE WHEN CAST(:id AS xid8) >= pg_current_xact_id() THEN 'aborted' ELSE pg_xact_status(CAST(:id AS xid8)) END
"""
_ABOUT = """
SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'), pg_is_in_recovery(),
       current_setting('synchronous_commit'), to_regnamespace('zaffre') IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _Mark:
    """By which a transaction is found again."""

    id: str
    timeline: str
    since: str
    """When the server process started: one that has crashed gives the ids of what it lost to others."""


class Postgres:
    """One database of a PostgreSQL server, shared by whatever servers of ours name it."""

    shared = True

    def __init__(self, url: str) -> None:
        self._name = masked(url)
        self._given = _parsed(url, self._name)
        self._began = ("", 0.0)
        self._options = ""

    def prepare(self) -> None:
        """Refuse a server that is too old or cannot be written; make the schema."""
        try:
            with self._connect(search_path=False) as connection:
                self._check(connection)
        except psycopg.Error as error:
            raise self._unreachable(error) from error

    def writer(self) -> Engine:
        """One connection; its transactions begin with the lock of all writers."""
        engine = self._engine(1)
        engine.dialect.do_begin = self._begin
        return engine

    def reader(self, connections: int) -> Engine:
        """Connections whose transactions only read, and see one moment."""
        engine = self._engine(connections)
        engine.dialect.do_begin = partial(_begin_reading)
        return engine

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """A lock of the session, which PostgreSQL frees with its holder; waited for as long as a migration takes."""
        try:
            with self._connect() as connection:
                connection.execute("SET lock_timeout = 0")
                connection.execute("SELECT pg_advisory_lock(%s)", (_MIGRATING,))
                yield
        except psycopg.Error as error:
            raise self._unreachable(error) from error

    def began(self, connection: Connection, highest: int) -> Moment:
        """The transaction's mark and the database's time; refuses a database that has forgotten event ``highest``."""
        id_, now = self._began
        if "timeline" not in connection.info and highest:
            newest, timeline, since = connection.execute(text(_STANDING)).one()
            if (newest or 0) < highest:
                raise Unavailable(
                    f"the database {self._name} has gone back in time: it holds events up to {newest or 0}, but {highest} "
                    "was committed (a failover to an older replica, or a restored backup?); nothing is written to it. "
                    "To accept what it holds, start the server again",
                    retry_after=60.0,
                )
            connection.info["timeline"], connection.info["since"] = timeline, since
        return Moment(_Mark(id_, connection.info.get("timeline", ""), connection.info.get("since", "")), now)

    def is_committed(self, connection: Connection, mark: object) -> bool:
        """Whether the transaction of ``mark`` took place; asked under the lock, so it is over. Raises ``Unavailable``."""
        assert isinstance(mark, _Mark)
        if mark.timeline and mark.timeline == connection.info.get("timeline"):
            found = connection.execute(text(_WHAT_BECAME), {"id": mark.id}).scalar_one()
            if found is not None and mark.since == connection.info.get("since"):
                return found == "committed"
            if found == "aborted":
                return False
        raise Unavailable(
            "the database went away while a change was committed, and another one answers now: the change may or may not "
            "have been made; look before asking again",
            retry_after=1.0,
        )

    def tell(self, connection: Connection, notices: list[str]) -> None:
        """Have every server that listens hear ``notices`` once this transaction is committed."""
        for notice in notices:
            connection.execute(_NOTIFY, {"channel": _CHANNEL, "notice": notice})

    def notices(self, stop: socket.socket) -> Iterator[str | None]:
        """What other servers, and this one, told; None whenever something may have been missed. Until ``stop``."""
        while not _readable(stop, timeout=0.0):
            with suppress(psycopg.Error), self._connect() as connection:
                connection.execute(f"LISTEN {_CHANNEL}".encode())
                yield None
                while stop not in _readable(stop, connection):
                    yield from (notice.payload for notice in connection.notifies(timeout=0))
            _readable(stop, timeout=_LISTEN_AGAIN)

    def is_fleeting(self, error: DBAPIError) -> bool:
        """Whether the connection or the moment was to blame, so that the same may succeed in a new transaction."""
        return self._is_lost(error) or _state(error) in ("40001", "40P01")

    def translate(self, error: DBAPIError) -> ZaffreError | None:
        """Read PostgreSQL's SQLSTATE."""
        if isinstance(error, IntegrityError):
            return Conflict("the change clashes with another one made at the same time; read it again and retry")
        state = _state(error)
        if state in _MEANINGS:
            kind, said, pause = _MEANINGS[state]
            return kind(said.format(name=self._name), retry_after=pause)
        if self._is_lost(error):
            return self._unreachable(error.orig)
        if isinstance(error.orig, psycopg.DataError):
            return Invalid(f"a value cannot be kept: {_first_line(error.orig)}")
        return None

    def _is_lost(self, error: DBAPIError) -> bool:
        state = _state(error)
        if error.connection_invalidated or state in _GONE:
            return True
        return isinstance(error.orig, psycopg.OperationalError) and (state is None or state.startswith("08"))

    def _unreachable(self, error: BaseException | None) -> Unavailable:
        return Unavailable(f"the database {self._name} cannot be used: {_first_line(error)}", retry_after=1.0)

    def _check(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(_ABOUT).fetchone()
        assert row is not None
        version, encoding, replica, commit, is_there = row
        if version < OLDEST:
            raise Invalid(f"the database {self._name} is PostgreSQL {version}; expected {OLDEST} or newer")
        if encoding != "UTF8":
            raise Invalid(f"the database {self._name} has the encoding {encoding}; expected one made with UTF8")
        if replica:
            raise Unavailable(f"the database {self._name} is a replica, which only reads; name the primary")
        if commit == "off":  # what is answered must be on disk
            self._options = " -c synchronous_commit=on"
        if not is_there:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())

    def _connect(self, *, search_path: bool = True) -> psycopg.Connection[Any]:
        options = (
            f"-c lock_timeout={LOCK_TIMEOUT:.0f}s -c idle_in_transaction_session_timeout={IDLE_TIMEOUT:.0f}s"
            f" -c client_encoding=UTF8{self._options}" + (f" -c search_path={SCHEMA}" if search_path else "")
        )
        own = self._given.get("options")
        given: dict[str, Any] = {**_CONNECTION, **self._given, "options": f"{own} {options}" if own else options}
        connection = psycopg.connect(autocommit=True, **given)
        set_json_dumps(_compact, connection)
        return connection

    def _begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute(_BEGIN)
        cursor.nextset()  # pyright: ignore[reportAttributeAccessIssue]  psycopg's, of the statement after BEGIN
        row = cursor.fetchone()
        assert row is not None
        self._began = (row[0], row[1])
        cursor.close()

    def _engine(self, connections: int) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            use_native_hstore=False,
            hide_parameters=True,  # values of users do not belong into logs
        )


_CONNECTION: dict[str, Any] = {
    "application_name": "zaffre",
    "connect_timeout": _CONNECT_TIMEOUT,
    "target_session_attrs": "read-write",
    # A server that vanished without a word is noticed within this.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_NOTIFY = text("SELECT pg_notify(:channel, :notice)")
_GONE = ("57P01", "57P02", "57P03", "25P03", "25P04")
_MEANINGS: dict[str, tuple[type[ZaffreError], str, float]] = {
    "53100": (NoSpace, "the disk of the database {name} is full; free some space and ask again", 5.0),
    "53200": (Unavailable, "the database {name} is out of memory; ask again", 5.0),
    "53300": (Unavailable, "the database {name} has no connection free (max_connections); ask again", 5.0),
    "55P03": (Unavailable, "the database is busy with another server; ask again", 1.0),
    "57014": (Unavailable, "the database took too long, and gave up; ask again", 1.0),
    "40001": (Unavailable, "the database is busy with another server; ask again", 1.0),
    "40P01": (Unavailable, "the database is busy with another server; ask again", 1.0),
    "25006": (Unavailable, "the database {name} can only be read at the moment (a replica?); ask again", 5.0),
    "42501": (Unavailable, "the role of the database {name} lacks a permission; make it the owner of its schema", 60.0),
    "58030": (Unavailable, "the disk under the database {name} failed", 5.0),
    "XX001": (Unavailable, "the database {name} is damaged; restore it from a backup", 60.0),
    "XX002": (Unavailable, "an index of the database {name} is damaged; REINDEX it, or restore a backup", 60.0),
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _parsed(url: str, name: str) -> dict[str, Any]:
    try:
        given = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        given = {"port": "unreadable"}
    ports = str(given.get("port", "5432")).split(",")
    if not all(port.isdigit() for port in ports) or "@" in f"{given.get('host', '')}{given.get('dbname', '')}":
        # The driver's own words would repeat what they could not read, which may be the password.
        raise Invalid(
            f"the database {name} is not an address; expected postgresql://user:password@host:5432/name, with @ : / ? # "
            "in user or password written as %40 %3A %2F %3F %23"
        )
    return given


def _state(error: DBAPIError) -> str | None:
    return error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None


def _first_line(error: BaseException | None) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else "the connection was closed"


def _compact(value: object) -> str:
    try:
        return _encode(value)
    except ValueError as error:
        raise Invalid("a number is infinite or not a number, which JSON cannot hold; leave it out") from error


def _readable(*sources: Any, timeout: float | None = None) -> list[Any]:
    with selectors.DefaultSelector() as chosen:
        for source in sources:
            chosen.register(source, selectors.EVENT_READ)
        return [key.fileobj for key, _ in chosen.select(timeout)]


def _begin_reading(dbapi_connection: PoolProxiedConnection) -> None:
    dbapi_connection.cursor().execute(_BEGIN_READING)
