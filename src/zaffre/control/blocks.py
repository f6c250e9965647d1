"""Blocks of a blob that is still being sent: kept apart until a list of them says what the blob is.

Blocks that nobody commits are thrown away a day after the last one came; those of a blob go with its commit.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from zaffre.control.filing import DRAFTS, Filing
from zaffre.core.errors import Invalid, NotFound
from zaffre.core.ports import Clock

MOST_BLOCKS = 50_000
KEPT_SECONDS = 24 * 3600.0
_PIECE = 1024 * 1024


class Blocks:
    """The blocks of all blobs, below one folder."""

    def __init__(self, root: Path, filing: Filing, clock: Clock) -> None:
        self._root = root
        self._filing = filing
        self._clock = clock

    async def put(self, blob: str, block: bytes, content: AsyncIterable[bytes]) -> None:
        """Keep one block of ``blob`` (a name that holds its container's too), in place of one with the same id."""
        folder = _hashed(blob.encode())
        if not (self._root / folder).exists():
            await run_in_threadpool(self._sweep)
        await self._filing.put(self._root, f"{folder}/{_hashed(block)}", content)

    def size(self, blob: str, blocks: Sequence[bytes]) -> int:
        """Bytes of these blocks together. Raises ``Invalid`` for one that was not sent."""
        try:
            return sum(self._place(blob, block).stat().st_size for block in blocks)
        except FileNotFoundError:
            raise Invalid("The list names a block that was not sent, or was sent more than a day ago.") from None

    def length(self, blob: str, block: bytes) -> int:
        """Bytes of one block; 0 for one that was not sent."""
        try:
            return self._place(blob, block).stat().st_size
        except FileNotFoundError:
            return 0

    async def content(self, blob: str, blocks: Sequence[bytes]) -> AsyncIterator[bytes]:
        """The blocks' bytes, one after the other."""
        for block in blocks:
            try:
                file = await run_in_threadpool(self._place(blob, block).open, "rb")
            except FileNotFoundError:
                raise NotFound("A block went away while it was read; send the blob again.") from None
            with file:
                while piece := await run_in_threadpool(file.read, _PIECE):
                    yield piece

    def forget(self, blob: str) -> None:
        """The blob is committed: its blocks have served."""
        shutil.rmtree(self._root / _hashed(blob.encode()), ignore_errors=True)

    def _place(self, blob: str, block: bytes) -> Path:
        return self._root / _hashed(blob.encode()) / _hashed(block)

    def _sweep(self) -> None:
        """Throw away what nobody committed."""
        if not self._root.exists():
            return
        for folder in self._root.iterdir():
            with suppress(FileNotFoundError):
                if folder.name != DRAFTS and folder.stat().st_mtime < self._clock.now() - KEPT_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)


def _hashed(name: bytes) -> str:
    return hashlib.sha256(name).hexdigest()
