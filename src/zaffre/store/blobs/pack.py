"""Many contents in one body: ``[32 bytes SHA-256][8 bytes big-endian length][bytes]``, repeated.

The unpacker is fed as bytes arrive, holds no more than one piece of them, and lets a content out only when it is
complete and is what its digest says.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import Invalid, TooLarge
from zaffre.store.blobs.disk import write_all

_DIGEST = 32
_HEADER = _DIGEST + 8


@dataclass(frozen=True, slots=True)
class Budget:
    """How much one body may hold; past it ``TooLarge`` is raised before anything more is written."""

    bytes: int = 64 * 1024**3
    files: int = 200_000


class Unpacker:
    """Takes a body in pieces of any size and writes each content to a file of its own in ``folder``."""

    def __init__(self, folder: Path, budget: Budget, wanted: Collection[bytes] | None = None) -> None:
        self.complete: list[tuple[str, Path]] = []
        """What arrived whole: digest (hexadecimal) and file."""
        self._folder = folder
        self._budget = budget
        self._wanted = wanted
        self._bytes = 0
        self._header = bytearray()
        self._content: _Content | None = None

    def feed(self, piece: bytes | bytearray) -> None:
        """Take the next bytes of the body."""
        view = memoryview(piece)
        while view:
            if self._content is None:
                taken = view[: _HEADER - len(self._header)]
                self._header += taken
                if len(self._header) == _HEADER:
                    self._content = self._begin(bytes(self._header))
                    self._header.clear()
            else:
                taken = view[: self._content.left]
                self._content.write(taken)
            view = view[len(taken) :]
            if self._content is not None and self._content.left == 0:
                self.complete.append(self._content.finish())
                self._content = None

    def finish(self) -> None:
        """The body is over. Raises ``Invalid`` where it broke off inside a content."""
        if self._content is not None or self._header:
            raise Invalid("the pack ends in the middle of a file; send it again")

    def close(self) -> None:
        """Let go of a content that broke off."""
        if self._content is not None:
            self._content.close()

    def _begin(self, header: bytes) -> _Content:
        digest, length = header[:_DIGEST], int.from_bytes(header[_DIGEST:], "big")
        if self._wanted is not None and digest not in self._wanted:
            raise Invalid(f"the pack holds {digest.hex()}, which the manifest does not name")
        self._bytes += length
        if self._bytes > self._budget.bytes or len(self.complete) >= self._budget.files:
            raise TooLarge(
                f"a pack may hold {self._budget.files} files and {self._budget.bytes} bytes; "
                "this one holds more: send several"
            )
        return _Content(self._folder / f"{len(self.complete)}", digest, length)


class _Content:
    """The content that is arriving now."""

    def __init__(self, path: Path, digest: bytes, length: int) -> None:
        self.left = length
        self._path = path
        self._digest = digest
        self._hash = hashlib.sha256()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def write(self, piece: memoryview) -> None:
        self._hash.update(piece)
        write_all(self._descriptor, piece)
        self.left -= len(piece)

    def finish(self) -> tuple[str, Path]:
        self.close()
        found = self._hash.digest()
        if found != self._digest:
            raise Invalid(
                f"a file was changed while it was sent: expected SHA-256 {self._digest.hex()}, "
                f"found {found.hex()}; send it again"
            )
        return found.hex(), self._path

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
