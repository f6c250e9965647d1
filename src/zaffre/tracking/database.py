"""The tracking database: small writes at once, all others by one thread that commits in groups, and readers beside it.

One writer at a time is enough, and all that SQLite takes. Where the database is near, a write of a few rows costs less
than handing it to a thread and waiting for it, so it is made on the event loop, if nobody else is writing at that moment.
Everything else is queued for the writer thread, which waits its turn; what waits together is committed together, each
write in a savepoint of its own, so that one refused request does not undo its neighbours. MLflow's real server shares the
database, and where it is PostgreSQL so do other servers: a write begins by taking the turn (``dialect.Engine.begin``).
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from zaffre.tracking.dialect import Connection, Engine

T = TypeVar("T")

_GROUP = 256
_READERS = 2


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

    def deliver(self, engine: Engine) -> None:
        """Settle the future; on the loop's own thread."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(engine.refusal(self.error))


class Database:
    """Opened on a prepared database (``Engine.prepare``)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Outcome | None] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._at_once: Connection | None = None
        self._reading: Connection | None = None
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="tracking-read")
        self._writer = threading.Thread(target=self._write_loop, name="tracking-write", daemon=True)
        self._writer.start()

    async def write(self, run: Callable[[Connection], T], *, small: bool = False) -> T:
        """``run`` inside a transaction; returns after the commit. ``small``: it touches a few rows."""
        if small and self._engine.is_near and self._writing.acquire(blocking=False):
            try:
                if self._begun():
                    return self._finished(run)
            except self._engine.errors as error:
                raise self._engine.refusal(error) from error
            finally:
                self._writing.release()
        outcome = _Outcome(run)
        self._queue.put(outcome)
        return await outcome.future

    def _begun(self) -> bool:
        """Begin a transaction on the event loop, unless another process is writing."""
        if self._at_once is None:
            self._at_once = self._open(waits=False)
        return self._engine.begin(self._at_once, waits=False)

    def _finished(self, run: Callable[[Connection], T]) -> T:
        connection = self._at_once
        assert connection is not None
        try:
            value = run(connection)
            connection.execute("COMMIT")
        finally:
            self._engine.roll_back(connection)
        self._engine.wrote(connection)
        return value

    async def read(self, run: Callable[[Connection], T], *, small: bool = False) -> T:
        """``run`` on a snapshot that holds everything committed before the call. ``small``: it reads a few rows."""
        try:
            if small and self._engine.is_near:
                if self._reading is None:
                    self._reading = self._open(read_only=True)
                return self._on_snapshot(self._reading, run)
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, run)
        except self._engine.errors as error:
            raise self._engine.refusal(error) from error

    def _open(self, *, read_only: bool = False, waits: bool = True) -> Connection:
        connection = self._engine.connect(read_only=read_only, waits=waits)
        self._opened.append(connection)
        return connection

    def _read(self, run: Callable[[Connection], T]) -> T:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open(read_only=True)
        return self._on_snapshot(connection, run)

    def _on_snapshot(self, connection: Connection, run: Callable[[Connection], T]) -> T:
        self._engine.look(connection)
        try:
            return run(connection)
        finally:
            self._engine.roll_back(connection)

    def _write_loop(self) -> None:
        connection = self._engine.connect()
        while (first := self._queue.get()) is not None:
            group, last = [first], False
            with contextlib.suppress(queue.Empty):
                while len(group) < _GROUP and not last:
                    following = self._queue.get_nowait()
                    last = following is None
                    group += [following] if following is not None else []
            with self._writing:
                self._commit(connection, group)
            if last:
                break
        connection.close()

    def _commit(self, connection: Connection, group: list[_Outcome]) -> None:
        whole = _Caught()
        with whole:
            self._engine.begin(connection)
            if len(group) == 1:
                group[0].value = group[0].run(connection)
            else:
                for outcome in group:
                    _in_savepoint(connection, outcome)
            connection.execute("COMMIT")
            self._engine.wrote(connection)
        if whole.error is not None:
            self._engine.roll_back(connection)
            for outcome in group:
                outcome.error = outcome.error or whole.error
        for loop in {outcome.loop for outcome in group}:
            settled = [outcome for outcome in group if outcome.loop is loop]
            with contextlib.suppress(RuntimeError):  # a loop that closed while its write was under way
                loop.call_soon_threadsafe(self._deliver, settled)

    def _deliver(self, group: list[_Outcome]) -> None:
        for outcome in group:
            outcome.deliver(self._engine)

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        for connection in self._opened:
            connection.close()
        self._engine.close()


def _in_savepoint(connection: Connection, outcome: _Outcome) -> None:
    connection.execute("SAVEPOINT one")
    with outcome:
        outcome.value = outcome.run(connection)
    if outcome.error is not None:
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")
