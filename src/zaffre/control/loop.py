"""The one loop behind runs, builds and deployments: claim by token, step, release; sleep until nudged.

A work item is a key (``run:name``, ``online-deployment:ws/endpoint/blue``); the part before the colon chooses the stepper.
A step may be repeated at any time, on this server or another, so each must be idempotent. Nothing is polled: a nudge
(from a committed transaction or a backend) wakes the item, and every release leaves a deadline at which it is looked at again.

What a run costs is counted in transactions: news from a backend claims its item in the transaction that makes it due, and
a stepper may read there what its step begins with (``Look``). Where what the news means is found out before (``News``),
that one transaction is the whole step, and whoever it nudges (a parent, the next in line) is claimed in it too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from zaffre.core.errors import Overtaken
from zaffre.core.ports import Clock
from zaffre.store import Store, Tx, leases
from zaffre.store.leases import Lease, StaleLease

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0
LONGEST_SLEEP = 5.0
FIRST_RETRY_SECONDS = 1.0
LAST_RETRY_SECONDS = 60.0
CLAIM_LIMIT = 64
SET_BACK = 1.0
"""Seconds by which the wall clock must have been set back before all that is due by it is looked at anew."""
MOST_FAILURES = 5
"""Steps of one item in a row that may fail before it is given up, where it can be."""
FEW_NUDGES = 8
"""So many nudged items are claimed by name, without looking for what else may be due."""


RELEASED = float("inf")
"""What a step answers that removed its item, or let go of it, in its last transaction."""

Step = Callable[[], Awaitable[float | None]]
"""A step that knows its item."""
Look = Callable[[Tx, Lease], Step]
"""Reads, in the transaction of the claim, what the step begins with."""
News = Callable[[str], Awaitable[Look | None]]
"""Finds out, before an item is claimed, what news of it means; answers how the whole step is taken in the transaction of the
claim, or None where it has to be taken as any other."""
Despair = Callable[[Lease, str], Awaitable[float | None]]
"""Ends, for a reason in words, an item whose step fails however often it is tried; answers as a step does."""


class Stepper(Protocol):
    """Takes one kind of work item one step further."""

    async def step(self, lease: Lease) -> float | None:
        """Unix time of the next look, None to sleep until nudged, or ``RELEASED``."""
        ...


class Loop:
    """Runs the steps of one server process."""

    def __init__(self, store: Store, clock: Clock, owner: str) -> None:
        self._store = store
        self._clock = clock
        self._owner = owner
        self._steppers: dict[str, Stepper] = {}
        self._looks: dict[str, Look] = {}
        self._despairs: dict[str, Despair] = {}
        self._news: dict[str, News] = {}
        self._alarm = 0.0
        self._offset = clock.now() - clock.monotonic()
        self._nudged: set[str] = set()
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, int] = {}
        self._stopping = False
        self.ticked_at = clock.monotonic()
        """When the loop last came round; readiness depends on it."""

    def serve(self, prefix: str, stepper: Stepper, look: Look | None = None, despair: Despair | None = None) -> None:
        """Let ``stepper`` take the work items whose key starts with ``prefix:``; with ``look``, by what that answers."""
        self._steppers[prefix] = stepper
        if despair is not None:
            self._despairs[prefix] = despair
        if look is not None:
            self._looks[prefix] = look

    def hear(self, prefix: str, news: News) -> None:
        """Let ``news`` find out what those items are woken for."""
        self._news[prefix] = news

    def nudge(self, key: str) -> None:
        """Something changed about ``key``; the due time is already in the store."""
        self._nudged.add(key)
        self._wake.set()

    def seize(self, tx: Tx, key: str) -> None:
        """Claim ``key`` in the transaction that made it: its first step needs no other, and follows the commit at once."""
        if self._stopping:
            return
        found = [(lease, self._looked(tx, lease)) for lease in leases.claim(tx, self._owner, LEASE_SECONDS, 1, key)]
        if found:
            tx.nudged.discard(key)
            tx.follow(partial(self._begin, found))

    async def wake(self, key: str) -> None:
        """Look at ``key`` now: for news that comes from outside the store, such as a process that ended."""
        if not await self._heard(key):
            self._begin(await self._store.write(lambda tx: self._taken(tx, key)))

    async def _heard(self, key: str) -> bool:
        """Whether the news was dealt with in the transaction of its claim."""
        news = self._news.get(key.partition(":")[0])
        if news is None or key in self._busy:
            return False
        try:
            look = await news(key)
            if look is None:
                return False
            self._begin(await self._store.write(lambda tx: self._settled(tx, key, look)))
        except Exception:  # nothing of it was kept; the step itself knows what to do about it, or raises again
            log.info("news could not be dealt with where it was claimed", extra={"key": key}, exc_info=True)
            return False
        return True

    async def run(self) -> None:
        """Until ``stop``: claim what is due, step it, sleep until the next deadline or nudge."""
        while not self._stopping:
            self._wake.clear()
            self.ticked_at = self._clock.monotonic()
            try:
                pause = await self._round()
            except Exception:
                log.exception("a round of the control loop failed")
                pause = FIRST_RETRY_SECONDS
            await self._sleep(pause)

    async def stop(self) -> None:
        """Finish the steps under way and hand their leases back; runs and deployments are left alone."""
        self._stopping = True
        self._wake.set()
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=10)

    async def _round(self) -> float:
        """Claim all that is due, or what a few nudges named; the seconds until something else will be due."""
        await self._heed_the_clock()
        keys, self._nudged = self._nudged, set()
        if 0 < len(keys) <= FEW_NUDGES and self._clock.now() < self._alarm:
            self._begin(await self._store.write(lambda tx: self._named(tx, keys)))
            return max(0.0, self._alarm - self._clock.now())
        due: float | None = None
        while due is None:
            claimed, due = await self._store.write(self._claimed)
            self._begin(claimed)
        self._alarm = due
        return max(0.0, due - self._clock.now())

    async def _heed_the_clock(self) -> None:
        """What was to be looked at in a minute is not to wait an hour because the clock was set back by one."""
        before, self._offset = self._offset, self._clock.now() - self._clock.monotonic()
        if self._offset < before - SET_BACK:
            log.warning("the clock was set back", extra={"seconds": round(before - self._offset, 1)})
            await self._store.write(lambda tx: leases.hasten(tx, LEASE_SECONDS))
            self._alarm = 0.0

    def _named(self, tx: Tx, keys: set[str]) -> list[tuple[Lease, Step | None]]:
        found = [lease for key in sorted(keys) for lease in leases.claim(tx, self._owner, LEASE_SECONDS, 1, key)]
        return [(lease, self._looked(tx, lease)) for lease in found]

    def _claimed(self, tx: Tx) -> tuple[list[tuple[Lease, Step | None]], float | None]:
        """What is due, and when something else will be; None while more is due than is claimed at once."""
        found = leases.claim(tx, self._owner, LEASE_SECONDS, CLAIM_LIMIT)
        claimed = [(lease, self._looked(tx, lease)) for lease in found]
        if len(found) == CLAIM_LIMIT:
            return claimed, None
        due, latest = leases.next_due(tx), tx.now + LONGEST_SLEEP
        return claimed, latest if due is None else min(latest, due)

    def _taken(self, tx: Tx, key: str) -> list[tuple[Lease, Step | None]]:
        """The item of ``key``; none where somebody holds it, who will look again."""
        if self._stopping:
            leases.nudge(tx, key)
            return []
        lease = leases.take(tx, self._owner, LEASE_SECONDS, key)
        return [] if lease is None else [(lease, self._looked(tx, lease))]

    def _settled(self, tx: Tx, key: str, look: Look) -> list[tuple[Lease, Step | None]]:
        """What was found out is carried out here, and those whom it nudges take their next step from here."""
        lease = None if self._stopping else leases.take(tx, self._owner, LEASE_SECONDS, key)
        if lease is None:
            leases.nudge(tx, key)
            return []
        step = look(tx, lease)
        nudged = sorted(tx.nudged - {key})
        for other in nudged[:FEW_NUDGES]:
            self.seize(tx, other)
        return [(lease, step)]

    def _looked(self, tx: Tx, lease: Lease) -> Step | None:
        look = self._looks.get(lease.key.partition(":")[0])
        try:
            return None if look is None else look(tx, lease)
        except Exception:  # what cannot be read fails its own step, not the claim of all others
            log.exception("a work item could not be read", extra={"key": lease.key})
            return None

    def _begin(self, claimed: Sequence[tuple[Lease, Step | None]]) -> None:
        for lease, step in claimed:
            late = self._stopping  # claimed while the last steps were finished: another server's, or the next start's
            work = self._release(lease, self._clock.now()) if late else self._step(lease, step)
            task = asyncio.create_task(work)
            self._busy[lease.key] = task
            task.add_done_callback(self._forget(lease.key))

    async def _step(self, lease: Lease, step: Step | None) -> None:
        stepper = self._steppers.get(lease.key.partition(":")[0])
        keeper = asyncio.create_task(self._keep(lease))
        due: float | None = None
        try:
            if stepper is None:
                log.error("no stepper for work item", extra={"key": lease.key})
                due = self._clock.now() + LAST_RETRY_SECONDS
            else:
                due = await (step or partial(stepper.step, lease))()
            self._failures.pop(lease.key, None)
        except StaleLease:
            log.warning("lease was taken over", extra={"key": lease.key})
            return
        except Overtaken:  # a user changed it while the step was under way: what the step had seen is no more
            log.info("a step was overtaken by a change", extra={"key": lease.key})
            due = self._clock.now()
        except Exception as error:
            log.exception("step failed", extra={"key": lease.key})
            due = await self._after(lease, error)
        finally:
            keeper.cancel()
        if due != RELEASED:
            await self._release(lease, due)

    async def _release(self, lease: Lease, due: float | None) -> None:
        try:
            await self._store.write(lambda tx: leases.release(tx, lease, due))
        except StaleLease:
            return
        except Exception:
            log.exception("lease could not be released; it will expire", extra={"key": lease.key})
            self._wake.set()
        if due is not None and due < self._alarm:
            self._wake.set()

    async def _keep(self, lease: Lease) -> None:
        """Renew the lease while a long step (a rename of many files, a slow disk) is under way."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._store.write(lambda tx: leases.renew(tx, lease, LEASE_SECONDS))

    async def _after(self, lease: Lease, error: Exception) -> float:
        """When an item whose step failed is tried again; after too many failures in a row it is given up."""
        later = self._clock.now() + self._back_off(lease.key)
        despair = self._despairs.get(lease.key.partition(":")[0])
        if despair is None or self._failures[lease.key] < MOST_FAILURES:
            return later
        try:
            due = await despair(lease, type(error).__name__)
        except Exception:
            log.exception("a work item could not be given up", extra={"key": lease.key})
            return later
        return later if due is None else due

    def _back_off(self, key: str) -> float:
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        return float(min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (failures - 1)))

    def _forget(self, key: str) -> Callable[[asyncio.Task[None]], None]:
        def done(task: asyncio.Task[None]) -> None:
            if self._busy.get(key) is task:
                del self._busy[key]

        return done

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
