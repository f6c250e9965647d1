"""What a caller's connection needs of the router, and nothing more."""

from __future__ import annotations

from typing import Any, Protocol

from zaffre.serving.fleet import Door
from zaffre.serving.guard import Guard
from zaffre.serving.message import Message
from zaffre.serving.quick import Memory


class Desk(Protocol):
    """The router, as a connection sees it."""

    draining: bool
    guard: Guard
    memory: Memory

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def unix(self) -> float:
        """Unix seconds."""
        ...

    def next_id(self) -> str:
        """A new request id."""
        ...

    def door(self, name: str) -> Door | None:
        """An endpoint of the table."""
        ...

    def mirror(self, message: Message) -> None:
        """Send the copies that are due of a request which has come whole."""
        ...

    def opened(self, front: Any) -> None:
        """A connection was made."""
        ...

    def closed(self, front: Any) -> None:
        """A connection ended."""
        ...

    def note(self, message: Message, status: int, sent: int) -> None:
        """Count and log a finished request."""
        ...
