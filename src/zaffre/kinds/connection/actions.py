"""What only connections have: their secrets, told to who may know them."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.native import PREFIX, document
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control.sealed import Sealed
from zaffre.core.errors import NotFound
from zaffre.core.refs import Scope
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.store import Store, runs

_ITEM = PREFIX + "/workspaces/{ws}/connections/{name}"
_ARM = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}"


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, store: Store, operations: Operations, sealed: Sealed) -> None:
        self._store = store
        self._operations = operations
        self._sealed = sealed
        self._kind = kinds()["connection"]

    def routes(self) -> list[Route]:
        """A connection whole, in both spellings, and a job's way to those it was granted."""
        job = PREFIX + "/workspaces/{ws}/jobs/{name}/secrets"
        own, secrets, tag = Permission.OWN_RUN, Permission.SECRETS, "connection"
        return [
            Route("POST", _ITEM + "/secrets", secrets, self._whole, "Show a connection with its secrets", tag=tag),
            Route(
                "POST", _ARM + "/connections/{name}/listsecrets", secrets, self._listed, "ARM listsecrets", tag="arm"
            ),
            Route(
                "POST", _ARM + "/connections/{name}/listSecrets", secrets, self._listed, "ARM listSecrets", tag="arm"
            ),
            Route("GET", job, own, self._granted, "List the secrets a job was granted", tag="job"),
            Route("GET", job + "/{key}", own, self._secret, "Read a secret that a job was granted", tag="job"),
        ]

    async def _whole(self, call: Call) -> Response:
        spec = await self._opened(call.path("ws").lower(), call.path("name"))
        view = await self._operations.get(Target(self._kind, call.path("ws").lower(), call.path("name")))
        return reply({**document(view, self._kind), "spec": spec}, headers=_UNKEPT)

    async def _listed(self, call: Call) -> Response:
        ws, name = call.path("ws").lower(), call.path("name")
        place = Scope(call.path("sub"), call.path("group"), ws)
        spec = self._kind.model().from_stored(await self._opened(ws, name))
        address = f"{place.id}/connections/{name}"
        body = {"id": address, "name": name, "type": "Microsoft.MachineLearningServices/workspaces/connections"}
        return reply({**spec.to_arm(place), **body}, headers=_UNKEPT)

    async def _granted(self, call: Call) -> Response:
        return reply({"value": sorted(await self._grants(call))})

    async def _secret(self, call: Call) -> Response:
        """To the job itself, and to whoever may read secrets anyway: a reader of jobs is neither."""
        key, grants = call.path("key"), await self._grants(call)
        if call.principal.run != call.path("name"):
            call.principal.require(Permission.SECRETS, call.path("ws").lower())
        if key not in grants:
            granted = ", ".join(sorted(grants)) or "none"
            told = (
                f"Job {call.path('name')!r} was granted no secret {key!r}; granted: {granted}. Name it under secrets."
            )
            raise NotFound(told, target=key)
        spec = await self._opened(call.path("ws").lower(), grants[key])
        return reply({**spec, "name": key, "connection": grants[key]}, headers=_UNKEPT)

    async def _grants(self, call: Call) -> dict[str, str]:
        name = call.path("name")
        run = await self._store.read(lambda tx: runs.get(tx, name))
        if run is None or run.workspace != call.path("ws").lower():
            raise NotFound(f"There is no job named {name!r} in workspace {call.path('ws')}.", target=name)
        found: dict[str, str] = run.facts.get("secrets") or {}
        return found

    async def _opened(self, workspace: str, name: str) -> dict[str, Any]:
        key = Key(workspace, self._kind.name, name)
        return await self._store.read(lambda tx: self._sealed.whole(tx, key))


_UNKEPT = {"cache-control": "no-store"}
