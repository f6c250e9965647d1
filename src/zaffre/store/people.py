"""Who has a role, and the tokens that prove it.

A token is kept as what it hashes to. A row is never deleted: a revoked token stays listed with when it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy import delete as deleting

from zaffre.core.errors import Conflict, NotFound
from zaffre.store.tables import people, tokens
from zaffre.store.transaction import Found, Tx


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role."""

    name: str
    role: str
    workspace: str
    """The only one they may touch; empty for all."""
    created_at: float = 0.0
    created_by: str = ""
    modified_at: float = 0.0
    modified_by: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token."""

    name: str
    person: str
    role: str
    workspace: str
    expires_at: float
    created_at: float = 0.0
    created_by: str = ""
    used_at: float | None = None
    revoked_at: float | None = None


def every(tx: Tx) -> list[Person]:
    """Everybody, by name."""
    return [Person(*row) for row in tx.connection.execute(select(people).order_by(people.c.name))]


def get(tx: Tx, name: str) -> Person | None:
    """Somebody, or None."""
    row = tx.connection.execute(_PERSON, {"at_name": name}).one_or_none()
    return Person(*row) if row is not None else None


def put(tx: Tx, person: Person, actor: str) -> bool:
    """Give somebody their role, in place of the one they had; whether they are new."""
    said = {"role": person.role, "workspace": person.workspace, "modified_at": tx.now, "modified_by": actor}
    if tx.connection.execute(_CHANGE_PERSON, {"at_name": person.name} | said).rowcount:
        return False
    tx.connection.execute(_ADD_PERSON, {"name": person.name, "created_at": tx.now, "created_by": actor} | said)
    return True


def remove(tx: Tx, name: str) -> list[str]:
    """Take somebody's role away and revoke what tokens they have; the names of those."""
    if tx.connection.execute(_REMOVE_PERSON, {"at_name": name}).rowcount == 0:
        raise NotFound(f"There is nobody named {name!r}.", target=name)
    open_ = [token.name for token in issued(tx) if token.person == name and token.revoked_at is None]
    for token in open_:
        revoke(tx, token)
    return open_


def issued(tx: Tx) -> list[Token]:
    """Every token, the newest first."""
    return [_token(row) for row in tx.connection.execute(_TOKENS.order_by(tokens.c.created_at.desc(), tokens.c.name))]


def issue(tx: Tx, token: Token, digest: str, actor: str) -> Token:
    """Keep a new token by what it hashes to."""
    if named(tx, token.name) is not None:
        raise Conflict(f"There is a token named {token.name!r} already; revoked ones keep theirs.", target=token.name)
    row = {
        "name": token.name,
        "digest": digest,
        "person": token.person,
        "role": token.role,
        "workspace": token.workspace,
        "created_at": tx.now,
        "created_by": actor,
        "expires_at": token.expires_at,
    }
    tx.connection.execute(_ADD_TOKEN, row)
    found = named(tx, token.name)
    assert found is not None  # written just now
    return found


def named(tx: Tx, name: str) -> Token | None:
    """A token by its name."""
    row = tx.connection.execute(_NAMED, {"at_name": name}).one_or_none()
    return _token(row) if row is not None else None


def shown(tx: Tx, digest: str) -> Token | None:
    """The token that hashes to this."""
    row = tx.connection.execute(_SHOWN, {"at_digest": digest}).one_or_none()
    return _token(row) if row is not None else None


def used(tx: Tx, name: str) -> None:
    """Note that a token was used."""
    tx.connection.execute(_USE, {"at_name": name, "used_at": tx.now})


def revoke(tx: Tx, name: str) -> Token:
    """Have a token open nothing from now on; once is enough."""
    tx.connection.execute(_REVOKE, {"at_name": name, "revoked_at": tx.now})
    found = named(tx, name)
    if found is None:
        raise NotFound(f"There is no token named {name!r}.", target=name)
    return found


def _token(row: Found) -> Token:
    return Token(*row)


_TOKENS = select(
    tokens.c.name,
    tokens.c.person,
    tokens.c.role,
    tokens.c.workspace,
    tokens.c.expires_at,
    tokens.c.created_at,
    tokens.c.created_by,
    tokens.c.used_at,
    tokens.c.revoked_at,
)
_NAMED = _TOKENS.where(tokens.c.name == bindparam("at_name"))
_SHOWN = _TOKENS.where(tokens.c.digest == bindparam("at_digest"))
_ADD_TOKEN = insert(tokens)
_USE = update(tokens).where(tokens.c.name == bindparam("at_name")).values(used_at=bindparam("used_at"))
_REVOKE = (
    update(tokens)
    .where(tokens.c.name == bindparam("at_name"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("revoked_at"))
)
_PERSON = select(people).where(people.c.name == bindparam("at_name"))
_ADD_PERSON = insert(people)
_CHANGE_PERSON = update(people).where(people.c.name == bindparam("at_name"))
_REMOVE_PERSON = deleting(people).where(people.c.name == bindparam("at_name"))
