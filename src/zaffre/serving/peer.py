"""One replica as the router sees it: its open connections, whether it can be asked, and what its process uses."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Protocol

from zaffre.core.ports import Clock
from zaffre.serving.exchange import IDEMPOTENT, Exchange
from zaffre.serving.link import Link
from zaffre.serving.meter import Use
from zaffre.serving.table import TCP, Replica
from zaffre.serving.usual import Usual

_STOPPED = frozenset("TtZX")
"""Process states of Linux in which nothing is answered."""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_UTIME, _STIME, _RSS = 11, 12, 21
"""Where ``/proc/<pid>/stat`` has them, counted from the state."""


class Owner(Protocol):
    """The deployment of a replica."""

    def left(self, exchange: Exchange) -> None:
        """A request is over, its place is free."""
        ...


async def connect(protocol: asyncio.Protocol, address: str) -> None:
    """Open a connection to a replica, to be driven by ``protocol``; ``OSError`` where nobody answers."""
    loop = asyncio.get_running_loop()
    if address.startswith(TCP):
        host, _, port = address[len(TCP) :].rpartition(":")
        await loop.create_connection(lambda: protocol, host, int(port))
    else:
        await loop.create_unix_connection(lambda: protocol, address)


class Peer:
    """One replica."""

    def __init__(self, owner: Owner, replica: Replica, clock: Clock, usual: Usual) -> None:
        self.id = replica.id
        self.socket = replica.socket
        self.busy = 0
        self.pid = 0
        self.stopped = False
        self._owner = owner
        self._clock = clock
        self._usual = usual
        self._idle: list[Link] = []
        self._links: set[Link] = set()
        self._held: set[Exchange] = set()
        self._down_until = 0.0
        self._failures = 0
        self._retired = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._cpu_seconds = 0.0
        self._memory = 0

    def free(self, now: float, window: int) -> bool:
        """True when it can take a request."""
        return self.busy < window and not self.stopped and self._down_until <= now

    @property
    def up(self) -> bool:
        """True when it is not known to be down."""
        return not self.stopped and self._failures == 0

    @property
    def use(self) -> Use:
        """As of the last look."""
        return Use(self.up, self.busy, self.pid, self._cpu_seconds, self._memory)

    def running_seconds(self, now: float) -> float:
        """How long its present requests have been here, added up."""
        return sum(now - exchange.started for exchange in self._held)

    def take(self, exchange: Exchange) -> None:
        """Carry ``exchange``, on an open connection where there is one."""
        self.busy += 1
        self._held.add(exchange)
        exchange.peer = self
        while self._idle:
            link = self._idle.pop()
            if link.usable:
                link.send(exchange)
                return
        self._later(exchange)

    def release(self, exchange: Exchange) -> None:
        """An exchange is over."""
        self.busy -= 1
        self._held.discard(exchange)
        self._owner.left(exchange)

    def keep(self, link: Link) -> None:
        """A connection is free again."""
        self._failures = 0
        if self._retired:
            link.drop()
        else:
            self._idle.append(link)

    def forget(self, link: Link) -> None:
        """A connection is closed."""
        self._links.discard(link)
        if link in self._idle:
            self._idle.remove(link)

    def failed(self) -> None:
        """It does not answer: ask others for a moment, longer each time."""
        self._failures += 1
        self._down_until = self._clock.monotonic() + min(1.0, 0.05 * 2**self._failures)

    def retire(self) -> None:
        """The table no longer names it: finish what it has, take nothing more."""
        self._retired = True
        for link in list(self._idle):
            link.drop()
        self._idle.clear()

    def look(self) -> None:
        """See whether its process is stopped, and what it uses; requests that may be repeated leave a stopped one."""
        if not self._links and not self._tasks and not self._retired:
            self._later(None)  # known by its process before the first request needs it
        if not self.pid:
            return
        try:
            told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
            state = told[0]
            self._cpu_seconds = (int(told[_UTIME]) + int(told[_STIME])) / _TICKS
            self._memory = int(told[_RSS]) * _PAGE
        except (OSError, IndexError, ValueError):
            state = ""
        was, self.stopped = self.stopped, state in _STOPPED
        if self.stopped and not was:
            for exchange in list(self._held):
                if exchange.method in IDEMPOTENT and exchange.link is not None and not exchange.answering:
                    exchange.link.drop()
                    exchange.lost(not_run=False)

    def _later(self, exchange: Exchange | None) -> None:
        task = asyncio.get_running_loop().create_task(self._connect(exchange))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, exchange: Exchange | None) -> None:
        link = Link(self, self._usual)
        try:
            await connect(link, self.socket)
        except (OSError, ValueError):
            self.failed()
            if exchange is not None and exchange.peer is self:
                exchange.lost(not_run=True)
            return
        self._links.add(link)
        if exchange is not None and exchange.peer is self and not exchange.done:
            link.send(exchange)
        else:
            self.keep(link)
