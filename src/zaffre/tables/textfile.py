"""Text files in any encoding as UTF-8 streams, and where exactly one is not in the encoding it is said to be in."""

from __future__ import annotations

import codecs
import gzip
import io
from pathlib import Path
from typing import Any, BinaryIO, cast

from zaffre.core.errors import Invalid, Problem

CODECS = {
    "utf8": "utf-8-sig", "utf8bom": "utf-8-sig", "ascii": "utf-8-sig", "latin1": "latin-1", "utf16": "utf-16",
    "utf32": "utf-32", "windows1252": "cp1252",
}  # fmt: skip
"""ASCII is read as UTF-8, as Azure does: it is a part of it, and files said to be ASCII often are not quite."""
_PIECE = 1024 * 1024
JOINT = "\x1f"
"""Stands for a delimiter of two characters: the parser knows single ones."""


def opened(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is compressed."""
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


class Utf8(io.RawIOBase):
    """A file's text as UTF-8, whatever it was written in."""

    def __init__(self, path: Path, shown: str, encoding: str, delimiter: str = "") -> None:
        """A ``delimiter`` of two characters is replaced by ``JOINT``."""
        super().__init__()
        self._file = opened(path)
        self._shown = shown
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(CODECS[encoding])()
        self._delimiter = delimiter if len(delimiter) > 1 else ""
        self._held = b""
        self._tail = ""
        self._line = 1
        self._ended = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        while not self._held and not self._ended:
            self._held = self._more()
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()

    def _more(self) -> bytes:
        try:
            piece = self._file.read(_PIECE)
        except (OSError, EOFError) as error:
            raise Invalid([Problem(f"cannot be read: {error}", file=self._shown)]) from error
        self._ended = not piece
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise self._wrong(error) from None
        self._line += text.count("\n")
        if not self._delimiter:
            return text.encode()
        text = (self._tail + text).replace(self._delimiter, JOINT)
        self._tail = "" if self._ended or not text.endswith(self._delimiter[0]) else text[-1]
        return text[: len(text) - len(self._tail)].encode()

    def _wrong(self, error: UnicodeDecodeError) -> Invalid:
        line = self._line + error.object[: error.start].count(b"\n")
        byte = error.object[error.start]
        told = f"expected text in {self._encoding}, found the byte 0x{byte:02x}, which is none there"
        hint = "set encoding to what the file is written in, e.g. latin1 or windows1252"
        return Invalid([Problem(told, file=self._shown, line=line, column=1, hint=hint)])
