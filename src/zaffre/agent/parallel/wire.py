"""Messages between the driver and a worker: a JSON object a line, through a pair of pipes of their own."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterator, List

_PIECE = 1 << 16


def send(descriptor: int, message: Dict[str, Any]) -> None:
    """The whole of it, or ``OSError`` where nobody listens any more."""
    rest = memoryview(json.dumps(message).encode() + b"\n")
    while rest:
        rest = rest[os.write(descriptor, rest) :]


class Incoming:
    """The reading end, which may give a line in pieces."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.ended = False
        self._rest = b""

    def ready(self) -> List[Dict[str, Any]]:
        """What one read completes; nothing where a descriptor that does not block has nothing."""
        try:
            return self._read()
        except BlockingIOError:
            return []

    def drained(self) -> List[Dict[str, Any]]:
        """All that a process which has ended left behind, of a descriptor that does not block."""
        found: List[Dict[str, Any]] = []
        try:
            while not self.ended:
                found += self._read()
        except BlockingIOError:  # somebody it started still holds the other end
            pass
        return found

    def all(self) -> Iterator[Dict[str, Any]]:
        """Until the other side closes."""
        while not self.ended:
            yield from self.ready()

    def _read(self) -> List[Dict[str, Any]]:
        piece = os.read(self.descriptor, _PIECE)
        self.ended = not piece
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [json.loads(line) for line in lines]
