"""The address of a database, as a setting has it: which kind it names, and how it is shown to people."""

from __future__ import annotations

import re

_MASK = "***"
_SECRET = re.compile(r"((?:ssl)?password)=[^&\s]*", re.IGNORECASE)


def is_postgres(url: str) -> bool:
    """Whether ``url`` names a PostgreSQL database."""
    return url.partition("://")[0] in ("postgresql", "postgres")


def masked(url: str) -> str:
    """``url`` without what is secret in it: for logs, errors and health."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return _MASK
    who, at, where = rest.rpartition("@")  # the last one: a password may hold one that nobody escaped
    user, colon, _ = who.partition(":")
    return _SECRET.sub(rf"\1={_MASK}", scheme + separator + user + (colon and colon + _MASK) + at + where)
