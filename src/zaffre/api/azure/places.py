"""The storage URLs that this server gave out, read back: which container, which path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from zaffre.api.azure.sas import SEGMENT
from zaffre.control.containers import UPLOADS
from zaffre.core.plain import is_dict, is_list

_KEYS = ("uri", "uris")
"""How the names of properties end that hold places."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A blob or a folder, as a URL names it."""

    container: str
    path: str


def parse(text: str, host: str) -> Spot | None:
    """What a URL of the blob service at ``host`` names; None for any other text.

    The official client drops the last segment of the account's address where the cloud's storage suffix has no slash at
    its end, so an upload is understood without it.
    """
    if not text.lower().startswith(("https://", "http://")):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.netloc.lower() != host.lower():
        return None
    first, _, rest = unquote(parts.path).lstrip("/").partition("/")
    if first.lower() == SEGMENT:
        first, _, rest = rest.partition("/")
    elif not rest.startswith(f"{UPLOADS}/"):
        return None
    return Spot(first, rest)


def found_in(body: Any, host: str, key: str = "") -> dict[str, Spot]:
    """Every such URL below the properties of a body that hold places: text → what it names."""
    if isinstance(body, str):
        spot = parse(body, host) if key.lower().endswith(_KEYS) else None
        return {body: spot} if spot is not None else {}
    inner: list[tuple[str, Any]] = []
    if is_dict(body):
        inner = list(body.items())
    elif is_list(body):
        inner = [(key, item) for item in body]
    return {text: spot for name, item in inner for text, spot in found_in(item, host, name).items()}


def replaced(body: Any, by: dict[str, str], key: str = "") -> Any:
    """The body with those texts replaced where ``found_in`` found them."""
    if isinstance(body, str):
        return by.get(body, body) if key.lower().endswith(_KEYS) else body
    if is_dict(body):
        return {name: replaced(item, by, name) for name, item in body.items()}
    if is_list(body):
        return [replaced(item, by, key) for item in body]
    return body
