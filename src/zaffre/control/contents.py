"""What lies at a URI, told in one digest: equal content has an equal digest, wherever it lies and whenever it was written.

Reading everything each time would cost more than the step that it saves. So beside a digest stands a stamp (names, sizes and
times of the files), and where the stamp is the same as when the digest was made, so is the digest. What lies in a store
outside this machine is told by the versions that the store gives its objects.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from zaffre.control.elsewhere import Elsewhere
from zaffre.control.lookup import Places

_PIECE = 1024 * 1024
_KEPT = 10_000
_FEW = 16
_SMALL = 64 * 1024
"""Bytes of so few files that are read where they are asked for."""
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
UNTOLD = "cannot be told"
"""In the place of a digest: nothing says whether this is the same as before, so it never is."""


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size: int
    stamp: tuple[int, int, int]
    """Times of content and of name, in nanoseconds, and the inode."""


class Contents:
    """Digests of places, remembered by their stamps."""

    def __init__(self, places: Places, elsewhere: Elsewhere) -> None:
        self._places = places
        self._elsewhere = elsewhere
        self._known: dict[tuple[str, str], str] = {}

    async def of(
        self, workspace: str, inputs: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]
    ) -> dict[str, dict[str, str]]:
        """``{uri, stamp, digest}`` of each input. ``before``: the same, as it was told at another time."""
        self._recall(workspace, before)
        found = await asyncio.gather(*(self._one(workspace, one) for one in inputs.values()))
        return dict(zip(inputs, found, strict=True))

    def at_hand(
        self, workspace: str, inputs: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]
    ) -> dict[str, dict[str, str]] | None:
        """The same where a short listing tells it, for within a transaction; None where anything would have to be read."""
        self._recall(workspace, before)
        found = {name: self._told(workspace, one["uri"]) for name, one in inputs.items()}
        known = {name: one for name, one in found.items() if one is not None}
        return known if len(known) == len(found) else None

    def _told(self, workspace: str, uri: str) -> dict[str, str] | None:
        if self._elsewhere.is_elsewhere(uri) or (path := self._places.path(workspace, uri)) is None:
            return None
        try:
            files = list(islice(_files(Path(path)), _FEW + 1))
        except OSError:
            return None
        stamp = _stamp(files)
        digest = self._known.get((path, stamp)) if len(files) <= _FEW else None
        return None if digest is None else {"uri": uri, "stamp": stamp, "digest": digest}

    def _recall(self, workspace: str, before: Mapping[str, Mapping[str, str]]) -> None:
        """By the place: what a job left may be named after it, or after another that took it over."""
        for content in before.values():
            path = self._places.path(workspace, content["uri"]) if content.get("uri") else None
            self._learn(path or "", content.get("stamp", ""), content.get("digest", ""))

    async def _one(self, workspace: str, given: Mapping[str, str]) -> dict[str, str]:
        uri = given["uri"]
        spot = await self._elsewhere.spot(workspace, uri, given.get("type", ""))
        if spot is not None:
            stamp = await self._elsewhere.stamp(spot, given.get("type", ""))
            return {"uri": uri, "stamp": stamp, "digest": f"{uri}#{stamp}" if stamp else UNTOLD}
        path = self._places.path(workspace, uri)
        if path is None:
            return {"uri": uri, "stamp": "", "digest": uri}
        try:
            few = list(islice(_files(Path(path)), _FEW + 1))
            if len(few) <= _FEW and sum(file.size for file in few) <= _SMALL:  # sooner done than handed to a thread
                stamp, digest = self._local(Path(path), few)
            else:
                stamp, digest = await asyncio.to_thread(self._whole, Path(path))
        except OSError:  # it changes while it is read, or may not be read
            stamp, digest = "", UNTOLD
        return {"uri": uri, "stamp": stamp, "digest": digest}

    def _whole(self, path: Path) -> tuple[str, str]:
        return self._local(path, list(_files(path)))

    def _local(self, path: Path, files: list[_File]) -> tuple[str, str]:
        stamp = _stamp(files)
        digest = self._known.get((str(path), stamp)) or _digest(path, files)
        self._learn(str(path), stamp, digest)
        return stamp, digest

    def _learn(self, path: str, stamp: str, digest: str) -> None:
        if not (path and stamp and digest):
            return
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[path, stamp] = digest


def _files(path: Path) -> Iterator[_File]:
    """Every plain file of a folder, or the one that it is, sorted; links are not followed."""
    try:
        facts = path.lstat()
    except OSError:
        return
    if stat.S_ISREG(facts.st_mode):
        yield _File("", facts.st_size, (facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino))
        return
    for folder, names, files in os.walk(path):
        names.sort()
        for name in sorted(files):
            whole = Path(folder) / name
            facts = whole.lstat()
            if stat.S_ISREG(facts.st_mode):
                below = whole.relative_to(path).as_posix()
                yield _File(below, facts.st_size, (facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino))


def _stamp(files: list[_File]) -> str:
    told = hashlib.sha256()
    for file in files:
        told.update(f"{file.path}\0{file.size}\0{file.stamp}\0".encode())
    return told.hexdigest()


def _digest(path: Path, files: list[_File]) -> str:
    """Names, sizes and every byte. A single file has the digest of its bytes, whatever it is called."""
    told = hashlib.sha256()
    for file in files:
        told.update(f"{file.path}\0{file.size}\0".encode())
        descriptor = os.open(path / file.path if file.path else path, _READ)
        with os.fdopen(descriptor, "rb") as opened:
            while piece := opened.read(_PIECE):
                told.update(piece)
    return f"sha256:{told.hexdigest()}"
