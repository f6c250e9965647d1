"""Azure Resource Manager's spelling of the same routes: case-folded paths, its envelope, its body, its list views.

Nothing is decided here; ``api.operations`` is called with the same target and the same model as by the native routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission, needed
from zaffre.api.manners import Manners, Told
from zaffre.api.native import MOST_PER_PAGE, TOP
from zaffre.api.operations import Operations, Page, Target, View, require_built
from zaffre.api.route import Answer, Call, Route, reply
from zaffre.core import refs
from zaffre.core.asset import spec_hash
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.plain import is_dict, mapping_of
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
DEFAULT_VERSION = "azureml_default"
"""What the official client asks for where it is told no version."""
REGISTRY_PREFIX = "/mferp/managementfrontend"
"""Where the official client looks for the assets of a registry."""
_NEVER_201 = frozenset({"connection", "workspace"})
"""Kinds of which the official client takes nothing but 200 for an answer."""
_ASKED_AFTER = frozenset({"batch-deployment", "compute", "online-deployment", "schedule"})
"""Kinds whose creation is always told as an operation to ask after, done or not: clients before 1.35 read the first answer
twice, and lose by it of what type the thing is."""
_PATCHED = frozenset({
    "workspace", "compute", "online-endpoint", "online-deployment", "batch-endpoint", "batch-deployment", "connection",
    "registry",
})  # fmt: skip
_MOVING = (Provisioning.CREATING.value, Provisioning.UPDATING.value)
_VIEWS = {"activeonly": "active", "archivedonly": "archived", "all": "all"}
_SHAPE = re.compile(
    r"(?:/mferp/managementfrontend)?/subscriptions/(?P<sub>[^/]+)(?:/resourcegroups/(?P<group>[^/]+))?"
    r"/providers/microsoft\.machinelearningservices/(?P<top>workspaces|registries)(?:/(?P<ws>[^/]+)(?P<rest>/.*)?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A request of one kind's own; the groups of ``shape`` are its path parameters."""

    method: str
    shape: re.Pattern[str]
    call: Answer
    permission: Permission


def verb(method: str, path: str, call: Answer, permission: Permission | None = None) -> Verb:
    """``path`` below ``/subscriptions/{sub}``, as templates are written; any case will do but for the parameters'."""
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(f"/subscriptions/{{sub}}{path}"))
    shape = re.compile(f"(?:{re.escape(REGISTRY_PREFIX)})?{pattern}", re.IGNORECASE)
    return Verb(method, shape, call, permission or _NEEDS[method])


