"""Azure Monitor's autoscale settings, for deployments: what ``az monitor autoscale`` writes and reads.

On Azure they are resources of their own, which an update of the deployment leaves alone. So they are kept beside the
deployment's specification, and hold where that names no scale settings of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, reply
from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.core.plain import is_dict, is_list
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.kinds.online import rules
from zaffre.store import Store, Tx, leases, resources

_GROUP = "/resourceGroups/{group}/providers/Microsoft.Insights/autoscaleSettings"
_ITEM = _GROUP + "/{setting}"
_TYPE = "Microsoft.Insights/autoscaleSettings"
_MOST = 1000


class Autoscaling:
    """The routes of autoscale settings, in ARM's spelling only: they are Azure's."""

    def __init__(self, store: Store, operations: Operations) -> None:
        self._store = store
        self._operations = operations

    def arm_verbs(self) -> list[Verb]:
        """As Azure Monitor's clients ask."""
        return [
            verb("PUT", _ITEM, self._put, Permission.WRITE),
            verb("GET", _ITEM, self._get, Permission.READ),
            verb("DELETE", _ITEM, self._delete, Permission.WRITE),
            verb("GET", _GROUP, self._list, Permission.READ),
        ]

    async def _put(self, call: Call) -> Response:
        body = await call.object()
        said = body.get("properties")
        properties: dict[str, Any] = said if is_dict(said) else {}
        key = _target(str(properties.get("targetResourceUri") or ""))
        if not is_list(properties.get("profiles")):
            raise Invalid([Problem("required: a list of profiles, but missing", field="properties.profiles")])
        call.principal.require(Permission.WRITE, key.workspace)
        name = call.path("setting")
        kept = {"name": name, "location": str(body.get("location") or "local"), "tags": body.get("tags") or {},
                "properties": {"enabled": True, **properties, "name": name}}  # fmt: skip
        found = await self._store.write(lambda tx: self._keep(tx, key, kept, call.actor))
        return reply(_shown(call, found))

    async def _get(self, call: Call) -> Response:
        return reply(_shown(call, await self._find(call)))

    async def _delete(self, call: Call) -> Response:
        found = await self._find(call)
        call.principal.require(Permission.WRITE, found.key.workspace)
        await self._store.write(lambda tx: self._keep(tx, found.key, None, call.actor))
        return Response(status_code=200)

    async def _list(self, call: Call) -> Response:
        found = await self._store.read(_all)
        return reply({"value": [_shown(call, one) for one in found]})

    async def _find(self, call: Call) -> Resource:
        name = call.path("setting").lower()
        for one in await self._store.read(_all):
            if one.state["autoscale"]["name"].lower() == name:
                return one
        raise NotFound(f"There is no autoscale setting {call.path('setting')!r}.", target=call.path("setting"))

    def _keep(self, tx: Tx, key: Key, kept: dict[str, Any] | None, actor: str) -> Resource:
        """With the settings, what they make of the deployment: both or neither."""
        resources.require(tx, key)
        found = resources.set_state(tx, key, {"autoscale": kept})
        kind = kinds()[rules.DEPLOYMENT]
        draft = Draft(key, kind.model().from_stored(found.spec), found, actor, tx.now)
        prepared = self._operations.prepare(tx, Target(kind, key.workspace, key.name, key.parent), draft)
        for work in prepared.work:
            leases.add(tx, work, tx.now)
        return resources.set_state(tx, key, prepared.state)


def _all(tx: Tx) -> list[Resource]:
    """Every deployment that has such settings."""
    return [one for one in _deployments(tx) if one.state.get("autoscale")]


def _deployments(tx: Tx) -> list[Resource]:
    places = resources.list(tx, resources.Query("", "workspace", view="all", top=_MOST))
    endpoints = [
        one
        for place in places
        for one in resources.list(tx, resources.Query(place.key.name, rules.ENDPOINT, view="all", top=_MOST))
    ]
    queries = [
        resources.Query(one.key.workspace, rules.DEPLOYMENT, one.key.name, view="all", top=_MOST) for one in endpoints
    ]
    return [found for query in queries for found in resources.list(tx, query)]


def _target(uri: str) -> Key:
    """The deployment that settings are for."""
    parts = uri.strip("/").split("/")
    named = dict(zip((part.lower() for part in parts[::2]), parts[1::2], strict=False))
    try:
        endpoint = named.get("onlineendpoints") or named["online-endpoints"]
        return Key(named["workspaces"].lower(), rules.DEPLOYMENT, named["deployments"], endpoint)
    except KeyError:
        told = f"expected the id of an online deployment (…/onlineEndpoints/E/deployments/D), found {uri!r}"
        raise Invalid([Problem(told, field="properties.targetResourceUri")]) from None


def _shown(call: Call, found: Resource) -> dict[str, Any]:
    kept: Mapping[str, Any] = found.state["autoscale"]
    place = f"/subscriptions/{call.path('sub')}/resourceGroups/{call.path('group')}/providers/{_TYPE}"
    return {**kept, "id": f"{place}/{kept['name']}", "type": _TYPE}
