"""The answering half of a caller's connection: a replica's answer, or the router's own, written in the order asked."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque

from zaffre.serving import heads
from zaffre.serving.answers import Answer
from zaffre.serving.desk import Desk
from zaffre.serving.heads import Reply
from zaffre.serving.message import Message

_MODEL_ERROR = 424
_TOO_LONG = 408
"""The host's own word that ``run()`` took too long: callers are told so on Azure too."""


class Replies(asyncio.Protocol, ABC):
    """Is the sink of the present exchange; ``Front`` adds the reading."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._transport: asyncio.Transport | None = None
        self._messages: deque[Message] = deque()
        self._out: list[bytes] = []
        self._chunked = False
        self._status = 0
        self._sent = 0
        self._held = False
        self._tunnel = False
        """True once the connection is a websocket's."""
        self._closing_since = 0.0
        self._since = desk.now()

    # The sink of the present exchange.

    def begin(self, reply: Reply) -> None:
        """The replica's head, made ready for the caller."""
        if not self._messages:
            return
        message = self._messages[0]
        added = self._added(message, reply)
        exchange = message.exchange
        if exchange is not None and exchange.switched:
            self._switch(message, heads.switched(reply, added))
            return
        if reply.status >= 400:
            self._judge(message, reply)
        self._settle(message)
        if reply.length is None and message.version != "1.1":
            message.keep_alive = False
        head, self._chunked = heads.answered(reply, added, message.version, message.keep_alive)
        self._status = reply.shown or reply.status
        self._out.append(head)

    def body(self, data: bytes) -> None:
        """A piece of the answer."""
        if not self._messages:
            return
        message = self._messages[0]
        if message.method == b"HEAD":
            return
        self._sent += len(data)
        if self._tunnel:
            self._since = self._desk.now()
        if message.sample is not None:
            message.sample.answered(data)
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

    def whole(self, head: bytes, body: bytes) -> None:
        """An answer of status 200 all at once."""
        message = self._messages[0]
        if message.lane is not None:
            head += message.lane.ending
        self._out.append(head + body)
        self._sent = len(body)
        self._over(message, 200)
        self.flush()

    def refuse(self, answer: Answer) -> None:
        """The router's own answer."""
        if not self._messages:
            return
        message = self._messages[0]
        self._settle(message)
        self._out.append(answer.encode(message.id or self._desk.next_id(), message.keep_alive, message.client_id))
        self._over(message, answer.status)

    def abort(self) -> None:
        """Cut the connection: the caller must not take half an answer for a whole one."""
        if self._transport is not None:
            self._transport.abort()

    def hang_up(self) -> None:
        """The replica ended a websocket: what it said before still goes out."""
        self.flush()
        if self._transport is not None:
            self._transport.close()

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

    def _added(self, message: Message, reply: Reply) -> bytes:
        """Headers that tell who answered, and for how long the request was held."""
        name = message.lane.deployment if message.lane is not None else ""
        added = b"azureml-model-deployment: %b\r\n" % name.encode("latin-1")
        if not any(one == b"x-ms-request-id" for one, _ in reply.headers):
            added += b"x-ms-request-id: %b\r\n" % message.id.encode("latin-1")
        exchange = message.exchange
        if exchange is not None and exchange.held_ms:
            added += b"x-zaffre-held-ms: %d\r\n" % exchange.held_ms
        return added

    def _judge(self, message: Message, reply: Reply) -> None:
        """The model's error, counted as its own; callers learn of it as Azure's do."""
        lane, door = message.lane, message.door
        if lane is not None:
            lane.meter.said(reply.status)
        if door is not None and not door.passes_errors and reply.status != _TOO_LONG:
            reply.shown = _MODEL_ERROR
            message.model_status = reply.status

    def _switch(self, message: Message, head: bytes) -> None:
        """The connection is a websocket's from here on."""
        self._out.append(head)
        self._tunnel, message.sample = True, None
        self._desk.note(message, 101, 0)
        if message.lane is not None:
            message.lane.tunnels += 1

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
        elif self._messages:
            self._transport.resume_reading()
            self._follow(self._messages[0])

    @abstractmethod
    def _follow(self, message: Message) -> None:
        """A pipelined request's turn has come."""

    @abstractmethod
    def _linger(self) -> None:
        """Close so that the caller can still read the answer."""
