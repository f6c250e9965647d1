"""What the official Azure client speaks beside our own kinds, put in its place: run history, long operations, deployments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zaffre.api.arm import Arm, Verb
from zaffre.api.azure import bodies
from zaffre.api.azure.artifacts import Artifacts
from zaffre.api.azure.assets import AzureAssets, Shelves
from zaffre.api.azure.deployments import Deployments
from zaffre.api.azure.execution import ExecutionLogs
from zaffre.api.azure.following import Following
from zaffre.api.azure.history import History
from zaffre.api.azure.longrunning import LongRunning
from zaffre.api.azure.origin import origin
from zaffre.api.azure.resolving import Resolving
from zaffre.api.azure.sas import ALL, READ, Grant
from zaffre.api.azure.storage import Storage, container_name
from zaffre.api.manners import Choosing, Manners
from zaffre.api.operations import Operations, Target, View
from zaffre.api.route import Call, Route
from zaffre.api.uploads import KeepCode
from zaffre.control.filing import Filing
from zaffre.control.locations import ARTIFACTS, DEFAULT_DATASTORE, Locations
from zaffre.control.lookup import Places
from zaffre.core import cloud
from zaffre.core.ports import Clock
from zaffre.core.refs import DatastorePath
from zaffre.core.registry import kinds
from zaffre.server.certificates import FOLDER, trusted
from zaffre.server.home import Ports, tls_address
from zaffre.server.settings import Settings
from zaffre.store import Store
from zaffre.store.blobs import Blobs

LOG_SECONDS = 3600.0
"""How long the address of a log is good: a stream asks for a new one with every question."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What these need of the server that holds them."""

    store: Store
    clock: Clock
    operations: Operations
    locations: Locations
    storage: Storage
    router_tls_port: int
    places: Places


def for_jobs(settings: Settings, ports: Ports, before: Mapping[str, str]) -> dict[str, str]:
    """What Azure's libraries are told in jobs; nothing where the server has no HTTPS port."""
    folder = settings.home / FOLDER
    if not ports.tls or not (folder / "ca.pem").exists():
        return {}
    return {**cloud.variables(tls_address(settings, ports)), "REQUESTS_CA_BUNDLE": str(trusted(folder, before))}


class Azure:
    """The official client's side of one server."""

    def __init__(self, around: Surroundings, code: Blobs, keep_code: KeepCode) -> None:
        self._around = around
        shelves = Shelves(around.store, around.operations, around.storage, code, keep_code, self._where)
        self.assets = AzureAssets(shelves)
        self._long = LongRunning(around.operations, kinds())
        following = Following(around.clock)
        self._history = History(around.store, around.operations, around.locations, self._link, following)
        logs = ExecutionLogs(around.store, around.locations, Filing(around.clock))
        self._history.before_details.append(logs.write)
        self._history.pieces += Artifacts(around.locations, self._link, around.clock).pieces()
        key = around.storage.signer.account_key
        self._deployments = Deployments(around.operations, kinds()["workspace"], key, around.clock)

    def routes(self, verbs: Iterable[Verb], choosing: Iterable[Choosing] = ()) -> list[Route]:
        """``verbs`` are those that kinds have of their own, ``choosing`` their own ways to ask for a list."""
        every = [*verbs, *self._long.verbs(), *self._deployments.verbs(), *self.assets.verbs()]
        finishes = {**bodies.finishes(self._around.router_tls_port), **self.assets.finishes}
        manners = Manners(
            finishes,
            self._long.headers,
            reading=self.assets.reading,
            choosing=_first_of(self.assets.choosing, *choosing),
            naming=self.assets.naming,
        )
        return [
            *self._history.routes(),
            *Resolving(self._around.store).routes(),
            *Arm(self._around.operations, kinds().values(), every, manners).routes(),
        ]

    def _where(self, workspace: str, uri: str) -> DatastorePath | None:
        """On which datastore lies what a job left."""
        found = self._around.places.path(workspace, uri)
        for name in (ARTIFACTS, DEFAULT_DATASTORE) if found is not None else ():
            root = self._around.locations.datastore(workspace, name)
            if found is not None and Path(found).is_relative_to(root):
                return DatastorePath(name, "/".join(Path(found).relative_to(root).parts))
        return None

    def _link(self, call: Call, workspace: str, path: str, writes: bool = False) -> str:
        """The address of one artifact, for whoever holds it, for a while."""
        grant = Grant(container_name(workspace, ARTIFACTS), ALL if writes else READ, path)
        return self._around.storage.signer.url(origin(call), grant, LOG_SECONDS)


def _first_of(*ways: Choosing) -> Choosing:
    """The answer of the first that has one."""

    async def choose(call: Call, target: Target) -> list[View] | None:
        for way in ways:
            found = await way(call, target)
            if found is not None:
                return found
        return None

    return choose
