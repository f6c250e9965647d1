"""The children of runs: all of them, or those that have changed since a parent's holder last looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, bindparam, func, select

from zaffre.core.parents import Child
from zaffre.core.reasons import Reason
from zaffre.core.status import RunStatus
from zaffre.store.tables import runs
from zaffre.store.transaction import Found, Tx


def children(tx: Tx, parent: str) -> Sequence[Child]:
    """Every child of a run."""
    return _found(tx, _ALL, {"at_parent": parent})


def news(tx: Tx, parent: str, known: Sequence[Child]) -> Sequence[Child]:
    """The children that are open, that have ended since they were ``known``, and those that were not known at all.

    What has ended does not change, so that the thousandth step of a pipeline is not read as often as there are steps.
    What a child is to its parent does not change either, and stands in a long text: it is read of unknown ones only.
    """
    before = {child.name: child for child in known}
    fresh = [_now(before.get(row.name), row) for row in tx.connection.execute(_OPEN, {"at_parent": parent})]
    names = {child.name for child in fresh}
    ended = [child.name for child in known if not child.status.is_final and child.name not in names]
    count = tx.connection.execute(_COUNT, {"at_parent": parent}).scalar_one()
    if count != len(names | before.keys()) or not all(child.key for child in fresh):
        return children(tx, parent)  # others have begun here, and ended perhaps, seen by another server
    return [*fresh, *(_now(before[row.name], row) for row in _rows(tx, ended))]


def _rows(tx: Tx, names: Sequence[str]) -> Sequence[Found]:
    """Most often it is one that has ended."""
    return [row for name in names for row in tx.connection.execute(_ONE, {"at_name": name})]


def _now(before: Child | None, row: Any) -> Child:
    reason = Reason.from_json(row.reason) if row.reason is not None else None
    told = (row.name, RunStatus(row.status), reason, row.started_at, row.ended_at)
    return Child("", *told) if before is None else Child(before.key, *told, reused=before.reused)


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
_OPEN = _STATE.where(_BELOW, runs.c.ended_at.is_(None))
_ONE = _STATE.where(runs.c.name == bindparam("at_name"))
_COUNT = select(func.count()).select_from(runs).where(_BELOW)
