"""Who may do what: people with their roles, their personal tokens, who one is oneself, and what people did.

Deny by default: all but ``/me`` is for owners. A token is shown once, in the answer that makes it.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import OWNER, Permission, Principal, Role
from zaffre.api.members import EVERYWHERE, FIRST, MARK, digest, holder
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Forbidden, Invalid, NotFound, Problem
from zaffre.core.events import Event, EventType
from zaffre.core.resource import Key
from zaffre.core.times import iso
from zaffre.store import Store, Tx, people, resources
from zaffre.store import events as happened
from zaffre.store.events import Deeds
from zaffre.store.people import Person, Token

_TAG = "people"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
_SECRET_BYTES = 32
_DAY = 86400.0
_DAYS = 90
_MOST_DAYS = 365
_MOST = 200
_UNKEPT = {"cache-control": "no-store"}


class People:
    """The routes of Settings that say who may do what."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Who one is, and for owners people, tokens and the audit log."""
        owner, person, token = Permission.MANAGE, "/api/v1/people/{name}", "/api/v1/tokens"
        told = "Show who one is, and what one may do"
        return [
            Route("GET", "/api/v1/me", Permission.READ, self._me, told, tag=_TAG, asks_again=True),
            Route("GET", "/api/v1/people", owner, self._people, "List people and their roles", tag=_TAG),
            Route("PUT", person, owner, self._put, "Give somebody a role", tag=_TAG),
            Route("DELETE", person, owner, self._remove, "Take a role away", tag=_TAG, success=204),
            Route("GET", token, owner, self._tokens, "List tokens", tag=_TAG),
            Route("POST", token, owner, self._issue, "Make a token, shown this once", tag=_TAG, success=201),
            Route("DELETE", token + "/{name}", owner, self._revoke, "Revoke a token", tag=_TAG, success=204),
            Route("GET", "/api/v1/audit", owner, self._audit, "List what people did, or were refused", tag=_TAG),
        ]

    async def _me(self, call: Call) -> Response:
        return reply(_said_of(call.principal))

    async def _people(self, call: Call) -> Response:
        del call
        first = Person(FIRST, Role.OWNER.value, EVERYWHERE)
        found = await self._store.read(people.every)
        return reply({"value": [_person(one) for one in (first, *found)]})

    async def _put(self, call: Call) -> Response:
        """``{"role", "workspace"}``; no workspace is all of them."""
        name, body = _name(call.path("name"), "name"), await call.object()
        _refuse_first(name)
        person = Person(name, _role(body).value, str(body.get("workspace") or EVERYWHERE).lower())

        def write(tx: Tx) -> tuple[Person, bool]:
            _require_workspace(tx, person.workspace)
            is_new = people.put(tx, person, call.actor)
            data = {"role": person.role, "workspace": person.workspace}
            tx.emit(Event(EventType.PERSON_CHANGED, EVERYWHERE, f"person/{name}", call.actor, data))
            return people.get(tx, name) or person, is_new

        kept, is_new = await self._store.write(write)
        return reply(_person(kept), 201 if is_new else 200)

    async def _remove(self, call: Call) -> Response:
        name = call.path("name")
        _refuse_first(name)

        def write(tx: Tx) -> None:
            revoked = people.remove(tx, name)
            tx.emit(Event(EventType.PERSON_REMOVED, EVERYWHERE, f"person/{name}", call.actor, {"tokens": revoked}))

        await self._store.write(write)
        return Response(status_code=204)

    async def _tokens(self, call: Call) -> Response:
        del call
        return reply({"value": [_token(one) for one in await self._store.read(people.issued)]})

    async def _issue(self, call: Call) -> Response:
        """``{"name", "person", "role", "workspace", "days"}``: the owner's where nobody is named, with their own role."""
        body = await call.object()
        name, of = _name(str(body.get("name") or ""), "name"), str(body.get("person") or FIRST)
        days = _days(body.get("days", _DAYS))
        secret = MARK + secrets.token_urlsafe(_SECRET_BYTES)

        def write(tx: Tx) -> Token:
            who = holder(tx, of)
            if who is None:
                told = f"{of!r} has no role yet: zaffre person set -n {of} --role contributor"
                raise Invalid([Problem(told, field="person")])
            role = _role(body) if body.get("role") else Role(who.role)
            workspace = str(body.get("workspace") or who.workspace).lower()
            _require_workspace(tx, workspace)
            _require_within(who, role, workspace)
            wanted = Token(name, of, role.value, workspace, tx.now + days * _DAY)
            data = {"person": of, "role": role.value, "workspace": workspace, "expires_at": iso(wanted.expires_at)}
            tx.emit(Event(EventType.TOKEN_MADE, EVERYWHERE, f"token/{name}", call.actor, data))
            return people.issue(tx, wanted, digest(secret), call.actor)

        made = await self._store.write(write)
        return reply({**_token(made), "token": secret}, 201, headers=_UNKEPT)

    async def _revoke(self, call: Call) -> Response:
        name = call.path("name")

        def write(tx: Tx) -> None:
            found = people.revoke(tx, name)
            data = {"person": found.person}
            tx.emit(Event(EventType.TOKEN_REVOKED, EVERYWHERE, f"token/{name}", call.actor, data))

        await self._store.write(write)
        return Response(status_code=204)

    async def _audit(self, call: Call) -> Response:
        """The newest first; ``before`` is the number of the last one seen."""
        top = call.number("top", 50, least=1, most=_MOST)
        type_ = call.query("type")
        if type_ and type_ not in set(EventType):
            raise Invalid([Problem(f"expected the name of an event, found {type_!r}", field="type")])
        types = (EventType(type_),) if type_ else ()
        wanted = Deeds(call.number("before", 0), call.query("actor"), call.query("workspace").lower(), types)
        found = await self._store.read(lambda tx: happened.deeds(tx, wanted, top + 1))
        answer: dict[str, Any] = {"value": [_deed(event) for event in found[:top]]}
        if len(found) > top:
            answer["next"] = str(call.request.url.include_query_params(before=found[top - 1].seq))
        return reply(answer)


