"""The last exchanges of a deployment, kept in memory where its part of the table says so: for replay and for drift."""

from __future__ import annotations

import base64
from collections import deque
from dataclasses import dataclass, field
from typing import Any

MOST_BODY = 16 * 1024
"""Bytes of a body that is kept; an exchange with a larger one is not kept at all."""
MOST = 10_000


@dataclass(slots=True)
class Sample:
    """One exchange while it goes on, and after."""

    at: float
    path: str
    content_type: str
    request: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)
    status: int = 0
    ms: float = 0.0
    mirrored: bool = False

    @property
    def small(self) -> bool:
        """Whether it may be kept."""
        return len(self.request) <= MOST_BODY and len(self.answer) <= MOST_BODY

    def asked(self, data: bytes) -> None:
        """A piece of the request's body."""
        if len(self.request) <= MOST_BODY:
            self.request += data

    def answered(self, data: bytes) -> None:
        """A piece of the answer's body."""
        if len(self.answer) <= MOST_BODY:
            self.answer += data

    def to_json(self) -> dict[str, Any]:
        """As the server reads it."""
        return {
            "at": self.at,
            "status": self.status,
            "ms": round(self.ms, 3),
            "path": self.path,
            "content_type": self.content_type,
            "mirrored": self.mirrored,
            "request": base64.b64encode(self.request).decode(),
            "answer": base64.b64encode(self.answer).decode(),
        }


class Samples:
    """The last so many."""

    def __init__(self) -> None:
        self._kept: deque[Sample] = deque(maxlen=0)

    @property
    def most(self) -> int:
        """How many are kept."""
        return self._kept.maxlen or 0

    def resize(self, most: int) -> None:
        """Keep so many from now on; the newest of what is there stay."""
        most = max(0, min(most, MOST))
        if most != self._kept.maxlen:
            self._kept = deque(self._kept, maxlen=most)

    def add(self, sample: Sample, status: int, seconds: float) -> None:
        """An exchange is over."""
        if sample.small:
            sample.status, sample.ms = status, seconds * 1000
            self._kept.append(sample)

    def to_json(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return [one.to_json() for one in self._kept]
