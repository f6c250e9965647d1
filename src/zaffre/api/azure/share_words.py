"""The words of Azure's file share protocol: its listings and its errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from zaffre.api.azure.blob_words import Refused, quoted, text, worded, xml
from zaffre.api.azure.blob_words import refusal as as_blob
from zaffre.control.containers import Blob
from zaffre.core.errors import ZaffreError

_CODES = {
    "BlobNotFound": "ResourceNotFound",
    "BlobAlreadyExists": "ResourceAlreadyExists",
    "ContainerNotFound": "ShareNotFound",
}
"""Where a file's word is not a blob's."""


def refusal(error: ZaffreError | Refused) -> Response:
    """An error as a file share's client reads it."""
    found = as_blob(error)
    code = found.headers["x-ms-error-code"]
    return worded(found.status_code, _CODES.get(code, code), error.message)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page as it is told."""

    address: str
    """Of the service."""
    share: str
    folder: str
    prefix: str
    marker: str
    following: str


def listing(told: Listing, found: Iterable[Blob]) -> Response:
    """Files and folders of one folder."""
    head = (
        f'ServiceEndpoint="{quoted(told.address)}" ShareName="{quoted(told.share)}"'
        f' DirectoryPath="{quoted(told.folder)}"'
    )
    asked = f"<Prefix>{text(told.prefix)}</Prefix><Marker>{text(told.marker)}</Marker>"
    entries = "".join(map(_entry, found))
    following = f"<NextMarker>{text(told.following)}</NextMarker>" if told.following else "<NextMarker/>"
    body = f"{asked}<Entries>{entries}</Entries>{following}"
    return xml(f"<EnumerationResults {head}>{body}</EnumerationResults>")


def _entry(blob: Blob) -> str:
    name = f"<Name>{text(blob.path.rstrip('/').rpartition('/')[2])}</Name>"
    if blob.is_folder:
        return f"<Directory>{name}<Properties/></Directory>"
    return f"<File>{name}<Properties><Content-Length>{blob.size}</Content-Length></Properties></File>"
