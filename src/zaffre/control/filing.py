"""Files written below a folder that others use: whole or not at all, and never through a link out of it.

A draft lies in a hidden folder of the same root, so that its name is given by one rename on one file system. Who is killed
in between leaves a draft, which the next writer of a later day removes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from zaffre.core.errors import Conflict, NotFound
from zaffre.core.ports import Clock
from zaffre.store.blobs.disk import write_all
from zaffre.store.blobs.paths import Entry, Tree, check_relative

DRAFTS = ".zaffre-drafts"
"""Hidden beside what it becomes; shown in no listing."""
_GIVEN_UP = 24 * 3600.0
_GATHER = 1024 * 1024
"""Bytes collected before they are handed to a thread: a hop costs more than copying them."""


class Filing:
    """Takes files in, one at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def put(self, root: Path, path: str, content: AsyncIterable[bytes], *, replace: bool = True) -> int:
        """Write ``content`` to ``path`` below ``root``: its size, once it is there for good."""
        await run_in_threadpool(self._may_be, root, path, replace)
        async with self._drafted(root, content) as (draft, size):
            await run_in_threadpool(_settle, root, draft, path, replace)
        return size

    async def put_same(self, root: Path, path: str, content: AsyncIterable[bytes]) -> int:
        """``put`` for a name that stands for its content: what is there already must be the same, and stays."""
        await run_in_threadpool(self._may_be, root, path, True)
        async with self._drafted(root, content) as (draft, size):
            try:
                await run_in_threadpool(_settle, root, draft, path, False)
            except Conflict:
                if not await run_in_threadpool(_same, root, draft, path):
                    raise Conflict(f"{path!r} is there already, with another content", target="path") from None
        return size

    @asynccontextmanager
    async def _drafted(self, root: Path, content: AsyncIterable[bytes]) -> AsyncGenerator[tuple[str, int]]:
        """The content as a hidden file: its path and size; what is not settled inside is gone afterwards."""
        draft = f"{DRAFTS}/{secrets.token_hex(16)}"
        descriptor = await run_in_threadpool(self._begin, root, draft)
        try:
            try:
                size = await _receive(descriptor, content)
            finally:
                os.close(descriptor)
            yield draft, size
        finally:
            with suppress(NotFound):
                _remove(root, draft)

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
                    with suppress(NotFound):  # another writer was faster
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


def make_folder(root: Path, path: str) -> bool:
    """Make a folder and those above it; whether it is new. Raises ``Conflict`` for a file of this name."""
    check_relative(path)
    found = look(root, path)
    if found is not None and found.kind != "folder":
        raise Conflict(f"{path!r} is there already: a {found.kind}", target="path")
    root.mkdir(parents=True, exist_ok=True)
    with Tree(root) as tree:
        tree.make_folder(path)
    return found is None


def remove_folder(root: Path, path: str, *, whole: bool) -> list[str]:
    """Remove a folder, with all that lies in it or (``Conflict``) only where nothing does; the folders that went."""
    found = look(root, path)
    if found is None or found.kind != "folder" or not path:
        raise NotFound(f"There is no folder {path!r}.", target="path")
    gone: list[str] = []
    with Tree(root) as tree:
        _emptied(tree, path, gone) if whole else None
        tree.remove_folder(path)
    return [*gone, path]


def move(root: Path, path: str, target: str) -> None:
    """Give a file or a folder another name, in one step; a file may take the place of one."""
    check_relative(target)
    found, there = look(root, path), look(root, target)
    if found is None:
        raise NotFound(f"There is nothing at {path!r}.", target="path")
    if there is not None and (there.kind, found.kind) != ("file", "file"):
        raise Conflict(f"{target!r} is there already: a {there.kind}", target="path")
    if f"{target}/".startswith(f"{path}/"):
        raise Conflict(f"{path!r} cannot be moved into itself", target="path")
    with Tree(root) as tree:
        tree.settle(path, target)


def _emptied(tree: Tree, path: str, gone: list[str]) -> None:
    """Links go themselves, never what they lead to."""
    for entry in tree.entries(path):
        inner = f"{path}/{entry.name}"
        with suppress(NotFound):  # somebody else was faster
            if entry.kind == "folder":
                _emptied(tree, inner, gone)
                tree.remove_folder(inner)
                gone.append(inner)
            else:
                tree.remove(inner)


async def _receive(descriptor: int, content: AsyncIterable[bytes]) -> int:
    """Write it all, many pieces to a thread's errand, and make it last; the size."""
    gathered, size = bytearray(), 0
    async for piece in content:
        gathered += piece
        if len(gathered) >= _GATHER:
            full, gathered = gathered, bytearray()
            size += len(full)
            await run_in_threadpool(write_all, descriptor, memoryview(full))
    await run_in_threadpool(write_all, descriptor, memoryview(gathered))
    await run_in_threadpool(os.fsync, descriptor)
    return size + len(gathered)


def _same(root: Path, one: str, other: str) -> bool:
    """Whether two files have the same bytes."""
    with Tree(root) as tree, os.fdopen(tree.open(one), "rb") as mine, os.fdopen(tree.open(other), "rb") as theirs:
        while True:
            piece = mine.read(_GATHER)
            if piece != theirs.read(_GATHER):
                return False
            if not piece:
                return True


def _settle(root: Path, draft: str, path: str, replace: bool) -> None:
    with Tree(root) as tree:
        tree.settle(draft, path, replace=replace)


def _remove(root: Path, path: str) -> None:
    with Tree(root) as tree:
        tree.remove(path)
