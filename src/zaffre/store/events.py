"""Reading what happened, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def read_type(tx: Tx, after: int, workspace: str, type_: EventType, limit: int = LARGEST_PAGE) -> list[Event]:
    """Events of one type in a workspace with a number above ``after``, oldest first."""
    chosen = select(events).where(events.c.workspace == workspace, events.c.seq > after, events.c.type == type_.value)
    found = tx.connection.execute(chosen.order_by(events.c.seq).limit(min(limit, LARGEST_PAGE)))
    return [_event(row) for row in found]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What people did, or were refused."""

    before: int = 0
    """Only those with a smaller number, if it is not 0."""
    actor: str = ""
    workspace: str = ""
    types: Sequence[EventType] = ()


def deeds(tx: Tx, wanted: Deeds, limit: int) -> list[Event]:
    """What people did, the newest first: what the engine and jobs did by themselves is not among it."""
    # ";" is the character after ":": together the bounds hold every actor that begins with "user:".
    chosen = select(events).where(events.c.actor > "user:", events.c.actor < "user;")
    if wanted.actor:
        chosen = chosen.where(events.c.actor == wanted.actor)
    if wanted.workspace:
        chosen = chosen.where(events.c.workspace == wanted.workspace)
    if wanted.types:
        chosen = chosen.where(events.c.type.in_([type_.value for type_ in wanted.types]))
    if wanted.before:
        chosen = chosen.where(events.c.seq < wanted.before)
    found = tx.connection.execute(chosen.order_by(events.c.seq.desc()).limit(min(limit, LARGEST_PAGE)))
    return [_event(row) for row in found]


@dataclass(frozen=True, slots=True)
class About:
    """Events of some types about one subject."""

    workspace: str
    subject: str
    types: Sequence[EventType]
    before: int = 0
    """Only those with a smaller number, if it is not 0."""


def newest(tx: Tx, about: About, limit: int = 1) -> list[Event]:
    """The newest events that ``about`` tells of, the newest first."""
    chosen = select(events).where(
        events.c.subject == about.subject,
        events.c.workspace.concat("") == about.workspace,
        events.c.type.in_([type_.value for type_ in about.types]),
    )
    if about.before:
        chosen = chosen.where(events.c.seq < about.before)
    found = tx.connection.execute(chosen.order_by(events.c.seq.desc()).limit(min(limit, LARGEST_PAGE)))
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
