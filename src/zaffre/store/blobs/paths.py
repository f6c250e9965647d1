"""The one way from a name somebody sent to a file on this disk.

``check_relative`` decides what a name may look like; ``Tree`` walks it one directory at a time from an open root and
follows no link, so that neither a clever name nor a link swapped in at the right moment leads outside.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from zaffre.core.errors import Conflict, Invalid, NoSpace, NotFound

LONGEST_PATH = 4096
LONGEST_NAME = 255
DEEPEST = 64

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe that somebody left in the folder would wait for its writer for ever.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_LINK = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def check_relative(path: str, field: str = "path") -> tuple[str, ...]:
    """The parts of a path that stays below where it starts. Raises ``Invalid`` for any other."""
    reason = _fault(path)
    if reason:
        raise Invalid(
            f"{field}: expected a relative path such as folder/file.txt; {_shown(path)} {reason}", target=field
        )
    return tuple(path.split("/"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder."""

    name: str
    kind: str
    """``file``, ``folder`` or ``link``; whatever else lies there is not listed."""
    size: int
    modified_at: float


class Tree:
    """A folder and what lies below it. A context manager: it holds the folder open."""

    def __init__(self, root: Path) -> None:
        with _explained(root.name):
            self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._near: tuple[tuple[str, ...], int] = ((), self._root)

    def __enter__(self) -> Tree:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()
        os.close(self._root)

    def open(self, path: str) -> int:
        """A descriptor to read the regular file at ``path`` from. Raises ``NotFound``, also for a link."""
        *folder, name = check_relative(path)
        with _explained(path):
            descriptor = os.open(name, _READ, dir_fd=self._folder(tuple(folder)))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise NotFound(f"{_shown(path)} is not a file", target="path")
        return descriptor

    def create(self, path: str, *, executable: bool = False) -> int:
        """A descriptor to write the new file ``path``; its folders are made. Raises ``Conflict`` if it is there."""
        *folder, name = check_relative(path)
        with _explained(path):
            inside = self._folder(tuple(folder), make=True)
            return os.open(name, _CREATE, 0o777 if executable else 0o666, dir_fd=inside)

    def adopt(self, file: Path, path: str, *, executable: bool = False) -> bool:
        """Give ``file`` the further name ``path``, with the rights of a new file; False where it cannot have one."""
        *folder, name = check_relative(path)
        with _explained(path):
            inside = self._folder(tuple(folder), make=True)
            try:
                os.link(file, name, dst_dir_fd=inside, follow_symlinks=False)
            except OSError as error:
                if error.errno in _NO_LINK:
                    return False
                raise
            rights = stat.S_IMODE(os.fstat(self._root).st_mode) & (0o777 if executable else 0o666)
            os.chmod(name, rights, dir_fd=inside)
        return True

    def make_folder(self, path: str) -> None:
        """Make the folder at ``path`` and those above it, where they are missing."""
        with _explained(path):
            self._folder(check_relative(path), make=True)

    def look(self, path: str) -> Entry:
        """What one name is: a file, a folder or a link. Raises ``NotFound`` where nothing of the three is there."""
        *folder, name = check_relative(path)
        with _explained(path):
            facts = os.stat(name, dir_fd=self._folder(tuple(folder)), follow_symlinks=False)
        kind = _KINDS.get(stat.S_IFMT(facts.st_mode))
        if kind is None:
            raise NotFound(f"{_shown(path)} is neither a file nor a folder", target="path")
        return Entry(name, kind, facts.st_size, facts.st_mtime)

    def settle(self, draft: str, path: str, *, replace: bool = True) -> None:
        """Give the finished file ``draft`` its name in one step; its folders are made. ``Conflict`` if it may not replace."""
        *where, drafted = check_relative(draft)
        *folder, name = check_relative(path)
        with _explained(path):
            source = os.dup(self._folder(tuple(where)))
            try:
                target = self._folder(tuple(folder), make=True)
                if replace:
                    os.rename(drafted, name, src_dir_fd=source, dst_dir_fd=target)
                else:
                    os.link(drafted, name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
                    os.unlink(drafted, dir_fd=source)
                os.fsync(target)
            finally:
                os.close(source)

    def remove(self, path: str) -> None:
        """Remove one file, or a link itself."""
        *folder, name = check_relative(path)
        with _explained(path):
            os.unlink(name, dir_fd=self._folder(tuple(folder)))

    def remove_folder(self, path: str) -> None:
        """Remove one empty folder. Raises ``Conflict`` for one that is not empty."""
        *folder, name = check_relative(path)
        with _explained(path):
            os.rmdir(name, dir_fd=self._folder(tuple(folder)))

    def entries(self, path: str = "") -> list[Entry]:
        """What lies in the folder at ``path`` (empty: the root), by name. Links are listed, never followed."""
        with _explained(path), os.scandir(self._folder(check_relative(path) if path else ())) as found:
            listed = [_entry(entry) for entry in found]
        return sorted((entry for entry in listed if entry is not None), key=lambda entry: entry.name)

    def _folder(self, parts: tuple[str, ...], *, make: bool = False) -> int:
        """The open folder ``parts``. The last one stays open: files come folder by folder."""
        if parts == self._near[0]:
            return self._near[1]
        self._leave()
        at = self._root
        for name in parts:
            try:
                below = _enter(at, name, make=make)
            finally:
                if at != self._root:
                    os.close(at)
            at = below
        self._near = (parts, at)
        return at

    def _leave(self) -> None:
        if self._near[1] != self._root:
            os.close(self._near[1])
        self._near = ((), self._root)


def _entry(found: os.DirEntry[str]) -> Entry | None:
    try:
        facts = found.stat(follow_symlinks=False)
    except FileNotFoundError:  # it went away since the folder was read
        return None
    kind = _KINDS.get(stat.S_IFMT(facts.st_mode))
    return None if kind is None else Entry(found.name, kind, facts.st_size, facts.st_mtime)


def _enter(at: int, name: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, 0o777, dir_fd=at)
    return os.open(name, _FOLDER, dir_fd=at)


def _fault(path: str) -> str:
    if not path:
        return "is empty"
    try:
        length = len(path.encode("utf-8"))
    except UnicodeEncodeError:
        return "is not valid Unicode"
    if length > LONGEST_PATH:
        return f"is longer than {LONGEST_PATH} bytes"
    if _CONTROL.search(path):
        return "holds a control character"
    if "\\" in path:
        return "holds a backslash"
    return _fault_of_parts(path.split("/"))


def _fault_of_parts(parts: list[str]) -> str:
    if parts[0] == "" or _DRIVE.fullmatch(parts[0]):
        return "is absolute"
    if len(parts) > DEEPEST:
        return f"is more than {DEEPEST} folders deep"
    for part in parts:
        if part in ("", ".", ".."):
            return f'holds the part "{part}"'
        if len(part.encode("utf-8")) > LONGEST_NAME:
            return f"holds a name longer than {LONGEST_NAME} bytes"
    return ""


def _shown(path: str) -> str:
    """A name from outside, safe to print and not too long."""
    shown = path.encode("unicode_escape", "backslashreplace").decode("ascii")
    return f'"{shown[:100]}…"' if len(shown) > 100 else f'"{shown}"'


@contextmanager
def _explained(path: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise NotFound(f"{_shown(path)} is not there, or leads through a link or a file", target="path") from error
        if error.errno in (errno.ENOENT, errno.EISDIR, errno.ENXIO):
            raise NotFound(f"{_shown(path)} is not there", target="path") from error
        if error.errno == errno.EEXIST:
            raise Conflict(f"{_shown(path)} is there already", target="path") from error
        if error.errno == errno.ENOTEMPTY:
            raise Conflict(f"{_shown(path)} is not empty", target="path") from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace("the disk is full; free some space and try again") from error
        raise


_KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
