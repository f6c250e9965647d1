"""Work items: what is to be looked at, when, and by whom; plus leadership, which is one more leased row.

A conditional UPDATE that writes a fresh token is the lock. The token, not the time, is the proof of holding it: a
holder that overslept keeps its lease as long as nobody else has claimed it, and loses it for good once somebody has.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Float,
    Integer,
    String,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    null,
    or_,
    select,
    true,
    update,
)

from zaffre.store.tables import leaders, work
from zaffre.store.transaction import Tx

ANYWHERE = ("schedule:",)
"""Items that need nothing which only one server's home has: any server looks after them, whichever added them."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to act on one work item."""

    key: str
    token: str
    owner: str
    until: float


class StaleLease(Exception):
    """The lease is not, or no longer, the caller's: another has claimed the item, or the item is gone."""


def add(tx: Tx, key: str, due: float | None) -> None:
    """Have ``key`` looked after from ``due`` on (None: once nudged); one that is there already becomes due then."""
    if tx.connection.execute(_DUE, {"at_key": key, "at_due": due, "at_now": tx.now}).rowcount == 0:
        place = None if key.startswith(ANYWHERE) else tx.place
        tx.connection.execute(_ADD, {"key": key, "due": due, "place": place})
    tx.nudged.add(key)


def add_new(tx: Tx, key: str, due: float) -> None:
    """``add`` for a key that is known not to be there."""
    tx.connection.execute(_ADD, {"key": key, "due": due, "place": tx.place})
    tx.nudged.add(key)


def nudge(tx: Tx, key: str) -> None:
    """The same as ``tx.nudge(key)``."""
    tx.nudge(key)


def wait_for(tx: Tx, key: str, topic: str) -> None:
    """Have ``nudge_waiting`` of ``topic`` nudge ``key``: once, however often it was asked for."""
    tx.connection.execute(_WAIT, {"at_key": key, "at_topic": topic})


def nudge_waiting(tx: Tx, topic: str) -> None:
    """Nudge every item that waits for ``topic``, such as ``environment:<fingerprint>``."""
    for row in tx.connection.execute(_WAITED, {"at_topic": topic, "at_now": tx.now}):
        tx.nudged.add(row.key)


def claim(tx: Tx, owner: str, ttl: float, limit: int, key: str | None = None) -> list[Lease]:
    """Take at most ``limit`` items that are due and free, the longest due first; or just ``key``, if it is both."""
    token, until = secrets.token_hex(16), tx.now + ttl
    values = {"at_now": tx.now, "at_owner": owner, "at_token": token, "at_until": until, "at_place": tx.place}
    if key is None:
        rows = tx.connection.execute(_CLAIM, values | {"at_limit": limit}).all()
        rows = sorted(rows, key=lambda row: (row.due, row.key))
    else:
        rows = tx.connection.execute(_CLAIM_ONE, values | {"at_key": key}).all()
    return [Lease(row.key, token, owner, until) for row in rows]


def take(tx: Tx, owner: str, ttl: float, key: str) -> Lease | None:
    """``nudge`` and ``claim`` in one. None where there is no such item, or another holds it and will look again."""
    token, until = secrets.token_hex(16), tx.now + ttl
    values = {"at_now": tx.now, "at_owner": owner, "at_token": token, "at_until": until, "at_place": tx.place}
    if tx.connection.execute(_TAKE, values | {"at_key": key}).one_or_none() is None:
        tx.nudge(key)
        return None
    return Lease(key, token, owner, until)


def renew(tx: Tx, lease: Lease, ttl: float) -> bool:
    """Hold on for ``ttl`` seconds from now; False when the lease is lost."""
    values = {"at_key": lease.key, "at_token": lease.token, "at_until": tx.now + ttl}
    return tx.connection.execute(_RENEW, values).rowcount == 1


def release(tx: Tx, lease: Lease, due: float | None) -> None:
    """Let go; the item is due again at ``due`` (None: once nudged), or now if it was nudged while it was held.

    Letting go of what is no longer held changes nothing.
    """
    values = {"at_key": lease.key, "at_token": lease.token, "at_due": due, "at_now": tx.now}
    found = tx.connection.execute(_RELEASE, values).one_or_none()
    if found is not None and found.due is not None and found.due <= tx.now:
        tx.nudged.add(lease.key)


def remove(tx: Tx, lease: Lease) -> None:
    """The thing needs looking after no more. Raises ``StaleLease``."""
    if tx.connection.execute(_REMOVE, {"at_key": lease.key, "at_token": lease.token}).rowcount == 0:
        raise StaleLease(lease.key)


def check(tx: Tx, lease: Lease) -> None:
    """Raise ``StaleLease`` unless ``lease`` is held: call it before writing what was decided under it."""
    if tx.connection.execute(_HELD, {"at_key": lease.key, "at_token": lease.token}).first() is None:
        raise StaleLease(lease.key)


def hasten(tx: Tx, ttl: float) -> None:
    """Have everything here looked at now, and no lease outlast ``ttl``: for when the times on record mean nothing."""
    tx.connection.execute(_HASTEN, {"at_now": tx.now, "at_until": tx.now + ttl, "at_place": tx.place})


