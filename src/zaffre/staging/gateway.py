"""A proxy on this process's own loopback port, through which libraries connect that would resolve names themselves.

Whatever a store's endpoint says, the connection is made by ``Egress``: resolved once, checked, pinned. TLS passes through
untouched (CONNECT). Plain requests (emulators, a MinIO in the office) are passed on request by request, so that a
redirect of theirs comes back here too. A secret known to this process alone keeps others from using the port.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import os
import secrets
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from zaffre.core.errors import ZaffreError
from zaffre.staging.egress import Egress

_MOST_HEAD = 64 * 1024
_PIECE = 1 << 20


class Gateway:
    """Open while its context lasts."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._secret = secrets.token_urlsafe(24)
        self._wanted = base64.b64encode(f"zaffre:{self._secret}".encode())
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.refusals: list[str] = []
        """What was not connected to, and why; a library's own message does not tell."""
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """What a library is told as its proxy."""
        return f"http://zaffre:{self._secret}@127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, ValueError):
            head = _Head.read(client, b"")
            if head is None:
                return
            if not hmac.compare_digest(head.header(b"proxy-authorization").partition(b" ")[2].strip(), self._wanted):
                _refuse(client, 407, "only for the process that opened it")
                return
            try:
                server = self._egress.connect(*head.target())
            except ZaffreError as error:
                self.refusals.append(error.message)
                _refuse(client, 403 if error.status == 403 else 502, error.message)
                return
            with server:
                if head.method == b"CONNECT":
                    client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                    _both_ways(client, server, head.rest)
                else:
                    _requests(client, server, head)


class _Head:
    """The head of one request, and what was read beyond it."""

    def __init__(self, head: bytes, rest: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        self.method, self._place, self._version = first.split(b" ", 2)
        self.rest = rest
        self._lines = [line for line in lines if line]

    @classmethod
    def read(cls, source: socket.socket, begun: bytes) -> _Head | None:
        """None at the end of the connection."""
        data = begun
        while b"\r\n\r\n" not in data:
            piece = source.recv(_MOST_HEAD)
            if not piece or len(data) > _MOST_HEAD:
                return None
            data += piece
        head, _, rest = data.partition(b"\r\n\r\n")
        return cls(head, rest)

    def header(self, name: bytes) -> bytes:
        """Empty where there is none."""
        for line in self._lines:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip()
        return b""

    def target(self) -> tuple[str, int]:
        """Host and port, as a proxy is told them."""
        place = self._place.decode("ascii")
        parts = urlsplit(f"//{place}" if self.method == b"CONNECT" else place)
        if not parts.hostname or (self.method != b"CONNECT" and parts.scheme != "http"):
            raise ValueError(place)
        return parts.hostname, parts.port or 80

    def plain(self) -> bytes:
        """The head as the server itself is to read it."""
        place = self._place.decode("ascii")
        parts = urlsplit(place)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [line for line in self._lines if not line.lower().startswith(b"proxy-")]
        return b"\r\n".join([b" ".join([self.method, path.encode(), self._version]), *kept, b"", b""])


def _requests(client: socket.socket, server: socket.socket, first: _Head) -> None:
    """Request after request of one connection to one server; its answers pass by unread."""
    back = threading.Thread(target=_pour, args=(server, client), daemon=True)
    back.start()
    head: _Head | None = first
    while head is not None and head.target() == first.target():
        server.sendall(head.plain())
        if head.header(b"transfer-encoding"):
            break  # no library of ours sends such; nothing is guessed
        length = int(head.header(b"content-length") or 0)
        body, rest = head.rest[:length], head.rest[length:]
        server.sendall(body)
        _pass_on(client, server, length - len(body))
        head = _Head.read(client, rest)
    _hang_up(server)
    back.join()


def _pass_on(source: socket.socket, target: socket.socket, count: int) -> None:
    while count > 0:
        piece = source.recv(min(_PIECE, count))
        if not piece:
            raise OSError("the request broke off")
        target.sendall(piece)
        count -= len(piece)


def _both_ways(client: socket.socket, server: socket.socket, begun: bytes) -> None:
    if begun:
        server.sendall(begun)
    back = threading.Thread(target=_pour, args=(server, client), daemon=True)
    back.start()
    _pour(client, server)
    back.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    """All of it, inside the kernel where it can; then the end is passed on."""
    with contextlib.suppress(OSError):  # either may have been closed by the other direction already
        source.settimeout(None)
        target.settimeout(None)
        _spliced(source, target) if hasattr(os, "splice") else _copied(source, target)
    _hang_up(target)


def _spliced(source: socket.socket, target: socket.socket) -> None:
    reader, writer = os.pipe()
    try:
        splice: Any = os.splice
        while count := splice(source.fileno(), writer, _PIECE):
            while count:
                count -= splice(reader, target.fileno(), count)
    finally:
        os.close(reader)
        os.close(writer)


def _copied(source: socket.socket, target: socket.socket) -> None:
    while piece := source.recv(_PIECE):
        target.sendall(piece)


def _hang_up(target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _refuse(client: socket.socket, status: int, why: str) -> None:
    body = f"{why}\n".encode()
    told = f"HTTP/1.1 {status} Refused\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    client.sendall(told + body)
