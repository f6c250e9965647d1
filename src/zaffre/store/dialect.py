"""What differs between databases, as one protocol; a second database joins by one module like ``sqlite``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from zaffre.core.errors import Invalid, ZaffreError
from zaffre.store.sqlite import Sqlite


class Dialect(Protocol):
    """One database: its connections, its lock for migrations, the meaning of its errors."""

    def prepare(self) -> None:
        """Refuse a place the database cannot be trusted on, and make it exist."""
        ...

    def writer(self) -> Engine:
        """Its one connection writes; a transaction on it excludes every other writer or waits its turn."""
        ...

    def reader(self, connections: int) -> Engine:
        """Connections that cannot write; a transaction on one sees a single moment."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Held by the one process that migrates; others wait."""
        ...

    def translate(self, error: DBAPIError) -> ZaffreError | None:
        """The error a user can act on, or None where the fault is in the program."""
        ...


def dialect(url: str) -> Dialect:
    """The database that ``url`` names."""
    scheme, _, path = url.partition("://")
    if scheme == "sqlite" and path.startswith("//"):
        return Sqlite(path[1:])
    raise Invalid(
        f'the database "{scheme}://…" is not one this version can use; expected sqlite:////absolute/path/zaffre.db'
    )
