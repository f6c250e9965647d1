"""Where the files of a data asset lie on this machine: an MLTable's paths found, what is elsewhere fetched first."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from zaffre.control.lookup import Places
from zaffre.control.remote import Remote
from zaffre.core import mltable
from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import FILE_NAME, MLTable, TablePath
from zaffre.store import Store
from zaffre.tables.sources import Source, delta_folders, root_of, sources

_PIECE = 1024 * 1024


class Elsewhere(Protocol):
    """Stores outside this machine."""

    async def bring(self, workspace: str, uri: str, type_: str, target: Path) -> Path | None:
        """The content of ``uri`` at ``target``, or where it is mapped to on this machine; None for what lies here."""
        ...


class Borrowed:
    """The stores of ``control.remote``, asked by URI."""

    def __init__(self, remote: Remote, store: Store) -> None:
        self._remote = remote
        self._store = store

    async def bring(self, workspace: str, uri: str, type_: str, target: Path) -> Path | None:
        """See ``Elsewhere``."""
        if not self._remote.is_elsewhere(uri):
            return None
        found = await self._store.read(lambda tx: self._remote.find(tx, workspace, uri, type_))
        if found is None or isinstance(found, Path):
            return found
        await self._remote.copy(found, target, type_)
        return target


@dataclass(frozen=True, slots=True)
class Located:
    """Data that can be read now."""

    place: Path
    brought: dict[str, str]
    """Of an MLTable: the local path of each URI in it."""
    digest: str
    """Changes with the content: of names, sizes and times of what lies here, of the bytes of what was fetched."""


class Locator:
    """Finds data."""

    def __init__(self, places: Places, elsewhere: Elsewhere) -> None:
        self._places = places
        self._elsewhere = elsewhere

    async def find(self, workspace: str, uri: str, scratch: Path, *, is_file: bool = False) -> Located:
        """The data behind ``uri``; what must be fetched goes below ``scratch``."""
        place = await self._bring(workspace, TablePath(file=uri) if is_file else TablePath(folder=uri), scratch, 0)
        fetched = [place] if place.is_relative_to(scratch) else []
        document = await asyncio.to_thread(read_document, place)
        brought: dict[str, str] = {}
        for index, path in enumerate(document.paths if document else (), 1):
            if path.is_cloud:
                found = await self._bring(workspace, path, scratch, index)
                brought[root_of(path)] = str(found)
                fetched += [found] if found.is_relative_to(scratch) else []
        digest = await asyncio.to_thread(_digest, place, document, brought, fetched)
        return Located(place, brought, digest)

    async def files(self, workspace: str, uri: str, scratch: Path) -> list[Source]:
        """Every file that an MLTable's paths mean."""
        located = await self.find(workspace, uri, scratch)
        document = await asyncio.to_thread(read_document, located.place)
        if document is None:
            raise Invalid([Problem(f"there is no {FILE_NAME} at {uri}")])
        return await asyncio.to_thread(_all_files, located.place, document, located.brought)

    async def _bring(self, workspace: str, path: TablePath, scratch: Path, index: int) -> Path:
        uri = root_of(path)
        type_ = "uri_file" if path.kind == "file" else "uri_folder"
        name = PurePosixPath(unquote(urlsplit(uri).path)).name or "data"
        found = await self._elsewhere.bring(workspace, uri, type_, scratch / str(index) / name)
        if found is not None:
            return found
        local = self._places.path(workspace, uri)
        if local is None:
            raise Invalid([Problem(f"{uri} cannot be read as a table", "path")])
        return Path(local)


def lay_out(files: list[Source], target: Path, *, copy: bool) -> None:
    """A folder with these files, as links or as copies of its own. It appears whole."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for source in files:
        there = draft / source.place
        there.parent.mkdir(parents=True, exist_ok=True)
        if copy:
            shutil.copyfile(source.path, there)
        else:
            there.symlink_to(source.path.resolve())
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def read_document(place: Path) -> MLTable | None:
    """The MLTable of a folder, None where it has none."""
    file = place / FILE_NAME if place.is_dir() else place
    if file.name != FILE_NAME or not file.is_file():
        return None
    return mltable.read(file.read_text(encoding="utf-8", errors="replace"), file=FILE_NAME)


def _all_files(place: Path, document: MLTable, brought: dict[str, str]) -> list[Source]:
    folder = place if place.is_dir() else place.parent
    if document.reader != "read_delta_lake":
        return sources(document, folder, brought)
    return [
        Source(file, f"{found.shown}/{name}", f"{found.place}/{name}")
        for found in delta_folders(document, folder, brought)
        for name, file in _below(found.path)
    ]


def _digest(place: Path, document: MLTable | None, brought: dict[str, str], fetched: list[Path]) -> str:
    digest = hashlib.sha256(repr(sorted(brought)).encode())
    if document is None:
        named = [(place.name, place)] if place.is_file() else list(_below(place))
    else:
        folder = place if place.is_dir() else place.parent
        named = [(source.shown, source.path) for source in _all_files(place, document, brought)]
        digest.update((folder / FILE_NAME).read_bytes())
    for name, path in named:
        digest.update(f"\n{name}\n".encode(errors="surrogatepass"))
        if any(path.is_relative_to(one) for one in fetched):
            digest.update(_content(path))
        else:
            facts = path.stat()
            digest.update(f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ino}".encode())
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.digest()


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
