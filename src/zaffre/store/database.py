"""``Store``: one database, its writing thread, its reading threads, and who is told after a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, StatementError

from zaffre.core.errors import Invalid, ZaffreError
from zaffre.core.events import Event
from zaffre.core.ports import Clock
from zaffre.store.dialect import Dialect, dialect
from zaffre.store.migrations import migrate
from zaffre.store.transaction import Tx
from zaffre.store.writer import Job, Writer

T = TypeVar("T")
_READERS = 4


class Store:
    """Runs functions in transactions. Belongs to the event loop it was opened on.

    The functions are synchronous, do no other input or output, and return plain values: what they are given is dead
    once they return.
    """

    def __init__(self, database: Dialect, clock: Clock, engines: tuple[Engine, Engine]) -> None:
        self._database = database
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._write_engine, self._read_engine = engines
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="zaffre-reader")
        self._on_nudge: list[Callable[[str], None]] = []
        self._on_event: list[Callable[[Event], None]] = []
        self._writer = Writer(self._write_engine.connect(), clock, self._deliver)

    @classmethod
    async def open(cls, url: str, clock: Clock) -> Store:
        """Open the database at ``url``, brought to this version's schema first."""
        database = dialect(url)
        engines = await asyncio.to_thread(_prepared, database)
        return cls(database, clock, engines)

    async def close(self) -> None:
        """Finish the writes that wait, then let go of the database."""
        await asyncio.to_thread(self._shut)
        await asyncio.sleep(0)  # the outcomes of the last batch are on their way to this loop

    async def write(self, fn: Callable[[Tx], T]) -> T:
        """Run ``fn`` in a transaction that is durable when this returns; if ``fn`` raises, nothing of it is kept.

        A caller that is cancelled while it waits cannot know whether the write happened.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._writer.put(Job(fn, future))
        return await future

    async def read(self, fn: Callable[[Tx], T]) -> T:
        """Run ``fn`` on a snapshot that holds every write that has returned; ``fn`` cannot change anything."""
        return await self._loop.run_in_executor(self._readers, self._read, fn)

    def on_nudge(self, call: Callable[[str], None]) -> None:
        """``call`` is made on the event loop, after commit, with every work key nudged."""
        self._on_nudge.append(call)

    def on_event(self, call: Callable[[Event], None]) -> None:
        """``call`` is made on the event loop, after commit, with every event, in order."""
        self._on_event.append(call)

    def _read(self, fn: Callable[[Tx], T]) -> T:
        try:
            with self._read_engine.connect() as connection, connection.begin():
                return fn(Tx(connection, self._clock.now()))
        except (StatementError, UnicodeEncodeError) as error:
            raise _explain(self._database, error) from error

    def _deliver(self, jobs: Sequence[Job]) -> None:
        # The loop is closed when a program ends without closing the store: nobody is left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._publish, jobs)

    def _publish(self, jobs: Sequence[Job]) -> None:
        nudged: dict[str, None] = {}
        for job in jobs:
            if job.tx is None or job.error is not None:
                _settle(self._database, job)
                continue
            self._announce(job.tx)
            nudged.update(dict.fromkeys(job.tx.nudged))
            # What follows a commit goes first: a job starts while its submission is being answered.
            settle = self._loop.call_soon if job.tx.followed else _at_once
            settle(_settle, self._database, job)
        for key in nudged:
            for call in self._on_nudge:
                self._loop.call_soon(call, key)

    def _announce(self, tx: Tx) -> None:
        for call in tx.followed:
            self._loop.call_soon(call)
        for event in tx.events:
            for hear in self._on_event:
                self._loop.call_soon(hear, event)

    def _shut(self) -> None:
        self._writer.close()
        self._readers.shutdown(wait=True)
        self._write_engine.dispose()
        self._read_engine.dispose()


def _prepared(database: Dialect) -> tuple[Engine, Engine]:
    database.prepare()
    write, read = database.writer(), database.reader(_READERS)
    try:
        migrate(database, read=read, write=write)
    except DBAPIError as error:
        raise _explain(database, error) from error
    return write, read


def _at_once(call: Callable[..., None], *arguments: Any) -> None:
    call(*arguments)


def _settle(database: Dialect, job: Job) -> None:
    if job.future.done():
        return
    if job.error is None:
        job.future.set_result(job.value)
        return
    error = _explain(database, job.error)
    if error is not job.error:
        error.__cause__ = job.error
    job.future.set_exception(error)


def _explain(database: Dialect, error: BaseException) -> BaseException:
    """What the caller is told: the meaning of a database's error, or the error itself."""
    if isinstance(error, DBAPIError):
        return database.translate(error) or error
    if isinstance(error, StatementError) and isinstance(error.orig, ZaffreError):
        return error.orig
    if isinstance(error, UnicodeEncodeError):
        return Invalid("a text holds half of a surrogate pair, which is not a character; remove it")
    return RuntimeError("a store function raised StopIteration") if isinstance(error, StopIteration) else error
