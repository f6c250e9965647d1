"""MLflow's protocol, put in its place: artifacts in our datastores, its registry over our model assets, all behind our gate."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Receive, Scope, Send

from zaffre.api.auth import Permission, Principal
from zaffre.control.locations import ARTIFACTS, Locations
from zaffre.control.lookup import Places
from zaffre.core.asset import spec_hash
from zaffre.core.errors import NotBuilt
from zaffre.core.events import Event, EventType
from zaffre.core.resource import Content, Key, Resource, absent
from zaffre.store import Store, Tx, assets, resources
from zaffre.tracking.artifacts import SCHEME
from zaffre.tracking.assets import Change, MirroredModel, MirroredVersion, NewVersion
from zaffre.tracking.service import TrackingService

_WORKSPACE = re.compile(
    r"/mlflow/v[12]\.0/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+/workspaces/([^/]+)", re.I
)
_DEFAULT = "default"
_RUN_ARTIFACTS = re.compile(r"mlflow-artifacts:/\d+/([^/]+)/artifacts(?:/(.*))?")


class Folders:
    """Where MLflow's artifacts lie: in the workspace's artifact datastore."""

    def __init__(self, locations: Locations, places: Places) -> None:
        self._locations = locations
        self._places = places
        self._models: dict[tuple[str, str, str], str] = {}

    def remember(self, workspace: str, name: str, version: str, uri: str) -> None:
        """Know a model version, so that its files can be found without asking the store."""
        self._models[workspace, name, version] = uri

    def root(self, workspace: str) -> Path:
        """The workspace's artifact store; made when missing."""
        found = self._locations.datastore(workspace, ARTIFACTS)
        found.mkdir(parents=True, exist_ok=True)
        return found

    def model(self, workspace: str, name: str, version: str) -> Path | None:
        """The files of a version of a model asset."""
        uri = self._models.get((workspace, name, version))
        path = self._places.path(workspace, uri) if uri is not None else None
        return Path(path) if path is not None else None


class ModelStore:
    """The registry's truth: model assets; what MLflow's clients change goes through here."""

    def __init__(self, store: Store, folders: Folders, places: Places) -> None:
        self._store = store
        self._folders = folders
        self._places = places

    async def create_model(self, workspace: str, change: Change) -> None:
        """An asset begins with its first version; until then the name is MLflow's alone."""

    async def create_version(self, workspace: str, new: NewVersion) -> int:
        """The next whole-number version of the model asset."""
        uri = uri_of(new.location or new.source)
        path = await asyncio.to_thread(self._places.path, workspace, uri)
        is_mlflow = path is not None and await asyncio.to_thread(Path(path, "MLmodel").is_file)
        spec: dict[str, Any] = {"name": new.name, "type": "mlflow_model" if is_mlflow else "custom_model", "path": uri}
        spec |= {"description": new.description} if new.description else {}
        spec |= {"tags": new.tags} if new.tags else {}
        spec |= {"properties": {"job_name": new.run}} if new.run else {}

        def write(tx: Tx) -> int:
            container = assets.container(tx, workspace, "model", new.name)
            version = container.next_version if container is not None else "1"
            content = Content({**spec, "version": version}, spec_hash(spec))
            stored, _ = assets.add(tx, Key(workspace, "model", new.name, "", version), content, new.actor)
            return int(stored.key.version)

        number = await self._store.write(write)
        self._folders.remember(workspace, new.name, str(number), uri)
        return number

    async def update(self, workspace: str, change: Change) -> None:
        """Description and tags of a version."""
        if change.version is None:
            return

        def write(tx: Tx) -> None:
            found = resources.get(tx, Key(workspace, "model", change.name, "", str(change.version)))
            if found is None:
                return
            before: dict[str, Any] = found.spec.get("tags") or {}
            tags = {**before, **change.tags}
            kept = {key: value for key, value in tags.items() if key not in change.removed_tags}
            spec: dict[str, Any] = {**found.spec, "tags": kept}
            if change.description is not None:
                spec["description"] = change.description
            assets.add(tx, found.key, Content(spec, spec_hash(spec), found.state), change.actor)

        await self._store.write(write)

    async def rename(self, workspace: str, name: str, new_name: str, actor: str) -> None:
        """Assets keep their names: jobs and deployments refer to them."""
        del workspace, new_name, actor
        raise NotBuilt(f"Model {name!r} cannot be renamed: jobs and deployments refer to it. Register it anew instead.")

    async def delete(self, workspace: str, name: str, version: int | None, actor: str) -> None:
        """A version, or the whole model."""

        def write(tx: Tx) -> None:
            if version is not None:
                found = resources.get(tx, Key(workspace, "model", name, "", str(version)))
                if found is None:
                    raise absent("model", f"{name}:{version}", workspace)
                assets.delete(tx, found.key, actor)
            elif assets.container(tx, workspace, "model", name) is not None:
                assets.delete(tx, Key(workspace, "model", name), actor)

        await self._store.write(write)


