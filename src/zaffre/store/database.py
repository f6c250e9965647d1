"""``Store``: one database, its writing thread, its reading threads, and who is told after a commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, StatementError

from zaffre.core.errors import Invalid, ZaffreError
from zaffre.core.events import Event
from zaffre.core.ports import Clock
from zaffre.store.dialect import Dialect, dialect
from zaffre.store.events import last, read
from zaffre.store.migrations import migrate
from zaffre.store.news import News
from zaffre.store.transaction import Tx, View
from zaffre.store.writer import PAUSES, Hooks, Job, Writer

T = TypeVar("T")
_READERS = 4
Follow = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Server:
    """One of several servers on a database that is shared."""

    place: str
    """What it adds to the work items, it alone looks after: the files and processes are in its home."""
    follow: Follow
    """Told the database's time at each transaction, before the clock is asked: leases are compared across machines."""


class Store:
    """Runs functions in transactions. Belongs to the event loop it was opened on.

    The functions are synchronous, do no other input or output, and return plain values: what they are given is dead
    once they return.
    """

    def __init__(self, database: Dialect, view: View, engines: tuple[Engine, Engine], follow: Follow) -> None:
        self._database = database
        self._view = view
        self._loop = asyncio.get_running_loop()
        self._write_engine, self._read_engine = engines
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="zaffre-reader")
        self._on_nudge: list[Callable[[str], None]] = []
        self._on_event: list[Callable[[Event], None]] = []
        self._news = News(database, lambda after: self._read(lambda tx: read(tx, after)), self._hear)
        hooks = Hooks(self._deliver, self._news.notices if database.shared else _nobody, follow)
        self._writer = Writer(database, self._write_engine.connect(), view, hooks)

    @classmethod
    async def open(cls, url: str, clock: Clock, server: Server | None = None) -> Store:
        """Open the database at ``url``, brought to this version's schema first. ``server`` says who of several this is."""
        database = dialect(url)
        engines = await asyncio.to_thread(_prepared, database)
        place, follow = (server.place, server.follow) if server and database.shared else (None, _ignored)
        store = cls(database, View(clock, place), engines, follow)
        if database.shared:
            await asyncio.to_thread(store._news.start, await store.read(last))
        return store

    async def close(self) -> None:
        """Finish the writes that wait, then let go of the database."""
        await asyncio.to_thread(self._shut)
        await asyncio.sleep(0)  # the outcomes of the last batch are on their way to this loop

    async def write(self, fn: Callable[[Tx], T]) -> T:
        """Run ``fn`` in a transaction that is durable when this returns; if ``fn`` raises, nothing of it is kept.

        ``fn`` may be called again, in another transaction, where the first was lost with its connection. A caller that is
        cancelled while it waits cannot know whether the write happened.
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
        for pause in PAUSES:
            try:
                with self._read_engine.connect() as connection, connection.begin():
                    return fn(self._view.tx(connection))
            except (StatementError, UnicodeEncodeError) as error:
                if pause < PAUSES[-1] and isinstance(error, DBAPIError) and self._database.is_fleeting(error):
                    time.sleep(pause)
                    continue
                raise _explain(self._database, error) from error
        raise AssertionError("the last attempt returns or raises")

    def _deliver(self, jobs: Sequence[Job]) -> None:
        self._news.published(jobs)
        # The loop is closed when a program ends without closing the store: nobody is left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._publish, jobs)

    def _hear(self, events: list[Event], nudged: list[str]) -> None:
        """From another server."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._pass_on, events, nudged)

    def _pass_on(self, events: list[Event], nudged: list[str]) -> None:
        for event in events:
            for hear in self._on_event:
                hear(event)
        for key in nudged:
            for call in self._on_nudge:
                call(key)

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
        self._news.close()
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


def _nobody(jobs: Sequence[Job]) -> list[str]:
    del jobs
    return []


def _ignored(now: float) -> None:
    del now


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
