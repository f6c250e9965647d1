"""The native REST routes, derived from the registry: one set of routes for every kind there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Page, Target, View
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Invalid, Problem
from zaffre.core.registry import Kind
from zaffre.core.times import iso

PREFIX = "/api/v1"
_VIEWS = ("active", "archived", "all")
MOST_PER_PAGE = 1000


def routes(operations: Operations, kinds: Iterable[Kind]) -> list[Route]:
    """Every kind's routes."""
    by_name = {kind.name: kind for kind in kinds}
    found: list[Route] = []
    for kind in by_name.values():
        found += _Kind(operations, kind, by_name.get(kind.parent)).routes()
    return found


def document(view: View, kind: Kind) -> dict[str, Any]:
    """A resource as the native API answers it."""
    resource = view.resource
    key = resource.key
    answer: dict[str, Any] = {
        "id": address(kind, key.workspace, key.parent, key.name, key.version),
        "kind": kind.name,
        "workspace": key.workspace,
        "name": key.name,
        "spec": kind.model().from_stored(resource.spec).to_yaml(),
        "state": view.state,
        "system": {
            "created_at": iso(resource.created_at),
            "created_by": resource.created_by,
            "modified_at": iso(resource.modified_at),
            "modified_by": resource.modified_by,
            "archived": resource.archived,
        },
    }
    if key.version:
        answer["version"] = key.version
    if key.parent:
        answer["parent"] = key.parent
    return answer


def collection(kind: Kind, parent_kind: Kind | None) -> str:
    """The path template of a kind's collection."""
    if kind.name in ("workspace", "registry"):
        return f"{PREFIX}/{kind.collection}"
    owner = f"/{parent_kind.collection}/{{parent}}" if parent_kind else ""
    return f"{PREFIX}/workspaces/{{ws}}{owner}/{kind.collection}"


def address(kind: Kind, workspace: str, parent: str, name: str, version: str) -> str:
    """The path of one resource, which is its id."""
    where = f"/workspaces/{workspace}" if workspace else ""
    owner = f"/online-endpoints/{parent}" if parent else ""
    tail = f"/versions/{version}" if version else ""
    return f"{PREFIX}{where}{owner}/{kind.collection}/{name}{tail}"


class _Kind:
    """The routes of one kind."""

    def __init__(self, operations: Operations, kind: Kind, parent: Kind | None) -> None:
        self._operations = operations
        self._kind = kind
        self._root = collection(kind, parent)

    def routes(self) -> list[Route]:
        """Collection, items and, where there are any, versions."""
        kind = self._kind
        item = f"{self._root}/{{name}}"
        found = [
            self._route("GET", self._root, Permission.READ, self._list, f"List {kind.name}s"),
            self._route("GET", item, Permission.READ, self._get, f"Show a {kind.name}"),
            self._route("POST", f"{item}/archive", Permission.WRITE, self._archive(True), f"Archive a {kind.name}"),
            self._route("POST", f"{item}/restore", Permission.WRITE, self._archive(False), f"Restore a {kind.name}"),
        ]
        if not kind.versioned:
            return [
                *found,
                self._route("PUT", item, Permission.WRITE, self._put, f"Create or update a {kind.name}"),
                self._route("DELETE", item, Permission.DELETE, self._delete, f"Delete a {kind.name}"),
            ]
        version = f"{item}/versions/{{version}}"
        return [
            *found,
            self._route("GET", f"{item}/versions", Permission.READ, self._list, f"List the versions of a {kind.name}"),
            self._route(
                "POST", f"{item}/versions", Permission.WRITE, self._put, f"Create a {kind.name}'s next version"
            ),
            self._route("GET", f"{item}/labels/{{label}}", Permission.READ, self._get, f"Show a labelled {kind.name}"),
            self._route("GET", version, Permission.READ, self._get, f"Show a version of a {kind.name}"),
            self._route("PUT", version, Permission.WRITE, self._put, f"Create a version of a {kind.name}"),
            self._route("POST", f"{version}/archive", Permission.WRITE, self._archive(True), "Archive a version"),
            self._route("POST", f"{version}/restore", Permission.WRITE, self._archive(False), "Restore a version"),
            self._route("DELETE", version, Permission.DELETE, self._delete, "Delete a version"),
        ]

    def _route(self, method: str, path: str, permission: Permission, call: Any, summary: str) -> Route:
        body = self._kind.model if method in ("PUT", "POST") and call == self._put else None
        return Route(method, path, permission, call, summary, body=body, tag=self._kind.name)

    def _target(self, call: Call) -> Target:
        found = call.request.path_params
        workspace = str(found.get("ws", "")).lower()
        name = str(found.get("name", ""))
        if self._kind.name == "workspace":
            name = name.lower()
        return Target(self._kind, workspace, name, str(found.get("parent", "")), str(found.get("version", "")))

    async def _put(self, call: Call) -> Response:
        target = self._target(call)
        body = await call.object()
        for field, expected in (("name", target.name), ("version", target.version)):
            if expected and str(body.get(field, expected)) != expected:
                told = f"the address says {expected!r}, the body says {body[field]!r}; they must agree"
                raise Invalid([Problem(told, field=field)])
        spec = self._kind.model().from_yaml({**body, "name": target.name})
        view, created = await self._operations.put(target, spec, call.actor)
        return reply(document(view, self._kind), 201 if created else 200)

    async def _get(self, call: Call) -> Response:
        label = str(call.request.path_params.get("label", ""))
        return reply(document(await self._operations.get(self._target(call), label), self._kind))

    async def _list(self, call: Call) -> Response:
        page = page_of(call)
        found = await self._operations.list(self._target(call), page)
        answer: dict[str, Any] = {"value": [document(view, self._kind) for view in found]}
        if len(found) == page.top:
            answer["next"] = str(call.request.url.include_query_params(skip=page.skip + page.top))
        return reply(answer)

    def _archive(self, archived: bool) -> Callable[[Call], Any]:
        async def call_it(call: Call) -> Response:
            await self._operations.archive(self._target(call), archived, call.actor)
            return Response(status_code=204)

        return call_it

    async def _delete(self, call: Call) -> Response:
        gone = await self._operations.delete(self._target(call), call.actor)
        return Response(status_code=204 if gone else 202)


def page_of(call: Call) -> Page:
    """The page a list request asks for."""
    view = call.query("list_view", "active")
    if view not in _VIEWS:
        raise Invalid([Problem(f"expected one of {', '.join(_VIEWS)}, found {view!r}", field="list_view")])
    top = call.number("top", 100, least=1, most=MOST_PER_PAGE)
    return Page(view, top, call.number("skip", 0))
