"""What lies in a registry: assets as in a workspace, the curated environments of the built-in one, and sharing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure.bodies import workspace_id
from zaffre.api.native import PREFIX, document, listed, page_of, registry_routes
from zaffre.api.operations import Operations, Page, Target
from zaffre.api.route import Answer, Call, Route, reply
from zaffre.core import problems, refs
from zaffre.core.errors import Conflict, Invalid, NotFound, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.registry import Kind, kinds
from zaffre.core.times import iso
from zaffre.kinds.registry.reconcile import SHARED, Order, Sharing
from zaffre.kinds.registry.rules import BUILT_IN
from zaffre.library import environments
from zaffre.library.environments import Curated

_DISCOVERY = "/registrymanagement/v1.0/registries/{registry}/discovery"
_ARM_IMPORT = (
    "/mferp/managementfrontend/subscriptions/{sub}/resourceGroups/{group}/providers"
    "/Microsoft.MachineLearningServices/registries/{registry}/import"
)
_LOCATION = re.compile(
    r"azureml://locations/[^/]+/workspaces/(?P<w>[^/]+)/(?P<c>[^/]+)/(?P<n>[^/]+)/versions/(?P<v>[^/]+)", re.IGNORECASE
)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLISHED = 1_767_225_600.0
"""What is built in has the age of the first release: a list must not change with each restart."""


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, operations: Operations, sharing: Sharing) -> None:
        self._operations = operations
        self._sharing = sharing

    def routes(self) -> list[Route]:
        """Every asset's routes in a registry, and the way there from a workspace and back."""
        found = [self._or_built_in(route) for route in registry_routes(self._operations, kinds().values())]
        write, tag = Permission.WRITE, "registry"
        for owner, told in (("registries/{registry}", "a registry"), ("workspaces/{ws}", "a workspace")):
            path = f"{PREFIX}/{owner}/import"
            found.append(
                Route("POST", path, write, self._import, f"Copy an asset into {told}", tag=tag, answer="Resource")
            )
        read = Permission.READ
        return [
            *found,
            Route("GET", _DISCOVERY, read, self._discover, "Where a registry's assets are", tag="arm"),
            Route("POST", _ARM_IMPORT, write, self._arm_import, "ARM import into a registry", tag="arm"),
        ]

    def _or_built_in(self, route: Route) -> Route:
        """The same route, but for the built-in registry."""

        async def serve(call: Call) -> Response:
            if call.path("registry").lower() in BUILT_IN:
                return await self._built_in(route)(call)
            return await route.call(call)

        return replace(route, call=serve, tag="registry", summary=f"{route.summary} in a registry")

    def _built_in(self, route: Route) -> Answer:
        if route.method != "GET":
            return _unchangeable
        named = "{name}" in route.path
        if route.path.endswith("/versions"):
            return self._versions
        if "/environments" in route.path:
            return self._show if named else self._list
        return _absent if named else _none

    async def _import(self, call: Call) -> Response:
        body = await call.object()
        order = _order(body, call.owner)
        if refs.registry_of(call.owner) in BUILT_IN:
            return await _unchangeable(call)
        asker = refs.owner(order.source, order.asker)
        if not refs.registry_of(asker):
            call.principal.require(Permission.READ, asker)
        view, created = await self._sharing.share(order, call.actor)
        return reply(document(view, kinds()[order.kind]), 201 if created else 200)

    async def _arm_import(self, call: Call) -> Response:
        said = mapping_of((await call.object()).get("properties"))
        source = _LOCATION.fullmatch(str(said.get("sourceAssetId") or ""))
        if source is None:
            told = (
                f"expected azureml://locations/L/workspaces/W/models/N/versions/V, found {said.get('sourceAssetId')!r}"
            )
            raise Invalid([Problem(told, "properties.sourceAssetId")])
        kind = next((one.name for one in kinds().values() if one.arm == source["c"]), source["c"])
        asset = refs.Asset(source["n"], source["v"])
        name, version = str(said.get("destinationName") or ""), str(said.get("destinationVersion") or "")
        workspace = await self._named(source["w"].lower())
        await self._sharing.share(Order(kind, asset, workspace, call.owner, name, version), call.actor)
        return Response(status_code=200)  # the client takes a body for what is still to be uploaded

    async def _named(self, workspace: str) -> str:
        """The workspace of a name, or of the GUID that it has beside it."""
        if not _GUID.fullmatch(workspace):
            return workspace
        found = (await self._operations.list(Target(kinds()["workspace"], ""), Page("all", 10_000))).views
        names = (view.resource.key.name for view in found)
        return next((name for name in names if workspace_id(name) == workspace), workspace)

    async def _discover(self, call: Call) -> Response:
        name = await self._registry(call)
        return reply(
            {
                "registryName": name,
                "subscriptionId": "00000000-0000-0000-0000-000000000000",
                "resourceGroup": "local",
                "primaryRegion": "local",
                "regions": [],
                "primaryRegionResourceProviderUri": str(call.request.base_url),
            }
        )

    async def _list(self, call: Call) -> Response:
        registry = await self._registry(call)
        page = page_of(call)
        found = environments.entries() if page.view != "archived" else ()
        shown = [_document(entry, registry) for entry in found[page.skip : page.skip + page.top]]
        return reply(listed(shown, call, page if len(found) > page.skip + page.top else None))

    async def _versions(self, call: Call) -> Response:
        if "/environments/" not in call.request.url.path:
            return await _absent(call)
        registry = await self._registry(call)
        return reply({"value": [_document(_entry(call), registry)]})

    async def _show(self, call: Call) -> Response:
        registry = await self._registry(call)
        return reply(_document(_entry(call), registry))

    async def _registry(self, call: Call) -> str:
        target = Target(kinds()["registry"], "", call.path("registry").lower())
        return (await self._operations.get(target)).resource.key.name


