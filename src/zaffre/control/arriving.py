"""What was uploaded into a container of its own becomes what it was uploaded for: code by content, or files of a datastore."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

from zaffre.control.containers import UPLOADS, Container
from zaffre.control.files import Listed, Opened, Place
from zaffre.core.asset import SourceFile, code_hash
from zaffre.core.errors import Conflict, Invalid, NotFound, Problem
from zaffre.store.blobs import Blobs, File
from zaffre.store.blobs.disk import flush

_PIECE = 1024 * 1024


class Arrived:
    """The files at one path of a container."""

    def __init__(self, container: Container, path: str) -> None:
        self._place = Place(container.root, path.strip("/"))
        self._listed = _listing(self._place)
        self._digests: dict[str, str] = {}
        self.code_hash = code_hash([SourceFile(one.path, one.size, partial(self._read, one)) for one in self._listed])
        """Azure's hash of a folder of code; the client says which it expects."""

    @property
    def files(self) -> tuple[File, ...]:
        """The manifest."""
        return tuple(File(one.path, self._digests[one.path], one.size) for one in self._listed)

    @property
    def digest(self) -> str:
        """Content hash of the whole: equal content, equal hash."""
        listed = sorted((file.path, file.digest, file.executable) for file in self.files)
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()

    def keep(self, blobs: Blobs) -> None:
        """Keep the contents by their digests."""
        missing = set(blobs.missing(file.digest for file in self.files))
        wanted = {file.digest: file for file in self.files if file.digest in missing}
        if wanted:
            blobs.add_pack(self._pack(list(wanted.values())))

    def settle(self, root: Path, name: str) -> str:
        """Move the files below ``root``, a datastore's folder, at once; the path there."""
        path = f"{UPLOADS}/{self.digest}/{name}"
        final = root / path
        source = self._place.root.joinpath(*self._place.path.split("/"))
        final.parent.mkdir(parents=True, exist_ok=True)
        if not final.exists():
            source.rename(final)
            flush([final.parent])
        return path

    def _read(self, one: Listed) -> Generator[bytes]:
        """A file's content; its digest is known once it was read."""
        digest = hashlib.sha256()
        with self._open(one.path) as opened:
            yield from _measured(opened, one, digest.update)
        self._digests[one.path] = digest.hexdigest()

    def _pack(self, files: list[File]) -> Iterator[bytes]:
        for file in files:
            yield bytes.fromhex(file.digest) + file.size.to_bytes(8, "big")
            with self._open(file.path) as opened:
                yield from _measured(opened, Listed(file.path, file.size), bytes)

    def _open(self, path: str) -> Opened:
        return (self._place / path if self._place.is_folder() else self._place).open()


def _listing(place: Place) -> list[Listed]:
    if place.is_folder():
        found = place.listing()
    else:
        try:
            with place.open() as opened:
                found = [Listed(opened.name, opened.size)]
        except NotFound:
            found = []
    if not found:
        raise Invalid([Problem("nothing was uploaded there", field="path", hint="upload the files first")])
    return found


def _measured(opened: Opened, one: Listed, note: Callable[[bytes], object]) -> Generator[bytes]:
    at = 0
    while piece := opened.read(at, _PIECE):
        at += len(piece)
        note(piece)
        yield piece
    if at != one.size:
        raise Conflict(f"{one.path!r} was written to while it was taken; upload it again", target="path")
