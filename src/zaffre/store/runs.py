"""The run machine's only writer: what a run is, and every way it may change.

Whoever holds the lease on ``run:<name>`` moves the run with ``apply``; whoever does not may only ``request``. A move is
one transaction: the guarded update, its event and the nudge to whoever waits for it. A final status is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

from sqlalchemy import String, and_, bindparam, delete, exists, false, func, insert, null, or_, select, update
from sqlalchemy.exc import IntegrityError

from zaffre.core.draft import NewRun
from zaffre.core.errors import Conflict, Invalid, NotFound
from zaffre.core.events import Event, EventType
from zaffre.core.reasons import Reason
from zaffre.core.status import FINAL, RunStatus, Signal, after
from zaffre.store import leases
from zaffre.store.leases import Lease, StaleLease
from zaffre.store.tables import runs, work
from zaffre.store.transaction import Found, Tx

_PREFIX = "run:"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it stood when it was read."""

    name: str
    workspace: str
    type: str
    status: RunStatus
    reason: Reason | None
    attempt: int
    """0 before the first."""
    token: str
    """Of the present attempt."""
    cancel_by: str | None
    parent: str
    root: str
    compute: str
    slots: int
    priority: int
    experiment: str
    display_name: str
    facts: dict[str, Any]
    deadline: float | None
    created_at: float
    started_at: float | None
    """When the user's process first existed."""
    ended_at: float | None
    revision: int
    actor: str


class Change(TypedDict, total=False):
    """What may be written together with a move."""

    reason: Reason | None
    facts: dict[str, Any] | None
    """Merged into the run's."""
    attempt: int | None
    token: str | None
    started_at: float | None
    """With a move to Running: when the process began, where that is known better than now."""
    actor: str
    run: Run
    """As the caller read it under this lease: it need not be read again unless it has changed."""


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs, newest first."""

    workspace: str | None = None
    statuses: Sequence[RunStatus] | None = None
    parent: str | None = None
    compute: str | None = None
    experiment: str | None = None
    type: str | None = None
    top: int = 100
    skip: int = 0


def key(name: str) -> str:
    """The work item's key of the run ``name``."""
    return _PREFIX + name


def submit(tx: Tx, new: NewRun) -> Run:
    """Put a run on record, due at once. Raises ``Conflict`` where the name is taken, in whatever workspace."""
    run = _new(tx, new)
    _insert(tx, run)
    leases.add_new(tx, key(run.name), tx.now)
    _tell(tx, run, {"to": run.status.value}, new.actor)
    return run


def apply(tx: Tx, lease: Lease, signal: Signal, **change: Unpack[Change]) -> Run | None:
    """Move the run that ``lease`` holds; None where it may not move so from where it is now: look again.

    Raises ``StaleLease``. A final status removes the work item, and with it the lease, and nudges the parent; the run's
    own item is never nudged: its holder is the caller.
    """
    known = change.pop("run", None)
    cause = _Cause(signal, change.get("actor", "system"), lease)
    moved = _signalled(tx, known or _held(tx, lease), cause, change)
    if moved is not None or known is None:
        return moved
    return apply(tx, lease, signal, **change)  # perhaps it has changed since the caller read it


def _signalled(tx: Tx, run: Run, cause: _Cause, change: Change) -> Run | None:
    """None where the signal moves it nowhere, or it has changed since it was read."""
    status = after(run.status, cause.signal)
    if status is None:
        return None
    values = {"status": status.value, **_written(run, change)}
    if status is RunStatus.RUNNING and run.started_at is None:
        values["started_at"] = change.get("started_at") or tx.now
    if status is RunStatus.CANCEL_REQUESTED and run.cancel_by is None:
        values["cancel_by"] = cause.actor
    if status.is_final:
        values["ended_at"] = tx.now
    return _move(tx, run, values, cause)


def note(tx: Tx, lease: Lease, facts: dict[str, Any]) -> Run:
    """Merge ``facts`` into the run that ``lease`` holds, without a move. Raises ``StaleLease``."""
    run = _held(tx, lease)
    if all(name in run.facts and run.facts[name] == value for name, value in facts.items()):
        return run
    noted = _write(tx, run, {"facts": run.facts | facts}, lease)
    if noted is None:
        raise StaleLease(lease.key)
    _emit(tx, noted, EventType.RUN_NOTED, {"facts": sorted(facts)}, "system")
    return noted


def tell(tx: Tx, run: Run, facts: dict[str, Any]) -> None:
    """Let a run know something while another holds it, without a move; nothing where it has changed since it was read."""
    told = _write(tx, run, {"facts": run.facts | facts}, None)
    if told is not None:
        _emit(tx, told, EventType.RUN_NOTED, {"facts": sorted(facts)}, "system")
        tx.nudge(key(run.name))


