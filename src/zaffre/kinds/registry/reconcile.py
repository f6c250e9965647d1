"""An asset given to a registry, or taken into a workspace: its files are copied, so that either side may be deleted.

What a component names goes along: its code, its environment, the components of its steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool

from zaffre.api.operations import Operations, Target, View
from zaffre.control.copies import copied
from zaffre.control.locations import DEFAULT_DATASTORE, Locations
from zaffre.control.lookup import Places
from zaffre.core import assets, refs
from zaffre.core.errors import Conflict, Invalid, NotFound, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.store import Store, Tx
from zaffre.store import assets as stored_assets

FROM = "shared_from"
"""Property that says where an asset was copied from."""
SHARED = ("model", "data", "environment", "component")
_STEPS = "jobs"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be copied, and what it will be called."""

    kind: str
    source: refs.Asset
    asker: str
    """Whose short references the source is."""
    owner: str
    """Who gets it."""
    name: str = ""
    version: str = ""


class Sharing:
    """Copies assets between workspaces and registries."""

    def __init__(self, store: Store, operations: Operations, locations: Locations, places: Places) -> None:
        self._store = store
        self._operations = operations
        self._locations = locations
        self._places = places

    async def share(self, order: Order, actor: str) -> tuple[View, bool]:
        """Copy it; True when it is new. The same order again changes nothing."""
        found = await self._source(order)
        key = Key(order.owner, order.kind, order.name or found.key.name, "", order.version or found.key.version)
        origin = _origin(found)
        before = await self._store.read(lambda tx: _version(tx, key))
        if before is not None:
            if mapping_of(before.spec.get("properties")).get(FROM) != origin:
                told = f"{assets.where(key.workspace)} has another {key.kind} {key.name}:{key.version} already"
                raise Conflict(f"{told}; share it under another version.", target="version")
            return await self._operations.get(_target(key)), False
        spec = {name: value for name, value in found.spec.items() if name not in ("name", "version")}
        spec |= await self._parts(found, key, actor)
        spec["properties"] = {**mapping_of(spec.get("properties")), FROM: origin}
        model = kinds()[order.kind].model().from_stored({**spec, "name": key.name, "version": key.version})
        return await self._operations.put(_target(key), model, actor)

    async def _source(self, order: Order) -> Resource:
        owner = refs.owner(order.source, order.asker)
        target = Target(kinds()[order.kind], owner, order.source.name, "", order.source.version)
        try:
            return (await self._operations.get(target, order.source.label)).resource
        except NotFound as error:
            there = await self._store.read(lambda tx: _versions(tx, Key(owner, order.kind, order.source.name)))
            hint = f"; versions there are: {', '.join(there)}" if there else ""
            told = f"There is no {order.kind} {order.source.short!r} in {assets.where(owner)}{hint}."
            raise NotFound(told, target=order.source.name) from error

    async def _parts(self, found: Resource, key: Key, actor: str) -> dict[str, Any]:
        """What of the specification is another after the copy."""
        if key.kind == "component":
            return await self._component(found, key, actor)
        if key.kind == "environment":
            build: dict[str, Any] | None = found.spec.get("build")
            path = build.get("path") if build else None
            return {"build": {**build, "path": await self._files(found, key, path)}} if build and path else {}
        return {"path": await self._files(found, key, str(found.spec["path"]))}

    async def _files(self, found: Resource, key: Key, uri: str) -> str:
        """The URI of a copy; what is on the web stays where it is."""
        if isinstance(refs.parse(uri), refs.Remote):
            return uri
        place = await run_in_threadpool(self._places.place, found.key.workspace, uri)
        if place is None:
            told = f"{uri} lies outside this installation, and only {assets.where(found.key.workspace)} can open it"
            raise Invalid([Problem(told, field="path", hint="register it there by its web address")])
        path = f"shared/{key.kind}/{key.name}/{key.version}"
        final = self._locations.inside(key.workspace, DEFAULT_DATASTORE, path)
        name = await run_in_threadpool(copied, place, final)
        return f"azureml://datastores/{DEFAULT_DATASTORE}/paths/{path}" + (f"/{name}" if name else "")

    async def _component(self, found: Resource, key: Key, actor: str) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        if found.spec.get("code", "").startswith("azureml:"):
            changed["code"] = await self._code(found, key, actor)
        if _is_relative(found.spec.get("environment")):
            changed["environment"] = await self._along("environment", found.spec["environment"], found, key, actor)
        steps: dict[str, dict[str, Any]] = {
            name: dict(step) for name, step in mapping_of(found.spec.get(_STEPS)).items()
        }
        for step in steps.values():
            if _is_relative(step.get("component")):
                step["component"] = await self._along("component", step["component"], found, key, actor)
        return changed | ({_STEPS: steps} if steps else {})

    async def _along(self, kind: str, reference: str, found: Resource, key: Key, actor: str) -> str:
        order = Order(kind, refs.asset(reference), found.key.workspace, key.workspace)
        view, _ = await self.share(order, actor)
        return f"azureml:{view.resource.key.name}:{view.resource.key.version}"

    async def _code(self, found: Resource, key: Key, actor: str) -> str:
        """Code is kept once, by content: only its entry is another."""
        named = refs.asset(found.spec["code"])
        source = Key(refs.owner(named, found.key.workspace), "code", named.name, "", named.version)
        mine = replace(source, workspace=key.workspace)

        def copy(tx: Tx) -> None:
            stored_assets.copy(tx, source, mine, actor)

        await self._store.write(copy)
        return f"azureml:{mine.name}:{mine.version}"


def _origin(found: Resource) -> str:
    key = found.key
    registry = refs.registry_of(key.workspace)
    place = f"registries/{registry}" if registry else f"workspaces/{key.workspace}"
    return f"azureml://{place}/{kinds()[key.kind].collection}/{key.name}/versions/{key.version}"


def _is_relative(reference: Any) -> bool:
    return isinstance(reference, str) and reference.startswith("azureml:") and not reference.startswith("azureml:/")


def _target(key: Key) -> Target:
    return Target(kinds()[key.kind], key.workspace, key.name, "", key.version)


def _version(tx: Tx, key: Key) -> Resource | None:
    return stored_assets.version(tx, key)


def _versions(tx: Tx, key: Key) -> list[str]:
    return stored_assets.versions(tx, key)
