"""HTTP/1.1 requests out of bytes, strictly: what two parsers could read differently is refused with 400.

No input or output: ``feed`` bytes, ask ``next`` for requests. Only ``Content-Length`` and ``chunked`` bodies exist;
both at once, a repeated length, a sign, a bare line feed or a folded header end the connection.
"""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Optional, Tuple
from urllib.parse import unquote

MAX_HEAD = 64 * 1024
MAX_HEADERS = 200
_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+) HTTP/1\.([01])")
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_OWN = b"\r\nx-request-id: "
"""How the last line of the router's heads begins; all before it is the same with each request of a caller."""
_ID = re.compile(rb"[\x21-\x7e]{1,100}")
_MOST_KNOWN = 64
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?")


class Refused(Exception):
    """A request this parser will not read; the connection closes after the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Request(NamedTuple):
    """One request, complete."""

    method: str
    path: str
    """Decoded."""
    query: str
    """As sent."""
    headers: List[Tuple[str, str]]
    """In the order sent; names in lower case."""
    body: bytes
    keep_alive: bool

    def header(self, name: str, default: str = "") -> str:
        """The first value of a header (its name in lower case)."""
        for found, value in self.headers:
            if found == name:
                return value
        return default


class _Head(NamedTuple):
    method: str
    target: str
    headers: List[Tuple[str, str]]
    length: Optional[int]
    """None: chunked."""
    keep_alive: bool
    expects: bool


class Parser:
    """Requests of one connection, in order."""

    def __init__(self, max_body: int) -> None:
        self._max_body = max_body
        self._buffer = bytearray()
        self._head: Optional[_Head] = None
        self._known: Dict[bytes, _Head] = {}
        """Heads that were read, but for their last line: the same bytes again mean the same again."""
        self._chunks = bytearray()
        self._left = 0
        """Bytes of the present chunk still to come, its line end included; 0 before a size line."""
        self._trailer = False

    @property
    def wants_continue(self) -> bool:
        """True once when the client waits for ``100 Continue`` before it sends its body."""
        if self._head is None or not self._head.expects:
            return False
        self._head = self._head._replace(expects=False)
        return not self._buffer

    @property
    def idle(self) -> bool:
        """True between requests."""
        return self._head is None and not self._buffer

    def feed(self, data: bytes) -> None:
        """Take bytes from the connection."""
        self._buffer += data

    def next(self) -> Optional[Request]:
        """The next whole request, or None until more bytes come; raises ``Refused``."""
        if self._head is None:
            self._head = self._read_head()
            if self._head is None:
                return None
        head = self._head
        body = self._read_chunked() if head.length is None else self._read_length(head.length)
        if body is None:
            return None
        self._head = None
        path, _, query = head.target.partition("?")
        if "%" in path:
            path = unquote(path)
        return Request(head.method, path, query, head.headers, body, head.keep_alive)

    def _read_head(self) -> Optional[_Head]:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or end > MAX_HEAD:
            if len(self._buffer) > MAX_HEAD:
                raise Refused(431, "The request head is larger than 64 KiB.")
            return None
        raw = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        own = raw.rfind(_OWN)
        known = self._known.get(raw[:own]) if own > 0 and _ID.fullmatch(raw, own + len(_OWN)) else None
        if known is None:
            return self._learn(raw, own)
        headers = [*known.headers, ("x-request-id", raw[own + len(_OWN) :].decode("ascii"))]
        return _Head(known.method, known.target, headers, known.length, known.keep_alive, False)

    def _learn(self, raw: bytes, own: int) -> _Head:
        lines = raw.split(b"\r\n")
        if len(lines) > MAX_HEADERS:
            raise Refused(431, "The request has more than 200 headers.")
        head = _head_of(lines, self._max_body)
        if own > 0 and lines[-1].startswith(_OWN[2:]) and not head.expects:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[raw[:own]] = head._replace(headers=head.headers[:-1])
        return head

    def _read_length(self, length: int) -> Optional[bytes]:
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _read_chunked(self) -> Optional[bytes]:
        while True:
            if self._trailer:
                return self._read_trailer()
            if self._left == 0:
                size = self._read_size()
                if size is None:
                    return None
                self._trailer = size == 0
                self._left = size + 2 if size else 0
                continue
            if len(self._buffer) < self._left:
                return None
            if not self._buffer.startswith(b"\r\n", self._left - 2):
                raise Refused(400, "A chunk does not end in CR LF.")
            self._chunks += self._buffer[: self._left - 2]
            del self._buffer[: self._left]
            self._left = 0

    def _read_size(self) -> Optional[int]:
        end = self._buffer.find(b"\r\n", 0, 4096)
        if end < 0:
            if len(self._buffer) >= 4096 or b"\n" in self._buffer:
                raise Refused(400, "A chunk size line is malformed.")
            return None
        found = _SIZE.fullmatch(self._buffer[:end])
        if found is None:
            raise Refused(400, "A chunk size line is malformed.")
        del self._buffer[: end + 2]
        size = int(found.group(1), 16)
        if len(self._chunks) + size > self._max_body:
            raise Refused(413, "The request body is larger than {} bytes.".format(self._max_body))
        return size

    def _read_trailer(self) -> Optional[bytes]:
        if self._buffer.startswith(b"\r\n"):
            end = 0
        else:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > MAX_HEAD:
                    raise Refused(431, "The trailers are larger than 64 KiB.")
                return None
            for line in bytes(self._buffer[:end]).split(b"\r\n"):
                if _HEADER.fullmatch(line) is None:
                    raise Refused(400, "A trailer is malformed.")
            end += 2
        del self._buffer[: end + 2]
        body, self._chunks, self._trailer = bytes(self._chunks), bytearray(), False
        return body


def _head_of(lines: List[bytes], max_body: int) -> _Head:
    start = _LINE.fullmatch(lines[0])
    if start is None:
        raise Refused(400, "The request line is malformed.")
    target = start.group(2).decode("latin-1")
    if not target.startswith("/"):
        raise Refused(400, "The request target must be a path.")
    headers: List[Tuple[str, str]] = []
    special: Dict[str, str] = {}
    for line in lines[1:]:
        found = _HEADER.fullmatch(line)
        if found is None:
            raise Refused(400, "A header is malformed.")
        name, value = found.group(1).decode("ascii").lower(), found.group(2).decode("latin-1").rstrip(" \t")
        headers.append((name, value))
        if name in ("content-length", "transfer-encoding", "connection", "expect", "host"):
            if name in special and name != "connection":
                raise Refused(400, "The header {} is repeated.".format(name))
            special[name] = special[name] + "," + value if name in special else value
    minor = start.group(3) == b"1"
    wish = special.get("connection", "").lower()
    keep_alive = "close" not in wish if minor else "keep-alive" in wish
    length = _length_of(special, minor, max_body)
    expects = special.get("expect", "").lower() == "100-continue"
    return _Head(start.group(1).decode("ascii"), target, headers, length, keep_alive, expects)


def _length_of(special: Dict[str, str], minor: bool, max_body: int) -> Optional[int]:
    length, encoding = special.get("content-length"), special.get("transfer-encoding")
    if encoding is not None:
        if length is not None or encoding.lower() != "chunked" or not minor:
            raise Refused(400, "Transfer-Encoding must be 'chunked', alone, and without Content-Length.")
        return None
    if length is None:
        return 0
    if re.fullmatch(r"[0-9]{1,18}", length) is None:
        raise Refused(400, "Content-Length must be a number.")
    if int(length) > max_body:
        raise Refused(413, "The request body is larger than {} bytes.".format(max_body))
    return int(length)
