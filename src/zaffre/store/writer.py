"""The one thread that writes: whatever waits when it gets its turn shares one commit (group commit).

Waiting for the disk is what a durable write costs, and ten writes that share the wait pay it once. Each function runs
in a savepoint, so one that raises takes only its own changes with it. Nobody hears of success before the commit.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from zaffre.core.errors import Unavailable
from zaffre.core.ports import Clock
from zaffre.store.transaction import Tx

LARGEST_BATCH = 256
LONGEST_BATCH = 0.025
"""Seconds after which a batch is committed even while more is waiting, so that the first in it is not kept."""


@dataclass(slots=True)
class Job:
    """One function to run in a transaction, and where its outcome goes."""

    work: Callable[[Tx], Any]
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None
    tx: Tx | None = None

    def __enter__(self) -> None:
        """Whatever is raised inside belongs to the caller on the other thread, and is carried there."""

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.error = error
        return True


class Writer:
    """Owns the writing connection. ``deliver`` is called, on this thread, with the jobs of each finished batch."""

    def __init__(self, connection: Connection, clock: Clock, deliver: Callable[[Sequence[Job]], None]) -> None:
        self._connection = connection
        self._clock = clock
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="zaffre-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Have ``job`` run in its turn."""
        if self._closed:
            raise Unavailable("the store is closed")
        self._queue.put(job)

    def close(self) -> None:
        """Finish what was put before, then end. Blocks."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                self._connection.begin()
            except DBAPIError as error:
                self._fail([job, *self._waiting()], error)
                continue
            self._batch(job)
        self._connection.close()

    def _batch(self, first: Job) -> None:
        done: list[Job] = []
        started = self._clock.monotonic()
        job: Job | None = first
        try:
            while job is not None:
                done.append(job)
                if not self._attempt(job, alone=job is first and self._queue.empty()):
                    break
                full = len(done) >= LARGEST_BATCH or self._clock.monotonic() - started > LONGEST_BATCH
                job = None if full else self._next()
            self._connection.commit()
        except DBAPIError as error:
            self._abandon()
            self._fail(done, error)
        else:
            self._deliver(done)

    def _attempt(self, job: Job, *, alone: bool) -> bool:
        """Run one job; False where it took the transaction down with it, which only a job alone may."""
        if job.future.cancelled():
            return True
        job.tx = Tx(self._connection, self._clock.now())
        if not alone:
            self._connection.exec_driver_sql("SAVEPOINT job")
        with job:
            job.value = job.work(job.tx)
        if job.error is None:
            if not alone:
                self._connection.exec_driver_sql("RELEASE SAVEPOINT job")
            return True
        if alone:
            self._connection.rollback()
            return False
        self._undo(job.error)
        return True

    def _undo(self, cause: BaseException) -> None:
        """Take back one job; raises where the database has given up the whole transaction (a full disk does that)."""
        try:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT job")
        except DBAPIError as gone:
            raise cause if isinstance(cause, DBAPIError) else gone  # noqa: B904  the cause is the story

    def _next(self) -> Job | None:
        try:
            job = self._queue.get_nowait()
        except queue.Empty:
            return None
        if job is None:
            self._queue.put(None)
        return job

    def _waiting(self) -> Iterable[Job]:
        while (job := self._next()) is not None:
            yield job

    def _abandon(self) -> None:
        """Leave the transaction whatever state a failed commit left it in."""
        with suppress(DBAPIError):
            self._connection.rollback()
        self._connection.connection.rollback()

    def _fail(self, jobs: list[Job], error: DBAPIError) -> None:
        for job in jobs:
            # A job that raised by itself keeps its own error; the others share the transaction's.
            job.error = job.error or error
        self._deliver(jobs)
