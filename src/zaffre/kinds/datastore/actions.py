"""What only datastores have: their secrets, told to who may know them, and a look whether they open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.native import PREFIX, document
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control.remote import Remote
from zaffre.control.sealed import Sealed
from zaffre.core.errors import NotFound, ZaffreError
from zaffre.core.events import Event, EventType
from zaffre.core.plain import mapping_of
from zaffre.core.refs import Scope
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.kinds.datastore.rules import DEFAULTS
from zaffre.staging.datastores import Spot
from zaffre.store import Store, Tx, resources

_ITEM = PREFIX + "/workspaces/{ws}/datastores/{name}"
_ARM = (
    "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
    "/datastores/{name}"
)
_UNKEPT = {"cache-control": "no-store"}


Here = Callable[[Call, str, str], Awaitable[dict[str, str] | None]]
"""(request, workspace, datastore) → what opens the blob service for one that lies on this machine; None for any other."""


async def _nowhere(call: Call, workspace: str, name: str) -> dict[str, str] | None:
    del call, workspace, name
    return None


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, store: Store, operations: Operations, sealed: Sealed, remote: Remote) -> None:
        self.here: Here = _nowhere
        self._store = store
        self._operations = operations
        self._sealed = sealed
        self._remote = remote
        self._kind = kinds()["datastore"]

    def routes(self) -> list[Route]:
        """Secrets in both spellings, and the check."""
        secrets, tag = Permission.SECRETS, "datastore"
        return [
            Route("POST", _ITEM + "/secrets", secrets, self._whole, "Show a datastore with its secrets", tag=tag),
            Route("POST", _ITEM + "/check", Permission.WRITE, self._check, "Try to open a datastore", tag=tag),
            Route("POST", _ARM + "/listSecrets", secrets, self._listed, "ARM listSecrets", tag="arm"),
            Route("POST", _ARM + "/listsecrets", secrets, self._listed, "ARM listSecrets, folded", tag="arm"),
        ]

    def arm_verbs(self) -> list[Verb]:
        """``listSecrets`` in any case of its letters."""
        return [verb("POST", _ARM.partition("{sub}")[2] + "/listSecrets", self._listed, Permission.SECRETS)]

    async def _whole(self, call: Call) -> Response:
        spec = await self._opened(call)
        view = await self._operations.get(Target(self._kind, call.path("ws").lower(), call.path("name")))
        return reply({**document(view, self._kind), "spec": spec}, headers=_UNKEPT)

    async def _listed(self, call: Call) -> Response:
        place = Scope(call.path("sub"), call.path("group"), call.path("ws").lower())
        spec = self._kind.model().from_stored(await self._opened(call))
        own = await self.here(call, place.workspace, call.path("name"))
        if own is not None:
            return reply(own, headers=_UNKEPT)
        credentials = mapping_of(mapping_of(spec.to_arm(place).get("properties")).get("credentials"))
        secrets = credentials.get("secrets")
        if not secrets:
            raise NotFound(f"Datastore {call.path('name')!r} has no secrets.", target=call.path("name"))
        return reply(secrets, headers=_UNKEPT)

    async def _opened(self, call: Call) -> dict[str, Any]:
        """The document with its secrets; that they were read is an event."""
        key = self._key(call)

        def read(tx: Tx) -> dict[str, Any]:
            found = self._sealed.whole(tx, key)
            tx.emit(Event(EventType.SECRET_READ, key.workspace, key.path, call.actor))
            return found

        return await self._store.write(read)

    async def _check(self, call: Call) -> Response:
        """``{accessible, message, files}``: the first files it has, or why it does not open."""
        key = self._key(call)
        try:
            spot = await self._store.read(lambda tx: self._spot(tx, resources.require(tx, key)))
            if spot is None:
                return reply({"accessible": True, "message": "It is a folder of the server's machine.", "files": []})
            told = await self._remote.probe(spot)
        except NotFound:
            raise
        except ZaffreError as error:
            return reply({"accessible": False, "message": error.message, "files": []})
        files = [{"path": path, "size": size} for path, size in told.items]
        return reply({"accessible": told.ok, "message": told.message or "It opens.", "files": files})

    def _spot(self, tx: Tx, found: Resource) -> Spot | None:
        here = found.spec.get("root") or found.key.name in DEFAULTS
        return None if here else self._remote.spot(tx, found)

    def _key(self, call: Call) -> Key:
        return Key(call.path("ws").lower(), self._kind.name, call.path("name"))
