"""Which folder a container of the blob service is, and who may do what there.

A container is a datastore of a workspace (or registry) that lies on this machine, or a folder of its own that takes one
upload. Its name says which: ``DATASTORE-WORKSPACE``, where no datastore's name has a dash, or ``upload--`` and chance.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from zaffre.api.auth import Principal
from zaffre.api.azure.sas import Grant, Signer
from zaffre.control.containers import Container, Notes
from zaffre.control.filing import Filing
from zaffre.control.locations import DATASTORES, DEFAULT_DATASTORE, Locations
from zaffre.core import refs
from zaffre.core.errors import Forbidden, NotFound
from zaffre.core.ports import Clock
from zaffre.core.resource import Key
from zaffre.store import Store, Tx, resources

_DATASTORE = re.compile(r"([A-Za-z0-9_]{1,255})-([A-Za-z0-9][A-Za-z0-9._-]{1,64})")
_UPLOAD = re.compile(r"upload--[0-9a-f]{32}")
_OF_A_RUN = frozenset("rlwc")
"""What a job may do that was given an identity: nothing is deleted with its token."""
_LAKE = "azure_data_lake_gen2"
UPLOAD_SECONDS = 24 * 3600.0
"""How long an upload may take, and how long its folder is kept."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what the signed URL they came with grants; None for who came with a token."""

    principal: Principal
    grant: Grant | None = None

    def require(self, container: Container, letter: str, path: str = "") -> None:
        """Refuse what this caller may not do."""
        if self.grant is not None:
            if not self.grant.allows(container.name, letter, path):
                raise Forbidden("The signed URL does not allow this here.")
        elif self.principal.workspace is not None:
            self.require_any()
            is_run = self.principal.run is not None
            if container.workspace != self.principal.workspace or (is_run and letter not in _OF_A_RUN):
                raise Forbidden(f"{self.principal.subject} reads and writes datastores of its own workspace only.")

    def require_any(self) -> None:
        """Refuse a job without an identity, whatever it asks for."""
        if self.grant is None and self.principal.run is not None and not self.principal.acts:
            raise Forbidden(f"{self.principal.subject} opens datastores by azureml:// URIs, or with a signed URL.")


class Storage:
    """The containers of one installation."""

    def __init__(self, store: Store, locations: Locations, signer: Signer, clock: Clock) -> None:
        self._store = store
        self._locations = locations
        self._clock = clock
        self._root = locations.home / "storage"
        self.signer = signer
        self.filing = Filing(clock)
        self.notes = Notes(self._root / "notes")
        self.blocks = self._root / "blocks"
        self.ranges = self._root / "ranges"

    async def container(self, name: str) -> Container:
        """The container ``name``. Raises ``NotFound``."""
        if _UPLOAD.fullmatch(name):
            return await run_in_threadpool(self._upload, name)
        found = _DATASTORE.fullmatch(name)
        if found is None:
            raise _absent(name)
        return await self._store.read(lambda tx: self._of_datastore(tx, name, found[1], found[2]))

    async def of(self, workspace: str, datastore: str) -> Container:
        """The container that a datastore is. Raises ``NotFound`` for one that lies elsewhere."""
        return await self.container(container_name(workspace, datastore))

    async def begin(self, workspace: str) -> Container:
        """A new, empty container for one upload."""
        return await run_in_threadpool(self._begin, workspace)

    async def end(self, container: Container) -> None:
        """The upload was taken: its container goes."""
        await run_in_threadpool(self._remove, container.root.parent)

    def _of_datastore(self, tx: Tx, name: str, datastore: str, workspace: str) -> Container:
        root = self._locations.datastore(workspace, datastore)
        if registry := refs.registry_of(workspace):
            if datastore != DEFAULT_DATASTORE or resources.get(tx, Key("", "registry", registry)) is None:
                raise _absent(name)
            return Container(name, workspace, datastore, root)
        found = resources.get(tx, Key(workspace, "datastore", datastore))
        if found is None or not is_here(datastore, found.spec.get("root")):
            raise _absent(name)
        if found.spec.get("root"):
            self._locations.mount(workspace, datastore, found.spec["root"])
            root = Path(found.spec["root"])
        return Container(name, workspace, datastore, root, found.spec.get("type") == _LAKE)

    def _begin(self, workspace: str) -> Container:
        self._sweep()
        name = f"upload--{secrets.token_hex(16)}"
        folder = self._root / "uploads" / name
        (folder / "files").mkdir(parents=True)
        told = {"workspace": workspace, "until": self._clock.now() + UPLOAD_SECONDS}
        (folder / "upload.json").write_text(json.dumps(told))
        return Container(name, workspace, "", folder / "files")

    def _upload(self, name: str) -> Container:
        folder = self._root / "uploads" / name
        try:
            told = json.loads((folder / "upload.json").read_text())
        except (FileNotFoundError, ValueError):
            raise _absent(name) from None
        return Container(name, told["workspace"], "", folder / "files")

    def _sweep(self) -> None:
        """Remove what was begun and never taken."""
        uploads = self._root / "uploads"
        for folder in uploads.iterdir() if uploads.exists() else ():
            try:
                over = json.loads((folder / "upload.json").read_text())["until"] < self._clock.now()
            except (FileNotFoundError, ValueError):
                over = folder.stat().st_mtime < self._clock.now() - UPLOAD_SECONDS
            if over:
                self._remove(folder)

    def _remove(self, folder: Path) -> None:
        self.notes.forget(folder.name)
        shutil.rmtree(folder, ignore_errors=True)


def container_name(workspace: str, datastore: str) -> str:
    """What a datastore's container is called; the same for nobody else's."""
    return f"{datastore}-{workspace}"


def is_here(datastore: str, root: str | None) -> bool:
    """Whether a datastore's files lie on this machine."""
    return bool(root) or datastore in DATASTORES


def _absent(name: str) -> NotFound:
    return NotFound(f"There is no container {name[:100]!r}.", target=name[:100])
