"""Datastores and assets as the official client knows them: where they lie by URLs of this server, and uploads become theirs.

``Arm`` serves them like everything else; here is what their bodies have beside the resource itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.azure import places, snapshots
from zaffre.api.azure.origin import authority, origin
from zaffre.api.azure.places import Spot
from zaffre.api.azure.sas import ACCOUNT, ALL, READ, Grant, address
from zaffre.api.azure.storage import UPLOAD_SECONDS, Storage, container_name, is_here
from zaffre.api.manners import Told
from zaffre.api.operations import Operations, Page, Target, View
from zaffre.api.route import Call, reply
from zaffre.api.uploads import KeepCode
from zaffre.control import filing
from zaffre.control.arriving import Arrived
from zaffre.control.containers import Container
from zaffre.control.locations import DEFAULT_DATASTORE
from zaffre.core import refs
from zaffre.core.asset import ANONYMOUS_COMPONENT, ANONYMOUS_ENVIRONMENT
from zaffre.core.errors import Conflict, Invalid, NotFound, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.store import Store, assets, resources
from zaffre.store.blobs import Blobs

_PROVIDER = "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices"
_REGISTRY = _PROVIDER + "/registries/{registry}"
_WORKSPACE = _PROVIDER + "/workspaces/{ws}"
_HASH = re.compile(r"[0-9a-fA-F]{64}")
_FOLDERS = {"AzureBlob": "containerName", "AzureFile": "fileShareName", "AzureDataLakeGen2": "filesystem"}
_ANONYMOUS = frozenset({ANONYMOUS_ENVIRONMENT, ANONYMOUS_COMPONENT})
_UNKEPT = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Shelves:
    """What assets' files are kept with."""

    store: Store
    operations: Operations
    storage: Storage
    code: Blobs
    keep_code: KeepCode
    where: Callable[[str, str], refs.DatastorePath | None]
    """(workspace, what a job left) → where it lies; None where there is nothing of the kind."""


