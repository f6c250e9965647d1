"""The line before each compute, as rows: who waits, who holds what, who comes before whom.

Every statement is answered by ``runs_placing`` (compute, status, priority, id) or reads a bounded number of rows, so that
none costs more because ten thousand others wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Integer, and_, bindparam, func, or_, select, union_all

from zaffre.core.status import RunStatus
from zaffre.store.tables import runs, work
from zaffre.store.transaction import Found, Tx

_PREFIX = "run:"


@dataclass(frozen=True, slots=True)
class Place:
    """A run as far as its place in the line, or on the nodes, goes."""

    id: int
    """Ascending in the order of submission."""
    name: str
    workspace: str
    status: RunStatus
    slots: int
    priority: int
    actor: str
    created_at: float
    started_at: float | None
    ended_at: float | None


def waiting(tx: Tx, line: str, limit: int, without: Sequence[str] = ()) -> list[Place]:
    """Who waits, in order; ``without`` are workspaces that may not start anything now."""
    values = {"at_line": line, "at_limit": limit}
    if not without:
        return _read(tx, _WAITING, values)
    return _read(tx, _WAITING_BUT, values | {"at_without": [*without]})


def standing(tx: Tx, line: str, limit: int, entering: int) -> list[Place]:
    """The first who wait, and of the first ``entering`` who are not in the line yet, those who are about to be.

    A build that ends makes all due that waited for it, in no particular order: none may pass an older one because of that.
    """
    return _read(tx, _STANDING, {"at_line": line, "at_limit": limit, "at_entering": entering, "at_now": tx.now})


def place(tx: Tx, name: str) -> Place | None:
    """One run."""
    return next(iter(_read(tx, _ONE, {"at_name": name})), None)


def occupied(tx: Tx, line: str) -> int:
    """How many nodes are taken."""
    return tx.connection.execute(_OCCUPIED, {"at_line": line}).scalar_one()


def occupied_by(tx: Tx, workspace: str, lines: Sequence[str]) -> int:
    """How many nodes a workspace has taken in all of ``lines``."""
    return tx.connection.execute(_OCCUPIED_BY, {"at_lines": [*lines], "at_workspace": workspace}).scalar_one()


def holding(tx: Tx, line: str, limit: int = 100) -> list[Place]:
    """Who holds nodes, the longest first."""
    return _read(tx, _HOLDING, {"at_line": line, "at_limit": limit})


def anybody(tx: Tx, line: str) -> str | None:
    """A run that waits in the line or holds its nodes, if there is one."""
    return tx.connection.execute(_OPEN, {"at_line": line}).scalar_one_or_none()


def ahead(tx: Tx, line: str, one: Place) -> tuple[int, int]:
    """How many stand before ``one``, and how many wait in all."""
    before = tx.connection.execute(_AHEAD, {"at_line": line, "at_priority": one.priority, "at_id": one.id}).scalar_one()
    return before, tx.connection.execute(_LENGTH, {"at_line": line}).scalar_one()


def completed(tx: Tx, line: str, limit: int) -> list[Place]:
    """The newest that completed, for telling how long such runs take."""
    return _read(tx, _COMPLETED, {"at_line": line, "at_limit": limit})


def lines(tx: Tx) -> list[tuple[str, str]]:
    """(line, a workspace of it) of every line somebody stands in: for the start of a server, and for no step."""
    return [(row.compute, row.workspace) for row in tx.connection.execute(_LINES)]


def _read(tx: Tx, statement: Any, values: dict[str, Any]) -> list[Place]:
    found = tx.connection.execute(statement, values)
    return [_place(row) for row in found]


def _place(row: Found) -> Place:
    values: dict[str, Any] = dict(zip(Place.__slots__, row, strict=True))
    values["status"] = RunStatus(values["status"])
    return Place(**values)


_SHOWN = [runs.c[name] for name in Place.__slots__]
_HERE = runs.c.compute == bindparam("at_line")
_LIMIT = bindparam("at_limit", type_=Integer())
_QUEUED = runs.c.status == RunStatus.QUEUED.value
_ORDER = (runs.c.priority.desc(), runs.c.id)
_TAKING = and_(
    # Not IN: a list of values is written out anew for every execution.
    or_(*(runs.c.status == status.value for status in RunStatus if status.holds_slot)),
    runs.c.attempt > 0,  # one canceled while it waited never held anything
)
_ONE = select(*_SHOWN).where(runs.c.name == bindparam("at_name"))
_WAITING = select(*_SHOWN).where(_HERE, _QUEUED).order_by(*_ORDER).limit(_LIMIT)
_WAITING_BUT = _WAITING.where(runs.c.workspace.not_in(bindparam("at_without", expanding=True)))


def _first(status: RunStatus, limit: str) -> Any:
    chosen = select(*_SHOWN).where(_HERE, runs.c.status == status.value)
    return chosen.order_by(*_ORDER).limit(bindparam(limit, type_=Integer())).subquery()


def _about_to(status: RunStatus) -> Any:
    first = _first(status, "at_entering")
    due = and_(work.c.key == _PREFIX + first.c.name, work.c.due <= bindparam("at_now", type_=Float()))
    return select(first).where(select(work.c.key).where(due).exists())


_STANDING = union_all(
    select(_first(RunStatus.QUEUED, "at_limit")), _about_to(RunStatus.NOT_STARTED), _about_to(RunStatus.PREPARING)
)
_SLOTS = select(func.coalesce(func.sum(runs.c.slots), 0))
_OCCUPIED = _SLOTS.where(_HERE, _TAKING)
_OCCUPIED_BY = _SLOTS.where(
    runs.c.compute.in_(bindparam("at_lines", expanding=True)), _TAKING, runs.c.workspace == bindparam("at_workspace")
)
# By time, not by id: told to go by id, SQLite walks through all runs there are.
_HOLDING = select(*_SHOWN).where(_HERE, _TAKING).order_by(runs.c.created_at, runs.c.name).limit(_LIMIT)
_OPEN = (
    select(runs.c.name)
    .where(_HERE, runs.c.status.in_([status.value for status in RunStatus if not status.is_final]))
    .order_by(runs.c.status, *_ORDER)
    .limit(1)
)
_AHEAD = (
    select(func.count())
    .select_from(runs)
    .where(
        _HERE,
        _QUEUED,
        or_(
            runs.c.priority > bindparam("at_priority"),
            and_(runs.c.priority == bindparam("at_priority"), runs.c.id < bindparam("at_id")),
        ),
    )
)
_LENGTH = select(func.count()).select_from(runs).where(_HERE, _QUEUED)
_COMPLETED = (
    select(*_SHOWN)
    .where(_HERE, runs.c.status == RunStatus.COMPLETED.value)
    .order_by(runs.c.priority, runs.c.id.desc())
    .limit(_LIMIT)
)
_LINES = (
    select(runs.c.compute, func.min(runs.c.workspace).label("workspace"))
    .select_from(work.join(runs, runs.c.name == func.substr(work.c.key, len(_PREFIX) + 1)))
    .where(work.c.key.startswith(_PREFIX, autoescape=True), _QUEUED)
    .group_by(runs.c.compute)
)
