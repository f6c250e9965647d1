"""Azure Resource Manager's spelling of the same routes: case-folded paths, its envelope, its body, its list views.

Nothing is decided here; ``api.operations`` is called with the same target and the same model as by the native routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.native import MOST_PER_PAGE, TOP
from zaffre.api.operations import Operations, Page, Target, View, require_built
from zaffre.api.route import Answer, Call, Route, reply
from zaffre.core import refs
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.refs import PROVIDER, Scope
from zaffre.core.registry import Kind
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.core.times import iso
from zaffre.store.assets import Container

_NEEDS = {
    "GET": Permission.READ,
    "PUT": Permission.WRITE,
    "PATCH": Permission.WRITE,
    "POST": Permission.WRITE,
    "DELETE": Permission.DELETE,
}
REGISTRY_PREFIX = "/mferp/managementfrontend"
"""Where the official client looks for the assets of a registry."""
_VIEWS = {"activeonly": "active", "archivedonly": "archived", "all": "all"}
_SHAPE = re.compile(
    r"(?:/mferp/managementfrontend)?/subscriptions/(?P<sub>[^/]+)/resourcegroups/(?P<group>[^/]+)"
    r"/providers/microsoft\.machinelearningservices/(?P<top>workspaces|registries)(?:/(?P<ws>[^/]+)(?P<rest>/.*)?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A request of one kind's own; the groups of ``shape`` are its path parameters."""

    method: str
    shape: re.Pattern[str]
    call: Answer


def verb(method: str, path: str, call: Answer) -> Verb:
    """``path`` below ``/subscriptions/{sub}``, as templates are written; any case will do but for the parameters'."""
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(f"/subscriptions/{{sub}}{path}"))
    return Verb(method, re.compile(pattern, re.IGNORECASE), call)


