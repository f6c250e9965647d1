"""What lies elsewhere: which store a URI leads to, and the staging processes that bring, send, list and check.

The server itself never opens a store. It says what is wanted (an order) to a process of its own interpreter: beside a job
that is a step of the job's agent, and for a question of a user one that is waited for here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from zaffre.control.locations import DATASTORES
from zaffre.control.sealed import Sealed
from zaffre.core import refs
from zaffre.core.errors import Invalid, NotBuilt, Problem, Unavailable
from zaffre.core.resource import Key, Resource
from zaffre.core.tasks import Step
from zaffre.staging.datastores import Spot, of_datastore, of_url, same_store
from zaffre.staging.egress import Egress
from zaffre.staging.order import Input, Order, Told
from zaffre.staging.policy import Policy
from zaffre.store import Tx, resources

MOST_DATASTORES = 1000
ASK_SECONDS = 120.0
_ORDERED = ("bring", "send", "query", "copy")
"""What agents are given to do."""
ARGV = (sys.executable, "-I", "-m", "zaffre.staging")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an administrator set, and where things are."""

    home: Path
    policy: Policy
    environ: Mapping[str, str]
    """Of staging processes: locale and certificates; with ``identity`` also what tells libraries who this machine is."""
    cache_bytes: int
    identity: bool = False


