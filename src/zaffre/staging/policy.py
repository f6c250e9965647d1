"""What an administrator lets Zaffre reach, and how URLs are written and shown: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_BLOB_SCHEMES = ("wasb", "wasbs")


@dataclass(frozen=True, slots=True)
class Policy:
    """What an administrator set."""

    allow: tuple[str, ...] = ()
    """Host names and networks (CIDR) that may be reached though they are not public."""
    map: Mapping[str, str] = field(default_factory=dict[str, str])
    """URL prefixes and what stands in for them."""


def as_https(url: str) -> str:
    """``wasbs://container@account.blob…/path`` as the https URL of the same blob; other URLs as they are."""
    parts = urlsplit(url)
    if parts.scheme not in _BLOB_SCHEMES or parts.username is None:
        return url
    return f"https://{parts.hostname}/{parts.username}{parts.path}"


def shown(url: str) -> str:
    """The URL without its query, where signatures are, and without whatever stands before an ``@``."""
    bare = url.partition("?")[0].partition("#")[0]
    scheme, slashes, rest = bare.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"