class Arm:
    """Serves everything below ``/subscriptions/``."""

    def __init__(self, operations: Operations, kinds: Iterable[Kind], verbs: Iterable[Verb] = ()) -> None:
        """``verbs`` are what single kinds have beside the verbs of all."""
        self._operations = operations
        self._verbs = tuple(verbs)
        self._kinds = {kind.name: kind for kind in kinds}
        inside = (kind for kind in self._kinds.values() if kind.name not in TOP)
        self._by_segment = {(kind.parent, kind.arm.lower()): kind for kind in inside}

    def routes(self) -> list[Route]:
        """One catch-all a method: the path is folded before it is understood, as Azure does."""
        return [
            Route(method, f"{prefix}/subscriptions/{{rest:path}}", permission, self._serve, f"ARM {method}", tag="arm")
            for prefix in ("", REGISTRY_PREFIX)
            for method, permission in _NEEDS.items()
        ]

    async def _serve(self, call: Call) -> Response:
        for verb in self._verbs:
            own = (
                verb.shape.fullmatch(call.request.url.path.rstrip("/")) if verb.method == call.request.method else None
            )
            if own is not None:
                call.principal.require(_NEEDS[verb.method], own.groupdict().get("ws", "").lower() or None)
                call.request.path_params.update(own.groupdict())
                return await verb.call(call)
        found = _SHAPE.fullmatch(call.request.url.path.rstrip("/"))
        if found is None:
            raise _unknown(call)
        name, is_registry = (found["ws"] or "").lower(), found["top"].lower() == "registries"
        owner = refs.registry_owner(name) if is_registry and name else name
        place = Scope(found["sub"], found["group"], owner)
        target, listing = self._understand(call, owner, (found["rest"] or "").strip("/"), is_registry)
        call.principal.require(_NEEDS[call.request.method], target.workspace or target.name or None)
        if call.request.method in ("POST", "PATCH") or (listing and call.request.method != "GET"):
            raise _unknown(call)
        if call.request.method != "PUT" and not target.kind.built:
            raise _unknown(call)
        if listing:
            return await self._list(call, place, target)
        if target.is_container:
            return await self._container(call, place, target)
        return await self._one(call, place, target)

    def _understand(self, call: Call, ws: str, rest: str, is_registry: bool) -> tuple[Target, bool]:
        """The target of a folded path, and whether it names a collection."""
        parts = rest.split("/") if rest else []
        if not parts:
            name = refs.registry_of(ws) or ws
            return Target(self._kinds["registry" if is_registry else "workspace"], "", name), not name
        kind, parent, parts = self._kind_of(call, parts)
        if is_registry and not kind.versioned:
            raise _unknown(call)
        name = parts[0].removeprefix("azureml:") if parts else ""
        if len(parts) == 1 or not parts:
            return Target(kind, ws, name, parent), not parts
        if kind.versioned and parts[1].lower() == "versions" and len(parts) <= 3:
            version = parts[2] if len(parts) > 2 else ""
            return Target(kind, ws, name, parent, version), not version
        raise _unknown(call)

    def _kind_of(self, call: Call, parts: list[str]) -> tuple[Kind, str, list[str]]:
        kind = self._by_segment.get(("", parts[0].lower()))
        if kind is None:
            raise _unknown(call)
        child = self._by_segment.get((kind.name, parts[2].lower())) if len(parts) > 2 else None
        if child is not None:
            return child, parts[1], parts[3:]
        return kind, "", parts[1:]

    async def _list(self, call: Call, place: Scope, target: Target) -> Response:
        said = call.query("listViewType", "ActiveOnly").rpartition(".")[2].replace("_", "").lower()
        if said not in _VIEWS:
            told = f"expected ActiveOnly, ArchivedOnly or All, found {call.query('listViewType')!r}"
            raise Invalid([Problem(told, field="listViewType")])
        top = call.number("$top", 100, least=1, most=MOST_PER_PAGE)
        page = Page(_VIEWS[said], top, call.number("$skip", 0), call.query("tag") or None)
        if target.is_container and not target.name:
            names, more = await self._operations.containers(target, page)
            value = [self._named(place, target.kind, name) for name in names]
        else:
            found = await self._operations.list(target, page)
            value, more = [self._envelope(place, target.kind, view) for view in found.views], found.more
        answer: dict[str, Any] = {"value": value}
        if more:
            answer["nextLink"] = str(call.request.url.include_query_params(**{"$skip": page.skip + page.top}))
        return reply(answer)

    async def _container(self, call: Call, place: Scope, target: Target) -> Response:
        """An asset's name: shown, archived or brought back, deleted. It begins with its first version, not here."""
        if call.request.method == "DELETE":
            await self._operations.delete(target, call.actor)
            return Response(status_code=204)
        before = await self._operations.container(target)
        if call.request.method == "PUT":
            archived = _said_archived(await call.object())
            if archived is not None and archived != before.archived:
                await self._operations.archive(target, archived, call.actor)
                before = replace(before, archived=archived)
        return reply(self._named(place, target.kind, before))

    async def _one(self, call: Call, place: Scope, target: Target) -> Response:
        method = call.request.method
        if method == "DELETE":
            return Response(status_code=204 if await self._operations.delete(target, call.actor) else 202)
        if method == "GET":
            return reply(self._envelope(place, target.kind, await self._operations.get(target)))
        require_built(target.kind)
        body = await call.object()
        named = {**body, "name": target.name, **({"version": target.version} if target.version else {})}
        named.pop("id", None)  # the address says which; an id copied from elsewhere does not
        if target.parent:
            named["id"] = _id(place, target.kind, self._kinds.get(target.kind.parent), target.key)
        spec = target.kind.model().from_arm(named, scope=place)
        if problems := spec.check():
            raise Invalid(problems)
        view, created = await self._operations.put(target, spec, call.actor)
        archived = _said_archived(body) if target.kind.versioned else None
        if archived is not None and archived != view.resource.archived:
            await self._operations.archive(target, archived, call.actor)
            view = await self._operations.get(target)
        return reply(self._envelope(place, target.kind, view), 201 if created else 200)

    def _envelope(self, place: Scope, kind: Kind, view: View) -> dict[str, Any]:
        resource = view.resource
        spec = kind.model().from_stored(resource.spec)
        body: dict[str, Any] = spec.to_arm(place)
        properties = {**_camel_state(view.state), **body.get("properties", {})}
        if kind.versioned:
            properties["isArchived"] = resource.archived
        if "status" not in properties:
            properties.setdefault("provisioningState", Provisioning.SUCCEEDED.value)
        return {
            **body,
            "id": _id(place, kind, self._kinds.get(kind.parent), resource.key),
            "name": resource.key.version or resource.key.name,
            "type": self._type(kind),
            "properties": properties,
            "systemData": _system(resource),
        }

    def _named(self, place: Scope, kind: Kind, container: Container) -> dict[str, Any]:
        return {
            "id": f"{place.id}/{kind.arm}/{container.name}",
            "name": container.name,
            "type": self._type(kind),
            "properties": {
                "isArchived": container.archived,
                "latestVersion": container.latest_version or None,
                "nextVersion": container.next_version,
                "tags": {},
                "properties": {},
            },
            "systemData": _system(container),
        }

    def _type(self, kind: Kind) -> str:
        if kind.name in TOP:
            return f"{PROVIDER}/{kind.arm}"
        owner = f"/{self._kinds[kind.parent].arm}" if kind.parent else ""
        return f"{PROVIDER}/workspaces{owner}/{kind.arm}" + ("/versions" if kind.versioned else "")


def _id(place: Scope, kind: Kind, parent: Kind | None, key: Key) -> str:
    """The ARM id of a resource."""
    if kind.name == "workspace":
        return replace(place, workspace=key.name).id
    if kind.name == "registry":
        return f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/{PROVIDER}/registries/{key.name}"
    owner = f"/{parent.arm}/{key.parent}" if parent else ""
    version = f"/versions/{key.version}" if key.version else ""
    return f"{place.id}{owner}/{kind.arm}/{key.name}{version}"


def _said_archived(body: dict[str, Any]) -> bool | None:
    properties = body.get("properties")
    said = mapping_of(properties).get("isArchived")
    return said if isinstance(said, bool) else None


def _system(found: Resource | Container) -> dict[str, str]:
    return {
        "createdAt": iso(found.created_at),
        "createdBy": found.created_by,
        "createdByType": "User",
        "lastModifiedAt": iso(found.modified_at),
        "lastModifiedBy": found.modified_by,
        "lastModifiedByType": "User",
    }


def _unknown(call: Call) -> NotBuilt:
    return NotBuilt(f"Zaffre does not have the operation {call.request.method} {call.request.url.path}.")


def _camel_state(state: dict[str, Any]) -> dict[str, Any]:
    """Server facts in ARM's spelling, and under the names it has for them."""
    told = {_FACTS.get(key, key): value for key, value in state.items() if value is not None}
    return {_camel(key): _camel_state(value) if key in _RECORDS else value for key, value in told.items()}


def _camel(key: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), key)


_RECORDS = ("node_state_counts",)
"""Facts whose own keys are names of ARM's too, not somebody's."""
_FACTS = {"openapi_uri": "swagger_uri"}
