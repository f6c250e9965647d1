"""Files written below a folder that others use: whole or not at all, and never through a link out of it.

A draft lies in a hidden folder of the same root, so that its name is given by one rename on one file system. Who is killed
in between leaves a draft, which the next writer of a later day removes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from zaffre.core.errors import Conflict, NotFound
from zaffre.core.ports import Clock
from zaffre.store.blobs.paths import Entry, Tree, check_relative

DRAFTS = ".zaffre-drafts"
"""Hidden beside what it becomes; shown in no listing."""
_GIVEN_UP = 24 * 3600.0


class Filing:
    """Takes files in, one at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def put(self, root: Path, path: str, content: AsyncIterator[bytes], *, replace: bool = True) -> int:
        """Write ``content`` to ``path`` below ``root``: its size, once it is there for good."""
        await run_in_threadpool(self._may_be, root, path, replace)
        draft = f"{DRAFTS}/{secrets.token_hex(16)}"
        descriptor = await run_in_threadpool(self._begin, root, draft)
        size, settled = 0, False
        try:
            async for piece in content:
                await run_in_threadpool(_write, descriptor, piece)
                size += len(piece)
            await run_in_threadpool(os.fsync, descriptor)
            await run_in_threadpool(_settle, root, draft, path, replace)
            settled = True
        finally:
            os.close(descriptor)
            if not settled:
                with suppress(NotFound):
                    _remove(root, draft)
        return size

    def _may_be(self, root: Path, path: str, replace: bool) -> None:
        """Say what is wrong with the name before the content is sent."""
        check_relative(path)
        found = look(root, path)
        if found is not None and (found.kind != "file" or not replace):
            raise Conflict(f"{path!r} is there already: a {found.kind}", target="path")

    def _begin(self, root: Path, draft: str) -> int:
        root.mkdir(parents=True, exist_ok=True)
        with Tree(root) as tree:
            descriptor = tree.create(draft)
            for left in tree.entries(DRAFTS):
                if left.modified_at < self._clock.now() - _GIVEN_UP:
                    tree.remove(f"{DRAFTS}/{left.name}")
            return descriptor


def look(root: Path, path: str) -> Entry | None:
    """What lies at ``path`` below ``root``; None for nothing, a link too."""
    if path.split("/", 1)[0] == DRAFTS:
        return None
    try:
        with Tree(root) as tree:
            if not path:
                tree.entries()
                return Entry("", "folder", 0, 0.0)
            found = tree.look(path)
    except NotFound:
        return None
    return None if found.kind == "link" else found


def entries(root: Path, path: str) -> list[Entry]:
    """Files and folders of one folder, by name."""
    with Tree(root) as tree:
        return [one for one in tree.entries(path) if one.kind != "link" and (path or one.name != DRAFTS)]


def remove(root: Path, path: str) -> None:
    """Remove one file."""
    found = look(root, path)
    if found is None or found.kind != "file":
        raise NotFound(f"There is no file {path!r}.", target="path")
    _remove(root, path)


def _write(descriptor: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(descriptor, view) :]


def _settle(root: Path, draft: str, path: str, replace: bool) -> None:
    with Tree(root) as tree:
        tree.settle(draft, path, replace=replace)


def _remove(root: Path, path: str) -> None:
    with Tree(root) as tree:
        tree.remove(path)
