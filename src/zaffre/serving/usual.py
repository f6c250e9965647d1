"""The short way of an answer: how a scoring host's answer begins is known by its bytes once it was read strictly.

What differs each time, its request ids and its time, comes last and is checked by itself. Errors, answers in pieces and
servers that answer otherwise go the long way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaffre.serving import heads
from zaffre.serving.heads import Reply

MOST = 1024
"""Beginnings that are remembered; then all are forgotten."""
_BEGINS = b"HTTP/1.1 200 OK\r\n"
_OWN = b"\r\nx-request-id: "
_TAIL = re.compile(
    rb"\r\nx-request-id: [\x21-\x7e]{1,100}\r\nx-ms-request-id: [\x20-\x7e]{1,100}\r\n"
    rb"(?:x-ms-client-request-id: [\x20-\x7e]{1,100}\r\n)?(?:x-ms-run-fn-exec-ms: [0-9.]{1,20}\r\n)?"
)
"""What a scoring host says last, and differently each time."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was made of the beginning of an answer's head."""

    length: int
    head: bytes


class Usual:
    """Beginnings of answers."""

    def __init__(self) -> None:
        self._known: dict[bytes, Begun] = {}

    def find(self, begins: bytes) -> Begun | None:
        """What was made of it."""
        return self._known.get(begins)

    def learn(self, begins: bytes, reply: Reply) -> None:
        """Remember how a scoring host's answer begins; ``begins`` ends where its request ids do begin."""
        own = (b"x-request-id", b"x-ms-request-id", b"x-ms-client-request-id", b"x-ms-run-fn-exec-ms")
        kept = [(name, value) for name, value in reply.headers if name not in own]
        if reply.length is None or any(name == b"connection" for name, _ in kept) or begins.count(b"\r\n") != len(kept):
            return
        if len(self._known) >= MOST:
            self._known.clear()
        head, _ = heads.answered(Reply(reply.status, kept, reply.length), b"", "1.1", keep_alive=True, ends=False)
        self._known[begins] = Begun(reply.length, head.removesuffix(b"\r\n"))


def parted(data: bytes) -> tuple[bytes, int]:
    """How an answer begins up to the host's request id, and where its body does; (nothing, 0) where that is not plain."""
    if not data.startswith(_BEGINS):
        return b"", 0
    end = data.find(b"\r\n\r\n")
    own = data.find(_OWN, 0, end)
    if own < 0 or _TAIL.fullmatch(data, own, end + 2) is None:
        return b"", 0
    return data[:own], end + 4