class AzureAssets:
    """What ``Arm`` asks about datastores and assets."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._storage = shelves.storage
        self._operations = shelves.operations

    @property
    def finishes(self) -> Mapping[str, Callable[[Told], dict[str, Any]]]:
        """By kind."""
        return {
            "datastore": _datastore,
            "code": _code,
            "data": self._data,
            "environment": _anonymous,
            "component": _component,
            "model": self._model,
        }

    def verbs(self) -> list[Verb]:
        """Where to upload to, and where to download from."""
        version = "{asset}/versions/{version}"
        write = Permission.WRITE
        return [
            verb("POST", f"{_WORKSPACE}/{{kind}}/{version}/startPendingUpload", self._begin, write),
            verb("POST", f"{_REGISTRY}/{{kind}}/{version}/startPendingUpload", self._begin, write),
            verb("PUT", f"{_REGISTRY}/tempdatarefs/{version}", self._begin, write),
            verb("POST", f"{_REGISTRY}/datarefs/{version}", self._download, Permission.SECRETS),
        ]

    async def secrets(self, call: Call, workspace: str, datastore: str) -> dict[str, str] | None:
        """What opens a datastore that lies here: a signed URL's tail. None for one that lies elsewhere."""
        try:
            container = await self._storage.of(workspace, datastore)
        except NotFound:
            return None
        hours = mapping_of(await call.json()).get("expireAfterHours")
        seconds = min(max(float(hours), 0.1), 24.0) * 3600 if isinstance(hours, int | float) else 3600.0
        token = self._storage.signer.token(Grant(container.name, ALL), seconds)
        return {"secretsType": "Sas", "sasToken": token}

    async def choosing(self, call: Call, target: Target) -> list[View] | None:
        """The default datastore, and code by its content, whatever the name in the address."""
        if target.kind.name == "datastore" and call.query("isDefault").lower() == "true":
            return [await self._operations.get(Target(target.kind, target.workspace, DEFAULT_DATASTORE))]
        if target.kind.name == "code" and "hash" in call.request.query_params:
            wanted = call.query("hash").lower()
            if not _HASH.fullmatch(wanted):
                return []
            page = Page("all", 1, filter=f'properties.hash_sha256 = "{wanted}"')
            return (await self._operations.list(Target(target.kind, target.workspace), page)).views
        return None

    async def naming(self, target: Target, found: list[assets.Container]) -> Mapping[str, dict[str, Any]]:
        """The type of data, which is its latest version's."""
        if target.kind.name != "data":
            return {}
        keys = [Key(target.workspace, "data", one.name, "", one.latest_version) for one in found if one.latest_version]
        stored = await self._shelves.store.read(lambda tx: [resources.get(tx, key) for key in keys])
        return {one.key.name: {"dataType": one.spec.get("type")} for one in stored if one is not None}

    async def reading(self, call: Call, target: Target, body: dict[str, Any]) -> dict[str, Any]:
        """The body with our own URLs as references; what lies in a container of one upload is taken out of it."""
        if target.kind.name == "datastore":
            return await self._own_datastore(target, body)
        spots = places.found_in(body, authority(call))
        told = {text: await self._reference(call, target, body, spot) for text, spot in spots.items()}
        read = places.replaced(body, told) if told else body
        if target.kind.name == "data":
            await self._make_room(target, mapping_of(read.get("properties")))
        return read

    async def _make_room(self, target: Target, properties: Mapping[str, Any]) -> None:
        """A folder that is registered before anything lies in it, as where a deployment's data will be collected.

        Azure's stores have no empty folders and its clients expect none; here it is made.
        """
        place = refs.parse(str(properties.get("dataUri") or ""))
        folder = str(properties.get("dataType") or "").lower() in ("", "uri_folder")
        if not folder or not isinstance(place, refs.DatastorePath) or not place.path.strip("/"):
            return
        if place.scope is not None and place.scope.workspace.lower() != target.workspace:
            return
        with suppress(NotFound, Conflict):  # elsewhere, or a file: whoever reads the specification says so
            container = await self._storage.of(target.workspace, place.datastore)
            await run_in_threadpool(filing.make_folder, container.root, place.path.strip("/"))

    async def _own_datastore(self, target: Target, body: dict[str, Any]) -> dict[str, Any]:
        """A datastore of this machine that comes back as it was shown: what was filled in is taken out again."""
        properties = dict(mapping_of(body.get("properties")))
        if isinstance(properties.get("endpoint"), str):
            properties["endpoint"] = properties["endpoint"].rstrip("/")
        try:
            found = (await self._operations.get(target)).resource
        except NotFound:
            return {**body, "properties": properties}
        if is_here(target.name, found.spec.get("root")):
            filled = {"accountName", "endpoint", "protocol", "credentials", *_FOLDERS.values()}
            kept = {key: value for key, value in properties.items() if key not in filled and value}
            shown = mapping_of(target.kind.model().from_stored(found.spec).to_arm(refs.Scope())["properties"])
            properties = kept | {key: shown[key] for key in ("accountName", *_FOLDERS.values()) if key in shown}
        return {**body, "properties": properties}

    async def _reference(self, call: Call, target: Target, body: dict[str, Any], spot: Spot) -> str:
        try:
            container = await self._storage.container(spot.container)
        except NotFound:
            return await self._taken(target, body, spot)
        code = snapshots.code_at(spot.path.strip("/")) if target.kind.name == "code" and container.datastore else None
        if code is not None:
            return f"azureml:{code[0]}:{code[1]}"
        if container.datastore:
            return _uri(container, spot.path, target.workspace)
        if container.workspace != target.workspace:
            raise Invalid([Problem(f"{spot.container} holds an upload for another workspace", field="properties")])
        arrived = await run_in_threadpool(Arrived, container, spot.path)
        if target.kind.name == "code":
            reference = await self._keep_code(call, target, body, arrived)
        else:
            shelf = await self._storage.of(target.workspace, DEFAULT_DATASTORE)
            name = spot.path.strip("/").rpartition("/")[2] or target.name
            reference = _uri(shelf, await run_in_threadpool(arrived.settle, shelf.root, name), target.workspace)
        await self._storage.end(container)
        return reference

    async def _keep_code(self, call: Call, target: Target, body: dict[str, Any], arrived: Arrived) -> str:
        """The files as a code asset by content; the hash that was announced must be theirs."""
        said = _announced(body)
        if said and said != arrived.code_hash:
            told = f"the files that were uploaded have the hash {arrived.code_hash}, not {said}; upload them again"
            raise Invalid([Problem(told, field="properties.properties.hash_sha256")])
        await run_in_threadpool(arrived.keep, self._shelves.code)
        return await self._shelves.keep_code(target.workspace, arrived.digest, arrived.files, call.actor)

    async def _taken(self, target: Target, body: dict[str, Any], spot: Spot) -> str:
        """The same request again finds its upload taken, and the code that became of it."""
        said = _announced(body)
        if target.kind.name == "code" and said:
            page = Page("all", 1, filter=f'properties.hash_sha256 = "{said}"')
            found = (await self._operations.list(Target(target.kind, target.workspace), page)).views
            if found:
                return str(found[0].resource.spec["path"])
        told = f"there is no container {spot.container[:100]!r}: an upload is taken once, and within a day"
        raise Invalid([Problem(told, field="properties", hint="upload it again")])

    async def _begin(self, call: Call) -> Response:
        """A container of its own, and the signed URL to write into it."""
        said = str(call.request.path_params.get("kind", "codes")).lower()
        if all(kind.arm != said for kind in kinds().values() if kind.versioned):
            raise NotFound(f"There are no assets called {said[:100]!r}.")
        await self._require_owner(call.owner)
        container = await self._storage.begin(call.owner)
        told = self._told(call, container, Grant(container.name, ALL))
        return reply(
            {"pendingUploadId": container.name, "pendingUploadType": "TemporaryBlobReference", **told}, headers=_UNKEPT
        )

    async def _download(self, call: Call) -> Response:
        """A signed URL of the files of a registry's asset."""
        asked = mapping_of(await call.object()).get("assetId")
        found = refs.asset(str(asked)) if isinstance(asked, str) else None
        collection = found.collection.lower() if found is not None else "models"
        kind = next((kind for kind in kinds().values() if kind.versioned and kind.arm == collection), None)
        if kind is None:
            raise Invalid([Problem(f"expected the id of an asset, found {asked!r}", field="assetId")])
        target = Target(kind, call.owner, call.path("asset"), "", call.path("version"))
        spec = (await self._operations.get(target)).resource.spec
        place = refs.parse(str(spec.get("path") or ""))
        if not isinstance(place, refs.DatastorePath):
            raise NotFound(f"The files of {call.path('asset')!r} do not lie on a datastore of this registry.")
        container = await self._storage.of(call.owner, place.datastore)
        return reply(self._told(call, container, Grant(container.name, READ, place.path.strip("/"))), headers=_UNKEPT)

    def _told(self, call: Call, container: Container, grant: Grant) -> dict[str, Any]:
        """The client takes the last part of the path for a container's name, so a folder stands in the signature alone."""
        uri = f"{address(origin(call), container.name)}?{self._storage.signer.token(grant, UPLOAD_SECONDS)}"
        return {
            "blobReferenceForConsumption": {
                "blobUri": address(origin(call), container.name),
                "storageAccountArmId": f"/storageAccounts/{ACCOUNT}",
                "credential": {"credentialType": "SAS", "sasUri": uri},
            }
        }

    def _data(self, told: Told) -> dict[str, Any]:
        return _in_registry(self._settled(told, "dataUri"), "dataUri")

    def _model(self, told: Told) -> dict[str, Any]:
        """The client looks into the flavors, which a model need not have."""
        shown = _in_registry(self._settled(told, "modelUri"), "modelUri")
        return {**shown, "properties": {"flavors": {}, **shown["properties"]}}

    def _settled(self, told: Told, name: str) -> Told:
        """What a job left by the datastore where it lies, as Azure tells it: the client takes a datastore from the address."""
        properties = told.body["properties"]
        said = str(properties.get(name) or "")
        if not said or not isinstance(refs.parse(said), refs.JobOutput | refs.RunArtifact):
            return told
        found = self._shelves.where(told.view.resource.key.workspace, said)
        uri = str(replace(found, scope=told.place)) if found is not None else said
        return replace(told, body={**told.body, "properties": {**properties, name: uri}})

    async def _require_owner(self, owner: str) -> None:
        registry = refs.registry_of(owner)
        await self._operations.get(Target(kinds()["registry" if registry else "workspace"], "", registry or owner))


