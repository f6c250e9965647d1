"""Every floor, put together into one running server."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from zaffre import __version__
from zaffre.api import health, native, stream
from zaffre.api.about import About
from zaffre.api.audiences import Audiences
from zaffre.api.auth import Tokens
from zaffre.api.azure.identity import Identity
from zaffre.api.azure.metadata import Metadata
from zaffre.api.azure.plugin import PluginTree
from zaffre.api.azure.signed import SignedRequests
from zaffre.api.azure.snapshots import Snapshots
from zaffre.api.azure.storage import Storage
from zaffre.api.codefiles import CodeFiles
from zaffre.api.datafiles import DatastoreFiles, Shelves
from zaffre.api.errors import ErrorAnswers
from zaffre.api.files import AssetFiles
from zaffre.api.gate import Gate, Limits, Trust
from zaffre.api.login import Login
from zaffre.api.members import Members
from zaffre.api.operations import Operations, Target
from zaffre.api.pages import Pages
from zaffre.api.rights import rights
from zaffre.api.route import Route, mounted, unknown
from zaffre.api.schemas import openapi_route, schema_route
from zaffre.api.sessions import Sessions
from zaffre.api.studio import Studio
from zaffre.api.uploads import Destination, Uploads
from zaffre.assets.environment.actions import Actions as EnvironmentActions
from zaffre.assets.environment.reconcile import BUILD_COMPUTE, BUILD_TYPE, Builds
from zaffre.backends.local import LocalBackend, gpus
from zaffre.backends.local.archive import parallel
from zaffre.builder import Builder, Layers, lay_out
from zaffre.control.admission import Admission
from zaffre.control.contents import Contents
from zaffre.control.elsewhere import Elsewhere
from zaffre.control.filing import Filing
from zaffre.control.gpus import Gpus
from zaffre.control.locations import DEFAULT_DATASTORE, Locations
from zaffre.control.lookup import Places, StoreLookup, mount_all
from zaffre.control.loop import Loop
from zaffre.control.rooms import Rooms
from zaffre.control.sealed import Sealed
from zaffre.control.supervise import Policy, Supervisor
from zaffre.control.vitals import Vitals
from zaffre.core import queues, refs
from zaffre.core.asset import code_name, spec_hash
from zaffre.core.registry import kinds
from zaffre.core.resource import Content, Key
from zaffre.core.tasks import Handle
from zaffre.core.times import iso
from zaffre.kinds.compute.actions import Actions as ComputeActions
from zaffre.kinds.compute.reconcile import Computes
from zaffre.kinds.connection.actions import Actions as ConnectionActions
from zaffre.kinds.datastore.actions import Actions as DatastoreActions
from zaffre.kinds.draft.actions import Actions as DraftActions
from zaffre.kinds.job.actions import Actions as JobActions
from zaffre.kinds.job.family.parents import JobParents, ParentFloors
from zaffre.kinds.job.parts.surroundings import Platform
from zaffre.kinds.job.reconcile import Floors, JobRuns
from zaffre.kinds.registry.actions import Actions as RegistryActions
from zaffre.kinds.registry.reconcile import Sharing
from zaffre.server import database, keys, seeds, sockets
from zaffre.server.azured import Azure, for_jobs
from zaffre.server.azured import Surroundings as AzureSurroundings
from zaffre.server.batched import Batches
from zaffre.server.built import builder_settings, curated
from zaffre.server.clock import SystemClock
from zaffre.server.feeds import Feeds
from zaffre.server.home import Ports
from zaffre.server.opened import OpenRuns
from zaffre.server.piped import Pipelines
from zaffre.server.sampled import Samples
from zaffre.server.scheduled import Scheduling
from zaffre.server.searched import Searches
from zaffre.server.served import Serving, Surroundings
from zaffre.server.settings import Settings, passed_on
from zaffre.server.staged import remote
from zaffre.server.stored import spellings, storage
from zaffre.server.tabled import Tables
from zaffre.server.tracked import Folders, Mirror, ModelStore, Mounted, new_id
from zaffre.store import Store, Tx, assets, runs
from zaffre.store.blobs import Blobs, File
from zaffre.store.secrets import Vault
from zaffre.tracking.app import TrackingApp
from zaffre.tracking.lookups import logged_model
from zaffre.tracking.service import TrackingService, TrackingSettings
from zaffre.tracking.upstream import Upstream, UpstreamSettings

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = "local"
BUILDS_AT_ONCE = 2
_MLFLOW = (
    "/mlflow/{version}/subscriptions/{sub}/resourceGroups/{group}"
    "/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
)


class Server:
    """A server of one home directory, from ``open`` to ``close``."""

    def __init__(self, settings: Settings, ports: Ports, store: Store, clock: SystemClock) -> None:
        self.settings = settings
        self.ports = ports
        self.store = store
        self.clock = clock
        self.locations = Locations(settings.home)
        self.blobs = Blobs(settings.home / "blobs" / "code")
        self.builder = Builder(settings.home, builder_settings(settings))
        self.backend = LocalBackend(settings.home, self.clock)
        self.tokens = Tokens(
            keys.signing_key(settings.home), keys.owner_token(settings.home), str(settings.home), self.clock
        )
        self.tokens.introduce(Audiences(self._hosts()), keys.identity_secret(settings.home))
        self.members = Members(store, self.clock)
        self.sessions = Sessions(settings.home / "keys" / "sessions.json", self.clock)
        self.loop = Loop(store, self.clock, owner=f"{os.getpid()}-{secrets.token_hex(4)}")
        self.places = Places(self.locations, partial(logged_model, database.tracking(settings)))
        self.vault = Vault(settings.home / "keys" / "secrets.key")
        self.sealed = Sealed(self.vault)
        self.remote = remote(settings, self.sealed)
        self.elsewhere = Elsewhere(store, self.remote, settings.home, self.clock)
        self.operations = Operations(store, self._lookup, self.clock, self.loop.seize, self.sealed)
        self.pipelines = Pipelines(store, self.operations, self._lookup, Contents(self.places, self.elsewhere))
        self.folders = Folders(self.locations, self.places)
        self.admission = Admission(self._rooms(), Gpus([gpu.uuid for gpu in gpus.found(os.environ)]))  # noqa: TID251 - the same
        self.schedules = Scheduling(settings, store, self.operations)
        self.batches = Batches(store, self.operations, f"http://{settings.own_host}:{ports.server}")
        self.tables = Tables(settings, self.places, self.operations, store, self.remote)
        self.searches = Searches(store, self.loop)
        self.storage: Storage
        self.tracking: TrackingService
        self.vitals: Vitals
        self.serving = Serving(self._surroundings(keys.signing_key(settings.home)), self.tokens.sign, self.operations)
        self._mirror: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._waking: set[asyncio.Future[None]] = set()

    @classmethod
    async def open(cls, settings: Settings, ports: Ports) -> Server:
        """Open the state and start the engine; what was running before is adopted by its first steps."""
        address = database.chosen(settings)
        clock = database.clock(address)
        store = await Store.open(address, clock, database.server(settings.home, clock))
        database.remember(settings)
        server = cls(settings, ports, store, clock)
        await seeds.seed(store, server.locations)
        server.storage = await storage(store, server.locations, server.vault, clock)
        server.builder.feeds = Feeds(store, server.sealed)
        server.tracking = await TrackingService.open(server._tracking_settings())
        every = settings.seconds("jobs.metrics_interval")
        server.vitals = Vitals(store, server.tracking, server.locations, every)
        await server.backend.start()
        await store.write(runs.recover)
        await server.admission.rooms.follow(store)
        await store.write(server.admission.call_up_all)
        await store.read(lambda tx: mount_all(tx, server.locations))
        server._engage()
        server._ticking = asyncio.create_task(server.loop.run())
        server._mirror = asyncio.create_task(Mirror(store, server.folders, server.tracking).run())
        server._watching = asyncio.create_task(server.vitals.run())
        server.serving.watch()
        return server

    async def close(self) -> None:
        """Stop serving and leave runs and deployments alone."""
        await self.loop.stop()
        if self._ticking is not None:
            await self._ticking
        for task in (self._mirror, self._watching):
            if task is not None:
                task.cancel()
        await self.serving.close()
        await self.searches.close()
        await self.backend.close()
        await self.tracking.close()
        await self.store.close()

    def app(self) -> ASGIApp:
        """The ASGI application, from the outside in: gate, errors, routes."""
        routes = self.routes()
        tracked = Mount("/mlflow", app=PluginTree(Mounted(TrackingApp(self.tracking))))
        inner = Router(routes=[tracked, *mounted(routes)], redirect_slashes=False, default=unknown)
        limits = Limits(patience=self.settings.seconds("server.body_patience"))
        trust = Trust(frozenset(self._hosts()), limits, SignedRequests(self.storage.signer, self.clock), self.members)
        return Gate(ErrorAnswers(inner), self.tokens, trust, OpenRuns(self.store), self.sessions)

    def routes(self) -> list[Route]:
        """Every route of ours; of two for the same thing the first holds, so what is more particular stands first."""
        destination = Destination(self._in_default_datastore, self._keep_code, self._require_workspace)
        uploads = Uploads(self.settings.home, self.blobs, destination)
        computes = ComputeActions(self.store, self.operations, self.admission)
        jobs = JobActions(self.store, self.operations, self.locations, self.admission, self.elsewhere)
        azure = self._azure()
        datastores = DatastoreActions(self.store, self.operations, self.sealed, self.remote)
        datastores.here = azure.assets.secrets
        verbs = [*datastores.arm_verbs(), *computes.arm_verbs(), *jobs.arm_verbs(), *self.serving.arm_verbs()]
        verbs += [*self.schedules.actions.arm_verbs(), *self.batches.actions.arm_verbs()]
        sharing = Sharing(self.store, self.operations, self.locations, self.places)
        shelf = partial(AssetFiles, path=self.places.place, elsewhere=self.elsewhere)
        found = [
            *self._doors(),
            *spellings(self.storage, self.clock, Snapshots(self.store, self.blobs)),
            *jobs.routes(),
            *self.pipelines.routes(self.places, self.locations, self.blobs),
            *self.serving.routes(),
            *computes.routes(),
            *self.schedules.actions.routes(),
            *self.batches.actions.routes(),
            *ConnectionActions(self.store, self.operations, self.sealed).routes(),
            *datastores.routes(),
            *RegistryActions(self.operations, sharing).routes(),
            *self.tables.routes(),
            *EnvironmentActions(self.store, self.builder, self._lookup).routes(),
            *(route for name in ("data", "model") for route in shelf(self.operations, kinds()[name]).routes()),
            *CodeFiles(self.operations, kinds()["code"], self.blobs).routes(),
            *uploads.routes(),
            *DatastoreFiles(
                Shelves(self.store, self.operations, self.locations, Filing(self.clock), self._lookup)
            ).routes(),
            *stream.event_routes(self.store),
            *native.routes(self.operations, kinds().values()),
            *azure.routes(verbs, [self.schedules.actions.choosing]),
        ]

        found.append(openapi_route(lambda: routes, __version__))
        routes = list({(route.method, route.path): route for route in reversed(found)}.values())[::-1]
        return routes

    def _doors(self) -> list[Route]:
        """What is asked before anything else (does it live, who am I here, where is what), and what pages alone ask for."""
        home, ticked = self.settings.home, lambda: self.loop.ticked_at
        vitals = health.Vitals(self.store, self.clock, home, ticked, self.serving.router_metrics)
        studio = Studio()
        return [
            *health.Health(vitals).routes(),
            *Login(self.sessions, self.tokens, self.members).routes(),
            *Identity(self.tokens, self.members).routes(),
            *Pages(self.store, refs.Scope(SUBSCRIPTION, GROUP), studio).routes(),
            *Metadata(self.operations, kinds()["registry"], SUBSCRIPTION, GROUP).routes(),
            *About(__version__, iso(self.clock.now())).routes(),
            *rights(self.store, self.admission),
            *studio.routes(),
            *Samples(self.operations, self.tokens, f"http://{self.settings.own_host}:{self.ports.server}").routes(),
            *DraftActions().routes(),
            schema_route(),
        ]

    def _azure(self) -> Azure:
        around = AzureSurroundings(
            self.store, self.clock, self.operations, self.locations, self.storage, self.ports.router_tls, self.places
        )
        return Azure(around, self.blobs, self._keep_code)

    def _engage(self) -> None:
        """Give the loop its steppers and the ways in which it is woken."""
        policy = Policy(self.settings.number("jobs.retries"), self.settings.seconds("jobs.grace"))
        supervisor = Supervisor(self.store, self.backend, self.clock, self.admission, policy)
        supervisor.serve("job", JobRuns(self._floors(), self._platform(), policy.grace))
        supervisor.serve(BUILD_TYPE, Builds(self.builder, self.locations))
        supervisor.parents.serve("parent", JobParents(self._parent_floors()))
        self.loop.serve("run", supervisor, supervisor.look, supervisor.give_up)
        self.loop.hear("run", supervisor.hear)
        self.schedules.engage(self.loop)
        self.batches.engage(self.loop)
        self.loop.serve("compute", Computes(self.store, self.admission))
        self.tables.engage(self.loop)
        self.serving.engage(self.loop)
        self.store.on_nudge(self.loop.nudge)
        self.backend.on_change(self._woken)

    def _woken(self, handle: Handle) -> None:
        """A task began or ended: look at its run now."""
        key = self.serving.work_of(handle) or f"run:{handle.run}"
        task = asyncio.ensure_future(self.loop.wake(key))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    def _floors(self) -> Floors:
        return Floors(
            store=self.store,
            clock=self.clock,
            builder=self.builder,
            layers=Layers(self.settings.home / "layers", lay_out(self.settings.home)),
            tracking=self.tracking,
            locations=self.locations,
            places=self.places,
            vitals=self.vitals,
            blobs=self.blobs,
            remote=self.remote,
            lookup=self._lookup,
            token=self.tokens.for_run,
            secret=self.tokens.secret_of_run,
            tabular=self.tables.tabular,
            parallel=partial(parallel, self.settings.home),
        )

    def _parent_floors(self) -> ParentFloors:
        return ParentFloors(
            store=self.store,
            clock=self.clock,
            operations=self.operations,
            tracking=self.tracking,
            reuse=self.pipelines.reuse(self.places),
            lookup=self._lookup,
            advisers={"pipeline": self.pipelines.values, "sweep": self.searches.adviser(self.tracking)},
        )

    def _platform(self) -> Platform:
        path = _MLFLOW.format(version="v1.0", sub=SUBSCRIPTION, group=GROUP, ws="{ws}")
        url = f"http://{self.settings.own_host}:{self.ports.server}{path}"
        enforce, pids = self.settings.flag("limits.enforce_sizes"), self.settings.number("limits.pids")
        azure = for_jobs(self.settings, self.ports, passed_on())
        return Platform(url, SUBSCRIPTION, GROUP, passed_on(), enforce, pids, azure)

    def _rooms(self) -> Rooms:
        """The machine's own lines and their nodes, and what workspaces may have."""
        local = self.settings.number("compute.local_nodes") or os.cpu_count() or 1
        return Rooms({queues.LOCAL: local, BUILD_COMPUTE: BUILDS_AT_ONCE}, self.settings.counts("compute.quota"))

    def _surroundings(self, signing_key: Ed25519PrivateKey) -> Surroundings:
        return Surroundings(
            home=self.settings.home,
            sockets=sockets.folder(self.settings.home),
            router_port=self.ports.router,
            router_tls_port=self.ports.router_tls,
            store=self.store,
            clock=self.clock,
            backend=self.backend,
            builder=self.builder,
            blobs=self.blobs,
            signing_key=signing_key,
            environ=passed_on(),
        )

    def _tracking_settings(self) -> TrackingSettings:
        home = self.settings.home
        upstream = UpstreamSettings(
            python=sys.executable,
            database=database.tracking(self.settings),
            home=home / "mlflow",
            socket=sockets.folder(home) / "mlflow.sock",
            environ=passed_on(),
            clock=self.clock,
        )
        return TrackingSettings(
            database=database.tracking(self.settings),
            python=sys.executable,
            folders=self.folders,
            clock=self.clock,
            new_id=new_id,
            assets=ModelStore(self.store, self.folders, self.places),
            upstream=Upstream(upstream),
        )

    def _lookup(self, tx: Tx) -> StoreLookup:
        return StoreLookup(tx, self.places, self.builder, curated, self.remote)

    def _in_default_datastore(self, workspace: str, path: str) -> Path:
        return self.locations.inside(workspace, DEFAULT_DATASTORE, path)

    async def _require_workspace(self, name: str) -> None:
        registry = refs.registry_of(name)
        kind = kinds()["registry" if registry else "workspace"]
        await self.operations.get(Target(kind, "", registry or name))

    async def _keep_code(self, workspace: str, digest: str, files: tuple[File, ...], actor: str) -> str:
        """The code asset of a content: the same content is the same asset."""
        name = code_name(digest)
        spec = {"name": name, "version": "1", "path": f"sha256:{digest}"}
        state = {"files": [[file.path, file.digest, file.size, file.executable] for file in files]}
        content = Content(spec, spec_hash(spec), state)
        await self.store.write(lambda tx: assets.add(tx, Key(workspace, "code", name, "", "1"), content, actor))
        return f"azureml:{name}:1"

    def _hosts(self) -> list[str]:
        ports = [port for port in (self.ports.server, self.ports.tls) if port]
        names = ("127.0.0.1", "localhost", "[::1]", self.settings.own_host)
        own = [f"{host}:{port}" for host in names for port in ports]
        return [*own, *(name.lower() for name in self.settings.names("server.hosts"))]
