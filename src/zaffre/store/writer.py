"""The one thread that writes: whatever waits when it gets its turn shares one commit (group commit).

Waiting for the disk is what a durable write costs, and ten writes that share the wait pay it once. Each function runs
in a savepoint, so one that raises takes only its own changes with it; where the database is a journey away and two more
statements are dear, none has one, and when one has raised all are run again with. Nobody hears of success before the commit.

Where the connection is lost (the database was restarted), the functions are run again in a new transaction: nothing of
the first was kept. Only when the answer to a commit is lost is the database asked first.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from zaffre.core.errors import Unavailable, ZaffreError
from zaffre.core.events import Event
from zaffre.store.dialect import Dialect
from zaffre.store.moment import Moment
from zaffre.store.transaction import Tx, View

LARGEST_BATCH = 256
LONGEST_BATCH = 0.025
"""Seconds after which a batch is committed even while more is waiting, so that the first in it is not kept."""
PAUSES = (0.0, 0.02, 0.1, 0.2, 0.4, 0.8)
"""Seconds before each attempt at a transaction whose connection is lost; then those who wait are told."""


@dataclass(slots=True)
class Job:
    """One function to run in a transaction, and where its outcome goes."""

    work: Callable[[Tx], Any]
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None
    tx: Tx | None = None

    def reset(self) -> None:
        """Before it runs, for the first time or again: what came of it before was never committed."""
        self.value = self.error = self.tx = None

    def __enter__(self) -> None:
        """Whatever is raised inside belongs to the caller on the other thread, and is carried there."""

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.error = error
        return True


def kept(jobs: Sequence[Job]) -> list[Event]:
    """The events of the jobs that did not fail, in the order they happened."""
    return [event for job in jobs if job.tx is not None and job.error is None for event in job.tx.events]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom the writer tells, on its own thread."""

    deliver: Callable[[Sequence[Job]], None]
    """The jobs of each finished batch."""
    notices: Callable[[Sequence[Job]], list[str]]
    """What other servers are to hear of these jobs."""
    follow: Callable[[float], None]
    """The database's own time, at the start of each transaction."""


class Writer:
    """Owns the writing connection."""

    def __init__(self, database: Dialect, connection: Connection, view: View, hooks: Hooks) -> None:
        self._database = database
        self._connection = connection
        self._view = view
        self._hooks = hooks
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._unreachable = False
        """Once known to be, each turn costs one attempt only."""
        self._highest = 0
        """The last event committed here."""
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
        while (first := self._queue.get()) is not None:
            jobs = [first]
            try:
                self._settle(jobs)
                self._highest = max((event.seq for event in kept(jobs)), default=self._highest)
            except (DBAPIError, ZaffreError) as error:
                self._abandon()
                for job in jobs:
                    # A job that raised by itself keeps its own error; the others share the transaction's.
                    job.error = job.error or error
            self._hooks.deliver(jobs)
        with suppress(DBAPIError):
            self._connection.close()

    def _settle(self, jobs: list[Job]) -> None:
        """Commit ``jobs`` and what waits behind them; again, in a new transaction, where that may help."""
        unanswered: Moment | None = None
        failure: DBAPIError | None = None
        for pause in PAUSES[: 1 if self._unreachable else None]:
            time.sleep(pause)
            begun = moment = None
            try:
                begun = self._begin()
                if unanswered is not None and self._database.is_committed(self._connection, unanswered.mark):
                    self._connection.rollback()
                    return
                unanswered = None
                moment = self._run(jobs, begun)
                self._connection.commit()
            except DBAPIError as error:
                self._abandon()
                if not self._database.is_fleeting(error):
                    jobs += self._waiting() if begun is None else ()
                    raise
                failure, unanswered = error, moment or unanswered
            else:
                return
        self._give_up(jobs, failure, unanswered is not None)

    def _give_up(self, jobs: list[Job], failure: DBAPIError | None, unanswered: bool) -> None:
        self._unreachable = True
        if unanswered:
            raise Unavailable(
                "the database went away while a change was being committed, which may or may not have been made; "
                "look before asking again",
                retry_after=1.0,
            ) from failure
        jobs += self._waiting()
        assert failure is not None
        raise failure

    def _begin(self) -> Moment:
        self._connection.begin()
        self._unreachable = False
        moment = self._database.began(self._connection, self._highest)
        if moment.now is not None:
            self._hooks.follow(moment.now)
        return moment

    def _run(self, jobs: list[Job], moment: Moment) -> Moment:
        """Every one of ``jobs``, to which what waits is added, up to where only the commit is missing."""
        # Two statements a job are much where each is a journey; there all is done again once one has raised.
        if not self._attempt_all(jobs, careful=not self._database.shared):
            self._connection.rollback()
            moment = self._begin()
            self._attempt_all(jobs, careful=True)
        self._database.tell(self._connection, self._hooks.notices(jobs))
        return moment

    def _attempt_all(self, jobs: list[Job], *, careful: bool) -> bool:
        """False where one has raised without a savepoint, and taken down others with it."""
        started = self._view.clock.monotonic()
        done = 0
        while done < len(jobs):
            job = jobs[done]
            done += 1
            alone = len(jobs) == 1 and self._queue.empty()
            self._attempt(job, savepoint=careful and not alone)
            if job.error is not None and (alone or not careful):
                self._connection.rollback()
                return alone
            full = done >= LARGEST_BATCH or self._view.clock.monotonic() - started > LONGEST_BATCH
            if done == len(jobs) and not full and (following := self._next()) is not None:
                jobs.append(following)
        return True

    def _attempt(self, job: Job, *, savepoint: bool) -> None:
        """Run one job; where it raises, its savepoint, if it has one, takes its changes back."""
        job.reset()
        if job.future.cancelled():
            return
        job.tx = self._view.tx(self._connection)
        if savepoint:
            self._connection.exec_driver_sql("SAVEPOINT job")
        with job:
            job.value = job.work(job.tx)
        if isinstance(job.error, DBAPIError) and self._database.is_fleeting(job.error):
            raise job.error
        if savepoint and job.error is None:
            self._connection.exec_driver_sql("RELEASE SAVEPOINT job")
        elif savepoint and job.error is not None:
            self._undo(job.error)

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
            if not self._connection.invalidated:
                self._connection.connection.rollback()
