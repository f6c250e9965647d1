"""One caller's connection: requests read strictly, credentials checked before a byte of body is kept."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

import httptools

from zaffre.serving import admission, answers, heads
from zaffre.serving.answers import Answer
from zaffre.serving.exchange import Exchange
from zaffre.serving.fleet import Door
from zaffre.serving.heads import Reply
from zaffre.serving.message import MAX_BODY, MAX_HEAD, MAX_HEADERS, Message

IDLE = 75.0
HEAD_TIME = 10.0
BODY_TIME = 20.0
BODY_RATE = 8192.0
"""A body must come at this many bytes a second, after BODY_TIME."""
STUCK_TIME = 30.0
LINGER = 2.0
MOST_DISCARDED = 8 * 1024 * 1024


class Desk(Protocol):
    """What a connection needs of the router."""

    draining: bool

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def next_id(self) -> str:
        """A new request id."""
        ...

    def door(self, name: str) -> Door | None:
        """An endpoint of the table."""
        ...

    def opened(self, front: Front) -> None:
        """A connection was made."""
        ...

    def closed(self, front: Front) -> None:
        """A connection ended."""
        ...

    def note(self, message: Message, status: int, sent: int) -> None:
        """Count and log a finished request."""
        ...


class Front(asyncio.Protocol):
    """Reads a caller's requests, one answered at a time, and is the sink of their answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._messages: deque[Message] = deque()
        self._reading: Message | None = None
        self._out: list[bytes] = []
        self._chunked = False
        self._status = 0
        self._sent = 0
        self._stuck_since = 0.0
        self._closing_since = 0.0
        self._head_bytes = 0
        self._held = False
        self._discarded = 0
        self._since = desk.now()

    @property
    def idle(self) -> bool:
        """True between requests."""
        return not self._messages

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - a stream's
        """Called by the loop."""
        self._transport = transport
        self._desk.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop: what is under way is not wanted any more."""
        self._transport = None
        self._desk.closed(self)
        messages, self._messages = self._messages, deque()
        for message in messages:
            if message.exchange is not None:
                message.exchange.cancel()
                self._desk.note(message, 499, 0)

    def eof_received(self) -> bool:
        """Called by the loop: a caller that has sent all may still wait for its answer."""
        return bool(self._messages) and self._messages[0].complete and not self._closing_since

    def pause_writing(self) -> None:
        """Called by the loop: the caller reads slowly."""
        self._stuck_since = self._desk.now()
        self._throttle(True)

    def resume_writing(self) -> None:
        """Called by the loop."""
        self._stuck_since = 0.0
        self._throttle(False)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if self._closing_since or self._transport is None:
            self._discard(data)
            return
        if self._reading is None or not self._reading.head_done:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._reject(answers.NO_UPGRADE)
        except httptools.HttpParserError:
            self._reject(answers.bad("The request is not valid HTTP/1.1."))
        else:
            if self._head_bytes > MAX_HEAD and (self._reading is not None and not self._reading.head_done):
                self._reject(answers.HEAD_TOO_LARGE)
        self.flush()
        if len(self._messages) > 1:
            self._wait_a_turn()

    # The parser's callbacks, in their order.

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._reading = Message(self._desk.now())
        self._messages.append(self._reading)
        self._since = self._reading.began

    def on_url(self, target: bytes) -> None:
        """Called by the parser, perhaps in pieces."""
        if self._reading is not None:
            self._reading.target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        if self._reading is not None and len(self._reading.headers) <= MAX_HEADERS:
            self._reading.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        message = self._reading
        if message is None:
            return
        message.head_done = True
        message.method = self._parser.get_method()
        message.version = self._parser.get_http_version()
        message.keep_alive = self._parser.should_keep_alive()
        too_large = self._head_bytes > MAX_HEAD and heads.size(message.target, message.headers) > MAX_HEAD
        self._head_bytes = 0
        if self._parser.should_upgrade():
            self._reject(answers.NO_UPGRADE)
        elif too_large:
            self._reject(answers.HEAD_TOO_LARGE)
        elif self._messages and self._messages[0] is message and not self._closing_since:
            self._start(message)

    def on_body(self, data: bytes) -> None:
        """Called by the parser."""
        message = self._reading
        if message is None or self._closing_since:
            return
        message.size += len(data)
        if message.size > MAX_BODY:
            self._reject(answers.TOO_LARGE)
            return
        if message.exchange is None or (message.door is not None and message.door.config.mirror):
            message.parts.append(data)
        if message.exchange is not None:
            message.exchange.feed(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        message, self._reading = self._reading, None
        if message is None or self._closing_since:
            return
        message.complete = True
        self._complete(message)

    # The sink of the present exchange.

    def begin(self, reply: Reply) -> None:
        """The replica's head, made ready for the caller."""
        if not self._messages:
            return
        message = self._messages[0]
        name = message.lane.name if message.lane is not None else ""
        added = b"azureml-model-deployment: %b\r\n" % name.encode("latin-1")
        if not any(one == b"x-ms-request-id" for one, _ in reply.headers):
            added += b"x-ms-request-id: %b\r\n" % message.id.encode("latin-1")
        self._settle(message)
        if reply.length is None and message.version != "1.1":
            message.keep_alive = False
        head, self._chunked = heads.answered(reply, added, message.version, message.keep_alive)
        self._status = reply.status
        self._out.append(head)

    def body(self, data: bytes) -> None:
        """A piece of the answer."""
        if self._messages and self._messages[0].method == b"HEAD":
            return
        self._sent += len(data)
        if self._chunked:
            self._out.append(b"%x\r\n%b\r\n" % (len(data), data))
        else:
            self._out.append(data)

    def end(self) -> None:
        """The answer is complete."""
        if not self._messages:
            return
        if self._chunked:
            self._out.append(b"0\r\n\r\n")
            self._chunked = False
        self._over(self._messages[0], self._status)

    def refuse(self, answer: Answer) -> None:
        """The router's own answer."""
        if not self._messages:
            return
        message = self._messages[0]
        self._settle(message)
        self._out.append(answer.encode(message.id or self._desk.next_id(), message.keep_alive))
        self._over(message, answer.status)

    def abort(self) -> None:
        """Cut the connection: the caller must not take half an answer for a whole one."""
        if self._transport is not None:
            self._transport.abort()

    def flush(self) -> None:
        """Write what was collected."""
        if self._out and self._transport is not None:
            out, self._out = self._out, []
            self._transport.write(out[0] if len(out) == 1 else b"".join(out))

    def hold(self, paused: bool) -> None:
        """The replica takes the body slowly."""
        if self._transport is None or paused == self._held or self._closing_since:
            return
        self._held = paused
        if paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def sweep(self, now: float) -> None:
        """Close what is idle, slow or stuck; called about once a second."""
        if self._transport is None:
            return
        lingers = self._closing_since and now - self._closing_since > LINGER
        stuck = self._stuck_since and now - self._stuck_since > STUCK_TIME
        if lingers or stuck:
            self._transport.abort()
        elif not self._closing_since and not self._messages:
            if now - self._since > (IDLE if not self._desk.draining else 0):
                self._transport.close()
        elif not self._closing_since and self._slow(now):
            self._reject(answers.SLOW)
            self.flush()

    def _slow(self, now: float) -> bool:
        """True when the present request should have come by now."""
        message = self._reading
        if message is None or self._held or self._messages[0] is not message:
            return False
        limit = BODY_TIME + message.size / BODY_RATE if message.head_done else HEAD_TIME
        return now - message.began > limit

    def _start(self, message: Message) -> None:
        """A request's turn: check, find its deployment, make its exchange."""
        refusal = self._admit(message)
        if refusal is not None:
            if message.size == 0 and message.keep_alive and admission.bodiless(message):
                self.refuse(refusal)
            else:
                self._reject(refusal)

    def _admit(self, message: Message) -> Answer | None:
        head = admission.check(message, self._desk)
        if isinstance(head, Answer):
            return head
        door = message.door
        lane = door.choose(head.deployment) if door is not None else None
        if lane is None:
            return answers.no_deployment(head.deployment) if head.deployment else answers.NO_TRAFFIC
        message.lane = lane
        method = b"GET" if message.method == b"HEAD" else message.method
        inner = heads.forwarded(method, head, message.headers, message.id)
        exchange = Exchange(self, message.method, inner, head.length)
        exchange.lane, exchange.pinned = lane, bool(head.deployment)
        message.exchange = exchange
        if head.expects and self._transport is not None and not message.parts:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None

    def _complete(self, message: Message) -> None:
        exchange = message.exchange
        if exchange is None or exchange.done:
            return
        if message.door is not None and message.door.config.mirror:
            message.door.mirror(exchange, b"".join(message.parts))
        exchange.finish()

    def _settle(self, message: Message) -> None:
        """Before a head is written: will the connection live on?"""
        if not message.complete or self._desk.draining:
            message.keep_alive = False

    def _over(self, message: Message, status: int) -> None:
        """An answer is complete: count it and take up the next request."""
        self._messages.popleft()
        self._desk.note(message, status, self._sent)
        self._sent = 0
        self._since = self._desk.now()
        if self._transport is None:
            return
        if not message.keep_alive:
            self._linger()
            return
        if self._messages:
            self._transport.resume_reading()
            self._follow(self._messages[0])

    def _follow(self, message: Message) -> None:
        """A pipelined request's turn has come; what came of it meanwhile is played."""
        if not message.head_done:
            return
        self._start(message)
        exchange = message.exchange
        if exchange is None or self._closing_since:
            return
        parts = message.parts
        if not (message.door is not None and message.door.config.mirror):
            message.parts = []
        for part in parts:
            exchange.feed(part)
        if message.complete:
            self._complete(message)
        self.flush()

    def _reject(self, answer: Answer) -> None:
        """Answer a request that was not read to its end, and close."""
        message = self._messages[0] if self._messages else Message(self._desk.now())
        if not self._messages:
            self._messages.append(message)
        exchange = message.exchange
        if exchange is not None and exchange.answering:
            exchange.abort()
            return
        message.keep_alive = False
        if exchange is not None and not exchange.done:
            exchange.refuse(answer)
        else:
            self.refuse(answer)

    def _linger(self) -> None:
        """Close so that the caller can still read the answer: unread bytes would reset the connection."""
        self.flush()
        self._closing_since = self._desk.now()
        self._messages.clear()
        if self._transport is None:
            return
        if self._reading is None:
            self._transport.close()
        elif self._transport.can_write_eof():
            self._transport.write_eof()
            self._transport.resume_reading()
        else:
            self._transport.close()

    def _wait_a_turn(self) -> None:
        """Pipelined requests are answered one by one; nothing more is read before the present one's turn is over."""
        if self._transport is not None and not self._closing_since:
            self._transport.pause_reading()

    def _discard(self, data: bytes) -> None:
        """After the answer to a request that was not read: some of the rest, so that the answer arrives, not all."""
        self._discarded += len(data)
        if self._discarded > MOST_DISCARDED and self._transport is not None:
            self._transport.abort()

    def _throttle(self, paused: bool) -> None:
        link = self._messages[0].exchange.link if self._messages and self._messages[0].exchange is not None else None
        if link is not None:
            link.throttle(paused)
