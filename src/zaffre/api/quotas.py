"""How many nodes workspaces may have at once: what is set, what is in use, and setting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.control.admission import Admission
from zaffre.core.errors import Invalid, Problem
from zaffre.core.events import Event, EventType
from zaffre.core.resource import Key
from zaffre.store import Store, Tx, quotas, resources
from zaffre.store import queues as lines

_TAG = "quotas"
_MOST_NODES = 1_000_000
_MOST_WORKSPACES = 1000


class Quotas:
    """Three routes, for owners."""

    def __init__(self, store: Store, admission: Admission) -> None:
        self._store = store
        self._admission = admission

    def routes(self) -> list[Route]:
        """Of every workspace, and one workspace's."""
        owner, one = Permission.MANAGE, "/api/v1/quotas/{name}"
        return [
            Route("GET", "/api/v1/quotas", owner, self._list, "List the workspaces' quotas and their use", tag=_TAG),
            Route("PUT", one, owner, self._put, "Set a workspace's quota", tag=_TAG),
            Route("DELETE", one, owner, self._clear, "Have a workspace go by the settings again", tag=_TAG),
        ]

    async def _list(self, call: Call) -> Response:
        del call

        def read(tx: Tx) -> list[dict[str, Any]]:
            every = resources.list(tx, resources.Query("", "workspace", top=_MOST_WORKSPACES))
            return [self._said(tx, workspace.key.name) for workspace in every]

        return reply({"value": await self._store.read(read)})

    async def _put(self, call: Call) -> Response:
        """``{"nodes": 4}``; null for any number."""
        nodes = _nodes(await call.object())

        def put(tx: Tx, name: str) -> None:
            quotas.put(tx, name, nodes, call.actor)

        return await self._changed(call, put, nodes, is_set=True)

    async def _clear(self, call: Call) -> Response:
        return await self._changed(call, quotas.clear, None, is_set=False)

    async def _changed(
        self, call: Call, change: Callable[[Tx, str], object], nodes: int | None, *, is_set: bool
    ) -> Response:
        """Write it down, then start whoever may start now."""
        name = call.path("name").lower()

        def write(tx: Tx) -> None:
            resources.require(tx, Key("", "workspace", name))
            change(tx, name)
            data = {"nodes": nodes, "is_set": is_set}
            tx.emit(Event(EventType.QUOTA_CHANGED, "", f"quota/{name}", call.actor, data))

        def call_up(tx: Tx) -> dict[str, Any]:
            self._admission.rooms.load(tx)
            for line in self._admission.rooms.lines(tx, name):
                self._admission.call_up(tx, name, line)
            return self._said(tx, name)

        await self._store.write(write)
        return reply(await self._store.write(call_up))

    def _said(self, tx: Tx, workspace: str) -> dict[str, Any]:
        rooms = self._admission.rooms
        return {
            "workspace": workspace,
            "nodes": rooms.quota(workspace),
            "in_use": lines.occupied_by(tx, workspace, rooms.lines(tx, workspace)),
            "is_set": rooms.is_set(workspace),
            "settings_say": rooms.told(workspace),
        }


def _nodes(body: dict[str, Any]) -> int | None:
    said = body.get("nodes", "")
    if said is None:
        return None
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= _MOST_NODES:
        told = f"expected a whole number of nodes from 0 to {_MOST_NODES}, or null for any number, found {said!r}"
        raise Invalid([Problem(told, field="nodes")])
    return said
