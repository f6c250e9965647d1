"""SQLite: every word that only SQLite understands is in this file."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from zaffre.core.errors import Conflict, Invalid, NoSpace, Unavailable, ZaffreError
from zaffre.store.moment import Moment
from zaffre.store.mounts import network_mount

BUSY_TIMEOUT = 5.0
"""Seconds a writer waits for another process before it gives up."""

_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
    "PRAGMA journal_size_limit=67108864",
)
_LEAST_FREE = 1024 * 1024
_LOG_ROOM = 1100 * (4096 + 24)
"""Bytes of log a little past which SQLite begins again at its start (1000 pages)."""


class Sqlite:
    """One database file on a local disk, in WAL mode with ``synchronous=FULL``."""

    shared = False

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def prepare(self) -> None:
        """Refuse network file systems; create the file private to its owner; switch it to WAL."""
        mount = network_mount(self._path)
        if mount is not None:
            raise Invalid(
                f"{self._path.parent} is on {mount.point}, a network file system ({mount.type}) that cannot lock a "
                "database file safely; set ZAFFRE_HOME to a folder on a local disk"
            )
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise Unavailable(f"the database {self._path} cannot be opened: {error.strerror}") from error
        self._enter_wal()

    def writer(self) -> Engine:
        """One connection; its transactions begin with ``BEGIN IMMEDIATE``."""
        return self._engine(connections=1, begin="BEGIN IMMEDIATE", only_read=False)

    def reader(self, connections: int) -> Engine:
        """Connections that refuse to write."""
        return self._engine(connections=connections, begin="BEGIN", only_read=True)

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """A file lock beside the database; the kernel frees it with its holder."""
        lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def began(self, connection: Connection, highest: int) -> Moment:
        """There is one machine and one clock."""
        del connection, highest
        return Moment()

    def is_committed(self, connection: Connection, mark: object) -> bool:
        """No answer is ever lost on the way: a commit that raised did not happen."""
        del connection, mark
        return False

    def tell(self, connection: Connection, notices: list[str]) -> None:
        """Nobody else listens."""

    def notices(self, stop: socket.socket) -> Iterator[str | None]:
        """Nobody else tells."""
        del stop
        return iter(())

    def is_fleeting(self, error: DBAPIError) -> bool:
        """The driver has waited already."""
        del error
        return False

    def translate(self, error: DBAPIError) -> ZaffreError | None:
        """Read SQLite's result code."""
        if isinstance(error, IntegrityError):
            return Conflict("the change clashes with another one made at the same time; read it again and retry")
        code = getattr(error.orig, "sqlite_errorcode", None)
        primary = code & 0xFF if isinstance(code, int) else None
        if primary in _BUSY:
            return Unavailable("the database is busy with another process; ask again", retry_after=1.0)
        if primary == sqlite3.SQLITE_FULL or (primary in _DISK_FAULTS and self._is_full()):
            return NoSpace(f"the disk that holds {self._path.parent} is full; free some space and ask again")
        if primary in _DISK_FAULTS:
            return Unavailable(f"the disk under {self._path} failed: {error.orig}", retry_after=5.0)
        if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return Unavailable(f"the database {self._path} is damaged: {error.orig}; restore it from a backup")
        return None

    def _enter_wal(self) -> None:
        """WAL is a property of the file. Entering it does not wait for other processes, so it is repeated."""
        deadline = time.monotonic() + BUSY_TIMEOUT
        while not self._is_wal():
            if time.monotonic() > deadline:
                raise Unavailable("the database is busy with another process; ask again", retry_after=1.0)
            time.sleep(0.02)

    def _is_wal(self) -> bool:
        statement = "PRAGMA journal_mode=WAL"
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_TIMEOUT, isolation_level=None)) as connection:
                return connection.execute(statement).fetchone() == ("wal",)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in _BUSY:
                return False
            raise (self.translate(DBAPIError(statement, None, error)) or error) from error

    def _engine(self, *, connections: int, begin: str, only_read: bool) -> Engine:
        engine = create_engine(
            f"sqlite:///{self._path}",
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            connect_args={"check_same_thread": False, "isolation_level": None, "timeout": BUSY_TIMEOUT},
            json_serializer=_compact,
            hide_parameters=True,  # values of users do not belong into logs
        )
        event.listen(engine.pool, "connect", partial(_on_connect, only_read=only_read))
        if not only_read:
            event.listen(engine.pool, "connect", self._make_room)
        # The driver's own BEGIN is deferred, which would let two writers meet half-way through. Not by an event: one on
        # the engine makes every statement of every transaction look for listeners.
        engine.dialect.do_begin = partial(_begin, statement=begin)
        return engine

    def _make_room(self, connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        """Let the log have its size from the beginning: a commit that makes a file longer waits twice as long for the disk.

        What follows the last commit in a log means nothing to SQLite. Nobody writes meanwhile: this is a transaction.
        """
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        with suppress(OSError), self._path.with_name(f"{self._path.name}-wal").open("ab") as log:
            missing = _LOG_ROOM - log.tell()
            if missing > 0 and shutil.disk_usage(self._path.parent).free > 8 * _LOG_ROOM:
                log.write(bytes(missing))
        cursor.execute("ROLLBACK")
        cursor.close()

    def _is_full(self) -> bool:
        return shutil.disk_usage(self._path.parent).free < _LEAST_FREE


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DISK_FAULTS = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _compact(value: object) -> str:
    try:
        return _encode(value)
    except ValueError as error:
        raise Invalid("a number is infinite or not a number, which JSON cannot hold; leave it out") from error


def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry, *, only_read: bool) -> None:
    cursor = connection.cursor()
    for pragma in (*_PRAGMAS, "PRAGMA query_only=ON") if only_read else _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(dbapi_connection: PoolProxiedConnection, *, statement: str) -> None:
    dbapi_connection.cursor().execute(statement)
