"""Contents by their SHA-256: what code is made of.

A blob is written once, appears whole or not at all, and is never changed; two writers of one content do no harm.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zaffre.core.errors import Conflict, Invalid, NoSpace, NotFound
from zaffre.store.blobs import disk
from zaffre.store.blobs.pack import Budget, Unpacker
from zaffre.store.blobs.paths import Tree

__all__ = ["Blobs", "Budget", "File"]

BUDGET = Budget()
_SHA256 = re.compile(r"[0-9a-f]{64}")
_GATHER = 1024 * 1024
"""Bytes collected before they are handed to a thread: a hop costs more than copying them."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a manifest."""

    path: str
    """Relative, with forward slashes."""
    digest: str
    """SHA-256, lower-case hexadecimal."""
    size: int
    executable: bool = False


class Blobs:
    """A folder of contents, named by their digests."""

    def __init__(self, root: Path, budget: Budget = BUDGET) -> None:
        self._root = root
        self._budget = budget

    def path(self, digest: str) -> Path:
        """Where the content of ``digest`` lies, or would lie."""
        if not _SHA256.fullmatch(digest):
            raise Invalid(f"expected a SHA-256 of 64 lower-case hexadecimal digits, found {digest[:80]!r}")
        return self._root / digest[:2] / digest[2:]

    def missing(self, digests: Iterable[str]) -> list[str]:
        """Those of ``digests`` that are not here, each once, in the order given."""
        return [digest for digest in dict.fromkeys(digests) if not self.path(digest).exists()]

    def add(self, content: bytes) -> str:
        """Keep one content; its digest."""
        digest = hashlib.sha256(content)
        self.add_pack([digest.digest() + len(content).to_bytes(8, "big") + content])
        return digest.hexdigest()

    def add_pack(self, pieces: Iterable[bytes], wanted: Collection[bytes] | None = None) -> int:
        """Keep the contents of a pack; how many there were. With ``wanted`` (raw digests) others are refused.

        What arrived whole before an error is kept, so that the upload goes on from there.
        """
        with self._intake(wanted) as unpacker:
            for piece in pieces:
                unpacker.feed(piece)
            unpacker.finish()
        return len(unpacker.complete)

    async def receive(self, pieces: AsyncIterable[bytes], wanted: Collection[bytes] | None = None) -> int:
        """``add_pack`` for a body that arrives over a network."""
        intake = self._intake(wanted)
        unpacker = await asyncio.to_thread(intake.__enter__)
        gathered = bytearray()
        try:
            with _explained(self._root):
                try:
                    async for piece in pieces:
                        gathered += piece
                        if len(gathered) >= _GATHER:
                            full, gathered = gathered, bytearray()
                            await asyncio.to_thread(unpacker.feed, full)
                finally:
                    await asyncio.to_thread(unpacker.feed, gathered)
                unpacker.finish()
        finally:
            await asyncio.to_thread(intake.__exit__, None, None, None)
        return len(unpacker.complete)

    def materialise(self, files: Sequence[File], target: Path, *, give: bool = False) -> None:
        """Lay out ``files`` as the folder ``target``, which must not be there or be empty; whole or not at all.

        Every file is the folder's own, sharing blocks with the blob where the file system can: never a hard link,
        because jobs write into their folder. With ``give`` the contents become the folder's (links, nothing is
        copied), and the caller must not read a blob from here again once anybody may write to the folder.
        """
        _check_manifest(files)
        given: set[str] = set()
        partial = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            with _explained(target):
                partial.mkdir(parents=True)
                with Tree(partial) as tree:
                    for file in sorted(files, key=lambda file: file.path):
                        if not (give and file.digest not in given and self._give(tree, file)):
                            self._lay(tree, file)
                        given.add(file.digest)
                partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _give(self, tree: Tree, file: File) -> bool:
        """Whether the blob itself could become ``file``; where it could not, laying out a copy says why."""
        blob = self.path(file.digest)
        try:
            return blob.stat().st_size == file.size and tree.adopt(blob, file.path, executable=file.executable)
        except FileNotFoundError:
            return False

    def _lay(self, tree: Tree, file: File) -> None:
        try:
            source = os.open(self.path(file.digest), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise NotFound(
                f'the content of "{file.path}" ({file.digest}) has not been uploaded; upload it again'
            ) from error
        try:
            copy = tree.create(file.path, executable=file.executable)
            try:
                size = disk.copy(source, copy)
            finally:
                os.close(copy)
        finally:
            os.close(source)
        if size != file.size:
            raise Invalid(
                f'"{file.path}" was announced with {file.size} bytes, but its content has {size}', target="files"
            )

    @contextmanager
    def _intake(self, wanted: Collection[bytes] | None) -> Generator[Unpacker]:
        arriving = self._root / "arriving" / secrets.token_hex(8)
        try:
            with _explained(self._root):
                arriving.mkdir(mode=0o700, parents=True)
                unpacker = Unpacker(arriving, self._budget, wanted)
                try:
                    yield unpacker
                finally:
                    unpacker.close()
                    self._keep(unpacker.complete)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)

    def _keep(self, complete: Sequence[tuple[str, Path]]) -> None:
        """Contents first, then their names: a name on disk always has its content."""
        if not complete:
            return
        disk.flush([path for _, path in complete])
        folders: dict[Path, None] = {self._root: None}
        for digest, path in complete:
            final = self.path(digest)
            if final.parent not in folders:
                final.parent.mkdir(mode=0o700, exist_ok=True)
                folders[final.parent] = None
            path.replace(final)
        disk.flush([*folders])


def _check_manifest(files: Sequence[File]) -> None:
    """Names that differ only in how they are composed would be one name on some file systems, and two on others."""
    names: set[str] = set()
    folders: set[str] = set()
    for file in files:
        name = unicodedata.normalize("NFC", file.path)
        if name in names:
            raise Invalid(f'the manifest names "{file.path}" twice', target="files")
        names.add(name)
        folders.update(str(folder) for folder in PurePosixPath(name).parents)
    if both := names & folders:
        raise Invalid(f'the manifest names "{min(both)}" as a file and as a folder', target="files")


@contextmanager
def _explained(place: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"the disk that holds {place.parent} is full; free some space and try again") from error
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            raise Conflict(f"{place} is there already") from error
        raise
