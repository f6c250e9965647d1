"""The short way of a request: a head that was read strictly once is known by its bytes from then on.

A caller's library sends the same head with every request, and reading a head byte for byte as the last one gives what
reading the last one gave. Whatever differs in a byte, comes in pieces or is long goes the long way; nothing is decided
here that is not decided there. ``usual`` is the same for answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from zaffre.serving.admission import Caller
from zaffre.serving.exchange import KEPT, Exchange, Sink
from zaffre.serving.fleet import Door, Lane
from zaffre.serving.heads import Head
from zaffre.serving.keys import Gate
from zaffre.serving.message import MAX_HEAD, Message

MOST = 1024
"""Heads that are remembered; then all are forgotten, which costs each one long way."""
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_PLAIN = re.compile(
    rb"(?:" + _TOKEN + rb")+ [\x21-\x7e]+ HTTP/1\.1\r\n(?:" + _TOKEN + rb"+:[ \t]*[\x20-\x7e\x80-\xff\t]*\r\n)+\r\n"
)
"""A head that nobody reads in two ways."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was made of a request's head."""

    door: Door
    gate: Gate
    credential: bytes
    deployment: str
    method: bytes
    target: bytes
    inner: bytes
    """The head for a replica, all but its request id."""
    length: int
    request_id: str
    """The caller's own, or empty."""
    client_id: bytes


class Clerk(Protocol):
    """Who has the time and new names."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def next_id(self) -> str:
        """A new request id."""
        ...


class Memory:
    """Heads of requests; of one table."""

    def __init__(self) -> None:
        self.requests: dict[bytes, Known] = {}

    def forget(self) -> None:
        """Another table: other doors, keys and deployments."""
        self.requests.clear()

    def learn(self, message: Message, head: Head, caller: Caller) -> None:
        """Remember a request's head that was admitted, if it is of the plain sort."""
        door, exchange, raw = message.door, message.exchange, message.raw
        if door is None or exchange is None or caller.gate is not door.gate or not _plain(raw, message, head):
            return
        if len(self.requests) >= MOST:
            self.requests.clear()
        self.requests[raw] = Known(
            door,
            door.gate,
            caller.credential,
            head.deployment,
            message.method,
            message.target,
            b"%bcontent-length: %d\r\nx-request-id: " % (exchange.head, head.length),
            head.length or 0,
            head.request_id.decode("latin-1"),
            head.client_id,
        )


def recalled(known: Known, lane: Lane, body: bytes, sink: Sink, desk: Clerk) -> Message:
    """A request with a known head, ready to be sent."""
    message = Message(desk.now())
    message.head_done = message.complete = True
    message.method, message.target, message.client_id = known.method, known.target, known.client_id
    message.id = known.request_id or desk.next_id()
    message.size = len(body)
    message.door, message.lane = known.door, lane
    exchange = Exchange(sink, known.method, known.inner, known.length, message.id.encode("latin-1"))
    exchange.lane, exchange.pinned = lane, bool(known.deployment)
    message.exchange = exchange
    return message


def _plain(raw: bytes, message: Message, head: Head) -> bool:
    """A request whose end is known from its head, and whose head is the bytes that were read."""
    simple = (
        message.method != b"HEAD"
        and head.length is not None
        and head.length <= KEPT
        and not head.expects
        and not message.wants_websocket
    )
    lines = raw.count(b"\r\n") - 2 == len(message.headers)
    same = raw.startswith(b"%b %b HTTP/1.1\r\n" % (message.method, message.target))
    return (
        simple and lines and same and len(raw) <= MAX_HEAD and message.keep_alive and _PLAIN.fullmatch(raw) is not None
    )
