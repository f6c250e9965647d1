"""What every store can do, whatever it is made of: list, look, read, write, remove. Synchronous, safe from several threads.

Errors are ``core.errors``: ``NotFound``, ``Forbidden`` (what to grant stands in its message), ``Changed``, ``Unavailable``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from zaffre.core.errors import Conflict, Invalid
from zaffre.staging.order import Item


class Changed(Conflict):
    """The object is no longer the one that was listed."""


class Store(Protocol):
    """One bucket, container, share or host."""

    shown: str
    """How messages name it."""
    at_once: int
    """Requests that may be under way together."""

    def list(self, prefix: str) -> Iterator[Item]:
        """Every object below the folder ``prefix`` (all of them for an empty one), by its whole path."""
        ...

    def look(self, path: str) -> Item | None:
        """One object; None where there is none."""
        ...

    def read(self, path: str, offset: int = 0, length: int | None = None, etag: str = "") -> bytes:
        """Bytes of an object. With ``etag``, ``Changed`` where it is another object by now."""
        ...

    def stream(self, item: Item) -> Iterator[bytes]:
        """All of an object, piece by piece; ``Changed`` where it is another object by now."""
        ...

    def write(self, path: str, file: Path) -> None:
        """Put a file there; readers see the old object or the whole new one."""
        ...

    def remove(self, path: str) -> None:
        """Remove an object; one that is gone already is no error."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def joined(root: str, path: str) -> str:
    """A path below the store's root folder; refuses every way out of it."""
    parts = [part for part in f"{root}/{path}".split("/") if part]
    if ".." in parts or "\x00" in path:
        raise Invalid(f"{path!r} is not a path inside a store")
    return "/".join(parts)


def below(root: str, path: str) -> str:
    """The inverse: an object's path as seen from the root folder."""
    whole = root.strip("/")
    return path[len(whole) + 1 :] if whole else path