def _uri(container: Container, path: str, workspace: str) -> str:
    scope = None if container.workspace == workspace else refs.Scope(workspace=container.workspace)
    return str(refs.DatastorePath(container.datastore, path, scope))


def _announced(body: Mapping[str, Any]) -> str:
    said = mapping_of(mapping_of(body.get("properties")).get("properties")).get("hash_sha256")
    return said.lower() if isinstance(said, str) and _HASH.fullmatch(said) else ""


def _datastore(told: Told) -> dict[str, Any]:
    """One that lies here is reached at the address that was asked; its URLs need a signature, which is to be asked for."""
    key, properties = told.view.resource.key, dict(told.body["properties"])
    properties.setdefault("isDefault", key.name == DEFAULT_DATASTORE)
    properties.setdefault("properties", {})
    if not is_here(key.name, told.view.resource.spec.get("root")):
        return {**told.body, "properties": properties}
    own = {"accountName": f"{authority(told.call)}/{ACCOUNT}", "endpoint": "core.windows.net", "protocol": "https"}
    folder = _FOLDERS.get(properties.get("datastoreType", ""))
    named = {folder: container_name(key.workspace, key.name)} if folder else {}
    return {**told.body, "properties": {**properties, **own, **named, "credentials": {"credentialsType": "AccountKey"}}}


