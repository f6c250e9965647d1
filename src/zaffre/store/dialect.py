"""What differs between databases, as one protocol; a second database joins by one module like ``sqlite``."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from zaffre.core.database import is_postgres, masked
from zaffre.core.errors import Invalid, ZaffreError
from zaffre.store.moment import Moment
from zaffre.store.sqlite import Sqlite


class Dialect(Protocol):
    """One database: its connections, its lock for migrations, the meaning of its errors."""

    shared: bool
    """Whether other servers may write to it, and tell this one of it."""

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

    def began(self, connection: Connection, highest: int) -> Moment:
        """Called first in every writing transaction; ``highest`` is the last event this process has committed."""
        ...

    def is_committed(self, connection: Connection, mark: object) -> bool:
        """In a later transaction: whether that of ``mark`` took place. Raises ``Unavailable`` where nobody can know."""
        ...

    def tell(self, connection: Connection, notices: list[str]) -> None:
        """Have the ``notices`` of every server on this database hear this, once it is committed."""
        ...

    def notices(self, stop: socket.socket) -> Iterator[str | None]:
        """What was told, in the order of commits; None whenever something may have been missed.

        Blocks, until ``stop`` can be read.
        """
        ...

    def is_fleeting(self, error: DBAPIError) -> bool:
        """Whether the same may succeed in a new transaction: a lost connection, a deadlock."""
        ...

    def translate(self, error: DBAPIError) -> ZaffreError | None:
        """The error a user can act on, or None where the fault is in the program."""
        ...


def dialect(url: str) -> Dialect:
    """The database that ``url`` names."""
    scheme, _, path = url.partition("://")
    if scheme == "sqlite" and path.startswith("//"):
        return Sqlite(path[1:])
    if is_postgres(url):
        from zaffre.store.postgres import Postgres  # noqa: PLC0415  weight: a driver that SQLite does without

        return Postgres(url)
    raise Invalid(
        f'the database "{masked(url)}" is not one this version can use; expected sqlite:////absolute/path/zaffre.db or '
        "postgresql://user@host/name"
    )
