"""Files below a folder that others write to: found and read without ever following a link out of it.

A job may put whatever it likes where its files lie, and swap it at the moment we look. So every step from a trusted root
is taken by descriptor (``store.blobs.paths``), and what was opened is what is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from zaffre.core.errors import Invalid, NotFound
from zaffre.store.blobs.paths import Entry, Tree, check_relative

MOST_LISTED = 200_000
"""Files after which a listing ends: more than that is asked for by prefix."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One file."""

    path: str
    size: int
    digest: str = ""
    """Of the content, where it is known without reading it."""


class Opened:
    """A file that is open. A context manager."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        facts = os.fstat(descriptor)
        self.name = name
        self.size = facts.st_size
        self.modified_at = facts.st_mtime

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, offset: int, count: int) -> bytes:
        """At most ``count`` bytes from ``offset`` on."""
        return os.pread(self._descriptor, count, offset)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or a file at ``path`` below ``root``; the root is trusted, nothing below it is."""

    root: Path
    path: str = ""

    def __truediv__(self, path: str) -> Place:
        """What lies at a path below."""
        return Place(self.root, _joined(self.path, path))

    def is_folder(self) -> bool:
        """Whether a folder is there."""
        try:
            with Tree(self.root) as tree:
                tree.entries(self.path)
        except (NotFound, Invalid):
            return False
        return True

    def exists(self) -> bool:
        """Whether a file or a folder is there."""
        try:
            with Tree(self.root) as tree:
                return not self.path or tree.look(self.path).kind != "link"
        except (NotFound, Invalid):
            return False

    def open(self) -> Opened:
        """The file, to be read. Raises ``NotFound``, for a link too."""
        with Tree(self.root) as tree:
            return Opened(tree.open(self.path), self.path.rpartition("/")[2])

    def listing(self, prefix: str = "") -> list[Listed]:
        """Every plain file whose path below here starts with ``prefix``, sorted; empty where nothing is."""
        try:
            with Tree(self.root) as tree:
                found = [item for item, _ in zip(_walk(tree, self.path, "", prefix), range(MOST_LISTED), strict=False)]
        except NotFound:
            return []
        return sorted(found, key=lambda item: item.path)


def _walk(tree: Tree, folder: str, below: str, prefix: str) -> Iterator[Listed]:
    for entry in tree.entries(folder):
        with suppress(NotFound, Invalid):  # gone or swapped since it was listed, or named as no path of ours is
            path = _joined(below, entry.name)
            if entry.kind == "file" and path.startswith(prefix):
                yield Listed(path, entry.size)
            elif _leads_on(entry, path, prefix):
                yield from _walk(tree, _joined(folder, entry.name), path, prefix)


def _leads_on(entry: Entry, path: str, prefix: str) -> bool:
    """Whether a folder can hold what is asked for."""
    return entry.kind == "folder" and (f"{path}/".startswith(prefix) or prefix.startswith(f"{path}/"))


def _joined(folder: str, path: str) -> str:
    if not path:
        return folder
    check_relative(path)
    return f"{folder}/{path}" if folder else path
