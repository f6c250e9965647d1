"""The words of Azure's data lake protocol: its JSON, its errors, and metadata in one header."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from zaffre.api.azure import blob_checks
from zaffre.api.azure.blob_words import SERVICE_VERSION, Refused
from zaffre.api.azure.blob_words import refusal as as_blob
from zaffre.control.containers import Blob
from zaffre.core.errors import ZaffreError

_CODES = {
    "BlobNotFound": "PathNotFound",
    "BlobAlreadyExists": "PathAlreadyExists",
    "BlobImmutableDueToPolicy": "PathImmutableDueToPolicy",
    "ContainerNotFound": "FilesystemNotFound",
}
"""Where a path's word is not a blob's."""


def refusal(error: ZaffreError | Refused) -> Response:
    """An error as a data lake's client reads it."""
    found = as_blob(error)
    code = _CODES.get(found.headers["x-ms-error-code"], found.headers["x-ms-error-code"])
    body = json.dumps({"error": {"code": code, "message": error.message}})
    headers = {"x-ms-version": SERVICE_VERSION, "x-ms-error-code": code}
    return Response(body.encode(), found.status_code, headers, media_type="application/json")


def paths(found: Iterable[Blob], following: str) -> Response:
    """A page of a listing."""
    told = {"paths": [_entry(blob) for blob in found]}
    headers = {"x-ms-continuation": following} if following else {}
    return Response(json.dumps(told).encode(), 200, headers, media_type="application/json")


def continuation(path: str) -> str:
    """Where a page ended, as a header can hold it."""
    return base64.urlsafe_b64encode(path.encode("utf-8", "surrogateescape")).decode()


def continued(said: str) -> str:
    """Where the page before ended. Raises ``Refused`` for what no page of ours said."""
    try:
        return base64.b64decode(said, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Refused(400, "InvalidQueryParameterValue", "continuation is not one that this server gave out.") from None


def metadata(headers: Headers) -> dict[str, str]:
    """``x-ms-properties``: names and values in base64, parted by commas. Raises ``Refused`` for what is not."""
    found: dict[str, str] = {}
    for one in filter(None, headers.get("x-ms-properties", "").split(",")):
        name, between, value = one.strip().partition("=")
        try:
            found[name.lower()] = base64.b64decode(value, validate=True).decode() if between else ""
        except (binascii.Error, ValueError):
            raise Refused(400, "InvalidHeaderValue", "x-ms-properties holds a value that is not base64.") from None
    return blob_checks.checked_metadata(found)


def properties(noted: Mapping[str, Any]) -> dict[str, str]:
    """Metadata as the one header that ``metadata`` reads."""
    said = noted.get("metadata", {}).items()
    told = ",".join(f"{name}={base64.b64encode(str(value).encode()).decode()}" for name, value in said)
    return {"x-ms-properties": told} if told else {}


def _entry(blob: Blob) -> dict[str, str]:
    told = {
        "name": blob.path.rstrip("/"),
        "contentLength": str(blob.size),
        "etag": blob.etag.strip('"'),
        "lastModified": formatdate(blob.modified_at, usegmt=True),
    }
    return {**told, "isDirectory": "true"} if blob.is_folder else told
