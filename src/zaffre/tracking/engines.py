"""The database that an address names."""

from __future__ import annotations

from zaffre.core.database import is_postgres
from zaffre.tracking.dialect import Engine


def engine(url: str) -> Engine:
    """The database that ``url`` names: ``sqlite:///…`` or ``postgresql://…``."""
    if is_postgres(url):
        from zaffre.tracking.postgres import Postgres  # noqa: PLC0415 - weight: a driver that SQLite does without

        return Postgres(url)
    from zaffre.tracking.sqlite import Sqlite  # noqa: PLC0415 - the same

    return Sqlite.at(url)
