"""What lies in a registry, read-only: the curated environments of the built-in one, spelt as a workspace's own."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.native import PREFIX, listed, page_of
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import NotFound
from zaffre.core.registry import Kind, kinds
from zaffre.core.times import iso
from zaffre.library import environments
from zaffre.library.environments import Curated

_ROOT = PREFIX + "/registries/{registry}"
_PUBLISHED = 1_767_225_600.0
"""What is built in has the age of the first release: a list must not change with each restart."""


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def routes(self) -> list[Route]:
        """Environments, and (empty as yet) what else a registry of Azure's holds."""
        assets = [kind for kind in kinds().values() if kind.versioned and kind.name not in ("code", "environment")]
        root, read = f"{_ROOT}/environments", Permission.READ
        item, tag = root + "/{name}", "registry"
        one, many = "Resource", "ResourceList"
        return [
            Route("GET", root, read, self._list, "List a registry's environments", tag=tag, answer=many),
            Route("GET", item, read, self._show, "Show a registry's environment", tag=tag, answer=one),
            Route("GET", item + "/versions", read, self._versions, "List its versions", tag=tag, answer=many),
            Route("GET", item + "/versions/{version}", read, self._show, "Show a version", tag=tag, answer=one),
            Route("GET", item + "/labels/{label}", read, self._show, "Show by label", tag=tag, answer=one),
            *(
                Route(
                    "GET",
                    f"{_ROOT}/{kind.collection}",
                    read,
                    self._none,
                    f"List its {kind.name}s",
                    tag=tag,
                    answer=many,
                )
                for kind in assets
            ),
        ]

    async def _list(self, call: Call) -> Response:
        registry = await self._registry(call)
        page = page_of(call)
        found = environments.entries() if page.view != "archived" else ()
        shown = [_document(entry, registry) for entry in found[page.skip : page.skip + page.top]]
        return reply(listed(shown, call, page if len(found) > page.skip + page.top else None))

    async def _versions(self, call: Call) -> Response:
        registry = await self._registry(call)
        return reply({"value": [_document(_entry(call), registry)]})

    async def _show(self, call: Call) -> Response:
        registry = await self._registry(call)
        return reply(_document(_entry(call), registry))

    async def _none(self, call: Call) -> Response:
        await self._registry(call)
        return reply({"value": []})

    async def _registry(self, call: Call) -> str:
        target = Target(_kind("registry"), "", call.path("registry"))
        return (await self._operations.get(target)).resource.key.name


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
    kind = _kind("environment")
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


def _kind(name: str) -> Kind:
    return kinds()[name]
