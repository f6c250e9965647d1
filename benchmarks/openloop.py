"""Requests at fixed moments, whatever became of those before; a request's time counts from the moment it was due.

A closed loop (wrk) asks less often while answers are slow, so its p99 leaves out those who would have come meanwhile
(coordinated omission). Here nobody waits for an answer before the next request is sent, and where no connection is free
the request waits with its clock running. One thread on plain sockets, so that it stays small beside what it measures.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_OPEN = 256
PATIENCE = 10.0
"""Seconds that answers are waited for once the last request was due."""


@dataclass
class Seen:
    """What came of a run."""

    seconds: list[float] = field(default_factory=list)
    """From the moment each was due to the end of its answer."""
    statuses: Counter[int] = field(default_factory=Counter)
    """0 for no answer."""
    late: float = 0.0
    """The longest that the generator itself was behind: what is above it is no fault of what was asked."""

    def quantile(self, percent: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000 if ordered else float("inf")

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if status != 200)


class _Line:
    """One keep-alive connection with at most one request on it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.due = 0.0
        self._read = b""

    def send(self, request: bytes, due: float) -> None:
        self.due, self._read = due, b""
        self.socket.send(request)  # small: it fits into an empty socket's buffer

    def receive(self) -> int | None:
        """The status of an answer that is whole; 0 where the connection ended; None while there is more to come."""
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return None
        except OSError:
            return 0
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if not data:
            return 0
        if end < 0:
            return None
        head = self._read[:end].lower()
        if b"transfer-encoding: chunked" in head:
            return int(head[9:12]) if self._read.endswith(b"\r\n0\r\n\r\n") else None
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return int(head[9:12]) if len(self._read) >= end + 4 + length else None


def run(url: str, body: bytes, headers: dict[str, str], rate: float, seconds: float) -> Seen:
    """Ask ``rate`` times a second for so long."""
    return _Run(url, body, headers).go(rate, seconds)


class _Run:
    def __init__(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        told = {"Host": parts.netloc, "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self._request = f"POST {parts.path} HTTP/1.1\r\n{lines}\r\n".encode() + body
        self._selector = selectors.DefaultSelector()
        self._free: list[_Line] = []
        self._waiting: deque[float] = deque()
        self._open = 0
        self._seen = Seen()

    def go(self, rate: float, seconds: float) -> Seen:
        count, number, now = int(rate * seconds), 0, time.perf_counter()
        begun = now + 0.05
        while number < count or self._waiting or len(self._free) < self._open:
            due = begun + number / rate if number < count else now + 0.01
            self._hear(max(0.0, due - now) if number < count else 0.05)
            now = time.perf_counter()
            while number < count and begun + number / rate <= now:
                self._seen.late = max(self._seen.late, now - begun - number / rate)
                self._waiting.append(begun + number / rate)
                number += 1
            while self._waiting and (line := self._taken()) is not None:
                try:
                    line.send(self._request, self._waiting[0])
                except OSError:  # closed a moment ago: on another connection
                    self._drop(line)
                    continue
                self._waiting.popleft()
            if number >= count and now > begun + seconds + PATIENCE:
                self._seen.statuses[0] += self._open - len(self._free) + len(self._waiting)
                break
        self._close()
        return self._seen

    def _taken(self) -> _Line | None:
        if self._free:
            return self._free.pop()
        if self._open >= MOST_OPEN:
            return None
        line = _Line(self._address)
        self._open += 1
        self._selector.register(line.socket, selectors.EVENT_READ, line)
        return line

    def _hear(self, patience: float) -> None:
        for key, _ in self._selector.select(
            patience if patience > 0.001 else 0
        ):  # what is shorter is spun: a timer is late
            line: _Line = key.data
            status = line.receive()
            if status is None:
                continue
            if line in self._free:  # a server may close a connection on which nothing is asked
                self._free.remove(line)
                self._drop(line)
                continue
            self._seen.statuses[status] += 1
            self._seen.seconds.append(time.perf_counter() - line.due)
            if status:
                self._free.append(line)
            else:
                self._drop(line)

    def _drop(self, line: _Line) -> None:
        self._selector.unregister(line.socket)
        line.socket.close()
        self._open -= 1

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            key.data.socket.close()
        self._selector.close()
