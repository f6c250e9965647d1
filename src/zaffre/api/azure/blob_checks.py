"""What a storage request demands of the blob or of its body: versions, ranges, checksums, metadata that can be kept."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

from starlette.datastructures import Headers

from zaffre.api.azure.blob_words import Refused
from zaffre.control.containers import Blob

MOST_METADATA = 8192
_META = "x-ms-meta-"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,255}")
_VALUE = re.compile(r"(?:[!-~\xa1-\xff](?:[ -~\xa0-\xff]*[!-~\xa1-\xff])?)?")
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")


class Checked:
    """A body with its MD5: the stream ends with ``Refused`` where it is not the one that was announced."""

    def __init__(self, pieces: AsyncIterator[bytes], announced: str) -> None:
        self._pieces = pieces
        self._announced = announced
        self._digest = hashlib.md5(usedforsecurity=False)

    @property
    def md5(self) -> str:
        """Of what has come so far, base64."""
        return base64.b64encode(self._digest.digest()).decode()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            self._digest.update(piece)
            yield piece
        if self._announced and self._announced != self.md5:
            raise Refused(400, "Md5Mismatch", "The MD5 of the body is not the one that was announced; send it again.")


def metadata(headers: Headers) -> dict[str, str]:
    """``x-ms-meta-…`` of a request. Raises ``Refused`` for what could not be told again."""
    return checked_metadata({name[len(_META) :]: value for name, value in headers.items() if name.startswith(_META)})


def checked_metadata(found: dict[str, str]) -> dict[str, str]:
    """The same, that came by another way: what a header can say. Raises ``Refused``."""
    if any(not _VALUE.fullmatch(value) for value in found.values()):
        raise Refused(400, "InvalidMetadata", "Values of metadata are printable letters of Latin-1.")
    strange = next((name for name in found if not _NAME.fullmatch(name)), None)
    if strange is not None:
        raise Refused(400, "InvalidMetadata", f"Metadata are named as identifiers are; found {strange[:80]!r}.")
    if sum(len(name) + len(value) for name, value in found.items()) > MOST_METADATA:
        raise Refused(400, "MetadataTooLarge", f"Metadata have at most {MOST_METADATA} bytes.")
    return found


def require_length(headers: Headers) -> None:
    """A blob's length is announced, as Azure demands, so that one that breaks off is known."""
    if "content-length" not in headers and headers.get("transfer-encoding", "").lower() != "chunked":
        raise Refused(411, "MissingContentLengthHeader", "The request has no Content-Length.")


def require_range(wanted: str, size: int) -> None:
    """A range that begins behind the end, or any of an empty blob, is none."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is not None and int(found[1]) >= size:
        raise Refused(416, "InvalidRange", "The range begins behind the end of the blob.")


def not_modified(headers: Headers, blob: Blob) -> int:
    """304 for a reader that has the blob already, 0 otherwise. Raises ``Refused`` where it must be another."""
    require_unchanged(headers, blob, reads=True)
    if "if-none-match" in headers:
        return 304 if _names(headers["if-none-match"], blob) else 0
    since = _moment(headers.get("if-modified-since", ""))
    return 304 if since is not None and int(blob.modified_at) <= since else 0


def require_unchanged(headers: Headers, blob: Blob | None, *, reads: bool = False) -> None:
    """``If-Match``, ``If-Unmodified-Since`` and, for who writes, the other two."""
    wanted, unwanted = headers.get("if-match", ""), headers.get("if-none-match", "")
    if wanted and (blob is None or not _names(wanted, blob)):
        raise _changed()
    until = _moment(headers.get("if-unmodified-since", ""))
    if until is not None and blob is not None and int(blob.modified_at) > until:
        raise _changed()
    if reads or blob is None:
        return
    if unwanted and unwanted != "*" and _names(unwanted, blob):
        raise _changed()
    since = _moment(headers.get("if-modified-since", ""))
    if since is not None and int(blob.modified_at) <= since:
        raise _changed()


def _names(said: str, blob: Blob) -> bool:
    tags = {one.strip().removeprefix("W/").strip('"') for one in said.split(",")}
    return "*" in tags or blob.etag.strip('"') in tags


def _moment(said: str) -> float | None:
    try:
        return parsedate_to_datetime(said).timestamp() if said else None
    except ValueError:
        return None


def _changed() -> Refused:
    return Refused(412, "ConditionNotMet", "The condition of the request is not met: the blob is another by now.")
