"""Runs that succeeded, found again by what they were made of."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from zaffre.store.tables import results
from zaffre.store.transaction import Tx


def add(tx: Tx, workspace: str, subject: str, fingerprint: str, run: str) -> None:
    """``run`` has succeeded."""
    row = {"workspace": workspace, "subject": subject, "fingerprint": fingerprint, "run": run}
    tx.connection.execute(_ADD, row)


def equal(tx: Tx, workspace: str, fingerprint: str) -> list[str]:
    """The runs of a fingerprint, the newest first; a few of them at most."""
    return list(tx.connection.execute(_EQUAL, {"at_workspace": workspace, "at_fingerprint": fingerprint}).scalars())


def newest(tx: Tx, workspace: str, subject: str) -> str | None:
    """The last run of a subject."""
    return tx.connection.execute(_NEWEST, {"at_workspace": workspace, "at_subject": subject}).scalar()


_FEW = 4
_IN = results.c.workspace == bindparam("at_workspace")
_ADD = insert(results)
_EQUAL = (
    select(results.c.run)
    .where(_IN, results.c.fingerprint == bindparam("at_fingerprint"))
    .order_by(results.c.id.desc())
    .limit(_FEW)
)
_NEWEST = (
    select(results.c.run)
    .where(_IN, results.c.subject == bindparam("at_subject"))
    .order_by(results.c.id.desc())
    .limit(1)
)