def _said_of(who: Principal) -> dict[str, Any]:
    return {
        "name": who.subject.partition(":")[2],
        "subject": who.subject,
        "role": who.role.value if who.role else None,
        "workspace": who.workspace,
        "token": who.token or None,
        "is_first": who == OWNER,
        "permissions": sorted(permission.value for permission in who.permissions),
        "only_reads": who.only_reads,
    }


def _person(one: Person) -> dict[str, Any]:
    is_first = one.name == FIRST
    return {
        "name": one.name,
        "role": one.role,
        "workspace": one.workspace or None,
        "is_first": is_first,
        "created_at": None if is_first else iso(one.created_at),
        "created_by": one.created_by or None,
    }


def _token(one: Token) -> dict[str, Any]:
    return {
        "name": one.name,
        "person": one.person,
        "role": one.role,
        "workspace": one.workspace or None,
        "created_at": iso(one.created_at),
        "created_by": one.created_by,
        "expires_at": iso(one.expires_at),
        "last_used_at": iso(one.used_at) if one.used_at else None,
        "revoked_at": iso(one.revoked_at) if one.revoked_at else None,
    }


def _deed(event: Event) -> dict[str, Any]:
    told = {"seq": event.seq, "at": iso(event.at), "type": event.type.value, "workspace": event.workspace or None}
    return {**told, "subject": event.subject, "actor": event.actor, "data": event.data}


def _name(said: str, field: str) -> str:
    if not _NAME.fullmatch(said):
        told = f"expected 1 to 100 letters, digits, dots, dashes, underscores and @, found {said!r}"
        raise Invalid([Problem(told, field=field)])
    return said


def _role(body: dict[str, Any]) -> Role:
    said = body.get("role")
    if said not in set(Role):
        raise Invalid([Problem(f"expected one of {', '.join(Role)}, found {said!r}", field="role")])
    return Role(said)


def _days(said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 1 <= said <= _MOST_DAYS:
        raise Invalid(
            [Problem(f"expected a whole number of days from 1 to {_MOST_DAYS}, found {said!r}", field="days")]
        )
    return said


def _refuse_first(name: str) -> None:
    if name == FIRST:
        raise Forbidden("The owner of this installation, who has its token, stays what they are.", target=name)


def _require_workspace(tx: Tx, workspace: str) -> None:
    if workspace and resources.get(tx, Key("", "workspace", workspace)) is None:
        raise NotFound(f"There is no workspace {workspace!r}.", target=workspace)


def _require_within(who: Person, role: Role, workspace: str) -> None:
    """A token has at most what its person has."""
    order = tuple(Role)
    if order.index(role) > order.index(Role(who.role)):
        raise Invalid([Problem(f"{who.name} is a {who.role}; a token of theirs has at most that role", field="role")])
    if who.workspace and workspace != who.workspace:
        told = f"{who.name} has a role in workspace {who.workspace!r} only"
        raise Invalid([Problem(told, field="workspace")])
