"""Files that were brought, kept by what they are: two jobs with one input bring it once, and a broken-off download goes on.

An entry is named by store, path, version and size, so that another content is another entry. It is read only, has the
object's own time, and counts only while size and time are right: what a careless job wrote to it is brought again.
Jobs get hard links, so an entry may be dropped at any time.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import NoSpace
from zaffre.staging.order import Item, StoreSpec
from zaffre.staging.progress import size_of

SWEEP_SECONDS = 600.0
_SLACK = 64 * 1024 * 1024
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of one content."""

    path: Path
    item: Item

    @property
    def partial(self) -> Path:
        """Where it grows."""
        return self.path.with_name(self.path.name + ".part")

    @property
    def done(self) -> Path:
        """Which ranges of the partial file are there: a line each."""
        return self.path.with_name(self.path.name + ".done")

    def is_there(self) -> bool:
        """Whole and untouched."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return False
        return found.st_size == max(self.item.size, 0) and found.st_mtime_ns == _stamp(self.item)

    @property
    def draft(self) -> Path:
        """Where this process alone writes it, for what is brought at one go."""
        return self.path.with_name(f"{self.path.name}.{os.getpid()}-{threading.get_ident()}.part")

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """No other process lets the partial file grow meanwhile."""
        with self.path.with_name(self.path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
            Path(lock.name).unlink(missing_ok=True)

    def seal(self, whole: Path) -> None:
        """The file ``whole`` becomes the entry."""
        os.utime(whole, ns=(time.time_ns(), _stamp(self.item)))
        whole.chmod(0o444)
        whole.replace(self.path)
        self.done.unlink(missing_ok=True)

    def discard(self) -> None:
        """Begin anew the next time."""
        self.partial.unlink(missing_ok=True)
        self.done.unlink(missing_ok=True)


class Cache:
    """The folder of one installation."""

    def __init__(self, root: Path, limit: int) -> None:
        self.root = root
        self._limit = limit
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def entry(self, spec: StoreSpec, item: Item) -> Entry:
        """The entry of an object; ``item.version`` must not be empty."""
        place = (
            spec.type,
            spec.account,
            spec.container,
            spec.endpoint,
            spec.host,
            str(spec.port),
            spec.root,
            spec.username,
        )
        said = "\0".join((*place, item.path, item.version, str(item.size)))
        digest = hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()
        return Entry(self.root / "objects" / digest[:2] / digest[2:], item)

    @contextlib.contextmanager
    def locked(self, spec: StoreSpec, path: str, waiting: Callable[[], None]) -> Generator[None]:
        """One process at a time brings the same place; ``waiting`` is called when another is at it."""
        folder = self.root / "locks"
        folder.mkdir(exist_ok=True)
        digest = hashlib.sha256(f"{spec}\0{path}".encode()).hexdigest()[:32]
        with (folder / digest).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def make_room(self, size: int) -> None:
        """Refuse what cannot fit; drop what was not used for longest where that helps."""
        free = shutil.disk_usage(self.root).free
        if size + _SLACK <= free:
            return
        self._drop(self._entries(), size + _SLACK - free)
        free = shutil.disk_usage(self.root).free
        if size + _SLACK > free:
            told = f"{size_of(size)} are needed on the disk of {self.root.parent} and {size_of(free)} are free"
            raise NoSpace(f"no space left: {told}")

    def sweep(self) -> None:
        """Keep to the limit; looked at now and then, since it takes a walk."""
        mark = self.root / "swept"
        with contextlib.suppress(FileNotFoundError):
            if time.time() - mark.stat().st_mtime < SWEEP_SECONDS:  # noqa: TID251 - the file system's own clock
                return
        mark.touch()
        entries = self._entries()
        self._drop(entries, sum(size for _, size, _ in entries) - self._limit)

    def _entries(self) -> list[tuple[float, int, Path]]:
        """(last used, bytes, path), the longest unused first; what grew within the hour is in use."""
        found: list[tuple[float, int, Path]] = []
        recent = time.time() - 3600  # noqa: TID251 - as above
        for path in (self.root / "objects").glob("*/*"):
            with contextlib.suppress(FileNotFoundError):
                facts = path.stat()
                if path.suffix in (".part", ".done", ".lock") and facts.st_mtime > recent:
                    continue
                found.append((facts.st_atime, facts.st_size, path))
        return sorted(found)

    def _drop(self, entries: list[tuple[float, int, Path]], excess: int) -> None:
        for _, size, path in entries:
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size


def link(entry: Entry, target: Path) -> None:
    """The file at ``target``: a hard link, or a copy where none can be."""
    try:
        os.link(entry.path, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP):
            raise
        shutil.copy2(entry.path, target)
    with contextlib.suppress(OSError):  # the time of its last use; its own stays
        os.utime(entry.path, ns=(time.time_ns(), _stamp(entry.item)))


def boot() -> str:
    """Which life of this machine it is: what was written before a power cut may be holes."""
    with contextlib.suppress(OSError):
        return _BOOT.read_text().strip()
    return "-"


def _stamp(item: Item) -> int:
    """Nanoseconds of the object's own time; of one that has none, a day nobody writes on."""
    return int(item.modified) * 1_000_000_000 or 1_000_000_000