def next_due(tx: Tx) -> float | None:
    """When the next item can be claimed here, which may be in the past; None when all sleep until nudged."""
    due, freed = tx.connection.execute(_NEXT, {"at_place": tx.place}).one()
    return min((at for at in (due, freed) if at is not None), default=None)


def depth(tx: Tx) -> tuple[int, int]:
    """How many items are due and wait to be claimed, and how many there are."""
    waiting, known = tx.connection.execute(_DEPTH, {"at_now": tx.now, "at_place": tx.place}).one()
    return waiting, known


def lead(tx: Tx, name: str, owner: str, ttl: float) -> int | None:
    """Lead ``name`` for ``ttl`` seconds: the epoch, one higher for each new leader; None while another leads."""
    values = {"at_name": name, "at_owner": owner, "at_now": tx.now, "at_until": tx.now + ttl}
    epoch = tx.connection.execute(_LEAD, values).scalar_one_or_none()
    if epoch is None and tx.connection.execute(_LEADER, {"at_name": name}).first() is None:
        tx.connection.execute(_CROWN, {"name": name, "owner": owner, "epoch": 1, "until": values["at_until"]})
        return 1
    return epoch


_NOW = bindparam("at_now", type_=Float())
_UNTIL = bindparam("at_until", type_=Float())
_AT_DUE = bindparam("at_due", type_=Float())
_MINE = and_(work.c.key == bindparam("at_key"), work.c.token == bindparam("at_token"))
HERE = or_(work.c.place.is_(None), work.c.place == bindparam("at_place", type_=String()))
"""Items that this server may look after."""
_FREE = or_(work.c.until.is_(None), work.c.until <= _NOW)
_CLAIMABLE = and_(work.c.due <= _NOW, _FREE, HERE)
_TAKEN: dict[str, Any] = {
    "token": bindparam("at_token"),
    "owner": bindparam("at_owner"),
    "until": _UNTIL,
    "nudged": false(),
}

_ADD = insert(work).values(nudged=false())
_DUE = (
    update(work)
    .where(work.c.key == bindparam("at_key"))
    # Were it only made due, the release of a lease on it would make it due at another time.
    .values(due=_AT_DUE, nudged=or_(work.c.nudged, func.coalesce(_AT_DUE, _NOW + 1) <= _NOW))
)
_WAIT = update(work).where(work.c.key == bindparam("at_key")).values(topic=bindparam("at_topic"))
_WAITED = (
    update(work)
    .where(work.c.topic == bindparam("at_topic"))
    .values(
        topic=null(), nudged=true(), due=case((or_(work.c.due.is_(None), work.c.due > _NOW), _NOW), else_=work.c.due)
    )
    .returning(work.c.key)
)
_CLAIM = (
    update(work)
    # SKIP LOCKED matters where writers overlap; SQLite has one writer and leaves the words out.
    .where(
        work.c.key.in_(
            select(work.c.key)
            .where(_CLAIMABLE)
            .order_by(work.c.due)
            .limit(bindparam("at_limit", type_=Integer()))
            .with_for_update(skip_locked=True)
        )
    )
    .values(_TAKEN)
    .returning(work.c.key, work.c.due)
)
_CLAIM_ONE = update(work).where(work.c.key == bindparam("at_key"), _CLAIMABLE).values(_TAKEN).returning(work.c.key)
_TAKE = update(work).where(work.c.key == bindparam("at_key"), _FREE, HERE).values(_TAKEN).returning(work.c.key)
_RENEW = update(work).where(_MINE).values(until=_UNTIL)
_RELEASE = (
    update(work)
    .where(_MINE)
    .values(
        token=null(),
        owner=null(),
        until=null(),
        due=case((work.c.nudged, _NOW), else_=_AT_DUE),
        nudged=false(),
    )
    .returning(work.c.due)
)
_HASTEN = (
    update(work)
    .where(HERE)
    .values(
        due=case((work.c.due > _NOW, _NOW), else_=work.c.due),
        until=case((work.c.until > _UNTIL, _UNTIL), else_=work.c.until),
    )
)
_REMOVE = delete(work).where(_MINE)
_HELD = select(true()).where(select(work.c.key).where(_MINE).exists())
_DEPTH = select(
    select(func.count()).select_from(work).where(_CLAIMABLE).scalar_subquery(),
    select(func.count()).select_from(work).scalar_subquery(),
)
_NEXT = select(
    select(func.min(work.c.due)).where(work.c.until.is_(None), HERE).scalar_subquery(),
    select(func.min(work.c.until)).where(HERE).scalar_subquery(),
)
_SAME = leaders.c.owner == bindparam("at_owner")
_LEAD = (
    update(leaders)
    .where(leaders.c.name == bindparam("at_name"), or_(_SAME, leaders.c.until <= _NOW))
    .values(
        # A leader that overslept and comes back first is still the leader: nobody led in between.
        epoch=case((_SAME, leaders.c.epoch), else_=leaders.c.epoch + 1),
        owner=bindparam("at_owner"),
        until=_UNTIL,
    )
    .returning(leaders.c.epoch)
)
_LEADER = select(leaders.c.name).where(leaders.c.name == bindparam("at_name"))
_CROWN = insert(leaders)
