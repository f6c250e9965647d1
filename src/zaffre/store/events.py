"""Reading what happened, in order."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, func, or_, select

from zaffre.core.events import Event, EventType
from zaffre.store.tables import events
from zaffre.store.transaction import Found, Tx

LARGEST_PAGE = 1000


def read(
    tx: Tx, after: int, workspace: str | None = None, subject: str | None = None, limit: int = LARGEST_PAGE
) -> list[Event]:
    """Events with a number above ``after``, oldest first; ``subject`` takes in what lies below it too."""
    chosen = select(events).where(events.c.seq > after)
    if workspace is not None:
        # One subject has few events, one workspace nearly all: the index of subjects is to be used for both.
        column = events.c.workspace if subject is None else events.c.workspace.concat("")
        chosen = chosen.where(column == workspace)
    if subject is not None:
        # "0" is the character after "/": together the bounds hold every text that begins with "<subject>/".
        below = and_(events.c.subject > f"{subject}/", events.c.subject < f"{subject}0")
        chosen = chosen.where(or_(events.c.subject == subject, below))
    found = tx.connection.execute(chosen.order_by(events.c.seq).limit(min(limit, LARGEST_PAGE)))
    return [_event(row) for row in found]


def last(tx: Tx) -> int:
    """The number of the newest event, 0 before the first: where a new listener starts."""
    return tx.connection.execute(_LAST).scalar_one() or 0


def latest(tx: Tx, subject: str) -> float | None:
    """When the run that ``subject`` names last changed its status."""
    return tx.connection.execute(_LATEST, {"at_subject": subject}).scalar_one_or_none()


def _event(row: Found) -> Event:
    seq, at, type_, workspace, subject, actor, data = row
    return Event(EventType(type_), workspace, subject, actor, data, seq, at)


_LATEST = (
    select(events.c.at)
    .where(events.c.subject == bindparam("at_subject"), events.c.type == EventType.RUN_STATUS_CHANGED.value)
    .order_by(events.c.seq.desc())
    .limit(1)
)
_LAST = select(func.max(events.c.seq))
