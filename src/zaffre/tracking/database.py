"""The tracking database: one writer thread that commits in groups, and a few readers beside it.

SQLite takes one writer at a time, so every write goes through one thread; writes that wait together are committed
together, each in a savepoint of its own, so that one refused request does not undo its neighbours. MLflow's real server
shares the file, which is why a write begins with ``BEGIN IMMEDIATE`` and waits its turn.
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
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="tracking-read")
        self._writer = threading.Thread(target=self._write_loop, name="tracking-write", daemon=True)
        self._writer.start()

    async def write(self, run: Callable[[Connection], T]) -> T:
        """``run`` inside a transaction; returns after the commit."""
        outcome = _Outcome(run)
        self._queue.put(outcome)
        return await outcome.future

    async def read(self, run: Callable[[Connection], T]) -> T:
        """``run`` on a snapshot that holds everything committed before the call."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, run)
        except (sqlite3.OperationalError, UnicodeError, OverflowError) as error:
            raise _translated(error) from error

    def _read(self, run: Callable[[Connection], T]) -> T:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = dialect.connect(self._path, read_only=True)
            self._opened.append(connection)
        connection.execute("BEGIN")
        try:
            return run(connection)
        finally:
            connection.execute("ROLLBACK")

    def _write_loop(self) -> None:
        connection = dialect.connect(self._path)
        while (first := self._queue.get()) is not None:
            group, last = [first], False
            with contextlib.suppress(queue.Empty):
                while len(group) < _GROUP and not last:
                    following = self._queue.get_nowait()
                    last = following is None
                    group += [following] if following is not None else []
            self._commit(connection, group)
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
        for connection in self._opened:
            connection.close()


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
