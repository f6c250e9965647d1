"""Requests that wait for a replica of one deployment, in their order; bounded by number and by the bytes they hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from zaffre.serving.exchange import Exchange

MOST = 10_000
MOST_BYTES = 256 * 1024 * 1024


class Queue:
    """Exchanges in order of their turn."""

    def __init__(self) -> None:
        self._line: deque[Exchange] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._line)

    @property
    def full(self) -> bool:
        """True when one more would be too much."""
        return len(self._line) >= MOST or self._bytes >= MOST_BYTES

    def add(self, exchange: Exchange, *, first: bool = False) -> None:
        """At the end; ``first`` for one that comes back."""
        self._bytes += exchange.size
        exchange.held_bytes = exchange.size
        if first:
            self._line.appendleft(exchange)
        else:
            self._line.append(exchange)

    def head(self) -> Exchange | None:
        """Whose turn it is; what is over is dropped on the way."""
        while self._line:
            if not self._line[0].done:
                return self._line[0]
            self.take()
        return None

    def take(self) -> Exchange:
        """Whose turn it is, out of the queue."""
        exchange = self._line.popleft()
        self._bytes -= exchange.held_bytes
        return exchange

    def sift(self, goes: Callable[[Exchange], bool]) -> list[Exchange]:
        """Take out those that ``goes`` says."""
        gone = [exchange for exchange in self._line if goes(exchange)]
        if gone:
            out = set(gone)
            self._line = deque(exchange for exchange in self._line if exchange not in out)
            self._bytes -= sum(exchange.held_bytes for exchange in gone)
        return gone

    def prolong(self, until: float) -> None:
        """Let everything wait until then at least."""
        for exchange in self._line:
            exchange.queued_until = max(exchange.queued_until, until)