def _order(body: dict[str, Any], owner: str) -> Order:
    """What is asked for, checked as far as one can without looking."""
    kind, source = body.get("kind"), body.get("source")
    if kind not in SHARED:
        told = f"expected one of {', '.join(SHARED)}, found {problems.found(kind)}"
        raise Invalid([Problem(told, "kind", hint=problems.closest(str(kind), SHARED))])
    if not isinstance(source, str) or not source.startswith("azureml:"):
        told = f"expected azureml:NAME:VERSION, found {problems.found(source)}"
        raise Invalid([Problem(told, "source")])
    asker = str(body.get("workspace") or ("default" if refs.registry_of(owner) else owner)).lower()
    name, version = str(body.get("name") or ""), str(body.get("version") or "")
    return Order(kind, refs.asset(source), asker, owner, name, version)


async def _unchangeable(call: Call) -> Response:
    name = call.path("registry")
    raise Conflict(f"Registry {name!r} is built in and cannot be changed.", target=name)


async def _none(call: Call) -> Response:
    del call
    return reply({"value": []})


async def _absent(call: Call) -> Response:
    told = f"Registry {call.path('registry')} has no {call.path('name')!r}: it is built in and holds environments."
    raise NotFound(told, target=call.path("name"))


def _entry(call: Call) -> Curated:
    told = call.request.path_params
    name, version, label = str(told["name"]), str(told.get("version", "")), str(told.get("label", ""))
    found = environments.find(name, version=version, label=label)
    if found is None:
        wanted = f"{name}:{version}" if version else f"{name}@{label}" if label else name
        raise NotFound(
            f"There is no environment {wanted!r} in registry {told['registry']}. "
            f"zaffre environment list --registry-name {told['registry']} shows what is there.",
            target=name,
        )
    return found


def _document(entry: Curated, registry: str) -> dict[str, Any]:
    """A curated environment as the native API answers a resource."""
    kind: Kind = kinds()["environment"]
    definition = entry.definition
    spec: dict[str, Any] = {
        "name": entry.name,
        "version": entry.version,
        "description": entry.description,
        "image": definition.image,
        "conda_file": definition.conda,
        "tags": dict(entry.tags),
    }
    at = iso(_PUBLISHED)
    return {
        "id": f"{PREFIX}/registries/{registry}/environments/{entry.name}/versions/{entry.version}",
        "kind": kind.name,
        "workspace": "",
        "name": entry.name,
        "version": entry.version,
        "spec": kind.model().from_yaml({name: value for name, value in spec.items() if value is not None}).to_yaml(),
        "state": {"registry": registry, "provisioning_state": "Succeeded"},
        "system": {
            "created_at": at,
            "created_by": "system",
            "modified_at": at,
            "modified_by": "system",
            "archived": False,
        },
    }