def request(tx: Tx, name: str, signal: Signal, actor: str) -> Run:
    """Ask from outside for a cancel, a pause or a resume, and wake the run's holder; asking twice is asking once."""
    if signal not in _REQUESTS:
        raise Invalid(f"a run cannot be asked to {signal.value}; only to cancel, pause or resume")
    run = require(tx, name)
    if run.status in _REQUESTS[signal]:
        return run
    status = after(run.status, signal)
    if status is None:
        raise Conflict(f'run "{name}" is {run.status.value}: it cannot {signal.value} now', target="status")
    values: dict[str, Any] = {"status": status.value}
    if signal is Signal.ASK_CANCEL:
        values["cancel_by"] = actor
    moved = _move(tx, run, values, _Cause(signal, actor))
    if moved is None:
        raise Conflict(f'run "{name}" changed at the same moment; ask again', target="status")
    tx.nudge(key(name))
    return moved


def get(tx: Tx, name: str) -> Run | None:
    """The run ``name``, or None; read once in a transaction, for each step of a pipeline asks several times."""
    known: Run | None = tx.runs.get(name)
    if known is not None:
        return known
    row = tx.connection.execute(_GET, {"at_name": name}).one_or_none()
    return None if row is None else _seen(tx, _run(row))


def require(tx: Tx, name: str) -> Run:
    """The run ``name``. Raises ``NotFound``."""
    run = get(tx, name)
    if run is None:
        raise NotFound(f'there is no job named "{name}"; zaffre job list shows the jobs there are', target=name)
    return run


def fresh(tx: Tx, run: Run) -> Run:
    """The run as it stands now: itself while nobody has changed it, for reading the facts of a large pipeline takes a while."""
    revision = tx.connection.execute(_REVISION, {"at_name": run.name}).scalar_one_or_none()
    if revision == run.revision:
        return _seen(tx, run)
    tx.runs.pop(run.name, None)
    return require(tx, run.name)


def list(tx: Tx, query: RunQuery) -> Sequence[Run]:
    """The runs ``query`` asks for, newest first."""
    chosen = _SELECT
    for column, value in (
        (runs.c.workspace, query.workspace),
        (runs.c.parent, query.parent),
        (runs.c.compute, query.compute),
        (runs.c.experiment, query.experiment),
        (runs.c.type, query.type),
    ):
        if value is not None:
            chosen = chosen.where(column == value)
    if query.statuses is not None:
        chosen = chosen.where(runs.c.status.in_([status.value for status in query.statuses]))
    found = tx.connection.execute(chosen.order_by(runs.c.id.desc()).limit(query.top).offset(query.skip))
    return [_run(row) for row in found]


def record(tx: Tx, new: NewRun, reason: Reason) -> Run:
    """Put a run on record that is over already, because nothing had to run. Raises ``Conflict`` where the name is taken."""
    run = _new(tx, new)
    over = {"status": RunStatus.COMPLETED, "reason": reason, "ended_at": tx.now, "started_at": tx.now, "revision": 2}
    ended = replace(run, **over)
    _insert(tx, ended)
    _tell(tx, run, {"to": run.status.value}, new.actor)
    _tell(tx, ended, {"from": run.status.value, "to": ended.status.value, "reason": reason.to_json()}, new.actor)
    return ended


def open_by_status(tx: Tx) -> dict[RunStatus, int]:
    """How many of the runs that have not ended stand where."""
    return {RunStatus(row.status): row.number for row in tx.connection.execute(_OPEN_BY_STATUS)}


def recover(tx: Tx) -> None:
    """When a server starts: take back every lease that none but it can hold, and have all that looked at.

    What a server held when it was killed would wait for its lease to run out, and what it was told by processes it
    watched, nobody was told. Only queued runs are left alone: the end of another one nudges them, or their deadline.
    """
    tx.connection.execute(_RECOVER, {"at_now": tx.now, "at_place": tx.place})


def _new(tx: Tx, new: NewRun) -> Run:
    return Run(
        name=new.name,
        workspace=new.workspace,
        type=new.type,
        status=RunStatus.NOT_STARTED,
        reason=None,
        attempt=0,
        token="",
        cancel_by=None,
        parent=new.parent,
        root=new.root or new.name,
        compute=new.compute,
        slots=new.slots,
        priority=new.priority,
        experiment=new.experiment,
        display_name=new.display_name,
        facts=new.facts,
        deadline=new.deadline,
        created_at=tx.now,
        started_at=None,
        ended_at=None,
        revision=1,
        actor=new.actor,
    )


