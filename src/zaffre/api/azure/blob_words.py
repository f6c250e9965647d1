"""The words of Azure's blob protocol: its XML and its errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from starlette.responses import Response

from zaffre.control.containers import Blob
from zaffre.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NoSpace,
    NotBuilt,
    NotFound,
    TooLarge,
    Unauthenticated,
    ZaffreError,
)

SERVICE_VERSION = "2026-10-06"
_KINDS: tuple[tuple[type[ZaffreError], str], ...] = (
    (Unauthenticated, "NoAuthenticationInformation"),
    (Forbidden, "AuthorizationPermissionMismatch"),
    (NotFound, "BlobNotFound"),
    (Conflict, "BlobAlreadyExists"),
    (TooLarge, "RequestBodyTooLarge"),
    (NoSpace, "InsufficientStorage"),
    (NotBuilt, "UnsupportedQueryParameter"),
    (Invalid, "InvalidInput"),
)
_STATUS = {"InvalidRange": 416, "ConditionNotMet": 412, "UnsupportedQueryParameter": 400}


class Refused(Exception):
    """A refusal by Azure's own word."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def refusal(error: ZaffreError | Refused) -> Response:
    """An error as a storage client reads it."""
    if isinstance(error, Refused):
        status, code = error.status, error.code
    else:
        code = next((code for kind, code in _KINDS if isinstance(error, kind)), "InternalError")
        status = _STATUS.get(code, error.status)
    return worded(status, code, error.message)


def worded(status: int, code: str, message: str) -> Response:
    """A refusal by this word."""
    return xml(f"<Error><Code>{code}</Code><Message>{text(message)}</Message></Error>", status, code)


def xml(body: str, status: int = 200, code: str = "") -> Response:
    """An XML answer."""
    headers = {"x-ms-version": SERVICE_VERSION, **({"x-ms-error-code": code} if code else {})}
    whole = f'<?xml version="1.0" encoding="utf-8"?>{body}'
    return Response(whole.encode(), status, headers, media_type="application/xml")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page as it is told."""

    address: str
    """Of the service."""
    container: str
    asked: Mapping[str, str]
    """What of the question is repeated in the answer."""
    following: str


def listing(told: Listing, blobs: Iterable[tuple[Blob, Mapping[str, Any] | None]]) -> Response:
    """List Blobs; with metadata where there is any to tell."""
    said = "".join(f"<{name}>{text(value)}</{name}>" for name, value in told.asked.items() if value)
    found = "".join(_entry(blob, noted) for blob, noted in blobs)
    head = f'ServiceEndpoint="{quoted(told.address)}" ContainerName="{quoted(told.container)}"'
    following = f"<NextMarker>{text(told.following)}</NextMarker>" if told.following else "<NextMarker/>"
    return xml(f"<EnumerationResults {head}>{said}<Blobs>{found}</Blobs>{following}</EnumerationResults>")


def block_list(body: bytes) -> list[tuple[str, str]]:
    """(``Latest``, ``Uncommitted`` or ``Committed``, id) of every block. Raises ``Refused`` for anything else."""
    found: list[tuple[str, str]] = []
    within: list[str] = []
    letters: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        del attributes
        within.append(name)
        letters.clear()
        if within != ["BlockList"] and (len(within) != 2 or name not in ("Latest", "Uncommitted", "Committed")):
            raise Refused(400, "InvalidXmlDocument", f"expected BlockList with blocks in it, found {'/'.join(within)}")

    def end(name: str) -> None:
        if len(within) == 2:
            found.append((name, "".join(letters).strip()))
        within.pop()

    def declared(*told: object) -> None:
        raise Refused(400, "InvalidXmlDocument", "a block list has no document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = letters.append
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Refused(400, "InvalidXmlDocument", f"the block list is not XML: {error}") from None
    return found


def _entry(blob: Blob, noted: Mapping[str, Any] | None) -> str:
    name = f"<Name>{text(blob.path)}</Name>"
    if blob.is_folder:
        return f"<BlobPrefix>{name}</BlobPrefix>"
    date = formatdate(blob.modified_at, usegmt=True)
    facts = {
        "Creation-Time": date,
        "Last-Modified": date,
        "Etag": blob.etag.strip('"'),
        "Content-Length": str(blob.size),
        "Content-Type": "application/octet-stream",
        "BlobType": "BlockBlob",
        "LeaseStatus": "unlocked",
        "LeaseState": "available",
        "ServerEncrypted": "true",
    }
    told = "".join(f"<{key}>{value}</{key}>" for key, value in facts.items())
    own = _metadata(noted) if noted else ""
    return f"<Blob>{name}<Properties>{told}</Properties>{own}</Blob>"


def _metadata(noted: Mapping[str, Any]) -> str:
    """Metadata; its keys are identifiers, so they can be elements."""
    return "<Metadata>" + "".join(f"<{key}>{text(str(value))}</{key}>" for key, value in noted.items()) + "</Metadata>"


def text(value: str) -> str:
    """A value as XML holds it between tags."""
    return escape("".join(letter for letter in value if letter >= " " or letter in "\t\n\r"))


def quoted(value: str) -> str:
    """A value as XML holds it in an attribute."""
    return text(value).replace('"', "&quot;")
