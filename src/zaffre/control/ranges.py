"""Files that are announced by their length and then written range by range, in any order: kept apart until they are whole.

Each range leaves a mark when it has been written, so that what is whole is known whoever wrote the last one, and after a
restart too. What nobody completes is thrown away a day after it was begun.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool

from zaffre.core.errors import NotFound
from zaffre.core.ports import Clock
from zaffre.store.blobs.disk import copy, write_all

KEPT_SECONDS = 24 * 3600.0
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pending:
    """A file that is being written."""

    folder: Path
    size: int
    facts: Mapping[str, Any]
    """What its first request said of it."""


class Ranges:
    """The pending files of all shares, below one folder."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock

    def begin(self, name: str, size: int, facts: Mapping[str, Any]) -> Pending:
        """A file of ``size`` bytes, nothing of it written yet, in place of a pending one of this name."""
        self._sweep()
        folder = self._place(name)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "marks").mkdir(parents=True)
        with (folder / "data").open("wb") as data:
            data.truncate(size)
        (folder / "facts.json").write_text(json.dumps({"size": size, "facts": dict(facts)}))
        return Pending(folder, size, facts)

    def reopen(self, name: str, source: int, size: int) -> Pending:
        """A file that is there, to be changed: a copy of it (``source`` is open), cut or filled up with zeros to ``size``."""
        pending = self.begin(name, size, {})
        with (pending.folder / "data").open("wb") as data:
            copy(source, data.fileno())
            data.truncate(size)
        (pending.folder / "marks" / f"0-{size}").touch()
        return pending

    def find(self, name: str) -> Pending | None:
        """What is pending under a name."""
        folder = self._place(name)
        try:
            told = json.loads((folder / "facts.json").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return Pending(folder, told["size"], told["facts"])

    def forget(self, name: str) -> None:
        """It is whole and in its place, or will never be."""
        shutil.rmtree(self._place(name), ignore_errors=True)

    def _place(self, name: str) -> Path:
        return self._root / hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()

    def _sweep(self) -> None:
        for folder in self._root.iterdir() if self._root.exists() else ():
            with suppress(FileNotFoundError):
                if folder.stat().st_mtime < self._clock.now() - KEPT_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)


def write(pending: Pending, start: int, content: bytes) -> bool:
    """Write one range; whether the file is whole with it. Raises ``NotFound`` where it is pending no more."""
    try:
        descriptor = os.open(pending.folder / "data", os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound("The file is not being written any more; create it again.", target="path") from None
    try:
        os.lseek(descriptor, start, os.SEEK_SET)
        write_all(descriptor, memoryview(content))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    with suppress(FileNotFoundError):  # forgotten meanwhile: another request wrote the last range
        (pending.folder / "marks" / f"{start}-{start + len(content)}").touch()
    return is_whole(pending)


def is_whole(pending: Pending) -> bool:
    """Whether every byte has been written."""
    try:
        marks = sorted(tuple(map(int, name.split("-"))) for name in os.listdir(pending.folder / "marks"))  # noqa: PTH208
    except FileNotFoundError:
        return False
    reached = 0
    for start, end in marks:
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= pending.size


async def content(pending: Pending) -> AsyncIterator[bytes]:
    """The bytes of a whole file."""
    try:
        file = await run_in_threadpool((pending.folder / "data").open, "rb")
    except FileNotFoundError:
        raise NotFound("The file is not being written any more; create it again.", target="path") from None
    with file:
        while piece := await run_in_threadpool(file.read, _PIECE):
            yield piece
