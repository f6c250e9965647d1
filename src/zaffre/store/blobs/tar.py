"""Reading tar, as little of it as honest archives need: files, folders, and long names in both dialects.

``tarfile`` is used for its header format alone. Its ``extractall`` was escaped in spite of its filters (CVE-2025-4517),
and it takes into memory whatever length a name claims to have.
"""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator
from typing import Protocol

from zaffre.core.errors import Invalid

_BLOCK = 512
_LONGEST_HEADER = 64 * 1024
_MOST_HEADERS = 8
"""Extended headers before one member; honest archives have at most two."""
_GNU_NAME = b"L"
_PAX = (b"x", b"X")
_PAX_GLOBAL = b"g"
_FILE = (tarfile.REGTYPE, tarfile.AREGTYPE)


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class TarMember:
    """A file or folder; the content of a file is read from it before the next member is asked for."""

    def __init__(self, info: tarfile.TarInfo, stream: _Stream) -> None:
        self.name = info.name
        self.folder = info.type == tarfile.DIRTYPE
        self.executable = bool(info.mode & stat.S_IXUSR)
        self._left = 0 if self.folder else info.size
        self._padding = -self._left % _BLOCK
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes of the content; none at its end."""
        chunk = self._stream.read(min(size, self._left)) if self._left else b""
        if self._left and not chunk:
            raise EOFError("it ends in the middle of a file")
        self._left -= len(chunk)
        return chunk

    def skip(self) -> None:
        """Go to the end of what belongs to this member."""
        while self.read(_LONGEST_HEADER):
            pass
        _exactly(self._stream, self._padding)


class TarMembers:
    """The members of the archive in ``stream``, in order. Whatever is neither file nor folder raises ``Invalid``."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[TarMember]:
        while (info := self._next()) is not None:
            member = TarMember(info, self._stream)
            yield member
            member.skip()

    def _next(self) -> tarfile.TarInfo | None:
        """The next header that is a member's own, with what extended headers before it say of its name and size."""
        extended: dict[str, str] = {}
        for _ in range(_MOST_HEADERS):
            info = self._header()
            if info is None:
                return None
            if info.type == _GNU_NAME:
                extended["path"] = self._body(info).rstrip(b"\0").decode("utf-8", "surrogateescape")
            elif info.type in _PAX:
                extended |= _pax(self._body(info))
            elif info.type == _PAX_GLOBAL:
                self._body(info)  # a comment, in what archives are made today
            else:
                return _checked(_amended(info, extended))
        raise Invalid("the archive has extended headers without a file that they belong to")

    def _header(self) -> tarfile.TarInfo | None:
        block = _up_to(self._stream, _BLOCK)
        if not block or not any(block):
            return None
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise Invalid("the archive is damaged, or of another kind than zip, tar, tar.gz or tar.bz2") from error

    def _body(self, info: tarfile.TarInfo) -> bytes:
        if not 0 <= info.size <= _LONGEST_HEADER:
            raise Invalid(
                f"the archive has an extended header of {info.size} bytes; expected {_LONGEST_HEADER} at most"
            )
        body = _exactly(self._stream, info.size)
        _exactly(self._stream, -info.size % _BLOCK)
        return body


def _amended(info: tarfile.TarInfo, extended: dict[str, str]) -> tarfile.TarInfo:
    info.name = extended.get("path", info.name)
    if "size" in extended:
        if not extended["size"].isdecimal():
            raise Invalid(f'the archive gives "{info.name}" a size that is not a number')
        info.size = int(extended["size"])
    if any(name.startswith("GNU.sparse") for name in extended):
        raise Invalid(f'the archive holds "{info.name}" with holes (sparse); pack it without them')
    return info


def _checked(info: tarfile.TarInfo) -> tarfile.TarInfo:
    if info.type not in (*_FILE, tarfile.DIRTYPE):
        raise Invalid(f'the archive holds "{info.name}", which is neither a plain file nor a folder')
    if info.type in _FILE and info.mode & (stat.S_ISUID | stat.S_ISGID):
        raise Invalid(f'the archive holds "{info.name}", which is to run as another user')
    if info.size < 0:
        raise Invalid(f'the archive gives "{info.name}" a size below zero')
    return info


def _pax(body: bytes) -> dict[str, str]:
    """Records ``<length> <key>=<value>\\n``, each length that of its whole record."""
    found: dict[str, str] = {}
    while body:
        digits, space, _ = body.partition(b" ")
        length = int(digits) if digits.isdigit() and len(digits) < 8 else 0
        record = body[len(digits) + 1 : length - 1]
        key, equals, value = record.partition(b"=")
        if not space or not equals or length > len(body) or body[length - 1 : length] != b"\n":
            raise Invalid("the archive has a damaged extended header")
        found[key.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        body = body[length:]
    return found


def _up_to(stream: _Stream, size: int) -> bytes:
    """``size`` bytes, or none where the stream is at its end."""
    first = stream.read(size)
    return first + _exactly(stream, size - len(first)) if first else first


def _exactly(stream: _Stream, size: int) -> bytes:
    found = b""
    while len(found) < size:
        chunk = stream.read(size - len(found))
        if not chunk:
            raise EOFError("it ends too early")
        found += chunk
    return found
