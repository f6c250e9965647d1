"""SHA-256 of the files of a folder, remembered by stat so that an unchanged tree is not read again."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import Invalid, TooLarge
from zaffre.sdk.ignore import DockerIgnored, Ignored

MOST_FILES = 200_000
"""Of one upload; the server holds to the same number."""
_RACY = 50_000_000
"""Nanoseconds: a file changed this shortly before it was hashed may change again without a new time stamp."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to upload."""

    path: str
    """Relative to the folder, with ``/``; the file's name where a single file is uploaded."""
    source: str
    """Where it lies."""
    size: int
    sha256: str
    executable: bool

    def to_json(self) -> dict[str, object]:
        """As the upload protocol names it."""
        told: dict[str, object] = {"path": self.path, "size": self.size, "sha256": self.sha256}
        return {**told, "executable": True} if self.executable else told


def of(root: Path, cache: Path, *, context: bool = False) -> list[Entry]:
    """The files of ``root`` (a folder, or one file) in the order that Azure's folder hash takes them.

    ``context``: it is a build context, of which ``.dockerignore`` leaves out more.
    """
    found = _found(root, context=context)
    known = _recall(root, cache)
    entries: list[Entry] = []
    fresh: dict[str, list[int | str]] = {}
    for path in sorted(found, key=lambda path: (path.lower(), path)):
        facts = os.stat(found[path])  # noqa: PTH116 - ten thousand of them: no Path for each
        mark = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino]
        remembered = known.get(path)
        digest = str(remembered[-1]) if remembered and remembered[:-1] == mark else _digest(found[path])
        fresh[path] = [*mark, digest]
        entries.append(Entry(path, found[path], facts.st_size, digest, bool(facts.st_mode & stat.S_IXUSR)))
    if fresh != known:
        _remember(root, cache, fresh)
    return entries


def _found(root: Path, *, context: bool) -> dict[str, str]:
    """Path → where it lies; a folder of a million files is refused when the first too many is met."""
    if root.is_file():
        found = {root.name: os.fspath(root)}
    else:
        files = _walk(root)
        if context:
            docker = DockerIgnored(root)
            files = (one for one in files if not docker.leaves_out(one[0], is_folder=False))
        found = dict(itertools.islice(files, MOST_FILES + 1))
    _checked(found, root)
    return found


def _walk(root: Path) -> Iterator[tuple[str, str]]:
    """Every file below ``root`` that no ignore file leaves out; linked folders once on each way down, so loops end."""
    ignored = Ignored(root)
    top = os.path.realpath(root)
    waiting = [("", top, frozenset({top}))]
    while waiting:
        prefix, folder, way = waiting.pop()
        if prefix:
            ignored.enter(Path(folder), prefix)
        with os.scandir(folder) as listing:
            items = sorted(listing, key=lambda item: item.name)
        for item in items:
            path = prefix + item.name
            is_folder, is_file = _kind(item)
            if ignored.leaves_out(path, is_folder):
                continue
            if not is_folder:
                if is_file:
                    yield path, item.path
                continue
            real = os.path.realpath(item.path) if item.is_symlink() else item.path
            if real not in way:
                waiting.append((f"{path}/", real, way | {real}))


def _kind(item: os.DirEntry[str]) -> tuple[bool, bool]:
    """Whether it is a folder, or a file; a link that leads to itself is neither, like one that leads nowhere."""
    try:
        return item.is_dir(), item.is_file()
    except OSError as error:
        if error.errno == errno.ELOOP:
            return False, False
        raise


def _checked(found: dict[str, str], root: Path) -> None:
    """Whether an upload can hold ``found``; said before anything is read."""
    if len(found) > MOST_FILES:
        raise TooLarge(
            f"{root} holds more than {MOST_FILES:,} files, which is the most that an upload may have. Pack them into fewer (an "
            "archive, parquet), leave some out with .amlignore, or let a datastore point to where they lie."
        )
    for path, source in found.items():
        try:
            path.encode()
        except UnicodeEncodeError:
            raise Invalid(
                f"{os.fsencode(source)!r} has a name that is not UTF-8; rename it, or leave it out with .amlignore"
            ) from None


def _digest(source: str) -> str:
    with open(source, "rb") as file:  # noqa: PTH123 - ten thousand of them: no Path for each
        return hashlib.file_digest(file, "sha256").hexdigest()


def _recall(root: Path, cache: Path) -> dict[str, list[int | str]]:
    """What was hashed before, without the entries that were too young then to be trusted now."""
    file = _file(root, cache)
    try:
        stored: dict[str, list[int | str]] = json.loads(file.read_text())
        written = file.stat().st_mtime_ns
    except (OSError, ValueError):
        return {}
    return {path: entry for path, entry in stored.items() if len(entry) == 5 and int(entry[2]) < written - _RACY}


def _remember(root: Path, cache: Path, entries: dict[str, list[int | str]]) -> None:
    file = _file(root, cache)
    with contextlib.suppress(OSError):  # a cache: a full or read-only disk must not stop an upload
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(entries, separators=(",", ":")))
        partial.replace(file)


def _file(root: Path, cache: Path) -> Path:
    return cache / "digests" / f"{hashlib.sha256(os.fsencode(root.absolute())).hexdigest()[:32]}.json"
