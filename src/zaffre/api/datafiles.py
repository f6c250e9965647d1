"""The files of datastores, for whoever opens ``azureml://``: where a URI leads, what a folder holds, a file's bytes.

Users reach all of it. A job's token reaches the datastores of its own workspace, since a script may open by URI what it was
not given as an input; what other runs made is narrower: it reads their named outputs, not their logs and artifacts, and
writes beside neither them nor uploads, whose names are their contents' hashes. Nothing is deleted with a job's token.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api import files
from zaffre.api.auth import Permission, Principal
from zaffre.api.native import listed, page_of
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control import filing
from zaffre.control.filing import DRAFTS, Filing
from zaffre.control.locations import ARTIFACTS, DATASTORES, DEFAULT_DATASTORE, Locations
from zaffre.core import refs
from zaffre.core.draft import Lookup
from zaffre.core.errors import Forbidden, Invalid, NotBuilt, NotFound, Problem
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.core.times import iso
from zaffre.store import Store, Tx
from zaffre.store.blobs.paths import Entry

_ROOT = "/api/v1/workspaces/{ws}"
_SHORT = re.compile(r"azureml://(data|models)/([^/]+)/(versions|labels)/([^/]+)/?")
_UPLOADS = "LocalUpload"
_OUTPUTS = "azureml"
_COLLECTIONS = {"data": "data", "models": "model"}


@dataclass(frozen=True, slots=True)
class Shelves:
    """What datastores' files are found and written with."""

    store: Store
    operations: Operations
    locations: Locations
    filing: Filing
    lookup: Callable[[Tx], Lookup]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A path on a datastore that lies on this machine."""

    datastore: str
    root: Path
    path: str


class DatastoreFiles:
    """Routes for files by datastore path, and for finding that path."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def routes(self) -> list[Route]:
        """``/locate`` and ``/datastores/{name}/files``."""
        root, data = f"{_ROOT}/datastores/{{name}}/files", Permission.DATA
        one, tag = root + "/{path:path}", "datastore"
        return [
            Route("GET", f"{_ROOT}/locate", data, self._locate, "Find what an azureml:// URI leads to", tag=tag),
            Route("GET", root, data, self._list, "List files of a datastore", tag=tag, answer="FileList"),
            Route("GET", one, data, self._read, "Read a file of a datastore", tag=tag),
            Route("PUT", one, data, self._write, "Write a file of a datastore", success=201, tag=tag),
            Route("DELETE", one, Permission.DELETE, self._delete, "Delete a file of a datastore", success=204, tag=tag),
        ]

    async def _locate(self, call: Call) -> Response:
        """``{"uri"}``, a datastore path or a URL."""
        workspace, uri = call.path("ws").lower(), call.query("uri")
        if found := _SHORT.fullmatch(uri):
            version, label = (found[4], "") if found[3] == "versions" else ("", found[4])
            asked = refs.Asset(found[2], version, label, collection=found[1])
        else:
            asked = refs.parse(uri)
        told = await self._shelves.store.read(lambda tx: self._led(tx, workspace, asked))
        return reply({"uri": told})

    def _led(self, tx: Tx, workspace: str, asked: refs.Reference) -> str:
        lookup = self._shelves.lookup(tx)
        scope = getattr(asked, "scope", None)
        workspace = _same_workspace(workspace, scope)
        if isinstance(asked, refs.Asset):
            asked = refs.parse(_path_of(lookup, workspace, asked))
        if isinstance(asked, refs.JobOutput):
            asked = refs.parse(lookup.pinned(workspace, str(asked)))
        if isinstance(asked, refs.JobOutput | refs.RunArtifact):
            asked = self._on_a_datastore(workspace, lookup.local_path(workspace, str(asked)))
        if isinstance(asked, refs.DatastorePath):
            return str(refs.DatastorePath(asked.datastore, asked.path))
        if isinstance(asked, refs.Remote):
            return str(asked)
        raise Invalid([Problem(f"expected an azureml:// URI of a file or folder, found {str(asked)!r}", field="uri")])

    def _on_a_datastore(self, workspace: str, path: str | None) -> refs.DatastorePath:
        for name in (ARTIFACTS, DEFAULT_DATASTORE) if path is not None else ():
            root = self._shelves.locations.datastore(workspace, name)
            if path is not None and Path(path).is_relative_to(root):
                return refs.DatastorePath(name, "/".join(Path(path).relative_to(root).parts))
        raise NotFound("It lies on no datastore.", target="uri")

    async def _list(self, call: Call) -> Response:
        spot = await self._spot(call, call.query("path").strip("/"))
        _check_read(call.principal, spot)
        page = page_of(call)
        found = await run_in_threadpool(_contents, spot)
        shown = found[page.skip : page.skip + page.top]
        return reply(listed(shown, call, page if len(found) > page.skip + page.top else None))

    async def _read(self, call: Call) -> Response:
        spot = await self._spot(call, call.path("path"))
        _check_read(call.principal, spot)
        return await files.send(call, self._place(spot))

    async def _write(self, call: Call) -> Response:
        spot = await self._spot(call, call.path("path"))
        _check_write(call.principal, spot)
        replace = call.query("replace", "1") not in ("0", "false")
        size = await self._shelves.filing.put(spot.root, spot.path, call.request.stream(), replace=replace)
        return reply({"path": spot.path, "size": size}, 201)

    async def _delete(self, call: Call) -> Response:
        spot = await self._spot(call, call.path("path"))
        await run_in_threadpool(filing.remove, spot.root, spot.path)
        return Response(status_code=204)

    def _place(self, spot: _Spot) -> files.Place:
        return files.Place(spot.root, spot.path)

    async def _spot(self, call: Call, path: str) -> _Spot:
        workspace, name = call.path("ws").lower(), call.path("name")
        found = (await self._shelves.operations.get(Target(kinds()["datastore"], workspace, name))).resource
        if not found.spec.get("root") and name not in DATASTORES:
            told = f"the files of datastore {name!r} lie in a cloud ({found.spec.get('type')})"
            hint = "read them as a job's input (mode: ro_mount, download), which Zaffre brings here"
            raise NotBuilt(str(Problem(told, hint=hint)), target=name)
        return _Spot(name, self._shelves.locations.datastore(workspace, name), path)


