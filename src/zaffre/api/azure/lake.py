"""Azure's data lake protocol (Gen2) over the folders of datastores: what its storage library speaks beside that of blobs.

Reading and metadata go by the blob protocol, as that library has it; here are folders, listings, renames, and files that
are made empty, appended to and flushed. What was appended is seen when it is flushed, all of it at once.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure import blob_checks, lake_words
from zaffre.api.azure.blob_words import Refused
from zaffre.api.azure.lake_words import refusal
from zaffre.api.azure.sas import LAKE
from zaffre.api.azure.storage import Storage
from zaffre.api.azure.storing import SEALED, Floor, caller, check_name, key, named, told
from zaffre.api.route import Call, Route
from zaffre.control import containers, filing
from zaffre.control.blocks import MOST_BLOCKS, Blocks
from zaffre.control.containers import Blob, Container
from zaffre.control.files import Place
from zaffre.core.errors import Conflict, NotFound
from zaffre.core.ports import Clock

MOST_LISTED = 5000
_PIECE = 1024 * 1024
_LONGEST = 2**62


class Lake:
    """The routes of the data lake."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._floor = Floor(storage)
        self._blocks = Blocks(storage.blocks, storage.filing, clock)

    def routes(self) -> list[Route]:
        """A file system, and what is in it."""
        one, all_ = f"{LAKE}/{{container}}/{{path:path}}", f"{LAKE}/{{container}}"
        makes = {"directory": self._make_folder, "file": self._make_file, "rename": self._rename}
        changes = {"append": self._append, "flush": self._flush, "setProperties": self._describe}
        served = (
            ("GET", all_, {"filesystem": self._list}, _resource, "Data lake: list paths"),
            ("PUT", all_, {"filesystem": self._make}, _resource, "Data lake: create file system"),
            ("GET", one, {"": self._read, "getStatus": self._read}, _action, "Data lake: read path"),
            ("PUT", one, makes, _made, "Data lake: create or rename path"),
            ("PATCH", one, changes, _action, "Data lake: append, flush, set metadata"),
            ("DELETE", one, {"": self._delete}, _action, "Data lake: delete path"),
        )
        return [
            Route(
                method,
                path,
                Permission.DATA,
                self._floor.guarded(by, which, refusal),
                said,
                tag="storage",
                asks_again=True,
            )
            for method, path, by, which, said in served
        ]

    async def _make(self, call: Call, container: Container) -> Response:
        caller(call).require(container, "c")
        raise Refused(409, "FilesystemAlreadyExists", "Every datastore has its own, and there are no others.")

    async def _list(self, call: Call, container: Container) -> Response:
        folder, after = call.query("directory").strip("/"), call.query("continuation")
        caller(call).require(container, "l", folder)
        if call.request.method == "HEAD":
            return Response(headers={"etag": containers.etag(0, 0.0), "x-ms-namespace-enabled": "true"})
        if folder:
            check_name(folder)
        most = min(call.number("maxResults", MOST_LISTED, least=1), MOST_LISTED)
        reached = lake_words.continued(after) if after else ""
        whole = call.query("recursive").lower() == "true"
        found = await run_in_threadpool(_page, container, folder, whole, reached, most)
        following = lake_words.continuation(found[most - 1].path) if len(found) > most else ""
        return lake_words.paths(found[:most], following)

    async def _read(self, call: Call, container: Container) -> Response:
        path = call.path("path").rstrip("/")
        caller(call).require(container, "r", path)
        folder = await run_in_threadpool(containers.find_folder, container, path)
        blob = folder or await self._floor.found(container, path)
        said = lake_words.properties(await self._floor.noted(container, blob))
        if folder:
            return Response(headers={**told(folder), **said, "x-ms-resource-type": "directory"})
        return await self._floor.send(call, container, path, {**said, "x-ms-resource-type": "file"})

    async def _make_folder(self, call: Call, container: Container) -> Response:
        is_new = await self._floor.make_folder(call, container, lake_words.metadata(call.request.headers))
        if not is_new and call.request.headers.get("if-none-match") == "*":
            raise Refused(409, "PathAlreadyExists", "There is a folder of this name already.")
        return Response(status_code=201, headers=told(await self._floor.folder(container, named(call))))

    async def _make_file(self, call: Call, container: Container) -> Response:
        """Empty, and marked as one that is to be filled. What is named by its content stays until a flush compares."""
        path = named(call)
        caller(call).require(container, "w", path)
        metadata = lake_words.metadata(call.request.headers)
        noted: dict[str, Any] = {"begun": True, **({"metadata": metadata} if metadata else {})}
        there = await run_in_threadpool(containers.find, container, path)
        if there is not None and container.is_fixed(path) and call.request.headers.get("if-none-match") != "*":
            stored = there
            await self._floor.note(container, there, noted)
        else:
            stored = await self._floor.store(call, container, _chained(None, ()), noted)
        await run_in_threadpool(self._blocks.forget, _pending(container, path))
        return Response(status_code=201, headers=told(stored))

    async def _append(self, call: Call, container: Container) -> Response:
        path, position = named(call), call.number("position", 0, most=_LONGEST)
        caller(call).require(container, "w", path)
        await self._floor.found(container, path)
        blob_checks.require_length(call.request.headers)
        checked = blob_checks.Checked(call.request.stream(), call.request.headers.get("content-md5", ""))
        await self._blocks.put(_pending(container, path), _block(position), checked)
        if call.query("flush").lower() == "true":
            size = await run_in_threadpool(self._blocks.size, _pending(container, path), [_block(position)])
            return await self._flushed(call, container, position + size, 202)
        return Response(status_code=202, headers={"content-md5": checked.md5, **SEALED})

    async def _flush(self, call: Call, container: Container) -> Response:
        return await self._flushed(call, container, call.number("position", 0, most=_LONGEST), 200)

    async def _flushed(self, call: Call, container: Container, end: int, status: int) -> Response:
        """The file as it was, and what was appended to it up to ``end``."""
        path = named(call)
        caller(call).require(container, "w", path)
        there = await self._floor.found(container, path)
        noted = await self._floor.noted(container, there)
        start = 0 if noted.get("begun") else there.size
        blocks = await run_in_threadpool(self._appended, _pending(container, path), start, end)
        if not blocks and not noted.get("begun"):
            return Response(status_code=status, headers=told(there))
        said = {name: value for name, value in noted.items() if name == "metadata"}
        md5 = call.request.headers.get("x-ms-content-md5", "")
        opened = Place(container.root, path) if start else None
        appended = self._blocks.content(_pending(container, path), blocks)
        content = _chained(opened, (appended,))
        stored = await self._floor.store(call, container, content, {**said, **({"md5": md5} if md5 else {})})
        await run_in_threadpool(self._blocks.forget, _pending(container, path))
        return Response(status_code=status, headers=told(stored))

    def _appended(self, pending: str, start: int, end: int) -> list[bytes]:
        """The blocks that lie end to end between two positions. Raises ``Refused`` where one is missing."""
        found: list[bytes] = []
        while start < end and len(found) <= MOST_BLOCKS:
            block = _block(start)
            size = self._blocks.length(pending, block)
            if not size:
                break
            found.append(block)
            start += size
        if start != end:
            raise Refused(400, "InvalidFlushPosition", f"What was appended ends at {start}, not at {end}.")
        return found

    async def _describe(self, call: Call, container: Container) -> Response:
        path = named(call)
        caller(call).require(container, "w", path)
        folder = await run_in_threadpool(containers.find_folder, container, path)
        blob = folder or await self._floor.found(container, path)
        before = await self._floor.noted(container, blob)
        metadata = lake_words.metadata(call.request.headers)
        kept = {name: value for name, value in before.items() if name != "metadata"}
        await self._floor.note(container, blob, {**kept, **({"metadata": metadata} if metadata else {})})
        return Response(headers=told(blob))

    async def _rename(self, call: Call, container: Container) -> Response:
        """Within one file system; what is named by its content keeps its name."""
        target, path = named(call), _source(call, container)
        who = caller(call)
        who.require(container, "d", path)
        who.require(container, "w", target)
        if container.is_fixed(path) or container.is_fixed(target):
            raise Refused(409, "PathImmutableDueToPolicy", "What is named by its content keeps its name.")
        there = await run_in_threadpool(containers.find, container, target)
        blob_checks.require_unchanged(call.request.headers, there)
        if there is not None and call.request.headers.get("if-none-match") == "*":
            raise Conflict("There is a file of this name already.", target="path")
        moved = await run_in_threadpool(containers.find_folder, container, path)
        moved = moved or await self._floor.found(container, path)
        noted = await self._floor.noted(container, moved)
        await run_in_threadpool(filing.move, container.root, path, target)
        await self._floor.note(container, moved, {})
        named_now = Blob(f"{target}/" if moved.is_folder else target, moved.size, moved.modified_at, moved.is_folder)
        await self._floor.note(container, named_now, noted)
        return Response(status_code=201, headers=told(named_now))

    async def _delete(self, call: Call, container: Container) -> Response:
        path = named(call)
        caller(call).require(container, "d", path)
        if await run_in_threadpool(containers.find_folder, container, path):
            try:
                await self._floor.remove_folder(call, container, whole=call.query("recursive").lower() == "true")
            except Conflict as error:
                raise Refused(409, "DirectoryNotEmpty", error.message) from None
        else:
            await self._floor.delete(call, container)
            await run_in_threadpool(self._blocks.forget, _pending(container, path))
        return Response()


