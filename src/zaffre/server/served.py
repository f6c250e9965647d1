"""Online endpoints, put in their place: the router of this home, code laid out for replicas, keys, and the steppers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.concurrency import run_in_threadpool

from zaffre.api.arm import Verb
from zaffre.api.operations import Operations
from zaffre.api.route import Route
from zaffre.backends.local.archive import scoring_host
from zaffre.control.keypairs import Keys
from zaffre.control.loop import Loop
from zaffre.core import refs
from zaffre.core.ports import Backend, Clock, EnvironmentBuilder
from zaffre.core.resource import Key
from zaffre.core.tasks import Handle
from zaffre.kinds.online.actions import Actions
from zaffre.kinds.online.live.autoscaling import Autoscaling
from zaffre.kinds.online.live.console import Console
from zaffre.kinds.online.live.diffing import Differences
from zaffre.kinds.online.live.measuring import Measures
from zaffre.kinds.online.live.reports import Reports
from zaffre.kinds.online.parts.layout import Layout
from zaffre.kinds.online.reconcile import Deployments, Endpoints, Floors, Table
from zaffre.kinds.online.rules import DEPLOYMENT, ENDPOINT, deployment_work
from zaffre.server.certificates import FOLDER
from zaffre.serving.probe import probe
from zaffre.serving.process import Launch
from zaffre.serving.publisher import Publisher
from zaffre.store import Store, resources
from zaffre.store.blobs import Blobs, File
from zaffre.store.secrets import Vault


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What endpoints need of the server that holds them."""

    home: Path
    sockets: Path
    router_port: int
    router_tls_port: int
    """0: without TLS."""
    store: Store
    clock: Clock
    backend: Backend
    builder: EnvironmentBuilder
    blobs: Blobs
    signing_key: Ed25519PrivateKey
    environ: dict[str, str]


class Serving:
    """The online endpoints of one server."""

    def __init__(self, around: Surroundings, sign: Callable[[str, str, float], str], operations: Operations) -> None:
        self._folder = around.home / "endpoints"
        self._watching: list[asyncio.Task[None]] = []
        public = around.signing_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        keys = Keys(Vault(around.home / "keys" / "secrets.key"), public.decode())
        layout = Layout(around.home, around.sockets)
        url = f"http://127.0.0.1:{around.router_port}"
        router = Publisher(_launch(around), url)
        self.router_metrics = router.metrics
        self.measures = Measures(router, around.store, around.clock, layout)
        floors = Floors(
            store=around.store,
            clock=around.clock,
            backend=around.backend,
            builder=around.builder,
            router=router,
            probe=probe,
            code=CodeFiles(around.store, around.blobs),
            places=layout,
            keys=keys,
            host=lambda: scoring_host(around.home),
            environ=around.environ,
            measures=self.measures,
        )
        table = Table(floors)
        self._endpoints = Endpoints(floors, table)
        self._deployments = Deployments(floors, table)
        self.actions = Actions(around.store, around.clock, keys, table)
        self._autoscaling = Autoscaling(around.store, operations)
        self._console = Console(around.store, keys, sign)
        self._differences = Differences(around.store, operations)
        self.reports = Reports(around.store, around.clock, layout, self.measures)
        self.actions.make_token = sign
        self.actions.metrics = router.metrics

    def engage(self, loop: Loop) -> None:
        """Let the loop step endpoints and deployments."""
        loop.serve(ENDPOINT, self._endpoints)
        loop.serve(DEPLOYMENT, self._deployments)

    def routes(self) -> list[Route]:
        """What only endpoints and deployments have."""
        return [*self.actions.routes(), *self.reports.routes(), *self._console.routes(), *self._differences.routes()]

    def arm_verbs(self) -> list[Verb]:
        """The same as the official client asks for it."""
        return [*self.actions.arm_verbs(), *self.reports.arm_verbs(), *self._autoscaling.arm_verbs()]

    def watch(self) -> None:
        """Read what deployments do, and wake those that are waited for, until ``close``."""
        self._watching = [asyncio.create_task(self.measures.run()), asyncio.create_task(self.measures.wake())]

    async def close(self) -> None:
        """Stop watching; the router and the replicas go on."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    def work_of(self, handle: Handle) -> str | None:
        """The work item of a replica's deployment; None for the task of a run."""
        directory = Path(handle.directory)
        if not directory.is_relative_to(self._folder):
            return None
        return deployment_work(*directory.relative_to(self._folder).parts[:3])


class CodeFiles:
    """Lays code assets out as folders."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    async def __call__(self, workspace: str, reference: str, target: Path) -> None:
        """``azureml:name:version`` as the folder ``target``, again from the start when called again."""
        found = refs.asset(reference)
        key = Key(workspace, "code", found.name, "", found.version)
        code = await self._store.read(lambda tx: resources.require(tx, key))
        files = tuple(File(*entry) for entry in code.state["files"])
        await run_in_threadpool(self._lay_out, files, target)

    def _lay_out(self, files: tuple[File, ...], target: Path) -> None:
        shutil.rmtree(target, ignore_errors=True)
        self._blobs.materialise(files, target)


def _launch(around: Surroundings) -> Callable[[], Launch]:
    certificate, key = around.home / FOLDER / "server.pem", around.home / FOLDER / "server.key"

    def launch() -> Launch:
        secured = around.router_tls_port and certificate.exists()
        return Launch(
            home=around.home / "router",
            control=around.sockets / "router.sock",
            port=around.router_port,
            environ=around.environ,
            tls_port=around.router_tls_port,
            tls_cert=str(certificate) if secured else "",
            tls_key=str(key) if secured else "",
        )

    return launch
