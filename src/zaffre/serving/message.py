"""One request of a caller's connection, while it is read and answered; and how large it may be."""

from __future__ import annotations

from zaffre.serving.exchange import Exchange
from zaffre.serving.fleet import Door, Lane
from zaffre.serving.heads import Headers

MAX_HEAD = 64 * 1024
MAX_HEADERS = 200
MAX_BODY = 100 * 1024 * 1024


class Message:
    """One request of a connection."""

    __slots__ = (
        "began", "complete", "door", "exchange", "head_done", "headers", "id", "keep_alive", "lane", "method", "parts",
        "size", "target", "version",
    )  # fmt: skip

    def __init__(self, began: float) -> None:
        self.began = began
        self.method = b""
        self.target = b""
        self.headers: Headers = []
        self.version = "1.1"
        self.keep_alive = True
        self.head_done = False
        self.complete = False
        self.parts: list[bytes] = []
        """Body that came before its turn (pipelined requests), or for a mirrored copy."""
        self.size = 0
        self.id = ""
        self.door: Door | None = None
        self.lane: Lane | None = None
        self.exchange: Exchange | None = None
