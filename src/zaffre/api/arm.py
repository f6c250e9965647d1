"""Azure Resource Manager's spelling of the same routes: case-folded paths, its envelope, its body, its list views.

Nothing is decided here; ``api.operations`` is called with the same target and the same model as by the native routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Page, Target, View
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import NotBuilt
from zaffre.core.refs import PROVIDER, Scope
from zaffre.core.registry import Kind
from zaffre.core.times import iso

_VIEWS = {"activeonly": "active", "archivedonly": "archived", "all": "all"}
_SHAPE = re.compile(
    r"/subscriptions/(?P<sub>[^/]+)/resourcegroups/(?P<group>[^/]+)/providers/microsoft\.machinelearningservices"
    r"/workspaces(?:/(?P<ws>[^/]+)(?P<rest>/.*)?)?$",
    re.IGNORECASE,
)


class Arm:
    """Serves everything below ``/subscriptions/``."""

    def __init__(self, operations: Operations, kinds: Iterable[Kind]) -> None:
        self._operations = operations
        self._kinds = {kind.name: kind for kind in kinds}
        self._by_segment = {(kind.arm.lower(), bool(kind.parent)): kind for kind in self._kinds.values()}

    def routes(self) -> list[Route]:
        """One catch-all a method: the path is folded before it is understood, as Azure does."""
        permissions = {"GET": Permission.READ, "PUT": Permission.WRITE, "DELETE": Permission.DELETE}
        return [
            Route(method, "/subscriptions/{rest:path}", permission, self._serve, f"ARM {method}", tag="arm")
            for method, permission in permissions.items()
        ]

    async def _serve(self, call: Call) -> Response:
        found = _SHAPE.fullmatch(call.request.url.path.rstrip("/"))
        if found is None:
            raise NotBuilt(f"Zaffre does not have the operation {call.request.method} {call.request.url.path}.")
        place = Scope(found["sub"], found["group"], (found["ws"] or "").lower())
        target, listing = self._understand(call, found["ws"] or "", (found["rest"] or "").strip("/"))
        call.principal.require(_NEEDS[call.request.method], target.workspace or target.name or None)
        if listing:
            return await self._list(call, place, target)
        return await self._one(call, place, target)

    def _understand(self, call: Call, workspace: str, rest: str) -> tuple[Target, bool]:
        """The target of a folded path, and whether it names a collection."""
        parts = rest.split("/") if rest else []
        ws = workspace.lower()
        if not parts:
            return Target(self._kinds["workspace"], "", ws), not ws
        kind, parent, parts = self._kind_of(call, parts)
        name = parts[0].removeprefix("azureml:") if parts else ""
        if len(parts) == 1 or not parts:
            return Target(kind, ws, name, parent), not parts
        if kind.versioned and parts[1].lower() == "versions" and len(parts) <= 3:
            version = parts[2] if len(parts) > 2 else ""
            return Target(kind, ws, name, parent, version), not version
        raise _unknown(call)

    def _kind_of(self, call: Call, parts: list[str]) -> tuple[Kind, str, list[str]]:
        kind = self._by_segment.get((parts[0].lower(), False))
        if kind is None:
            raise _unknown(call)
        child = self._by_segment.get((parts[2].lower(), True)) if len(parts) > 2 else None
        if child is not None and child.parent == kind.name:
            return child, parts[1], parts[3:]
        return kind, "", parts[1:]

    async def _list(self, call: Call, place: Scope, target: Target) -> Response:
        if call.request.method != "GET":
            raise _unknown(call)
        view = call.query("listViewType", "ActiveOnly").rpartition(".")[2].replace("_", "").lower()
        page = Page(_VIEWS.get(view, "active"), call.number("$top", 100, least=1, most=1000), call.number("$skip", 0))
        found = await self._operations.list(target, page)
        answer: dict[str, Any] = {"value": [self._envelope(place, target.kind, view) for view in found]}
        if len(found) == page.top:
            answer["nextLink"] = str(call.request.url.include_query_params(**{"$skip": page.skip + page.top}))
        return reply(answer)

    async def _one(self, call: Call, place: Scope, target: Target) -> Response:
        method = call.request.method
        if method == "DELETE":
            return Response(status_code=204 if await self._operations.delete(target, call.actor) else 202)
        if method == "GET":
            return reply(self._envelope(place, target.kind, await self._operations.get(target)))
        if target.kind.versioned and not target.version:
            raise _unknown(call)
        body = await call.object()
        named = {**body, "name": target.name, **({"version": target.version} if target.version else {})}
        spec = target.kind.model().from_arm(named, scope=place)
        view, created = await self._operations.put(target, spec, call.actor)
        return reply(self._envelope(place, target.kind, view), 201 if created else 200)

    def _envelope(self, place: Scope, kind: Kind, view: View) -> dict[str, Any]:
        resource = view.resource
        spec = kind.model().from_stored(resource.spec)
        body: dict[str, Any] = spec.to_arm(place)
        properties = {**body.get("properties", {}), **_camel_state(view.state)}
        return {
            **body,
            "id": _id(place, kind, self._kinds.get(kind.parent), view),
            "name": resource.key.version or resource.key.name,
            "type": f"{PROVIDER}/workspaces/{kind.arm}" if kind.name != "workspace" else f"{PROVIDER}/workspaces",
            "properties": properties,
            "systemData": {
                "createdAt": iso(resource.created_at),
                "createdBy": resource.created_by,
                "createdByType": "User",
                "lastModifiedAt": iso(resource.modified_at),
                "lastModifiedBy": resource.modified_by,
                "lastModifiedByType": "User",
            },
        }


def _id(place: Scope, kind: Kind, parent: Kind | None, view: View) -> str:
    """The ARM id of a resource."""
    key = view.resource.key
    if kind.name == "workspace":
        return replace(place, workspace=key.name).id
    owner = f"/{parent.arm}/{key.parent}" if parent else ""
    version = f"/versions/{key.version}" if key.version else ""
    return f"{place.id}{owner}/{kind.arm}/{key.name}{version}"


_NEEDS = {"GET": Permission.READ, "PUT": Permission.WRITE, "DELETE": Permission.DELETE}


def _unknown(call: Call) -> NotBuilt:
    return NotBuilt(f"Zaffre does not have the operation {call.request.method} {call.request.url.path}.")


def _camel_state(state: dict[str, Any]) -> dict[str, Any]:
    return {re.sub(r"_([a-z])", lambda found: found[1].upper(), key): value for key, value in state.items()}
