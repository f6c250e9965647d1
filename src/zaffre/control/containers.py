"""A folder of files as a container of blobs: pages of a listing in the order of names, and what is noted beside a blob.

Metadata and checksums lie outside the folder, which is the user's. A note counts while the file is the one it was written
about; whoever changes the file by another way makes it void.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.control import filing
from zaffre.control.filing import DRAFTS
from zaffre.core.errors import Invalid, NotFound
from zaffre.store.blobs.paths import Entry, Tree, check_relative

UPLOADS = "LocalUpload"
"""The folder of the default datastore where what lies is named by the hash of its content."""


@dataclass(frozen=True, slots=True)
class Container:
    """A folder whose files are blobs."""

    name: str
    workspace: str
    datastore: str
    """Empty for a folder that takes one upload."""
    root: Path
    hierarchical: bool = False
    """Whether its folders are blobs too, as in an account with a hierarchical namespace."""

    def is_fixed(self, path: str) -> bool:
        """Whether what lies at ``path`` is named by its content, so that it never changes."""
        return path.split("/", 1)[0] == UPLOADS and bool(self.datastore)


@dataclass(frozen=True, slots=True)
class Blob:
    """One file, or (``is_folder``, a name that ends with a slash) all that lie below a folder."""

    path: str
    size: int = 0
    modified_at: float = 0.0
    is_folder: bool = False

    @property
    def etag(self) -> str:
        """Changes when the file does; a folder's is the same whatever lies in it."""
        return etag(0, 0.0) if self.is_folder else etag(self.size, self.modified_at)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which blobs are to be listed."""

    prefix: str = ""
    after: str = ""
    """Names up to this one were told before."""
    most: int = 5000
    by_folder: bool = False
    """Folders below the prefix as one entry each."""


def etag(size: int, modified_at: float) -> str:
    """A file's version, as HTTP spells it."""
    return f'"0x{int(modified_at * 1_000_000):X}{size:X}"'


def find(container: Container, path: str) -> Blob | None:
    """The blob ``path``; None where there is none, or a folder."""
    if path.endswith("/"):
        return None
    found = filing.look(container.root, path)
    return Blob(path, found.size, found.modified_at) if found is not None and found.kind == "file" else None


def find_folder(container: Container, path: str) -> Blob | None:
    """The folder ``path``; None where there is none. The container's own is always there, and has an empty name."""
    path = path.rstrip("/")
    found = filing.look(container.root, path)
    if found is None:
        return None if path else Blob("", is_folder=True)
    return Blob(f"{path}/" if path else "", 0, found.modified_at, True) if found.kind == "folder" else None


def within(container: Container, folder: str, *, whole: bool = False) -> Iterator[Blob]:
    """Files and folders in one folder, by name; with ``whole`` all that lies below, each folder before what is in it."""
    try:
        with Tree(container.root) as tree:
            yield from _within(tree, folder, whole)
    except NotFound:
        return


def _within(tree: Tree, folder: str, whole: bool) -> Iterator[Blob]:
    for entry in tree.entries(folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.kind == "file":
            yield Blob(path, entry.size, entry.modified_at)
        elif entry.kind == "folder" and path != DRAFTS:
            yield Blob(f"{path}/", 0, entry.modified_at, True)
            if whole:
                with suppress(NotFound):
                    yield from _within(tree, path, True)


def page(container: Container, asked: Asked) -> tuple[list[Blob], str]:
    """One page in the order of names, and the name after which the next one begins; empty where nothing follows."""
    folder = asked.prefix.rpartition("/")[0]
    if folder:
        check_relative(folder, "prefix")
    try:
        with Tree(container.root) as tree:
            found = [one for one, _ in zip(_walk(tree, folder, asked), range(asked.most + 1), strict=False)]
    except NotFound:
        return [], ""
    shown = found[: asked.most]
    return shown, shown[-1].path if len(found) > asked.most else ""


def _walk(tree: Tree, folder: str, asked: Asked) -> Iterator[Blob]:
    for entry in sorted(tree.entries(folder), key=_sorted_as):
        path = f"{folder}/{entry.name}" if folder else entry.name
        with suppress(NotFound, Invalid):  # gone or swapped since it was listed, or named as no path of ours is
            check_relative(path)
            if entry.kind == "file" and path.startswith(asked.prefix) and path > asked.after:
                yield Blob(path, entry.size, entry.modified_at)
            elif entry.kind == "folder" and path != DRAFTS:
                yield from _below(tree, path, asked)


def _below(tree: Tree, folder: str, asked: Asked) -> Iterator[Blob]:
    whole = f"{folder}/"
    if asked.by_folder and whole.startswith(asked.prefix):
        if whole > asked.after:
            yield Blob(whole, is_folder=True)
    elif not (whole.startswith(asked.prefix) or asked.prefix.startswith(whole)):
        return
    elif whole > asked.after or asked.after.startswith(whole):
        yield from _walk(tree, folder, asked)


def _sorted_as(entry: Entry) -> str:
    """Where its paths stand among the others': ``a-b`` before ``a/b``."""
    return f"{entry.name}/" if entry.kind == "folder" else entry.name


class Notes:
    """What is noted beside blobs, in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, container: str, blob: Blob) -> dict[str, Any]:
        """What was noted about the file as it is now."""
        try:
            stored: dict[str, Any] = json.loads(self._place(container, blob.path).read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return stored["noted"] if stored.get("etag") == blob.etag else {}

    def write(self, container: str, blob: Blob, noted: Mapping[str, Any]) -> None:
        """Note this in place of what was noted."""
        place = self._place(container, blob.path)
        if not noted:
            place.unlink(missing_ok=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{secrets.token_hex(8)}")
        draft.write_text(json.dumps({"path": blob.path, "etag": blob.etag, "noted": noted}))
        draft.replace(place)

    def forget(self, container: str) -> None:
        """A container is gone."""
        shutil.rmtree(self._root / container, ignore_errors=True)

    def _place(self, container: str, path: str) -> Path:
        named = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
        return self._root / container / named[:2] / f"{named}.json"
