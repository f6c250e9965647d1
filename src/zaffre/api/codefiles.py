"""The files of a code asset: kept by content, so read by digest; listed and sent as those of other assets are."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api import files
from zaffre.api.auth import Permission
from zaffre.api.native import collection
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route
from zaffre.control.files import Listed, Place
from zaffre.core.errors import NotFound
from zaffre.core.registry import Kind
from zaffre.store.blobs import Blobs, File


class CodeFiles:
    """Two routes below each version of a code."""

    def __init__(self, operations: Operations, kind: Kind, blobs: Blobs) -> None:
        self._operations = operations
        self._kind = kind
        self._blobs = blobs

    def routes(self) -> list[Route]:
        """In workspaces; what a job ran lies in its own."""
        root = f"{collection(self._kind, None)}/{{name}}/versions/{{version}}/files"
        read, tag = Permission.READ, self._kind.name
        return [
            Route("GET", root, read, self._list, "List the files of a code", tag=tag, answer="FileList"),
            Route("GET", root + "/{path:path}", read, self._send, "Read a file of a code", tag=tag),
        ]

    async def _list(self, call: Call) -> Response:
        prefix = call.query("prefix")
        found = await self._files(call)
        fitting = [file for file in found if file.path.startswith(prefix)]
        return files.page(call, [Listed(file.path, file.size, file.digest) for file in fitting])

    async def _send(self, call: Call) -> Response:
        path = call.path("path")
        file = next((file for file in await self._files(call) if file.path == path), None)
        if file is None:
            raise NotFound(f"There is no file {path!r} in this code.", target="path")
        blob = self._blobs.path(file.digest)
        opened = await run_in_threadpool(Place(blob.parent, blob.name).open)
        opened.name = path.rpartition("/")[2]
        return files.FileAnswer(opened, call.request.headers.get("range", ""))

    async def _files(self, call: Call) -> list[File]:
        target = Target(self._kind, call.owner, call.path("name"), "", call.path("version"))
        found = (await self._operations.get(target)).resource
        return [File(*entry) for entry in found.state.get("files", [])]