def _insert(tx: Tx, run: Run) -> None:
    row = {name: getattr(run, name) for name in Run.__slots__}
    row |= {"status": run.status.value, "reason": run.reason.to_json() if run.reason is not None else None}
    try:
        tx.connection.execute(_SUBMIT, row)
    except IntegrityError as error:
        taken = f'a run named "{run.name}" exists already; choose another name'
        raise Conflict(taken, target="name") from error


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a run moves: the signal, whose it is, and the lease it is given under, if any."""

    signal: Signal
    actor: str
    lease: Lease | None = None


def _written(run: Run, change: Change) -> dict[str, Any]:
    """The columns that ``change`` sets."""
    values: dict[str, Any] = {name: change.get(name) for name in ("attempt", "token") if change.get(name) is not None}
    if (reason := change.get("reason")) is not None:
        values["reason"] = reason.to_json()
    if facts := change.get("facts"):
        values["facts"] = run.facts | facts
    return values


def _held(tx: Tx, lease: Lease) -> Run:
    row = tx.connection.execute(
        _HELD, {"at_key": lease.key, "at_token": lease.token, "at_name": _name(lease)}
    ).one_or_none()
    if row is None:
        raise StaleLease(lease.key)
    return _run(row)


def _name(lease: Lease) -> str:
    return lease.key.removeprefix(_PREFIX)


def _move(tx: Tx, run: Run, values: dict[str, Any], cause: _Cause) -> Run | None:
    moved = _write(tx, run, values, cause.lease)
    if moved is None:
        return None
    data: dict[str, Any] = {"from": run.status.value, "to": moved.status.value, "signal": cause.signal.value}
    if moved.attempt:
        data["attempt"] = moved.attempt
    if moved.reason is not None:
        data["reason"] = moved.reason.to_json()
    _tell(tx, moved, data, cause.actor)
    if moved.status.is_final:
        tx.connection.execute(_DONE, {"at_key": key(run.name)})
        if run.parent:
            tx.nudge(key(run.parent))
    return moved


def _write(tx: Tx, run: Run, values: dict[str, Any], lease: Lease | None) -> Run | None:
    """One UPDATE, guarded by what was read: None when the run has changed since, or the lease has gone."""
    guard = {"at_name": run.name, "at_revision": run.revision, "at_status": run.status.value}
    statement = _MOVE
    if lease is not None:
        statement, guard = _MOVE_HELD, guard | {"at_key": lease.key, "at_token": lease.token}
    row = tx.connection.execute(statement, guard | values).one_or_none()
    if row is None:
        tx.runs.pop(run.name, None)
        return None
    return _seen(tx, _run(row))


def _seen(tx: Tx, run: Run) -> Run:
    tx.runs[run.name] = run
    return run


def _tell(tx: Tx, run: Run, data: dict[str, Any], actor: str) -> None:
    _emit(tx, run, EventType.RUN_STATUS_CHANGED, data, actor)


def _emit(tx: Tx, run: Run, type_: EventType, data: dict[str, Any], actor: str) -> None:
    tx.emit(Event(type_, run.workspace, f"job/{run.name}", actor, data))


def _run(row: Found) -> Run:
    values = dict(zip(Run.__slots__, row, strict=True))
    values["status"] = RunStatus(values["status"])
    if values["reason"] is not None:
        values["reason"] = Reason.from_json(values["reason"])
    return Run(**values)


_REQUESTS = {
    # A request whose end is reached, or on its way, is granted already.
    Signal.ASK_CANCEL: {RunStatus.CANCEL_REQUESTED, *FINAL},
    Signal.PAUSE: {RunStatus.PAUSED},
    Signal.RESUME: {RunStatus.QUEUED},
}
_COLUMNS = [runs.c[name] for name in Run.__slots__]
_IS = runs.c.name == bindparam("at_name")
_LEASED = and_(work.c.key == bindparam("at_key"), work.c.token == bindparam("at_token"))
_SELECT = select(*_COLUMNS)
_GET = _SELECT.where(_IS)
_REVISION = select(runs.c.revision).where(_IS)
_HELD = _SELECT.where(_IS, exists().where(_LEASED))
_SUBMIT = insert(runs)
_MOVE = (
    update(runs)
    .where(_IS, runs.c.revision == bindparam("at_revision"), runs.c.status == bindparam("at_status"))
    .values(revision=runs.c.revision + 1)
    .returning(*_COLUMNS)
)
_MOVE_HELD = _MOVE.where(exists().where(_LEASED))
_DONE = delete(work).where(work.c.key == bindparam("at_key"))
_RECOVER = (
    update(work)
    .where(
        work.c.place.is_not_distinct_from(bindparam("at_place", type_=String())),
        or_(
            work.c.token.is_not(None),
            work.c.key.not_in(select(_PREFIX + runs.c.name).where(runs.c.status == RunStatus.QUEUED.value)),
        ),
    )
    .values(token=null(), owner=null(), until=null(), nudged=false(), due=bindparam("at_now"))
)
_OPEN_BY_STATUS = (
    # A run that has not ended has a work item: there are few of those, whatever the number of runs.
    select(runs.c.status, func.count().label("number"))
    .select_from(work.join(runs, runs.c.name == func.substr(work.c.key, len(_PREFIX) + 1)))
    .where(work.c.key.startswith(_PREFIX, autoescape=True))
    .group_by(runs.c.status)
)
