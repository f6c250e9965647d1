"""Requests that may come twice: the answer given to an Idempotency-Key, kept with the change it tells of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from zaffre.core.errors import Conflict
from zaffre.store.tables import repeats
from zaffre.store.transaction import Tx


def recall(tx: Tx, scope: str, key: str, asked: str) -> dict[str, Any] | None:
    """The answer given before, or None the first time.

    ``scope`` is whose key it is (caller and route), ``asked`` a hash of the request: a key that comes with another
    request is a mistake of the client, and answered with ``Conflict``.
    """
    row = tx.connection.execute(_GET, {"at_scope": scope, "at_key": key}).one_or_none()
    if row is None:
        return None
    if row.asked != asked:
        raise Conflict(
            "this Idempotency-Key came with another request before; use a new key for a new request",
            target="Idempotency-Key",
        )
    return row.answer


def remember(tx: Tx, scope: str, key: str, asked: str, answer: dict[str, Any]) -> None:
    """Keep ``answer``; in the transaction that makes it true."""
    row = {"scope": scope, "key": key, "asked": asked, "answer": answer, "created_at": tx.now}
    tx.connection.execute(_ADD, row)


def forget(tx: Tx, before: float) -> int:
    """Drop answers given before that moment; how many there were."""
    return tx.connection.execute(_FORGET, {"at_before": before}).rowcount


_GET = select(repeats.c.asked, repeats.c.answer).where(
    repeats.c.scope == bindparam("at_scope"), repeats.c.key == bindparam("at_key")
)
_ADD = insert(repeats)
_FORGET = delete(repeats).where(repeats.c.created_at < bindparam("at_before"))
