"""One caller's connection: requests read strictly, credentials checked before a byte of body is kept."""

from __future__ import annotations

import asyncio
from collections import deque

import httptools

from zaffre.serving import admission, answers, heads
from zaffre.serving.admission import Caller
from zaffre.serving.answers import Answer
from zaffre.serving.desk import Desk
from zaffre.serving.exchange import Exchange
from zaffre.serving.guard import caller
from zaffre.serving.message import MAX_BODY, MAX_HEAD, MAX_HEADERS, Message
from zaffre.serving.quick import recalled
from zaffre.serving.replying import Replies
from zaffre.serving.samples import Sample

IDLE = 75.0
QUIET = 600.0
"""Seconds without a byte either way after which a websocket is closed."""
MOST_TUNNELS = 1000
"""Open websockets of one deployment."""
HEAD_TIME = 10.0
BODY_TIME = 20.0
BODY_RATE = 8192.0
"""A body must come at this many bytes a second, after BODY_TIME."""
STUCK_TIME = 30.0
LINGER = 2.0
MOST_DISCARDED = 8 * 1024 * 1024


class Front(Replies):
    """Reads a caller's requests, one answered at a time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._parser = httptools.HttpRequestParser(self)
        self._caller = Caller()
        self._reading: Message | None = None
        self._stuck_since = 0.0
        self._head_bytes = 0
        self._discarded = 0
        self._offer = b""
        """What may be the head of the next request."""

    @property
    def idle(self) -> bool:
        """True between requests."""
        return not self._messages

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - a stream's
        """Called by the loop."""
        self._transport = transport
        self._caller.address = caller(transport.get_extra_info("peername"))
        self._desk.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop: what is under way is not wanted any more."""
        self._transport = None
        self._desk.closed(self)
        messages, self._messages = self._messages, deque()
        for message in messages:
            exchange = message.exchange
            if exchange is None:
                continue
            exchange.cancel()
            if not exchange.switched:
                self._desk.note(message, 499, 0)
            elif message.lane is not None:
                message.lane.tunnels -= 1

    def eof_received(self) -> bool:
        """Called by the loop: a caller whose time is over closes its side, and what it asked for need not run any more.

        One that closes just its sending half looks the same, and is taken for gone as by nginx and Azure's own front.
        """
        return False

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
        if self._closing_since or self._transport is None or self._tunnel:
            self._aside(data)
            return
        if not self._messages and self._quickly(data):
            return
        if self._reading is None or not self._reading.head_done:
            self._head_bytes += len(data)
        self._read(data)
        self._offer = b""
        self.flush()
        if len(self._messages) > 1:
            self._wait_a_turn()

    def _read(self, data: bytes) -> None:
        """The long way."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgraded(data[int(upgrade.args[0]) :])
        except httptools.HttpParserError:
            self._reject(answers.bad("The request is not valid HTTP/1.1."))
        else:
            if self._head_bytes > MAX_HEAD and (self._reading is not None and not self._reading.head_done):
                self._reject(answers.HEAD_TOO_LARGE)

    # The parser's callbacks, in their order.

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._reading = Message(self._desk.now())
        self._reading.raw, self._offer = self._offer, b""
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
        message.wants_websocket = self._parser.should_upgrade()
        if message.wants_websocket and not heads.is_websocket(message.method, message.headers):
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
        if message.exchange is None or message.copies:
            message.parts.append(data)
        if message.sample is not None:
            message.sample.asked(data)
        if message.exchange is not None:
            message.exchange.feed(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        message, self._reading = self._reading, None
        if message is None or self._closing_since:
            return
        message.complete = True
        self._complete(message)

    def sweep(self, now: float) -> None:
        """Close what is idle, slow or stuck; called about once a second."""
        if self._transport is None:
            return
        lingers = self._closing_since and now - self._closing_since > LINGER
        stuck = self._stuck_since and now - self._stuck_since > STUCK_TIME
        if lingers or stuck or (self._tunnel and now - self._since > QUIET):
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
        head = admission.check(message, self._desk, self._caller)
        if isinstance(head, Answer):
            return head
        door = message.door
        lane = door.choose(head.deployment) if door is not None else None
        if lane is None:
            return answers.no_deployment(head.deployment) if head.deployment else answers.NO_TRAFFIC
        if message.wants_websocket and lane.tunnels >= MOST_TUNNELS:
            return answers.BUSY
        message.lane = lane
        lane.arrived()
        if door is not None and door.config.mirror and not head.deployment:
            message.copies = door.mirrors(lane)
        if lane.samples.most:
            message.sample = self._sample(message, head.target)
        method = b"GET" if message.method == b"HEAD" else message.method
        inner = heads.forwarded(method, head, message.headers)
        exchange = Exchange(self, message.method, inner, head.length, message.id.encode("latin-1"))
        exchange.lane, exchange.pinned = lane, bool(head.deployment)
        exchange.upgrade = message.wants_websocket
        message.exchange = exchange
        if message.raw:
            self._desk.memory.learn(message, head, self._caller)
        if head.expects and self._transport is not None and not message.parts:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None

    def _complete(self, message: Message) -> None:
        exchange = message.exchange
        if exchange is None or exchange.done:
            return
        if message.copies:
            self._desk.mirror(message)
        exchange.finish()

    def _sample(self, message: Message, target: bytes) -> Sample:
        kind = next((value for name, value in message.headers if name == b"content-type"), b"")
        path = target.partition(b"?")[0]
        return Sample(self._desk.unix(), path.decode("latin-1"), kind.decode("latin-1"))

    def _upgraded(self, more: bytes) -> None:
        """The parser stops where another protocol begins; bytes of it that came too early wait for nobody."""
        exchange = self._messages[0].exchange if self._messages else None
        if exchange is None or not exchange.upgrade or more:
            self._reject(answers.NO_UPGRADE)

    def _pass(self, data: bytes) -> None:
        """A websocket's bytes go on as they are."""
        exchange = self._messages[0].exchange if self._messages else None
        if exchange is not None and exchange.link is not None:
            self._since = self._desk.now()
            exchange.link.write(data)

    def _follow(self, message: Message) -> None:
        """A pipelined request's turn has come; what came of it meanwhile is played."""
        if not message.head_done:
            return
        self._start(message)
        exchange = message.exchange
        if exchange is None or self._closing_since:
            return
        parts = message.parts
        if not message.copies:
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

    def _quickly(self, data: bytes) -> bool:
        """A request whose head is known, whole and alone; False where it must go the long way."""
        end = data.find(b"\r\n\r\n") + 4
        if self._reading is not None or end < 4:
            return False
        self._offer = data[:end]
        known = self._desk.memory.requests.get(self._offer)
        if known is None or len(data) - end != known.length or not self._caller.showed(known.gate, known.credential):
            return False
        lane = known.door.choose(known.deployment)
        if lane is None or lane.samples.most or known.door.config.mirror or self._desk.draining:
            return False
        body = data[end:]
        message = recalled(known, lane, body, self, self._desk)
        self._messages.append(message)
        lane.arrived()
        if message.exchange is not None:
            message.exchange.whole(body)
        self.flush()
        return True

    def _aside(self, data: bytes) -> None:
        """What is no request any more."""
        if self._tunnel and not self._closing_since:
            self._pass(data)
        else:
            self._discard(data)

    def _discard(self, data: bytes) -> None:
        """After the answer to a request that was not read: some of the rest, so that the answer arrives, not all."""
        self._discarded += len(data)
        if self._discarded > MOST_DISCARDED and self._transport is not None:
            self._transport.abort()

    def _throttle(self, paused: bool) -> None:
        link = self._messages[0].exchange.link if self._messages and self._messages[0].exchange is not None else None
        if link is not None:
            link.throttle(paused)