def _page(container: Container, folder: str, whole: bool, reached: str, most: int) -> list[Blob]:
    """One page and the first of the next; a file that is listed is its own page."""
    if folder and containers.find_folder(container, folder) is None:
        file = containers.find(container, folder)
        if file is None:
            raise NotFound(f"There is no folder {folder[:100]!r}.", target="directory")
        return [file] if not reached else []
    after = reached.rstrip("/").split("/") if reached else []
    found: Iterator[Blob] = containers.within(container, folder, whole=whole)
    return list(itertools.islice((one for one in found if one.path.rstrip("/").split("/") > after), most + 1))


def _source(call: Call, container: Container) -> str:
    said = unquote(call.request.headers["x-ms-rename-source"].partition("?")[0]).strip("/")
    place, _, path = said.partition("/")
    if place != container.name:
        raise Refused(400, "InvalidRenameSourcePath", "A path is renamed within its file system only.")
    check_name(path)
    return path


async def _chained(before: Place | None, after: Sequence[AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    """A file's bytes, then others."""
    if before is not None:
        with await run_in_threadpool(before.open) as opened:
            at = 0
            while piece := await run_in_threadpool(opened.read, at, _PIECE):
                at += len(piece)
                yield piece
    for pieces in after:
        async for piece in pieces:
            yield piece


def _pending(container: Container, path: str) -> str:
    """Apart from the blocks of a blob of this name."""
    return f"{key(container, path)}\0appended"


def _block(position: int) -> bytes:
    return struct.pack(">Q", position)


def _resource(call: Call) -> str:
    return call.query("resource")


def _action(call: Call) -> str:
    return call.query("action") or call.query("comp")


def _made(call: Call) -> str:
    return "rename" if "x-ms-rename-source" in call.request.headers else call.query("resource")
