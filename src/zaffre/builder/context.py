"""A build context on disk, as the reader of its Dockerfile sees it, and what identifies its content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_LARGEST = 4 * 1024 * 1024
"""Of a text that is read for its lines."""


class Folder:
    """A build context (``parts.stage.Context``). Nothing outside it is read, whatever its links say."""

    def __init__(self, path: str) -> None:
        self._root = Path(path)

    def text(self, path: str) -> str | None:
        """A text file of the context; None for what is no file, lies outside, or is no text."""
        found = self._inside(path)
        try:
            if found is None or not found.is_file() or found.stat().st_size > _LARGEST:
                return None
            return found.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return None

    def names(self) -> Iterator[str]:
        """All files, for patterns."""
        for path, _ in _files(self._root):
            yield path

    def digest(self) -> str:
        """Of every name, mode and byte: what an engine may copy into an image."""
        found = hashlib.sha256()
        for path, full in sorted(_files(self._root)):
            link = os.readlink(full) if os.path.islink(full) else ""  # noqa: PTH114, PTH115 - thousands of them
            content = b"" if link else _content(full)
            executable = os.access(full, os.X_OK)
            found.update(repr((path, link, executable, hashlib.sha256(content).hexdigest())).encode())
        return found.hexdigest()

    def _inside(self, path: str) -> Path | None:
        parts = PurePosixPath(path).parts
        if ".." in parts or path.startswith("/"):
            return None
        try:
            root = self._root.resolve(strict=True)
            found = (root / path).resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        return found if found == root or root in found.parents else None


def _files(root: Path) -> Iterator[tuple[str, str]]:
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in files:
            full = f"{folder}/{name}"
            yield os.path.relpath(full, root), full


def _content(path: str) -> bytes:
    digest = hashlib.sha256()
    with open(path, "rb") as file:  # noqa: PTH123 - thousands of them
        while piece := file.read(1024 * 1024):
            digest.update(piece)
    return digest.digest()
