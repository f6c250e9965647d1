"""Copies of files and folders: links stay links, shared blocks where the file system can, and a beat between chunks."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable

_CHUNK = 16 << 20
_FICLONE = 0x40049409
_OWNER_WRITES = 0o600

Beat = Callable[[], None]
"""Called between files and chunks; may raise to end the copy."""


def tree(source: str, target: str, beat: Beat, hard_links: bool = False) -> None:
    """Copy a file, a link or a folder with all in it; an existing folder is filled, an existing file replaced."""
    waiting = [(source, target, _follow(source))]
    while waiting:
        beat()
        here, there, found = waiting.pop()
        if stat.S_ISDIR(found.st_mode):
            os.makedirs(there, exist_ok=True)
            with os.scandir(here) as entries:
                for entry in entries:
                    waiting.append((entry.path, os.path.join(there, entry.name), entry.stat(follow_symlinks=False)))
        elif stat.S_ISLNK(found.st_mode):
            os.symlink(os.readlink(here), there)
        elif stat.S_ISREG(found.st_mode) and not (hard_links and _linked(here, there)):
            file(here, there, beat)


def file(source: str, target: str, beat: Beat) -> None:
    """Copy one regular file with its permission bits; the owner may write to the copy."""
    reader = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(reader)
        mode = stat.S_IMODE(found.st_mode) & 0o777 | _OWNER_WRITES
        writer = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
        try:
            if not _shared(reader, writer):
                _chunks(reader, writer, beat)
            os.fchmod(writer, mode)
        finally:
            os.close(writer)
    finally:
        os.close(reader)


def _linked(source: str, target: str) -> bool:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        return False
    return True


def _follow(source: str) -> os.stat_result:
    """The start of a copy is what was asked for, so a link there is followed; links inside are copied."""
    return os.stat(source)


def _shared(reader: int, writer: int) -> bool:
    try:
        fcntl.ioctl(writer, _FICLONE, reader)
    except OSError:
        return False
    return True


def _chunks(reader: int, writer: int, beat: Beat) -> None:
    while True:
        data = os.read(reader, _CHUNK)
        if not data:
            return
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(writer, rest) :]
        beat()