class Arm:
    """Serves everything below ``/subscriptions/``."""

    def __init__(
        self,
        operations: Operations,
        kinds: Iterable[Kind],
        verbs: Iterable[Verb] = (),
        manners: Manners | None = None,
    ) -> None:
        """``verbs`` are what single kinds have beside the verbs of all."""
        self._operations = operations
        self._manners = manners or Manners()
        self._verbs = tuple(verbs)
        self._kinds = {kind.name: kind for kind in kinds}
        inside = (kind for kind in self._kinds.values() if kind.name not in TOP)
        self._by_segment = {(kind.parent, kind.arm.lower()): kind for kind in inside}

    def routes(self) -> list[Route]:
        """One catch-all a method: the path is folded before it is understood, as Azure does."""
        return [
            Route(
                method,
                f"{prefix}/subscriptions/{{rest:path}}",
                permission,
                self._serve,
                f"ARM {method}",
                tag="arm",
                asks_again=True,
            )
            for prefix in ("", REGISTRY_PREFIX)
            for method, permission in _NEEDS.items()
        ]

    async def _serve(self, call: Call) -> Response:
        for verb in self._verbs:
            own = (
                verb.shape.fullmatch(call.request.url.path.rstrip("/")) if verb.method == call.request.method else None
            )
            if own is not None:
                call.principal.require(verb.permission, own.groupdict().get("ws", "").lower() or None)
                call.request.path_params.update(own.groupdict())
                return self._followed(call, await verb.call(call))
        found = _SHAPE.fullmatch(call.request.url.path.rstrip("/"))
        if found is None or (found["group"] is None and found["ws"]):
            call.principal.require(_NEEDS[call.request.method], None)
            raise _unknown(call)
        place, target, listing = self._addressed(call, found)
        call.principal.require(needed(call.request.method, target.kind.name), target.workspace or target.name or None)
        if call.request.method == "POST" or (listing and call.request.method != "GET"):
            raise _unknown(call)
        if call.request.method != "PUT" and not target.kind.built:
            raise _unknown(call)
        if listing:
            return await self._list(call, place, target)
        if target.is_container:
            return await self._container(call, place, target)
        return await self._one(call, place, target)

    def _followed(self, call: Call, answer: Response) -> Response:
        """An answer that says the work goes on says where it can be asked about, too."""
        if answer.status_code != 202 or "location" in answer.headers:
            return answer
        path, _, word = call.request.url.path.rstrip("/").rpartition("/")
        found = _SHAPE.fullmatch(path)
        if found is not None:
            answer.headers.update(self._manners.underway(call, self._addressed(call, found)[1], word.lower()))
        return answer

    def _addressed(self, call: Call, found: re.Match[str]) -> tuple[Scope, Target, bool]:
        """The workspace or registry, the target in it, and whether that is a collection."""
        name, is_registry = (found["ws"] or "").lower(), found["top"].lower() == "registries"
        owner = refs.registry_owner(name) if is_registry and name else name
        target, listing = self._understand(call, owner, (found["rest"] or "").strip("/"), is_registry)
        return Scope(found["sub"], found["group"] or Scope.group, owner), target, listing

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
        chosen = await self._manners.choosing(call, target)
        if chosen is not None:
            return reply({"value": [self._envelope(call, place, target.kind, view) for view in chosen]})
        said = call.query("listViewType", "ActiveOnly").rpartition(".")[2].replace("_", "").lower()
        if said not in _VIEWS:
            told = f"expected ActiveOnly, ArchivedOnly or All, found {call.query('listViewType')!r}"
            raise Invalid([Problem(told, field="listViewType")])
        top = call.number("$top", call.number("count", 100, least=1), least=1, most=MOST_PER_PAGE)
        page = Page(_VIEWS[said], top, call.number("$skip", 0), call.query("tag") or None)
        if target.is_container and not target.name:
            names, more = await self._operations.containers(target, page)
            told = await self._manners.naming(target, names)
            value = [self._named(place, target.kind, name, told.get(name.name)) for name in names]
        else:
            found = await self._operations.list(target, page)
            value, more = [self._envelope(call, place, target.kind, view) for view in found.views], found.more
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
        told = await self._manners.naming(target, [before])
        return reply(self._named(place, target.kind, before, told.get(before.name)))

    async def _one(self, call: Call, place: Scope, target: Target) -> Response:
        method = call.request.method
        if method == "DELETE":
            if await self._operations.delete(target, call.actor):
                return Response(status_code=204)
            return Response(status_code=202, headers=self._manners.underway(call, target, "delete"))
        if method == "GET":
            if target.version.lower() == DEFAULT_VERSION:
                target = replace(target, version="")  # the latest
            return reply(self._envelope(call, place, target.kind, await self._operations.get(target)))
        require_built(target.kind)
        body = await call.object()
        if method == "PATCH":
            body = await self._patched(call, place, target, body)
        else:
            body = await self._manners.reading(call, target, body)
            target = _of_its_own(target, body)
        view, created = await self._operations.put(target, self._read(place, target, body), call.actor)
        if created and target.kind.versioned and mapping_of(body.get("properties")).get("isAnonymous") is True:
            await self._operations.archive(replace(target, version=""), True, call.actor)  # its name is in no list
        archived = _said_archived(body) if "archive" in target.kind.verbs else None
        if archived is not None and archived != view.resource.archived:
            await self._operations.archive(target, archived, call.actor)
            view = await self._operations.get(target)
        return self._written(call, target, self._envelope(call, place, target.kind, view), created)

    def _written(self, call: Call, target: Target, answer: dict[str, Any], created: bool) -> Response:
        """The answer to a PUT or PATCH, with the address to ask at where work goes on, or clients expect it to."""
        is_put = call.request.method == "PUT"
        to_registry = is_put and bool(refs.registry_of(target.workspace))
        moving = mapping_of(answer["properties"]).get("provisioningState") in _MOVING
        asked_after = moving or to_registry or (is_put and target.kind.name in _ASKED_AFTER)
        headers = self._manners.underway(call, target, "put") if asked_after else None
        if to_registry:  # as Azure's registries always answer; clients before 1.35 take nothing else
            return reply(answer, 202, headers)
        return reply(answer, 201 if created and target.kind.name not in _NEVER_201 else 200, headers)

    async def _patched(self, call: Call, place: Scope, target: Target, change: dict[str, Any]) -> dict[str, Any]:
        """What is there, with a change merged into it. Versions and jobs change by other requests."""
        if target.kind.versioned or target.kind.name not in _PATCHED:
            raise _unknown(call)
        resource = (await self._operations.get(target)).resource
        return merged(target.kind.model().from_stored(resource.spec).to_arm(place), change)

    def _read(self, place: Scope, target: Target, body: dict[str, Any]) -> Any:
        named = {**body, "name": target.name, **({"version": target.version} if target.version else {})}
        named.pop("id", None)  # the address says which; an id copied from elsewhere does not
        if target.parent:
            named["id"] = _id(place, target.kind, self._kinds.get(target.kind.parent), target.key)
        spec = target.kind.model().from_arm(named, scope=place)
        if problems := spec.check():
            raise Invalid(problems)
        return spec

    def _envelope(self, call: Call, place: Scope, kind: Kind, view: View) -> dict[str, Any]:
        resource = view.resource
        spec = kind.model().from_stored(resource.spec)
        body: dict[str, Any] = spec.to_arm(place)
        properties = {**_camel_state(view.state), **body.get("properties", {})}
        if kind.versioned:
            properties["isArchived"] = resource.archived
        if "status" not in properties:
            properties.setdefault("provisioningState", Provisioning.SUCCEEDED.value)
        whole = {
            **body,
            "id": _id(place, kind, self._kinds.get(kind.parent), resource.key),
            "name": resource.key.version or resource.key.name,
            "type": self._type(kind),
            "properties": properties,
            "systemData": _system(resource),
        }
        finish = self._manners.finishes.get(kind.name)
        return finish(Told(call, place, view, whole)) if finish is not None else whole

    def _named(
        self, place: Scope, kind: Kind, container: Container, more: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
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
                **(more or {}),
            },
            "systemData": _system(container),
        }

    def _type(self, kind: Kind) -> str:
        if kind.name in TOP:
            return f"{PROVIDER}/{kind.arm}"
        owner = f"/{self._kinds[kind.parent].arm}" if kind.parent else ""
        return f"{PROVIDER}/workspaces{owner}/{kind.arm}" + ("/versions" if kind.versioned else "")


def merged(body: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``body`` with ``change`` laid over it, object by object; what the change calls null goes (RFC 7396)."""
    found = dict(body)
    for name, value in change.items():
        if value is None:
            found.pop(name, None)
        elif is_dict(value):
            found[name] = merged(dict(mapping_of(found.get(name))), value)
        else:
            found[name] = value
    return found


def _id(place: Scope, kind: Kind, parent: Kind | None, key: Key) -> str:
    """The ARM id of a resource."""
    if kind.name == "workspace":
        return replace(place, workspace=key.name).id
    if kind.name == "registry":
        return f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/{PROVIDER}/registries/{key.name}"
    owner = f"/{parent.arm}/{key.parent}" if parent else ""
    version = f"/versions/{key.version}" if key.version else ""
    return f"{place.id}{owner}/{kind.arm}/{key.name}{version}"


def _of_its_own(target: Target, body: dict[str, Any]) -> Target:
    """A component without a name that is made of a job: Azure's client calls each of them version 1."""
    properties = mapping_of(body.get("properties"))
    source = mapping_of(properties.get("componentSpec")).get("sourceJobId")
    if not source or properties.get("isAnonymous") is not True:
        return target
    return replace(target, version=spec_hash({"sourceJobId": source}))


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