class Mirror:
    """Shows every model asset in MLflow: at each change, and all of them again at start."""

    def __init__(self, store: Store, folders: Folders, service: TrackingService) -> None:
        self._store = store
        self._folders = folders
        self._service = service
        self._wanted: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        store.on_event(self._hear)

    async def run(self) -> None:
        """All models once, then what changes, until cancelled."""
        for workspace, name in await self._store.read(_all_models):
            await self._show(workspace, name)
        while True:
            await self._show(*await self._wanted.get())

    def _hear(self, event: Event) -> None:
        kind, _, rest = event.subject.partition("/")
        if kind in ("model", "models") and event.type is not EventType.RUN_STATUS_CHANGED:
            self._wanted.put_nowait((event.workspace, rest.partition("/versions/")[0]))

    async def _show(self, workspace: str, name: str) -> None:
        versions = await self._store.read(lambda tx: _versions(tx, workspace, name))
        for version in versions:
            self._folders.remember(workspace, name, version.key.version, str(version.spec["path"]))
        deleted = not versions
        told = tuple(_mirrored(version) for version in versions)
        await self._service.mirror(MirroredModel(workspace, name, versions=told, deleted=deleted))


@dataclass(frozen=True, slots=True)
class _Caller:
    """A principal narrowed to the workspace that the path names."""

    subject: str
    workspace: str
    run: str | None


class Mounted:
    """Serves ``/mlflow…`` by the tracking floor, for callers with the permission, in the workspace of the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Narrow the principal, then pass on below ``/mlflow``."""
        principal: Principal = scope["state"]["principal"]
        found = _WORKSPACE.match(scope["path"])
        workspace = found[1].lower() if found else _DEFAULT
        if principal.workspace is not None and not found:
            workspace = principal.workspace
        principal.require(Permission.TRACK, workspace)
        state = {**scope["state"], "principal": _Caller(principal.subject, workspace, principal.run)}
        await self._app({**scope, "state": state}, receive, send)


def new_id() -> str:
    """32 hexadecimal digits."""
    return uuid4().hex


def uri_of(location: str) -> str:
    """Our URI of an MLflow artifact location."""
    if found := _RUN_ARTIFACTS.fullmatch(location):
        return f"azureml://datastores/{ARTIFACTS}/paths/ExperimentRun/dcid.{found[1]}/{found[2] or ''}"
    if location.startswith(SCHEME):
        return f"azureml://datastores/{ARTIFACTS}/paths/{location[len(SCHEME) :]}"
    return location


def _mirrored(version: Resource) -> MirroredVersion:
    spec = version.spec
    path = str(spec["path"])
    properties: dict[str, Any] = spec.get("properties") or {}
    tags: dict[str, Any] = spec.get("tags") or {}
    marker = f"azureml://datastores/{ARTIFACTS}/paths/"
    return MirroredVersion(
        version=version.key.version,
        source=path,
        location=SCHEME + path[len(marker) :] if path.startswith(marker) and "/dcid." not in path else "",
        run=str(properties.get("job_name", "")),
        description=str(spec.get("description") or ""),
        tags={str(key): str(value) for key, value in tags.items()},
        user=version.created_by,
        created_at=version.created_at,
        deleted=version.archived,
    )


def _versions(tx: Tx, workspace: str, name: str) -> list[Resource]:
    return resources.list(tx, resources.Query(workspace, "model", name=name, view=resources.View.ALL, top=10_000))


def _all_models(tx: Tx) -> list[tuple[str, str]]:
    workspaces = resources.list(tx, resources.Query("", "workspace", view=resources.View.ALL, top=10_000))
    found: list[tuple[str, str]] = []
    for workspace in workspaces:
        query = resources.Query(workspace.key.name, "model", view=resources.View.ALL, top=10_000)
        found += [(workspace.key.name, container.name) for container in assets.containers(tx, query)]
    return found
