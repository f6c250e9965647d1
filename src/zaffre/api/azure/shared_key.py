"""Requests that a storage client signed itself with the account's key (``Authorization: SharedKey account:signature``)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from starlette.datastructures import Headers

from zaffre.core.errors import Forbidden

_SIGNED = (
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
)  # fmt: skip
SLACK = 15 * 60.0
"""Seconds by which the clocks of client and server may differ."""


def check(method: str, raw_path: str, query: str, headers: Headers, key: str, now: float) -> None:  # noqa: PLR0913, PLR0917
    """Raises ``Forbidden`` where the request is not signed with ``key`` (base64), or was signed long ago."""
    account, _, given = headers.get("authorization", "").partition(" ")[2].partition(":")
    signed = base64.b64encode(
        hmac.digest(
            base64.b64decode(key), _text(method, f"/{account}{raw_path}", query, headers).encode(), hashlib.sha256
        )
    )
    if not hmac.compare_digest(signed, given.strip().encode()):
        raise Forbidden("The request is not signed with the key of this server's storage account.")
    said = headers.get("x-ms-date") or headers.get("date", "")
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        raise Forbidden("A signed request says when it was made, in x-ms-date.") from None
    if abs((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now) > SLACK:
        told = datetime.fromtimestamp(now, UTC).strftime("%H:%M:%S")
        raise Forbidden(f"The request was signed at {said}, and it is {told} (UTC) here; set the clocks.")


def _text(method: str, resource: str, query: str, headers: Headers) -> str:
    """What is signed, as Azure's storage services define it."""
    said = [headers.get(name, "") for name in _SIGNED]
    said[2] = "" if said[2] == "0" else said[2]
    own = sorted(((name, value) for name, value in headers.items() if name.startswith("x-ms-")), key=_weight)
    asked = "".join(f"\n{name}:{value}" for name, value in _sorted(parse_qsl(query, keep_blank_values=True)))
    return "\n".join((method, *said, *(f"{name}:{value}" for name, value in own), f"{resource}{asked}"))


def _weight(header: tuple[str, str]) -> tuple[str, str]:
    """The service sorts headers as words are: dashes count last."""
    return header[0].replace("-", ""), header[0]


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in pairs)
