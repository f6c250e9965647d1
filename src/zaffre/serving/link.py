"""One connection to a replica: kept open, one exchange at a time."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Protocol

import httptools

from zaffre.serving import heads
from zaffre.serving.answers import ANSWER_TOO_LARGE, LOST, NOT_READY
from zaffre.serving.exchange import Exchange
from zaffre.serving.heads import NOT_RUN, Headers, Reply
from zaffre.serving.usual import Usual, parted

MAX_ANSWER = 1024 * 1024 * 1024
MAX_HEAD = 64 * 1024
MAX_HEADERS = 200
_UNREAD = (ConnectionResetError, BrokenPipeError)
"""How the kernel tells, over a Unix socket, of an end with bytes of ours unread; where all was read it is an end of file."""


class Pool(Protocol):
    """Who keeps the connections to a replica (``fleet.Peer``)."""

    pid: int

    def keep(self, link: Link) -> None:
        """A connection is free again."""
        ...

    def forget(self, link: Link) -> None:
        """A connection is closed."""
        ...

    def failed(self) -> None:
        """The replica does not answer."""
        ...


class Link(asyncio.Protocol):
    """Carries exchanges to one replica and its answers back."""

    def __init__(self, peer: Pool, usual: Usual) -> None:
        self._peer = peer
        self._usual = usual
        self._begins = b""
        """How the answer begins that is read the long way, to be remembered."""
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: Headers = []
        self._reply: Reply | None = None
        self._offer: Reply | None = None
        """The replica's word that it switches."""
        self._until_close = False
        self._passed = 0
        self._head_bytes = 0
        self._skip = False
        self._local = False
        """True over a Unix socket, at whose other end is our own host: it runs nothing that it has not read to the end."""

    @property
    def usable(self) -> bool:
        """True while it can carry another exchange."""
        return self._transport is not None and self._exchange is None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - a stream's
        """Called by the loop."""
        self._transport = transport
        found = transport.get_extra_info("socket")
        self._local = found is not None and found.family == socket.AF_UNIX
        self._peer.pid = _peer_pid(found)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop: an answer without a length ends here, any other is lost."""
        self._transport = None
        self._peer.forget(self)
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            return
        if exchange.switched:
            exchange.hang_up()
            return
        if self._until_close and exc is None:
            exchange.end()
            exchange.sink.flush()
            return
        self._peer.failed()
        if self._local and isinstance(exc, _UNREAD):
            exchange.unread()
        else:
            exchange.lost(not_run=False)

    def pause_writing(self) -> None:
        """Called by the loop: the replica reads slowly."""
        if self._exchange is not None:
            self._exchange.sink.hold(True)

    def resume_writing(self) -> None:
        """Called by the loop."""
        if self._exchange is not None:
            self._exchange.sink.hold(False)

    def send(self, exchange: Exchange) -> None:
        """Start an exchange."""
        transport = self._transport
        if transport is None:
            exchange.lost(not_run=True)
            return
        self._exchange = exchange
        exchange.link = self
        self._until_close = self._skip = False
        self._passed = self._head_bytes = 0
        transport.write(exchange.opening())

    def write(self, data: bytes) -> None:
        """A piece of a body that is streamed."""
        exchange, transport = self._exchange, self._transport
        if exchange is None or transport is None:
            return
        transport.write(
            data if exchange.length is not None or exchange.switched else b"%x\r\n%b\r\n" % (len(data), data)
        )

    def finish(self) -> None:
        """A streamed body is complete."""
        exchange, transport = self._exchange, self._transport
        if exchange is not None and transport is not None and exchange.length is None:
            transport.write(b"0\r\n\r\n")

    def drop(self) -> None:
        """Close it, whatever it was doing; the last words of a websocket still go out."""
        exchange, self._exchange = self._exchange, None
        if self._transport is None:
            return
        if exchange is not None and exchange.switched:
            self._transport.close()
        else:
            self._transport.abort()

    def throttle(self, paused: bool) -> None:
        """The caller reads slowly, or again."""
        if self._transport is None:
            return
        if paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        exchange = self._exchange
        if exchange is None:
            self.drop()
            return
        if exchange.quick and self._reply is None and not self._head_bytes and self._quickly(exchange, data):
            return
        if self._reply is None:
            self._head_bytes += len(data)
        if exchange.switched:
            exchange.sink.body(data)
            exchange.sink.flush()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._switched(exchange, data[int(upgrade.args[0]) :])
            return
        except httptools.HttpParserError:
            self._broken(exchange)
            return
        if self._reply is None and self._exchange is exchange and self._head_bytes > MAX_HEAD:
            self._broken(exchange)
            return
        exchange.sink.flush()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Called by the parser: pass the head on, unless the replica says that it did not run the request."""
        exchange, headers = self._exchange, self._headers
        self._headers = []
        status = self._parser.get_status_code()
        if exchange is None or status < 200:
            self._skip = True
            self._offer = Reply(status, headers, None) if status == 101 else None
            return
        self._skip = False
        too_large = self._head_bytes > MAX_HEAD and heads.size(b"", headers) > MAX_HEAD
        self._head_bytes = 0
        length, chunked = _framing(headers)
        self._reply = Reply(status, headers, length)
        self._until_close = length is None and not chunked and status not in (204, 304)
        if too_large or len(headers) > MAX_HEADERS:
            exchange.refuse(LOST)
        elif status == 503 and any(name == NOT_RUN for name, _ in headers):
            self._not_run(exchange)
        elif length is not None and length > MAX_ANSWER:
            exchange.refuse(ANSWER_TOO_LARGE)
        else:
            if self._begins:
                self._usual.learn(self._begins, self._reply)
                self._begins = b""
            exchange.begin(self._reply)

    def on_body(self, data: bytes) -> None:
        """Called by the parser."""
        exchange = self._exchange
        if exchange is None or self._skip:
            return
        self._passed += len(data)
        if self._passed > MAX_ANSWER:
            exchange.abort()
            return
        exchange.sink.body(data)

    def on_message_complete(self) -> None:
        """Called by the parser: the exchange is over and the connection free."""
        exchange, self._reply = self._exchange, None
        if exchange is None or self._skip:
            if exchange is None:
                self._retire()
            self._skip = False
            return
        self._exchange = None
        whole = exchange.complete
        if whole and self._parser.should_keep_alive():
            self._peer.keep(self)
        else:
            self._retire()
        exchange.end()

    def _quickly(self, exchange: Exchange, data: bytes) -> bool:
        """A scoring host's usual answer, whole in one piece; False where it must go the long way."""
        begins, body = parted(data)
        known = self._usual.find(begins)
        if known is None or len(data) - body != known.length:
            self._begins = begins
            return False
        self._exchange = None
        self._peer.keep(self)
        exchange.answer(known.head + data[len(begins) : body - 2], data[body:])
        return True

    def _not_run(self, exchange: Exchange) -> None:
        """The replica is starting, or full: elsewhere or later, where the request is still here."""
        self._peer.failed()
        if not exchange.replayable:
            exchange.refuse(NOT_READY)
            return
        self._skip = True
        self._exchange = None
        exchange.lost(not_run=True)

    def _switched(self, exchange: Exchange, more: bytes) -> None:
        """From here on the connection is the caller's, until one side closes it."""
        reply, self._offer = self._offer, None
        if reply is None or not exchange.upgrade:
            self._broken(exchange)
            return
        exchange.switch(reply)
        if more:
            exchange.sink.body(more)
        exchange.sink.flush()

    def _retire(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _broken(self, exchange: Exchange) -> None:
        """The replica does not speak HTTP: the answer is ours, the connection is gone."""
        self._exchange = None
        if exchange.answering:
            exchange.abort()
        else:
            exchange.refuse(LOST)
        exchange.sink.flush()
        self.drop()


def _framing(headers: Headers) -> tuple[int | None, bool]:
    length: int | None = None
    chunked = False
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            length = int(value)
        elif name == b"transfer-encoding":
            chunked = b"chunked" in value.lower()
    return (None, True) if chunked else (length, False)


def _peer_pid(found: socket.socket | None) -> int:
    """The process that listens on the other end; 0 where the platform does not say."""
    option = getattr(socket, "SO_PEERCRED", None)
    if found is None or option is None:
        return 0
    try:
        return int(struct.unpack("3i", found.getsockopt(socket.SOL_SOCKET, option, 12))[0])
    except (OSError, AttributeError):
        return 0
