"""One request of a caller's connection, while it is read and answered; and how large it may be."""

from __future__ import annotations

from zaffre.serving.exchange import Exchange
from zaffre.serving.fleet import Door, Lane
from zaffre.serving.heads import Headers
from zaffre.serving.samples import Sample

MAX_HEAD = 64 * 1024
MAX_HEADERS = 200
MAX_BODY = 100 * 1024 * 1024


class Message:
    """One request of a connection."""

    __slots__ = (
        "began", "client_id", "complete", "copies", "door", "exchange", "head_done", "headers", "id", "keep_alive",
        "lane", "method", "model_status", "parts", "raw", "sample", "size", "target", "version", "wants_websocket",
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
        self.raw = b""
        """Its head as it came, where it came in one piece."""
        self.size = 0
        self.id = ""
        self.client_id = b""
        """What the caller calls it."""
        self.copies: tuple[Lane, ...] = ()
        """The deployments that get a copy."""
        self.sample: Sample | None = None
        self.wants_websocket = False
        self.model_status = 0
        """What the model said, where the caller is told another status."""
        self.door: Door | None = None
        self.lane: Lane | None = None
        self.exchange: Exchange | None = None
