"""A connection handed over: when a route and the server behind it have agreed to a websocket, bytes go to and fro unread.

The request has been through the gate like any other; only what follows the handshake is not HTTP any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

_CHUNK = 64 * 1024


class Speaker(Protocol):
    """The part of uvicorn's HTTP protocol that is needed here."""

    transport: Any
    connections: set[Any]
    cycle: Any


class Tunnel:
    """The way out of HTTP for one connection; called at most once."""

    def __init__(self, http: Speaker) -> None:
        self._http = http

    async def __call__(
        self, headers: Sequence[tuple[bytes, bytes]], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Confirm the upgrade to the client, then carry bytes until one side closes."""
        near_reader, near = self._taken()
        lines = [b"HTTP/1.1 101 Switching Protocols", b"connection: Upgrade", b"upgrade: websocket"]
        lines += [name + b": " + value for name, value in headers]
        near.write(b"\r\n".join(lines) + b"\r\n\r\n")
        ends = [asyncio.create_task(_carry(near_reader, writer)), asyncio.create_task(_carry(reader, near))]
        open_ = _Open(near)
        self._http.connections.add(open_)
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._http.connections.discard(open_)
            for end in ends:
                end.cancel()
            near.close()
            writer.close()

    def _taken(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection as a pair of streams; uvicorn takes it for closed."""
        http = self._http
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=_CHUNK)
        protocol = asyncio.StreamReaderProtocol(reader)
        http.cycle.disconnected = True
        http.connections.discard(http)
        http.transport.set_protocol(protocol)
        protocol.connection_made(http.transport)
        http.transport.resume_reading()
        return reader, asyncio.StreamWriter(http.transport, protocol, reader, loop)


class _Open:
    """A tunnel as the server counts it while it stops."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def shutdown(self) -> None:
        """The server goes: so does the tunnel, and its user comes again."""
        self._writer.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(_CHUNK):
            target.write(data)
            await target.drain()
    except (OSError, asyncio.CancelledError):
        return
