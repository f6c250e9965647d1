"""One transaction as the functions of the store see it: a connection, the time, and what is told after commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Float, Row, bindparam, case, insert, or_, true, update

from zaffre.core.events import Event
from zaffre.core.ports import Clock
from zaffre.store.tables import events, work

Found = Row[*tuple[Any, ...]]
"""What a SELECT of several columns yields."""


class Tx:
    """Handed to the function given to ``Store.write`` or ``Store.read``; dead once that function returns."""

    __slots__ = ("connection", "events", "followed", "now", "nudged", "place", "runs")

    def __init__(self, connection: Connection, now: float, place: str | None = None) -> None:
        self.connection = connection
        """For the modules of this package alone."""
        self.now = now
        """Unix seconds; one value for the whole transaction."""
        self.place = place
        """This server, where several share the database: what it adds, it alone looks after."""
        self.events: list[Event] = []
        self.nudged: set[str] = set()
        self.followed: list[Callable[[], None]] = []
        self.runs: dict[str, Any] = {}
        """Those that were read or written here, by name: for ``store.runs`` alone, which is their only writer."""

    def follow(self, call: Callable[[], None]) -> None:
        """Have ``call`` made on the event loop once this is committed; never where it is not."""
        self.followed.append(call)

    def nudge(self, key: str) -> None:
        """Make the work item of ``key``, if there is one, due now, and wake whoever looks after it once committed.

        An item that is claimed at the moment is looked at again as soon as its lease is released: no nudge is lost.
        """
        self.connection.execute(_NUDGE, {"at_key": key, "at_now": self.now})
        self.nudged.add(key)

    def emit(self, event: Event) -> None:
        """Record ``event`` together with the change it tells of."""
        row = {
            "at": self.now,
            "type": event.type.value,
            "workspace": event.workspace,
            "subject": event.subject,
            "actor": event.actor,
            "data": event.data,
        }
        key = self.connection.execute(_EMIT, row).inserted_primary_key
        assert key is not None  # one row, one key
        self.events.append(replace(event, seq=key[0], at=self.now))


@dataclass(frozen=True, slots=True)
class View:
    """What every transaction of a store begins with."""

    clock: Clock
    place: str | None = None

    def tx(self, connection: Connection) -> Tx:
        """One more transaction, at the time it is now."""
        return Tx(connection, self.clock.now(), self.place)


_NOW = bindparam("at_now", type_=Float())
_NUDGE = (
    update(work)
    .where(work.c.key == bindparam("at_key"))
    .values(nudged=true(), due=case((or_(work.c.due.is_(None), work.c.due > _NOW), _NOW), else_=work.c.due))
)
_EMIT = insert(events)