def _same_workspace(workspace: str, scope: refs.Scope | None) -> str:
    if scope is not None and scope.workspace.lower() != workspace:
        told = f"the URI is of workspace {scope.workspace!r}, the request of {workspace!r}"
        raise Forbidden(f"{told}; ask in the workspace that the URI names.", target="uri")
    return workspace


def _path_of(lookup: Lookup, workspace: str, asked: refs.Asset) -> str:
    """What a data or model asset points to."""
    wanted = [_COLLECTIONS[asked.collection]] if asked.collection in _COLLECTIONS else ["data", "model"]
    for kind in wanted if not asked.registry else []:
        found = lookup.asset(Key(workspace, kind, asked.name, "", asked.version), asked.label)
        if found is not None and found.spec.get("path"):
            return str(found.spec["path"])
    raise NotFound(f"There is no data or model asset {asked.short!r} in workspace {workspace!r}.", target="uri")


def _contents(spot: _Spot) -> list[dict[str, Any]]:
    """What is at a place: the entries of a folder, or the one file itself."""
    found = filing.look(spot.root, spot.path)
    if found is None:
        if not spot.path:
            return []  # a datastore that nobody has written to yet has no folder
        raise NotFound(f"There is nothing at {spot.path!r} on datastore {spot.datastore!r}.", target="path")
    if found.kind == "file":
        return [_shown(found, spot.path)]
    return [_shown(one, f"{spot.path}/{one.name}".lstrip("/")) for one in filing.entries(spot.root, spot.path)]


def _shown(entry: Entry, path: str) -> dict[str, Any]:
    size = entry.size if entry.kind == "file" else 0
    return {"path": path, "kind": entry.kind, "size": size, "modified_at": iso(entry.modified_at)}


def _check_read(who: Principal, spot: _Spot) -> None:
    """Of the artifact store, which has everybody's logs and models, a job sees what is its own."""
    if spot.path.split("/", 1)[0] == DRAFTS:
        raise NotFound("There is no such file.", target="path")
    own = f"ExperimentRun/dcid.{who.run}"
    if who.run is not None and not who.acts and spot.datastore == ARTIFACTS and not _within(spot.path, own):
        raise Forbidden(f"{who.subject} may read {own} of this datastore, its own artifacts, only.", target="path")


def _check_write(who: Principal, spot: _Spot) -> None:
    """What is named by its content, and what another run has made, stays as it is."""
    first, _, rest = spot.path.partition("/")
    if first == DRAFTS:
        raise Invalid([Problem(f"{DRAFTS} is Zaffre's own", field="path")])
    if spot.datastore == DEFAULT_DATASTORE and first == _UPLOADS:
        told = f"{_UPLOADS}/ holds uploads, named by their content's hash"
        raise Forbidden(f"{told}; write elsewhere, or create a data asset with a local path.", target="path")
    if who.run is None:
        return
    if spot.datastore == ARTIFACTS:
        told = "write into ./outputs, or log artifacts to MLflow"
        raise Forbidden(f"{who.subject} may not write to {ARTIFACTS} by path; {told}.", target="path")
    if spot.datastore == DEFAULT_DATASTORE and first == _OUTPUTS and rest.split("/", 1)[0] != who.run:
        raise Forbidden(f"{who.subject} may not write among the outputs of other runs.", target="path")


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
