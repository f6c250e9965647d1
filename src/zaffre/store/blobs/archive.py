"""Unpacking archives that strangers made: zip, tar, tar.gz, tar.bz2.

Only files and folders come out, below the target and nowhere else. Anything else in the archive (a link, a device, a
name that climbs, a second file of one name, more than the budget) refuses the whole of it, and nothing is left behind.
"""

from __future__ import annotations

import bz2
import gzip
import os
import secrets
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from zaffre.core.errors import Conflict, Invalid, NotFound, TooLarge
from zaffre.store.blobs.disk import write_all
from zaffre.store.blobs.paths import Tree, check_relative
from zaffre.store.blobs.tar import TarMembers

_CHUNK = 256 * 1024
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may become; past any of them it is refused."""

    bytes: int = 16 * 1024**3
    files: int = 100_000
    """Folders count too."""
    ratio: int = 200
    """How many times its own size, ..."""
    free: int = 64 * _MIB
    """... beyond what any archive may become however small it is."""

    def bytes_of(self, packed: int) -> int:
        """How much an archive of ``packed`` bytes may become."""
        return min(self.bytes, max(self.free, packed * self.ratio))


class Readable(Protocol):
    """The content of one member."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """One thing in an archive that may come out of it."""

    name: str
    folder: bool
    executable: bool
    content: Readable | None


LIMITS = Limits()


def extract(archive: Path, target: Path, limits: Limits = LIMITS) -> int:
    """Unpack ``archive`` as the folder ``target``, which must not be there or be empty; how many files it has."""
    partial = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        partial.mkdir()
        with archive.open("rb") as packed, Tree(partial) as tree:
            unpacking = _Unpacking(tree, limits, limits.bytes_of(os.fstat(packed.fileno()).st_size))
            for member in _members(packed, limits):
                unpacking.put(member)
        partial.rename(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError) as error:
        raise Invalid(f"the archive is damaged: {error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return unpacking.files


class _Unpacking:
    """Puts members into the tree and keeps count."""

    def __init__(self, tree: Tree, limits: Limits, budget: int) -> None:
        self.files = 0
        self._tree = tree
        self._limits = limits
        self._left = budget
        self._members = 0

    def put(self, member: Member) -> None:
        self._members += 1
        if self._members > self._limits.files:
            raise TooLarge(f"the archive holds more than {self._limits.files} files and folders")
        parts = [part for part in member.name.split("/") if part != "."]
        if member.folder and parts and parts[-1] == "":
            parts.pop()
        path = "/".join(parts)
        if member.folder and not path:
            return  # the archive's own root
        try:
            check_relative(path, "archive")
            if member.content is None:
                self._tree.make_folder(path)
            else:
                self._write(self._tree.create(path, executable=member.executable), member.content)
        except (Conflict, NotFound) as error:
            raise Invalid(f"the archive holds two different things of one name: {error.message}") from error

    def _write(self, descriptor: int, content: Readable) -> None:
        try:
            while chunk := content.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise TooLarge(
                        "the archive becomes too large for its size, or for this server, when it is unpacked"
                    )
                write_all(descriptor, chunk)
        finally:
            os.close(descriptor)
        self.files += 1


def _members(packed: BinaryIO, limits: Limits) -> Iterator[Member]:
    start = packed.read(4)
    packed.seek(0)
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_members(packed, limits)
    if start[:2] == b"\x1f\x8b":
        return _tar_members(gzip.GzipFile(fileobj=packed, mode="rb"))
    if start[:3] == b"BZh":
        return _tar_members(bz2.BZ2File(packed))
    return _tar_members(packed)


def _tar_members(stream: Readable) -> Iterator[Member]:
    for member in TarMembers(stream):
        yield Member(member.name, member.folder, member.executable, None if member.folder else member)


def _zip_members(packed: BinaryIO, limits: Limits) -> Iterator[Member]:
    _check_directory(packed, limits)
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise Invalid(f'the archive holds "{info.filename}", which is neither a plain file nor a folder')
            if not info.is_dir() and mode & (stat.S_ISUID | stat.S_ISGID):
                raise Invalid(f'the archive holds "{info.filename}", which is to run as another user')
            if info.orig_filename != info.filename or info.flag_bits & 0x1:
                raise Invalid(f'the archive holds "{info.filename}", which is encrypted or has a name that is not one')
            # Other methods expand without a bound on the memory they take.
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Invalid(f'the archive holds "{info.filename}" compressed in another way than deflate')
            if info.is_dir():
                yield Member(info.filename, True, False, None)
            else:
                with archive.open(info) as content:
                    yield Member(info.filename, False, bool(mode & stat.S_IXUSR), content)


_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 65535


def _check_directory(packed: BinaryIO, limits: Limits) -> None:
    """Refuse a table of contents that would take more memory to read than an honest one of so many files."""
    size = os.fstat(packed.fileno()).st_size
    tail = min(size, _END_LENGTH + _LONGEST_COMMENT)
    packed.seek(size - tail)
    end = packed.read(tail)
    packed.seek(0)
    at = end.rfind(_END)
    if at < 0 or len(end) - at < _END_LENGTH:
        raise Invalid("the archive is damaged: it has no table of contents")
    entries = int.from_bytes(end[at + 10 : at + 12], "little")
    length = int.from_bytes(end[at + 12 : at + 16], "little")
    if length == 0xFFFFFFFF or length > limits.files * 128 + _MIB:
        raise TooLarge(f"the archive's table of contents is longer than that of {limits.files} files")
    if entries != 0xFFFF and entries > limits.files:
        raise TooLarge(f"the archive holds {entries} files; at most {limits.files} are unpacked")