def _code(told: Told) -> dict[str, Any]:
    """Code of a workspace is told by a URL, from which the client downloads it."""
    key, properties = told.view.resource.key, {**told.body["properties"], "isAnonymous": True}
    if not refs.registry_of(key.workspace):
        container = container_name(key.workspace, DEFAULT_DATASTORE)
        properties["codeUri"] = address(origin(told.call), container, snapshots.folder(key))
    return {**told.body, "properties": properties}


def _component(told: Told) -> dict[str, Any]:
    """The client reads a component's version where the component says it itself: ``@latest`` is nothing to it otherwise."""
    whole = _anonymous(told)
    properties = dict(mapping_of(whole["properties"]))
    key = told.view.resource.key
    properties["componentSpec"] = {
        **mapping_of(properties.get("componentSpec")),
        "name": key.name,
        "version": key.version,
    }
    return {**whole, "properties": properties}


def _anonymous(told: Told) -> dict[str, Any]:
    properties = told.body["properties"]
    return {**told.body, "properties": {**properties, "isAnonymous": told.view.resource.key.name in _ANONYMOUS}}


def _in_registry(told: Told, name: str) -> dict[str, Any]:
    """Where files of a registry lie is told as a URL; the client knows account, container and path by their order."""
    properties = told.body["properties"]
    place = refs.parse(str(properties.get(name) or ""))
    if not refs.registry_of(told.place.workspace) or not isinstance(place, refs.DatastorePath):
        return told.body
    container = container_name(told.place.workspace, place.datastore)
    return {**told.body, "properties": {**properties, name: f"{origin(told.call)}/{container}/{place.path}"}}
