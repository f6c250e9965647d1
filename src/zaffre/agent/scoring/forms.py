"""Form bodies for raw-HTTP scripts: query strings, ``application/x-www-form-urlencoded`` and ``multipart/form-data``."""

from __future__ import annotations

import io
import re
import shutil
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import parse_qsl, unquote

MAX_PARTS = 1000
_FIELD = re.compile(r';\s*([A-Za-z*]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)')


class Many(Dict[str, Any]):
    """Several values to a name; indexing gives the first, ``getlist`` all."""

    def __init__(self, pairs: List[Tuple[str, Any]]) -> None:
        super().__init__()
        self._all: Dict[str, List[Any]] = {}
        for name, value in pairs:
            self._all.setdefault(name, []).append(value)
            self.setdefault(name, value)

    def getlist(self, name: str) -> List[Any]:
        """Every value of ``name``, in the order sent."""
        return list(self._all.get(name, []))

    def to_dict(self, flat: bool = True) -> Dict[str, Any]:
        """A plain dict: first values, or lists with ``flat=False``."""
        return dict(self) if flat else {name: list(values) for name, values in self._all.items()}


class Upload:
    """An uploaded file."""

    def __init__(self, name: str, filename: str, content_type: str, content: bytes) -> None:
        self.name = name
        self.filename = filename
        self.content_type = content_type
        self.mimetype = content_type.split(";", maxsplit=1)[0].strip()
        self.stream = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        """Its bytes."""
        return self.stream.read(size)

    def save(self, destination: Any) -> None:
        """Write it to a path or an open file."""
        if hasattr(destination, "write"):
            shutil.copyfileobj(self.stream, destination)
            return
        with open(destination, "wb") as file:
            shutil.copyfileobj(self.stream, file)

    def close(self) -> None:
        """Forget its bytes."""
        self.stream.close()


def query(text: str) -> Many:
    """The pairs of a query string or of an urlencoded body."""
    return Many(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARTS))


def multipart(content_type: str, body: bytes) -> Tuple[Many, Many]:
    """The fields and the files of a multipart body; raises ``ValueError`` where it is malformed."""
    boundary = dict(_fields(content_type)).get("boundary", "")
    if not boundary or len(boundary) > 200:
        raise ValueError("multipart/form-data without a boundary of at most 200 characters")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"), MAX_PARTS + 1)
    if len(pieces) > MAX_PARTS + 1:
        raise ValueError("more than {} parts".format(MAX_PARTS))
    fields: List[Tuple[str, Any]] = []
    files: List[Tuple[str, Any]] = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        head, _, content = piece.partition(b"\r\n\r\n")
        name, filename, kind = _part(head)
        if filename is None:
            fields.append((name, content.decode("utf-8", "replace")))
        else:
            files.append((name, Upload(name, filename, kind, content)))
    return Many(fields), Many(files)


def _part(head: bytes) -> Tuple[str, Optional[str], str]:
    name, filename, kind = "", None, "application/octet-stream"
    for line in head.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() == "content-disposition":
            found = dict(_fields(value))
            name = found.get("name", "")
            filename = found.get("filename", filename)
            if "filename*" in found:
                filename = unquote(found["filename*"].rpartition("'")[2])
        elif key.strip().lower() == "content-type":
            kind = value.strip()
    return name, filename, kind


def _fields(value: str) -> List[Tuple[str, str]]:
    found: List[Tuple[str, str]] = []
    for name, text in _FIELD.findall(value[:4096]):
        plain = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
        found.append((name.lower(), plain))
    return found
