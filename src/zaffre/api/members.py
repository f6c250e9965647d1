"""What a personal token stands for, looked up at every request: a revoked one opens nothing from that moment on.

A token never has more rights than the person it belongs to, so a smaller role holds for the tokens made before it too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from zaffre.api.auth import Principal, Role, person
from zaffre.core.errors import Unauthenticated
from zaffre.core.events import Event, EventType
from zaffre.core.ports import Clock
from zaffre.store import Store, Tx, people
from zaffre.store.people import Person, Token

MARK = "zaffre_"
"""What every personal token begins with: it is told apart from others, and found where it should not be."""
EVERYWHERE = ""
FIRST = "owner"
"""Whose the token of the home is; nobody else has that name."""
_NOTED_SECONDS = 60.0
_MOST_NOTED = 1000
_ORDER = tuple(Role)


class Members:
    """People by the tokens they show."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._noted: dict[tuple[str, ...], float] = {}

    async def shown(self, secret: str) -> Principal:
        """Whoever shows this; raises ``Unauthenticated`` where it is no token, or not one any more."""
        return await self._who(lambda tx: people.shown(tx, digest(secret)))

    async def named(self, token: str) -> Principal:
        """Whoever a token of this name stands for, as long as it does."""
        return await self._who(lambda tx: people.named(tx, token))

    async def denied(self, who: Principal, method: str, path: str, status: int) -> None:
        """Note in the audit log what somebody may not do: once a minute for the same, so that none can fill the disk."""
        data = {"method": method, "path": path[:200], "status": status, "token": who.token}
        if who.run is None and self._is_new(who.subject, method, path):
            told = Event(EventType.REQUEST_DENIED, EVERYWHERE, "request", who.subject, data)
            await self._store.write(lambda tx: tx.emit(told))

    async def entered(self, who: Principal) -> None:
        """Note in the audit log that somebody logged a browser in."""
        told = Event(EventType.LOGGED_IN, EVERYWHERE, who.subject.replace(":", "/"), who.subject, {"token": who.token})
        await self._store.write(lambda tx: tx.emit(told))

    async def _who(self, find: Callable[[Tx], Token | None]) -> Principal:
        def read(tx: Tx) -> tuple[Token | None, Person | None]:
            token = find(tx)
            return token, holder(tx, token.person) if token is not None else None

        token, who = await self._store.read(read)
        if token is None:
            raise Unauthenticated("That is no token of this installation.")
        if token.revoked_at is not None or who is None:
            raise Unauthenticated(f"The token {token.name!r} was revoked.")
        if token.expires_at <= self._clock.now():
            raise Unauthenticated(
                f"The token {token.name!r} has expired; an owner makes another (zaffre token create)."
            )
        if self._is_new("used", token.name):
            name = token.name
            await self._store.write(lambda tx: people.used(tx, name))
        role = min(Role(token.role), Role(who.role), key=_ORDER.index)
        return person(who.name, role, token.workspace or who.workspace or None, token.name)

    def _is_new(self, *what: str) -> bool:
        """Whether this was not noted within the last minute."""
        now = self._clock.now()
        if now - self._noted.get(what, 0.0) < _NOTED_SECONDS:
            return False
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted[what] = now
        return True


def holder(tx: Tx, name: str) -> Person | None:
    """Whose a token is; the owner of the home is always there."""
    return Person(FIRST, Role.OWNER.value, EVERYWHERE) if name == FIRST else people.get(tx, name)


def digest(secret: str) -> str:
    """What is kept of a token: it is too long to be guessed, so a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
