"""HTTP/1.1 as uvicorn speaks it, with an end to what a client may send before it has said what it wants."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from zaffre.api.passing import UPGRADE
from zaffre.server.tunnels import Tunnel

LARGEST_HEAD = 64 * 1024
"""Bytes of a request line with all its headers."""
LONGEST_HEAD = 20.0
"""Seconds that a client may take for them."""


class BoundedHttp(HttpToolsProtocol):
    """Ends a connection whose request head is too long, or too long in coming."""

    _head = 0
    _in_head = True
    _impatience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """A client is there; from now on it has a little time."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The request's headers are too large.")

    def on_message_begin(self) -> None:
        """Another request on the same connection has its own allowance."""
        if not self._in_head:
            self._head = 0
            self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._rest()
        if sum(len(name) + len(value) for name, value in cast(Any, self.headers)) > LARGEST_HEAD:
            raise ValueError("the request's headers are too large")
        if any(name == b"upgrade" for name, _ in cast(Any, self.headers)):
            cast(Any, self.scope).setdefault("extensions", {})[UPGRADE] = Tunnel(cast(Any, self))
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._in_head = True
        self._rest()
        self._impatience = self.loop.call_later(LONGEST_HEAD, self._give_up)

    def _rest(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def _give_up(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self.transport.close()
