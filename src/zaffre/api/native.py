"""The native REST routes, derived from the registry: one set of routes for every kind there is."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import needed
from zaffre.api.operations import Operations, Page, Repeat, Target, View, require_built
from zaffre.api.route import Answer, Call, Route, reply
from zaffre.core import names, refs
from zaffre.core.asset import spec_hash
from zaffre.core.errors import Invalid, Problem
from zaffre.core.registry import Kind, kinds
from zaffre.core.times import iso

PREFIX = "/api/v1"
TOP = frozenset({"workspace", "registry"})
"""Kinds that lie in no workspace."""
_VIEWS = ("active", "archived", "all")
MOST_PER_PAGE = 1000
LONGEST_KEY = 200


def routes(operations: Operations, kinds: Iterable[Kind]) -> list[Route]:
    """Every kind's routes."""
    by_name = {kind.name: kind for kind in kinds}
    found: list[Route] = []
    for kind in by_name.values():
        found += _Kind(operations, kind, collection(kind, by_name.get(kind.parent))).routes()
    return found


def registry_routes(operations: Operations, kinds: Iterable[Kind]) -> list[Route]:
    """The routes of every asset in a registry: the same as in a workspace."""
    assets = (kind for kind in kinds if kind.versioned)
    return [route for kind in assets for route in _Kind(operations, kind, in_registry(kind)).routes()]


