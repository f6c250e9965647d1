"""The database's schema, step by step, and the walk from what a file holds to what this version needs.

A step is never edited after its release. All steps of one walk are one transaction: a process killed in the middle
leaves the database as it was, and of two processes that start at once the second finds the work done.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from zaffre.core.errors import Invalid
from zaffre.store.dialect import Dialect

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every step, oldest first. Known without reading the steps, so that an up-to-date start imports no alembic."""
HEAD = REVISIONS[-1]


def migrate(dialect: Dialect, *, read: Engine, write: Engine) -> None:
    """Bring the database to ``HEAD``; one query and no lock where it is there already."""
    with read.connect() as connection:
        if current(connection) == HEAD:
            return
    with dialect.exclusive(), write.begin() as connection:
        if current(connection) != HEAD:
            _upgrade(connection)


def current(connection: Connection) -> str | None:
    """The step the database is at, None before the first; refuses one that a later Zaffre has written."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is None or found in REVISIONS:
        return found
    raise Invalid(
        f'the database was written by a newer Zaffre (schema "{found}", this version knows up to "{HEAD}"); '
        "start that version, or restore a backup made before the upgrade"
    )


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  60 ms that a start on a current schema does not pay
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
