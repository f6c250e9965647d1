"""One request on its way: from the caller, through a queue, to a replica, and its answer back."""

from __future__ import annotations

from typing import Protocol

from zaffre.serving.answers import LOST, STOPPED, TIMED_OUT, Answer
from zaffre.serving.heads import Reply
from zaffre.serving.table import Replica

IDEMPOTENT = frozenset((b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE"))
KEPT = 256 * 1024
"""Bytes of a body that are collected before a replica is taken; larger ones are streamed, and not sent twice."""


class Sink(Protocol):
    """Where an answer goes: a caller's connection, or nowhere for a mirrored copy."""

    def begin(self, reply: Reply) -> None:
        """The answer's head; nothing was passed on before."""
        ...

    def body(self, data: bytes) -> None:
        """A piece of its body."""
        ...

    def end(self) -> None:
        """The answer is complete."""
        ...

    def whole(self, head: bytes, body: bytes) -> None:
        """An answer of status 200 all at once, instead of ``begin``, ``body`` and ``end``."""
        ...

    def refuse(self, answer: Answer) -> None:
        """The router's own answer, instead of a replica's."""
        ...

    def abort(self) -> None:
        """An answer that began cannot be finished."""
        ...

    def hang_up(self) -> None:
        """A websocket has ended."""
        ...

    def flush(self) -> None:
        """Write what was collected."""
        ...

    def hold(self, paused: bool) -> None:
        """Take no more of the request's body for now, or go on."""
        ...


class Carrier(Protocol):
    """The connection to a replica that an exchange is on."""

    def write(self, data: bytes) -> None:
        """Send a piece of the request's body."""
        ...

    def finish(self) -> None:
        """The request's body is complete."""
        ...

    def drop(self) -> None:
        """Close it: the answer is not wanted any more."""
        ...

    def throttle(self, paused: bool) -> None:
        """Read no more of the answer for now, or go on."""
        ...


class Peer(Protocol):
    """The replica that holds the exchange."""

    @property
    def replica(self) -> Replica:
        """As the table names it."""
        ...

    @property
    def pid(self) -> int:
        """Its process; 0 while it is not known."""
        ...

    @property
    def stopped(self) -> bool:
        """True while its process stands still."""
        ...

    def release(self, exchange: Exchange) -> None:
        """It is over; the place is free."""
        ...


class Lane(Protocol):
    """The deployment that an exchange is for."""

    def submit(self, exchange: Exchange) -> None:
        """Give it to a replica, or queue it."""
        ...

    def retried(self) -> None:
        """Count a second attempt."""
        ...

    def mourn(self, exchange: Exchange) -> bool:
        """Its replica is gone: answer it when the reason is known, in a moment. False: nobody will tell one."""
        ...


class Exchange:
    """State of one request; ``lane`` decides where it runs, ``sink`` is where its answer goes."""

    __slots__ = (
        "_parts", "answering", "began", "complete", "deadline", "done", "head", "held_bytes", "held_ms", "lane",
        "length", "link", "method", "peer", "pinned", "queued_until", "quick", "request_id", "retries", "sent", "sink",
        "size", "started", "switched", "upgrade",
    )  # fmt: skip

    def __init__(self, sink: Sink, method: bytes, head: bytes, length: int | None, request_id: bytes) -> None:
        self.sink = sink
        self.request_id = request_id
        self.quick = False
        """True where the answer may take the short way (``quick``)."""
        self.method = method
        self.head = head
        """The head for the replica, without framing, request id and blank line."""
        self.length = length
        self.lane: Lane | None = None
        self.pinned = False
        """True when the caller named the deployment."""
        self.upgrade = False
        """True when the caller wants a websocket."""
        self.switched = False
        """True once it has it: bytes go both ways as they come."""
        self.peer: Peer | None = None
        self.link: Carrier | None = None
        self.size = 0
        self.complete = False
        self.sent = False
        self.answering = False
        self.done = False
        self.retries = 0
        self.queued_until = 0.0
        self.deadline = 0.0
        self.began = 0.0
        """When it was first given to its deployment."""
        self.started = 0.0
        """When a replica took it."""
        self.held_ms = 0
        """How long it waited for a deployment that had no replica; 0 for never."""
        self.held_bytes = 0
        self._parts: list[bytes] = []

    @property
    def replayable(self) -> bool:
        """True while the whole request is still here, so that it can be sent again."""
        return self.complete and not self.answering and sum(map(len, self._parts)) == self.size

    def feed(self, data: bytes) -> None:
        """A piece of the body from the caller."""
        self.size += len(data)
        if self.link is not None:
            self.link.write(data)
            return
        self._parts.append(data)
        if self.size > KEPT and self.peer is None and self.lane is not None and not self.queued_until:
            self.lane.submit(self)
        if self.size > 4 * KEPT:
            self.sink.hold(True)

    def finish(self) -> None:
        """The caller has sent all."""
        self.complete = True
        if self.link is not None:
            self.link.finish()
        elif self.peer is None and self.lane is not None and not self.queued_until:
            self.lane.submit(self)

    def whole(self, body: bytes) -> None:
        """All of it, with a head that is ready but for the request id."""
        self.quick = self.complete = True
        self.size = len(body)
        self._parts.append(body)
        if self.lane is not None:
            self.lane.submit(self)

    def opening(self) -> bytes:
        """What to write to a replica first: the head and the body so far."""
        self.sent = True
        if self.quick:
            return b"%b%b\r\n\r\n%b" % (self.head, self.request_id, self._parts[0])
        body = b"".join(self._parts)
        if self.size > 4 * KEPT:
            self.sink.hold(False)
        own = b"x-request-id: %b\r\n\r\n" % self.request_id
        if self.upgrade:
            return b"%bconnection: Upgrade\r\nupgrade: websocket\r\n%b" % (self.head, own)
        if self.complete:
            if not body and self.method in (b"GET", b"OPTIONS", b"HEAD"):
                return self.head + own
            return b"%bcontent-length: %d\r\n%b%b" % (self.head, len(body), own, body)
        self._parts.clear()
        if self.length is not None:
            return b"%bcontent-length: %d\r\n%b%b" % (self.head, self.length, own, body)
        return b"%btransfer-encoding: chunked\r\n%b%x\r\n%b\r\n" % (self.head, own, len(body), body)

    def begin(self, reply: Reply) -> None:
        """The replica's answer begins."""
        self.answering = True
        self.sink.begin(reply)

    def switch(self, reply: Reply) -> None:
        """The replica speaks websocket from here on: no limit of time, and its place is free for requests."""
        self.switched = self.answering = True
        self.sink.begin(reply)
        peer, self.peer = self.peer, None
        if peer is not None:
            peer.release(self)

    def end(self) -> None:
        """The replica's answer is complete."""
        if self._leave():
            self.sink.end()

    def refuse(self, answer: Answer) -> None:
        """Answer in the replica's place."""
        link = self.link
        if self._leave():
            if link is not None:
                link.drop()
            self.sink.refuse(answer)
            self.sink.flush()

    def expire(self) -> None:
        """The deployment's time is over."""
        if self.answering:
            self.abort()
        else:
            self.refuse(STOPPED if self.peer is not None and self.peer.stopped else TIMED_OUT)

    def abort(self) -> None:
        """Cut an answer that began."""
        link = self.link
        if self._leave():
            if link is not None:
                link.drop()
            self.sink.abort()

    def answer(self, head: bytes, body: bytes) -> None:
        """The replica's whole answer, its head ready but for the deployment's name; only where ``quick``."""
        if self._leave():
            self.sink.whole(head, body)

    def hang_up(self) -> None:
        """The replica ended a websocket."""
        if self._leave():
            self.sink.hang_up()

    def cancel(self) -> None:
        """The caller went away."""
        link = self.link
        if self._leave() and link is not None:
            link.drop()

    def lost(self, not_run: bool) -> None:
        """The connection to the replica ended, or it said that it did not run the request: once more, or an answer.

        A request that may have run is sent again only where its method says that this does no harm.
        """
        if self.done:
            return
        if self.answering:
            self.abort()
            return
        again = self.replayable and (not_run or (self.method in IDEMPOTENT and self.retries == 0))
        if not again or self.lane is None:
            if self.lane is None or not self.lane.mourn(self):
                self.refuse(LOST)
            return
        if self.sent:
            self.retries += 1
            self.lane.retried()
        self._free()
        self.sent = False
        self.lane.submit(self)

    def unread(self) -> None:
        """The replica ended before it had read all of it, so it did not run: elsewhere, and once it waits anew for that."""
        if self.replayable and not self.retries:
            self.queued_until = 0.0
        self.lost(not_run=True)

    def part(self) -> None:
        """Leave the replica, without an answer yet."""
        self._free()

    def _leave(self) -> bool:
        if self.done:
            return False
        self.done = True
        self._parts.clear()
        self._free()
        return True

    def _free(self) -> None:
        peer, self.peer, self.link = self.peer, None, None
        if peer is not None:
            peer.release(self)
