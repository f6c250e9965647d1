"""How many there are of each sort, of those that a list would show: the numbers beside a list's filters."""

from __future__ import annotations

from sqlalchemy import func, select

from zaffre.store.resources import Query, selection
from zaffre.store.tables import resources, runs
from zaffre.store.transaction import Tx


def by_status(tx: Tx, query: Query) -> dict[str, int]:
    """Status → jobs that ``query`` asks for, whatever its page."""
    counted = runs.alias()
    fits = selection(query).with_only_columns(resources.c.name)
    chosen = select(counted.c.status, func.count()).where(counted.c.name.in_(fits)).group_by(counted.c.status)
    return {str(status): int(count) for status, count in tx.connection.execute(chosen)}
