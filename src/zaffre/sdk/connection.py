"""HTTP/1.1 over one socket: what the client needs of it, in a fraction of the time that importing ``http.client`` takes.

That module brings the mail parser, TLS and a thousand lines more: a sixth of the time that a whole ``zaffre job create`` has.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from io import BufferedReader
from typing import cast

_LONGEST_LINE = 64 * 1024
_MOST_HEADERS = 200
_PIECE = 64 * 1024
_INFORMATIONAL = 200
_WITHOUT_BODY = frozenset({204, 304})
_PORTS = {True: 443, False: 80}


class Garbled(OSError):
    """The peer speaks no HTTP that we know, or stopped in the middle of an answer."""


class Connection:
    """Requests in turn: each answer is read to its end before the next request. Every fault is an ``OSError``."""

    def __init__(self, host: str, port: int | None, *, secure: bool = False, timeout: float = 60.0) -> None:
        port = port or _PORTS[secure]
        made = socket.create_connection((host, port), timeout)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = _secured(made, host) if secure else made
        self._file = cast(BufferedReader, self.sock.makefile("rb", _PIECE))
        name = f"[{host}]" if ":" in host else host
        self._host = name if port == _PORTS[secure] else f"{name}:{port}"

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | Iterable[bytes] | None = None
    ) -> Answer:
        """One request and the head of its answer. A body in pieces needs a ``Content-Length`` of the caller's."""
        told = {"Host": self._host, "Accept-Encoding": "identity", **headers}
        if isinstance(body, bytes):
            told["Content-Length"] = str(len(body))
        elif body is None and method not in ("GET", "HEAD", "DELETE"):
            told["Content-Length"] = "0"
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        if not all(line.isascii() and line.isprintable() for line in lines):
            raise Garbled("an address or a header holds a character that HTTP does not carry")
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        if body is None or isinstance(body, bytes):
            self.sock.sendall(head + (body or b""))
        else:
            self.sock.sendall(head)
            for piece in body:
                self.sock.sendall(piece)
        while True:
            answer = Answer(self._file, method)
            if answer.status >= _INFORMATIONAL:  # one below announces an answer that is still to come
                return answer

    def close(self) -> None:
        """Let it go; the second time too."""
        self._file.close()
        self.sock.close()


class Answer:
    """One answer: its head is read at once, its body as it is asked for."""

    def __init__(self, file: BufferedReader, method: str) -> None:
        self._file = file
        version, self.status = _status(file)
        self.headers = _headers(file)
        """Names in lower case."""
        length = self.headers.get("content-length", "")
        self._chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        self.length = int(length) if length.isdecimal() and not self._chunked else None
        """Of the body, where the answer tells it."""
        if method == "HEAD" or self.status in _WITHOUT_BODY or self.status < _INFORMATIONAL:
            self._chunked, self.length = False, 0
        kept = self.headers.get("connection", "keep-alive" if version == "HTTP/1.1" else "close").lower()
        self.will_close = kept == "close" or (self.length is None and not self._chunked)
        self._left = self.length or 0
        self._over = self.length == 0
        self._held = b""

    def read(self, most: int | None = None) -> bytes:
        """All that is left, or a piece of at most ``most`` bytes; nothing at the end."""
        if most is None:
            pieces = list(iter(self._piece, b""))
            if not self._over or self._left:
                raise Garbled("the answer stopped before its end")
            return b"".join(pieces)
        if not self._held:
            self._held = self._piece()
        piece, self._held = self._held[:most], self._held[most:]
        return piece

    def readline(self) -> bytes:
        """The next line with its end, as soon as it is there; nothing at the end of the body."""
        while b"\n" not in self._held:
            piece = self._received()
            if not piece:
                line, self._held = self._held, b""
                return line
            self._held += piece
        line, _, self._held = self._held.partition(b"\n")
        return line + b"\n"

    def _piece(self) -> bytes:
        if self._held:
            piece, self._held = self._held, b""
            return piece
        return self._received()

    def _received(self) -> bytes:
        """What has come, at least a byte; nothing at the end."""
        if self._over:
            return b""
        if self._chunked and not self._left:
            self._left = _chunk(self._file)
            if not self._left:
                self._over = True
                _headers(self._file)
                return b""
        bounded = self._chunked or self.length is not None
        piece = self._file.read1(min(_PIECE, self._left) if bounded else _PIECE)
        if bounded:
            self._left -= len(piece)
        if not piece and self._chunked:
            raise Garbled("the answer stopped before its end")
        if self._chunked and not self._left:
            _line(self._file)
        self._over = not self._chunked and (not piece or (bounded and not self._left))
        return piece


def _secured(made: socket.socket, host: str) -> socket.socket:
    import ssl  # noqa: PLC0415 - weight: most servers are on this machine

    return ssl.create_default_context().wrap_socket(made, server_hostname=host)


def _status(file: BufferedReader) -> tuple[str, int]:
    line = _line(file)
    if not line:
        raise Garbled("closed without an answer")
    version, _, rest = line.decode("latin-1").strip().partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise Garbled("what answers there does not speak HTTP/1.1")
    return version, int(rest[:3])


def _headers(file: BufferedReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = _line(file).decode("latin-1")
        if line in ("\r\n", "\n"):
            return headers
        name, colon, value = line.partition(":")
        if not colon:
            raise Garbled("the answer stopped in its headers")
        name, value = name.strip().lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    raise Garbled("the answer has too many headers")


def _chunk(file: BufferedReader) -> int:
    size = _line(file).partition(b";")[0].strip()
    try:
        return int(size, 16)
    except ValueError:
        raise Garbled("the answer stopped between two pieces") from None


def _line(file: BufferedReader) -> bytes:
    line = file.readline(_LONGEST_LINE + 1)
    if len(line) > _LONGEST_LINE:
        raise Garbled("the answer has a line that is too long")
    return line
