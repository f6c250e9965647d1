"""The children of runs: all of them, or those that have ended since a parent's holder last looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, bindparam, func, or_, select

from zaffre.core.parents import Child
from zaffre.core.reasons import Reason
from zaffre.core.status import RunStatus
from zaffre.store.tables import runs
from zaffre.store.transaction import Found, Tx


def children(tx: Tx, parent: str) -> Sequence[Child]:
    """Every child of a run."""
    return _found(tx, _ALL, {"at_parent": parent})


def news(tx: Tx, parent: str, known: Sequence[Child]) -> Sequence[Child]:
    """The children that have ended since they were ``known``, and where others have begun, all of them.

    What has ended does not change, so that the thousandth step of a pipeline is not read as often as there are steps; and
    of those that are open it is enough that they are.
    """
    open_ = {child.name: child for child in known if not child.status.is_final}
    still = {*tx.connection.execute(_OPEN, {"at_parent": parent}).scalars()}
    count = tx.connection.execute(_COUNT, {"at_parent": parent}).scalar_one()
    if count != len(known) or not still <= open_.keys():
        return children(tx, parent)
    ended = [name for name in open_ if name not in still]
    return [_now(open_[row.name], row) for row in _rows(tx, ended)]


def _rows(tx: Tx, names: Sequence[str]) -> Sequence[Found]:
    """Most often it is one that has ended."""
    return [row for name in names for row in tx.connection.execute(_ONE, {"at_name": name})]


def _now(before: Child, row: Any) -> Child:
    """What a child is to its parent never changes, and stands in a long text that need not be read again."""
    reason = Reason.from_json(row.reason) if row.reason is not None else None
    told = (row.name, RunStatus(row.status), reason, row.started_at, row.ended_at)
    return Child(before.key, *told, reused=before.reused)


def _found(tx: Tx, statement: Executable, values: Mapping[str, Any]) -> list[Child]:
    return [
        Child(
            key=row.key or row.name,
            name=row.name,
            status=RunStatus(row.status),
            reason=Reason.from_json(row.reason) if row.reason is not None else None,
            started_at=row.started_at,
            ended_at=row.ended_at,
            reused=row.reused or "",
        )
        for row in tx.connection.execute(statement, values)
    ]


_STATE = select(runs.c.name, runs.c.status, runs.c.reason, runs.c.started_at, runs.c.ended_at)
_BELOW = runs.c.parent == bindparam("at_parent")
_ALL = _STATE.add_columns(
    runs.c.facts["key"].as_string().label("key"), runs.c.facts["reused"].as_string().label("reused")
).where(_BELOW)
_OPEN = select(runs.c.name).where(
    _BELOW, or_(*(runs.c.status == status.value for status in RunStatus if not status.is_final))
)
_ONE = _STATE.where(runs.c.name == bindparam("at_name"))
_COUNT = select(func.count()).select_from(runs).where(_BELOW)