def document(view: View, kind: Kind) -> dict[str, Any]:
    """A resource as the native API answers it."""
    resource = view.resource
    key = resource.key
    answer: dict[str, Any] = {
        "id": address(kind, key.workspace, key.parent, key.name, key.version),
        "kind": kind.name,
        "workspace": "" if refs.registry_of(key.workspace) else key.workspace,
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
    if registry := refs.registry_of(key.workspace):
        answer["state"] = {**answer["state"], "registry": registry}
    if key.version:
        answer["version"] = key.version
    if key.parent:
        answer["parent"] = key.parent
    return answer


def collection(kind: Kind, parent_kind: Kind | None) -> str:
    """The path template of a kind's collection."""
    if kind.name in TOP:
        return f"{PREFIX}/{kind.collection}"
    owner = f"/{parent_kind.collection}/{{parent}}" if parent_kind else ""
    return f"{PREFIX}/workspaces/{{ws}}{owner}/{kind.collection}"


def in_registry(kind: Kind) -> str:
    """The path template of an asset's collection in a registry."""
    return f"{PREFIX}/registries/{{registry}}/{kind.collection}"


def address(kind: Kind, workspace: str, parent: str, name: str, version: str) -> str:
    """The path of one resource, which is its id."""
    registry = refs.registry_of(workspace)
    where = f"/registries/{registry}" if registry else f"/workspaces/{workspace}" if workspace else ""
    owner = f"/{kinds()[kind.parent].collection}/{parent}" if parent else ""
    tail = f"/versions/{version}" if version else ""
    return f"{PREFIX}{where}{owner}/{kind.collection}/{name}{tail}"


class _Kind:
    """The routes of one kind."""

    def __init__(self, operations: Operations, kind: Kind, root: str) -> None:
        self._operations = operations
        self._kind = kind
        self._root = root

    def routes(self) -> list[Route]:
        """Collection, items and, where there are any, versions."""
        kind, item = self._kind, f"{self._root}/{{name}}"
        found = [
            self._route("GET", self._root, self._list, f"List {kind.name}s"),
            self._route("GET", item, self._get, f"Show a {kind.name}"),
            self._route("DELETE", item, self._delete, f"Delete a {kind.name}"),
            *self._archiving(item, f"a {kind.name}"),
        ]
        if kind.nameless:
            found.append(self._route("POST", self._root, self._put, f"Create a {kind.name}; the server names it"))
        if kind.versioned:
            return found + self._of_versions(item)
        return [*found, self._route("PUT", item, self._put, f"Create or update a {kind.name}")]

    def _of_versions(self, item: str) -> list[Route]:
        name, version = self._kind.name, f"{item}/versions/{{version}}"
        return [
            self._route("GET", f"{item}/versions", self._list, f"List the versions of a {name}"),
            self._route("POST", f"{item}/versions", self._put, f"Create a {name}'s next version"),
            self._route("GET", f"{item}/labels/{{label}}", self._get, f"Show a labelled {name}"),
            self._route("GET", version, self._get, f"Show a version of a {name}"),
            self._route("PUT", version, self._put, f"Create a version of a {name}"),
            self._route("DELETE", version, self._delete, f"Delete a version of a {name}"),
            *self._archiving(version, f"a version of a {name}"),
        ]

    def _archiving(self, path: str, what: str) -> list[Route]:
        """Only what Azure lets one archive has these."""
        if "archive" not in self._kind.verbs:
            return []
        return [
            self._route("POST", f"{path}/archive", self._archive(True), f"Archive {what}"),
            self._route("POST", f"{path}/restore", self._archive(False), f"Restore {what}"),
        ]

    def _route(self, method: str, path: str, call: Answer, summary: str) -> Route:
        permission = needed(method, self._kind.name)
        body = self._kind.model if call == self._put else None
        success = 204 if method == "DELETE" or path.endswith(("/archive", "/restore")) else 200
        shape = "ResourceList" if call == self._list else "Resource" if call in (self._get, self._put) else ""
        of_workspaces = self._kind.name == "workspace"
        return Route(
            method, path, permission, call, summary, body=body, success=success, tag=self._kind.name, answer=shape,
            place="name" if of_workspaces else "ws", asks_again=of_workspaces and call == self._list,
        )  # fmt: skip

    def _target(self, call: Call) -> Target:
        found = call.request.path_params
        name = str(found.get("name", ""))
        if self._kind.name in TOP:
            name = name.lower()
        return Target(self._kind, call.owner, name, str(found.get("parent", "")), str(found.get("version", "")))

    async def _put(self, call: Call) -> Response:
        target = self._target(call)
        body = await call.object()
        for field, expected in (("name", target.name), ("version", target.version)):
            said = str(body.get(field, expected))
            agrees = said.lower() == expected if self._kind.name in TOP else said == expected
            if expected and not agrees:
                told = f"the address says {expected!r}, the body says {body[field]!r}; they must agree"
                raise Invalid([Problem(told, field=field)])
        if not target.name:
            target = replace(target, name=str(body.get("name") or names.fresh(secrets.token_bytes(names.CHANCE))))
        spec = self._kind.model().from_yaml({**body, "name": target.name})
        repeat = repeated(call, body) if call.request.method == "POST" else None
        view, created = await self._operations.put(target, spec, call.actor, repeat)
        return reply(document(view, self._kind), 201 if created else 200)

    async def _get(self, call: Call) -> Response:
        require_built(self._kind)
        label = str(call.request.path_params.get("label", ""))
        return reply(document(await self._operations.get(self._target(call), label), self._kind))

    async def _list(self, call: Call) -> Response:
        require_built(self._kind)
        page = page_of(call)
        target = self._target(call)
        if target.kind.name == "workspace" and call.principal.workspace is not None:  # the only one there is for them
            if call.principal.run is not None:
                call.principal.require(needed("GET", target.kind.name), None)
            only = await self._operations.get(replace(target, name=call.principal.workspace))
            return reply(listed([document(only, self._kind)], call, None))
        found = await self._operations.list(target, page)
        value = [document(view, self._kind) for view in found.views]
        return reply(listed(value, call, replace(page, cursor=found.cursor) if found.more else None))

    def _archive(self, archived: bool) -> Answer:
        async def call_it(call: Call) -> Response:
            await self._operations.archive(self._target(call), archived, call.actor)
            return Response(status_code=204)

        return call_it

    async def _delete(self, call: Call) -> Response:
        gone = await self._operations.delete(self._target(call), call.actor)
        return Response(status_code=204 if gone else 202)


def repeated(call: Call, body: Any) -> Repeat | None:
    """What the request's ``Idempotency-Key`` stands for, where it has one."""
    key = call.request.headers.get("idempotency-key", "")
    if not key:
        return None
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid([Problem(f"expected at most {LONGEST_KEY} printable characters", field="Idempotency-Key")])
    return Repeat(f"{call.actor} {call.request.url.path}", key, spec_hash({"body": body}))


def listed(value: list[dict[str, Any]], call: Call, page: Page | None) -> dict[str, Any]:
    """A page as it is answered; ``page`` is the one shown where another follows."""
    if page is None:
        return {"value": value}
    if page.cursor is not None:  # however the list grows at its beginning, the next page follows on this one
        following = call.request.url.remove_query_params("skip").include_query_params(cursor=page.cursor)
    else:
        following = call.request.url.include_query_params(skip=page.skip + page.top)
    return {"value": value, "next": str(following)}


def page_of(call: Call) -> Page:
    """The page a list request asks for."""
    view = call.query("list_view", "active")
    if view not in _VIEWS:
        raise Invalid([Problem(f"expected one of {', '.join(_VIEWS)}, found {view!r}", field="list_view")])
    top = call.number("top", 100, least=1, most=MOST_PER_PAGE)
    asked = call.query("tag") or None, call.query("parent_job_name") or None, call.query("filter")
    cursor = call.number("cursor", 0) or None
    return Page(view, top, call.number("skip", 0), *asked, cursor=cursor)
