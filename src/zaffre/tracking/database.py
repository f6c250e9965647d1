"""The tracking database: small writes at once, all others by one thread that commits in groups, and readers beside it.

SQLite takes one writer at a time. A write of a few rows costs less than handing it to a thread and waiting for it, so it
is made on the event loop, if nobody else is writing at that moment. Everything else is queued for the writer thread, which
waits its turn; what waits together is committed together, each write in a savepoint of its own, so that one refused
request does not undo its neighbours. MLflow's real server shares the file: a write begins with ``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

from zaffre.tracking import dialect
from zaffre.tracking.errors import Code, Refusal

T = TypeVar("T")
Row = tuple[Any, ...]

_GROUP = 256
_READERS = 2
_CHECKPOINT_ROWS = 50_000
"""Changed rows after which the log is moved into the file, by a thread of its own: it waits for the disk, writers do not."""
_LONGEST_LOG = 512 * 1024**2
"""Bytes of log from which writers wait for that after all."""


class Cursor(Protocol):
    """What a query gives."""

    @property
    def rowcount(self) -> int:
        """Rows changed."""
        ...

    @property
    def lastrowid(self) -> int | None:
        """Key of the row just inserted."""
        ...

    def fetchone(self) -> Row | None:
        """The next row."""
        ...

    def fetchall(self) -> list[Row]:
        """All remaining rows."""
        ...


class Connection(Protocol):
    """The part of a DB-API connection that the queries use; parameters are ``?``."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> Cursor:
        """Run one statement for each row."""
        ...


class _Caught:
    """Keeps what its block raised: an error must reach the caller that waits, not end the writer thread."""

    error: BaseException | None = None

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True


class _Outcome(_Caught):
    """One queued write, and what it returned or raised, for the event loop that waits for it."""

    def __init__(self, run: Callable[[Connection], Any]) -> None:
        self.run = run
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.value: Any = None

    def deliver(self) -> None:
        """Settle the future; on the loop's own thread."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(_translated(self.error))


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, sqlite3.OperationalError):
        text = str(error)
        if "locked" in text or "busy" in text:
            return Refusal("The tracking database is busy; try again in a moment.", Code.BUSY)
        if "full" in text:
            return Refusal("The disk that holds the tracking database is full; free space and try again.", Code.BUSY)
    if isinstance(error, UnicodeError | OverflowError):
        return Refusal("A value cannot be stored: text must be valid Unicode, integers must fit 64 bits.")
    return error


class Database:
    """Opened on a prepared file (``schema.prepare``)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[_Outcome | None] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._at_once: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None
        self._changed = 0
        self._checkpointing = threading.Lock()
        self._checkpoints = ThreadPoolExecutor(1, thread_name_prefix="tracking-checkpoint")
        self._seen: dict[sqlite3.Connection, int] = {}
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="tracking-read")
        self._writer = threading.Thread(target=self._write_loop, name="tracking-write", daemon=True)
        self._writer.start()

    async def write(self, run: Callable[[Connection], T], *, small: bool = False) -> T:
        """``run`` inside a transaction; returns after the commit. ``small``: it touches a few rows."""
        if small and self._writing.acquire(blocking=False):
            try:
                if self._begun():
                    return self._finished(run)
            except (sqlite3.OperationalError, UnicodeError, OverflowError) as error:
                raise _translated(error) from error
            finally:
                self._writing.release()
        outcome = _Outcome(run)
        self._queue.put(outcome)
        return await outcome.future

    def _begun(self) -> bool:
        """Begin a transaction on the event loop, unless another process is writing."""
        if self._at_once is None:
            self._at_once = self._open()
            self._at_once.execute("PRAGMA busy_timeout = 0")
        try:
            self._at_once.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True

    def _finished(self, run: Callable[[Connection], T]) -> T:
        connection = self._at_once
        assert connection is not None
        try:
            value = run(connection)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        self._count(connection)
        return value

    def _count(self, connection: sqlite3.Connection) -> None:
        """Note what was written; when it is much, have the log moved into the file."""
        self._changed += connection.total_changes - self._seen.get(connection, 0)
        self._seen[connection] = connection.total_changes
        if self._changed >= _CHECKPOINT_ROWS and self._checkpointing.acquire(blocking=False):
            self._changed = 0
            self._checkpoints.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        try:
            with contextlib.closing(dialect.connect(self._path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                log = self._path.with_name(f"{self._path.name}-wal")
                if log.exists() and log.stat().st_size > _LONGEST_LOG:
                    with self._writing:
                        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._checkpointing.release()

    async def read(self, run: Callable[[Connection], T], *, small: bool = False) -> T:
        """``run`` on a snapshot that holds everything committed before the call. ``small``: it reads a few rows."""
        try:
            if small:
                if self._reading is None:
                    self._reading = self._open(read_only=True)
                return _on_snapshot(self._reading, run)
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, run)
        except (sqlite3.OperationalError, UnicodeError, OverflowError) as error:
            raise _translated(error) from error

    def _open(self, *, read_only: bool = False) -> sqlite3.Connection:
        connection = dialect.connect(self._path, read_only=read_only)
        self._opened.append(connection)
        return connection

    def _read(self, run: Callable[[Connection], T]) -> T:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open(read_only=True)
        return _on_snapshot(connection, run)

    def _write_loop(self) -> None:
        connection = dialect.connect(self._path)
        while (first := self._queue.get()) is not None:
            group, last = [first], False
            with contextlib.suppress(queue.Empty):
                while len(group) < _GROUP and not last:
                    following = self._queue.get_nowait()
                    last = following is None
                    group += [following] if following is not None else []
            with self._writing:
                self._commit(connection, group)
                self._count(connection)
            if last:
                break
        connection.close()

    def _commit(self, connection: sqlite3.Connection, group: list[_Outcome]) -> None:
        whole = _Caught()
        with whole:
            connection.execute("BEGIN IMMEDIATE")
            if len(group) == 1:
                group[0].value = group[0].run(connection)
            else:
                for outcome in group:
                    _in_savepoint(connection, outcome)
            connection.execute("COMMIT")
        if whole.error is not None:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for outcome in group:
                outcome.error = outcome.error or whole.error
        for loop in {outcome.loop for outcome in group}:
            settled = [outcome for outcome in group if outcome.loop is loop]
            with contextlib.suppress(RuntimeError):  # a loop that closed while its write was under way
                loop.call_soon_threadsafe(_deliver, settled)

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        self._checkpoints.shutdown(wait=True)
        for connection in self._opened:
            connection.close()


def _on_snapshot(connection: sqlite3.Connection, run: Callable[[Connection], T]) -> T:
    connection.execute("BEGIN")
    try:
        return run(connection)
    finally:
        connection.execute("ROLLBACK")


def _in_savepoint(connection: sqlite3.Connection, outcome: _Outcome) -> None:
    connection.execute("SAVEPOINT one")
    with outcome:
        outcome.value = outcome.run(connection)
    if outcome.error is not None:
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")


def _deliver(group: list[_Outcome]) -> None:
    for outcome in group:
        outcome.deliver()
