"""Azure's file share protocol over the folders of datastores: what its storage library speaks.

There a file is made with its length and filled range by range. Here it is seen when its last range has come, so that
nobody reads half of it; one that is there already is changed as a copy that takes its place.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from email.utils import formatdate
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure import blob_checks, share_words
from zaffre.api.azure.blob_words import Refused
from zaffre.api.azure.origin import origin
from zaffre.api.azure.sas import SHARES
from zaffre.api.azure.share_words import refusal
from zaffre.api.azure.storage import Storage
from zaffre.api.azure.storing import Answer, Floor, caller, key, meta_headers, named, told, whole
from zaffre.api.route import Call, Route
from zaffre.control import containers, ranges
from zaffre.control.containers import Blob, Container
from zaffre.control.ranges import Pending, Ranges
from zaffre.core.errors import Conflict, NotFound
from zaffre.core.ports import Clock
from zaffre.store.blobs.paths import Tree

MOST_LISTED = 5000
LONGEST_RANGE = 4 * 1024 * 1024
LARGEST_FILE = 64 * 1024**3
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
_FILE = {"x-ms-type": "File", "x-ms-server-encrypted": "true"}


class Shares:
    """The routes of the file service."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._floor = Floor(storage)
        self._clock = clock
        self._ranges = Ranges(storage.ranges, clock)
        self._changing = asyncio.Lock()

    def routes(self) -> list[Route]:
        """A share, and what is in it."""
        one, all_ = f"{SHARES}/{{container}}/{{path:path}}", f"{SHARES}/{{container}}"
        root: dict[str, Answer] = {"share:": self._share, "directory:list": self._list, "directory:": self._folder}
        read: dict[str, Answer] = {":": self._read, "directory:list": self._list, "directory:": self._folder}
        served = (
            ("GET", all_, root, "File service: share, list of its root"),
            ("PUT", all_, {"share:": self._make, "directory:": self._make}, "File service: create share"),
            ("GET", one, read, "File service: get file or directory, list"),
            ("PUT", one, self._writes(), "File service: create file or directory, put range, set metadata"),
            ("DELETE", one, {":": self._delete, "directory:": self._remove}, "File service: delete"),
        )
        return [
            Route(
                method,
                path,
                Permission.DATA,
                self._floor.guarded(by, _which, refusal, encoded=True),
                said,
                tag="storage",
                asks_again=True,
            )
            for method, path, by, said in served
        ]

    def _writes(self) -> dict[str, Answer]:
        return {
            ":": self._create,
            ":range": self._write,
            ":metadata": self._note,
            ":properties": self._resize,
            "directory:": self._make_folder,
            "directory:metadata": self._note_folder,
        }

    async def _share(self, call: Call, container: Container) -> Response:
        caller(call).require(container, "r")
        facts = {"etag": containers.etag(0, 0.0), "last-modified": formatdate(0, usegmt=True)}
        return Response(headers={**facts, "x-ms-share-quota": str(LARGEST_FILE // 1024**3)})

    async def _make(self, call: Call, container: Container) -> Response:
        caller(call).require(container, "c")
        raise Refused(409, "ShareAlreadyExists", "Every datastore has its share, and there are no others.")

    async def _list(self, call: Call, container: Container) -> Response:
        folder, prefix, marker = _path(call), call.query("prefix"), call.query("marker")
        caller(call).require(container, "l", folder)
        await self._floor.folder(container, folder)
        most = min(call.number("maxresults", MOST_LISTED, least=1), MOST_LISTED)
        found = await run_in_threadpool(lambda: list(containers.within(container, folder)))
        named_so = [one for one in found if (name := _name(one)).startswith(prefix) and name > marker]
        following = _name(named_so[most - 1]) if len(named_so) > most else ""
        page = share_words.Listing(f"{origin(call)}{SHARES}/", container.name, folder, prefix, marker, following)
        return share_words.listing(page, named_so[:most])

    async def _folder(self, call: Call, container: Container) -> Response:
        folder = _path(call)
        caller(call).require(container, "r", folder)
        found = await self._floor.folder(container, folder)
        return Response(headers={**told(found), **meta_headers(await self._floor.noted(container, found))})

    async def _read(self, call: Call, container: Container) -> Response:
        return await self._floor.send(call, container, call.path("path"), _FILE)

    async def _make_folder(self, call: Call, container: Container) -> Response:
        if not await self._floor.make_folder(call, container, blob_checks.metadata(call.request.headers)):
            raise Conflict("There is a directory of this name already.", target="path")
        return Response(status_code=201, headers=told(await self._floor.folder(container, named(call))))

    async def _create(self, call: Call, container: Container) -> Response:
        """An empty file at once; any other when its ranges have come, or with the request if that holds all of it."""
        path, headers = named(call), call.request.headers
        caller(call).require(container, "w", path)
        if await run_in_threadpool(containers.find_folder, container, path):
            raise Refused(409, "ResourceTypeMismatch", "There is a directory of this name.")
        if headers.get("x-ms-type", "file").lower() != "file":
            raise Refused(400, "InvalidHeaderValue", "x-ms-type is file; links are not kept here.")
        size, noted = _number(headers.get("x-ms-content-length", "")), _noted(call)
        if size > LARGEST_FILE:
            raise Refused(413, "RequestBodyTooLarge", f"A file has at most {LARGEST_FILE} bytes.")
        content = await _checked(call)
        await run_in_threadpool(self._ranges.forget, key(container, path))
        if len(content) == size:
            return Response(
                status_code=201, headers=told(await self._floor.store(call, container, _once(content), noted))
            )
        if content:
            raise Refused(
                400, "InvalidHeaderValue", f"The body has {len(content)} bytes, x-ms-content-length is {size}."
            )
        await run_in_threadpool(self._ranges.begin, key(container, path), size, noted)
        return Response(status_code=201, headers=self._pending_facts(path, size))

    async def _write(self, call: Call, container: Container) -> Response:
        path = named(call)
        caller(call).require(container, "w", path)
        start, end = _span(call)
        content = await _checked(call)
        if call.request.headers.get("x-ms-write", "update").lower() == "clear":
            content = bytes(min(end - start, LONGEST_RANGE))
        if len(content) != end - start:
            raise Refused(400, "InvalidHeaderValue", f"The range is {end - start} bytes long, the body {len(content)}.")
        pending = await run_in_threadpool(self._ranges.find, key(container, path))
        if pending is not None:
            stored = await self._written(call, container, pending, start, content)
        else:
            async with self._changing:
                stored = await self._written(call, container, await self._copied(container, path), start, content)
        facts = told(stored) if stored is not None else self._pending_facts(path, len(content))
        md5 = call.request.headers.get("content-md5", "")
        return Response(status_code=201, headers={**facts, **({"content-md5": md5} if md5 else {})})

    async def _written(
        self, call: Call, container: Container, pending: Pending, start: int, content: bytes
    ) -> Blob | None:
        """Write a range; the file, once that made it whole."""
        if start + len(content) > pending.size:
            raise Refused(416, "InvalidRange", f"The range ends behind the file, which has {pending.size} bytes.")
        is_whole = await run_in_threadpool(ranges.write, pending, start, content)
        return await self._settled(call, container, pending) if is_whole else None

    async def _settled(self, call: Call, container: Container, pending: Pending) -> Blob:
        stored = await self._floor.store(call, container, ranges.content(pending), pending.facts)
        await run_in_threadpool(self._ranges.forget, key(container, named(call)))
        return stored

    async def _copied(self, container: Container, path: str, size: int | None = None) -> Pending:
        """The file that is there as one that is pending, with all that was noted about it but its checksum."""
        there = await self._floor.found(container, path)
        noted = await self._floor.noted(container, there)
        facts = {name: value for name, value in noted.items() if name == "metadata"}

        def copy() -> Pending:
            with ExitStack() as opened:
                tree = opened.enter_context(Tree(container.root))
                file = opened.enter_context(open(tree.open(path), "rb"))  # noqa: PTH123 - a descriptor, not a path
                pending = self._ranges.reopen(key(container, path), file.fileno(), there.size if size is None else size)
                return Pending(pending.folder, pending.size, facts)

        return await run_in_threadpool(copy)

    async def _resize(self, call: Call, container: Container) -> Response:
        """Set the length, where the request says one; what else it may say of a file is not kept."""
        path, headers = named(call), call.request.headers
        caller(call).require(container, "w", path)
        there = await self._floor.found(container, path)
        size = _number(headers.get("x-ms-content-length", str(there.size)))
        if size > LARGEST_FILE:
            raise Refused(413, "RequestBodyTooLarge", f"A file has at most {LARGEST_FILE} bytes.")
        if size != there.size:
            async with self._changing:
                there = await self._settled(call, container, await self._copied(container, path, size))
        return Response(headers=told(there))

    async def _note(self, call: Call, container: Container) -> Response:
        return await self._floor.describe(call, container, await self._floor.found(container, named(call)))

    async def _note_folder(self, call: Call, container: Container) -> Response:
        return await self._floor.describe(call, container, await self._floor.folder(container, named(call)))

    async def _delete(self, call: Call, container: Container) -> Response:
        path = named(call)
        caller(call).require(container, "d", path)
        pending = await run_in_threadpool(self._ranges.find, key(container, path))
        await run_in_threadpool(self._ranges.forget, key(container, path))
        try:
            await self._floor.delete(call, container)
        except NotFound:
            if pending is None:
                raise
        return Response(status_code=202)

    async def _remove(self, call: Call, container: Container) -> Response:
        try:
            await self._floor.remove_folder(call, container, whole=False)
        except Conflict as error:
            raise Refused(409, "DirectoryNotEmpty", error.message) from None
        return Response(status_code=202)

    def _pending_facts(self, path: str, size: int) -> Mapping[str, str]:
        return told(Blob(path, size, self._clock.now()))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _checked(call: Call) -> bytes:
    """A short body that is what its MD5 says."""
    checked = blob_checks.Checked(call.request.stream(), call.request.headers.get("content-md5", ""))
    return await whole(aiter(checked), LONGEST_RANGE, "A range")


def _span(call: Call) -> tuple[int, int]:
    """The bytes that a range is about, the end excluded."""
    found = _RANGE.fullmatch(call.request.headers.get("x-ms-range") or call.request.headers.get("range", ""))
    if found is None or int(found[2]) < int(found[1]):
        raise Refused(400, "InvalidHeaderValue", "The range is spelt bytes=FIRST-LAST.")
    if int(found[2]) - int(found[1]) >= LONGEST_RANGE:
        raise Refused(413, "RequestBodyTooLarge", f"A range has at most {LONGEST_RANGE} bytes.")
    return int(found[1]), int(found[2]) + 1


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit()) or len(said) > 18:
        raise Refused(400, "InvalidHeaderValue", "x-ms-content-length is a number of bytes.")
    return int(said)


def _noted(call: Call) -> dict[str, Any]:
    metadata = blob_checks.metadata(call.request.headers)
    md5 = call.request.headers.get("x-ms-content-md5", "")
    return {**({"metadata": metadata} if metadata else {}), **({"md5": md5} if md5 else {})}


def _path(call: Call) -> str:
    return str(call.request.path_params.get("path", "")).strip("/")


def _name(blob: Blob) -> str:
    return blob.path.rstrip("/").rpartition("/")[2]


def _which(call: Call) -> str:
    return f"{call.query('restype')}:{call.query('comp')}"