class Remote:
    """Stores outside this machine, as far as the server deals with them."""

    def __init__(self, settings: Settings, sealed: Sealed) -> None:
        self._settings = settings
        self._sealed = sealed
        self._egress = Egress(settings.policy)

    def is_elsewhere(self, uri: str) -> bool:
        """False for what certainly lies on this machine; what it is for the rest takes a transaction to tell."""
        found = refs.parse(uri)
        return isinstance(found, refs.Remote) or (
            isinstance(found, refs.DatastorePath) and found.datastore not in DATASTORES
        )

    def find(self, tx: Tx, workspace: str, uri: str, type_: str) -> Spot | Path | None:
        """The place in a store; the path where ``egress.map`` has it on this machine; None for a folder of this machine."""
        found = refs.parse(uri)
        if isinstance(found, refs.DatastorePath):
            owner = found.scope.workspace.lower() if found.scope is not None else workspace
            return self._on_datastore(tx, Key(owner, "datastore", found.datastore), found.path)
        if not isinstance(found, refs.Remote):
            return None
        mapped = self._egress.mapped(found.url)
        if mapped.local is not None:
            return mapped.local
        if mapped.trusted:
            return of_url(mapped.url, type_, trusted=True)
        return self._with_credentials(tx, workspace, of_url(found.url, type_))

    def check(self, tx: Tx, workspace: str, uri: str, type_: str, *, write: bool) -> None:
        """Refuse what could not be staged, without asking anybody."""
        try:
            found = self.find(tx, workspace, uri, type_)
        except NotBuilt as error:
            raise Invalid(error.message) from error
        if write and isinstance(found, Spot) and found.store.type == "http":
            raise Invalid(f"{uri} cannot be written to: datastores of type http are read only")

    def order(self, verb: str, report: Path, **more: Any) -> Order:
        """An order with what every one has."""
        settings = self._settings
        return Order(
            verb=verb,
            report=str(report),
            cache=str(settings.home / "staged"),
            policy=Policy(settings.policy.allow),
            cache_bytes=settings.cache_bytes,
            identity=settings.identity,
            **more,
        )

    def step(self, order: Order, directory: Path, log: Path, cause: str) -> Step:
        """The order as a step of an agent, which takes the file that holds it."""
        file = directory / f"{order.verb}.json"
        if not (directory / "claim").exists():  # once an agent has begun nobody would take it
            write_secret(file, order.to_json())
        name = next((one.name for one in (*order.inputs, *order.outputs)), order.verb)
        litter = str(directory / "staged") if order.inputs else ""
        environ = dict(self._settings.environ)
        return Step(name, ARGV, environ, str(log), cause, order.report, str(file), litter)

    def forget(self, directory: Path) -> None:
        """Orders that no agent took, because it never came to be: they hold secrets."""
        for verb in _ORDERED:
            with contextlib.suppress(OSError):
                (directory / f"{verb}.json").unlink(missing_ok=True)

    async def ask(self, order: Order, seconds: float = ASK_SECONDS) -> Told:
        """Run a staging process and wait for its report."""
        process = await asyncio.create_subprocess_exec(
            *ARGV,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(self._settings.environ),
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                await process.communicate(order.to_json().encode())
        except TimeoutError as error:
            raise Unavailable(f"there was no answer within {seconds:.0f} seconds") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return await asyncio.to_thread(_told, Path(order.report))

    async def probe(self, spot: Spot) -> Told:
        """Whether a store opens."""
        return await self.ask(
            self.order("check", self._report(), inputs=(_input("check", spot, "uri_folder", ""),)), 60
        )

    async def listing(self, spot: Spot, type_: str) -> list[tuple[str, int]]:
        """(path below, bytes) of everything there."""
        told = await self.ask(self.order("list", self._report(), inputs=(_input("list", spot, type_, ""),)))
        if not told.ok:
            raise Unavailable(told.message)
        return told.items

    async def versions(self, spot: Spot, type_: str) -> str:
        """The contents of everything there in one word; empty where the store does not tell contents apart."""
        told = await self.ask(self.order("list", self._report(), inputs=(_input("list", spot, type_, ""),)))
        if not told.ok:
            raise Unavailable(told.message)
        return str(told.facts.get("versions", ""))

    async def copy(self, spot: Spot, target: Path, type_: str) -> None:
        """Bring what is there to ``target``; raises ``Unavailable`` in the store's words where it cannot be brought."""
        order = self.order("bring", self._report(), inputs=(_input("copy", spot, type_, str(target)),))
        told = await self.ask(order, 3600)
        if not told.ok:
            raise Unavailable(told.message)

    async def fetch(self, url: str, target: Path) -> Path:
        """The file behind a URL that needs no credentials, at ``target`` or where it is mapped to this machine."""
        mapped = self._egress.mapped(url)
        if mapped.local is not None:
            return mapped.local
        await self.copy(
            of_url(mapped.url if mapped.trusted else url, "uri_file", trusted=mapped.trusted), target, "uri_file"
        )
        return target

    def _report(self) -> Path:
        folder = self._settings.home / "staged"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"report-{secrets.token_hex(8)}.json"

    def _on_datastore(self, tx: Tx, key: Key, path: str) -> Spot | None:
        if key.name in DATASTORES:
            return None
        datastore = resources.get(tx, key)
        if datastore is None:
            raise Invalid([Problem(f"there is no datastore {key.name!r} in workspace {key.workspace}", field="path")])
        if datastore.spec.get("root"):
            return None
        return self.spot(tx, datastore, path)

    def spot(self, tx: Tx, datastore: Resource, path: str = "") -> Spot:
        """A path of a datastore whose document is at hand."""
        return Spot(of_datastore(datastore.key.name, datastore.spec), path, self._secrets(tx, datastore))

    def credentials(self, tx: Tx, resource: Resource) -> dict[str, str]:
        """What a datastore or a connection says of who one is, its sealed part included."""
        return self._secrets(tx, resource)

    def _secrets(self, tx: Tx, datastore: Resource) -> dict[str, str]:
        beside: Mapping[str, Any] = datastore.spec.get("credentials") or {}
        told = {key: str(value) for key, value in beside.items() if key != "type"}
        return {**told, **self._sealed.open(tx, datastore.key)}

    def _with_credentials(self, tx: Tx, workspace: str, spot: Spot) -> Spot:
        """A URL into a store that the workspace has a datastore for is opened as that datastore is."""
        if spot.credentials or spot.store.type == "http":
            return spot
        query = resources.Query(workspace, "datastore", top=MOST_DATASTORES)
        for datastore in resources.list(tx, query):
            if datastore.spec.get("root") or datastore.spec.get("type") != spot.store.type:
                continue
            with contextlib.suppress(NotBuilt):
                store = of_datastore(datastore.key.name, datastore.spec)
                if same_store(store, spot.store):
                    return Spot(replace(store, root=spot.store.root), spot.path, self._secrets(tx, datastore))
        return spot


def _told(report: Path) -> Told:
    """What a process wrote at its end, read once."""
    try:
        told = json.loads(report.read_text())
    except (OSError, ValueError) as error:
        raise Unavailable("the staging process ended without a report") from error
    finally:
        report.unlink(missing_ok=True)
    return Told(
        told["ok"], told["name"], told["message"], [(path, size) for path, size in told["items"]], told["facts"]
    )


def write_secret(file: Path, text: str) -> None:
    """For this user alone, from the first byte on."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as stream:
            stream.write(text)
        draft.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def file_name(spot: Spot) -> str:
    """The last part of a place's path."""
    path = spot.path or (urlsplit(spot.store.endpoint).path if spot.store.type == "http" else "")
    return PurePosixPath(path).name


def _input(name: str, spot: Spot, type_: str, target: str) -> Input:
    return Input(name, spot.store, spot.credentials, spot.path, type_, target)
