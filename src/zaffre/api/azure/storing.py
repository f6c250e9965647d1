"""The floor below the three spellings of storage: who may, what is there, what is written whole or not at all.

Blobs, a data lake's paths and a file share's files are the same files of the same datastores; what a protocol has of its
own is in ``blob``, ``lake`` and ``shares``.
"""

from __future__ import annotations

import base64
import binascii
import errno
import re
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from email.utils import formatdate
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from zaffre.api.azure import blob_checks
from zaffre.api.azure.blob_words import SERVICE_VERSION, Refused
from zaffre.api.azure.signed import GRANT
from zaffre.api.azure.storage import Caller, Storage
from zaffre.api.files import FileAnswer
from zaffre.api.route import Call
from zaffre.control import containers, filing
from zaffre.control.containers import Blob, Container
from zaffre.control.files import Place
from zaffre.core.errors import Conflict, NoSpace, NotFound, ZaffreError
from zaffre.store.blobs.paths import check_relative

SEALED = {"x-ms-request-server-encrypted": "true"}
_ENCODED = re.compile(rb"%(?:2f|5c|00)", re.IGNORECASE)
Answer = Callable[[Call, Container], Awaitable[Response]]
Refusal = Callable[[ZaffreError | Refused], Response]


class Floor:
    """Files of containers, read and written on behalf of a caller."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def guarded(
        self, by: Mapping[str, Answer], which: Callable[[Call], str], refusal: Refusal, *, encoded: bool = False
    ) -> Callable[[Call], Awaitable[Response]]:
        """The answer by ``which`` word of the request; errors in the words of the protocol.

        ``encoded``: the protocol's own clients encode the slashes of a path; it is decoded once like any other.
        """

        async def serve(call: Call) -> Response:
            try:
                caller(call).require_any()
                _refuse_odd(call, encoded)
                answer = by.get(which(call))
                if answer is None:
                    told = f"{which(call)} is not among what this server's storage answers here."
                    raise Refused(400, "InvalidQueryParameterValue", told)
                found = await answer(call, await self._container(call))
            except (ZaffreError, Refused) as error:
                return refusal(error)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                return refusal(NoSpace("the server's disk is full; free some space and try again"))
            except ClientDisconnect:  # nobody reads the answer; what had come of the file is gone
                return refusal(Refused(400, "RequestBodyIncomplete", "The body ended too early."))
            found.headers["x-ms-version"] = SERVICE_VERSION
            return found

        return serve

    async def found(self, container: Container, path: str) -> Blob:
        """The file at ``path``. Raises ``NotFound``."""
        found = await run_in_threadpool(containers.find, container, path)
        if found is None:
            raise NotFound("The specified blob does not exist.", target="path")
        return found

    async def folder(self, container: Container, path: str) -> Blob:
        """The folder at ``path``. Raises ``NotFound``."""
        found = await run_in_threadpool(containers.find_folder, container, path)
        if found is None:
            raise NotFound("The specified folder does not exist.", target="path")
        return found

    async def noted(self, container: Container, blob: Blob) -> dict[str, Any]:
        """What was noted about a file or a folder."""
        return await run_in_threadpool(self.storage.notes.read, container.name, blob)

    async def note(self, container: Container, blob: Blob, noted: Mapping[str, Any]) -> None:
        """Note this in place of what was noted."""
        await run_in_threadpool(self.storage.notes.write, container.name, blob, noted)

    async def send(self, call: Call, container: Container, path: str, facts: Mapping[str, str]) -> Response:
        """A file or a range of it, as far as the request's conditions allow; ``facts`` are the protocol's own headers."""
        caller(call).require(container, "r", path)
        blob = await self.found(container, path)
        refused = blob_checks.not_modified(call.request.headers, blob)
        if refused:
            return Response(status_code=refused, headers={"etag": blob.etag})
        wanted = call.request.headers.get("x-ms-range") or call.request.headers.get("range", "")
        blob_checks.require_range(wanted, blob.size)
        noted = await self.noted(container, blob)
        opened = await run_in_threadpool(Place(container.root, path).open)
        answer = FileAnswer(opened, wanted)
        answer.headers["etag"] = containers.etag(opened.size, opened.modified_at)
        for name, value in {**facts, **meta_headers(noted)}.items():
            answer.headers[name] = value
        if noted.get("md5") and answer.status_code == 200:
            answer.headers["content-md5"] = str(noted["md5"])
        return answer

    async def store(
        self, call: Call, container: Container, content: AsyncIterable[bytes], noted: Mapping[str, Any]
    ) -> Blob:
        """Write a file, whole or not at all, and note what was said of it."""
        path, headers = named(call), call.request.headers
        caller(call).require(container, "w", path)
        before = await run_in_threadpool(containers.find, container, path)
        blob_checks.require_unchanged(headers, before)
        put, only_new = self.storage.filing, headers.get("if-none-match") == "*"
        try:
            if container.is_fixed(path) and not only_new and not await self._is_begun(container, before):
                await put.put_same(container.root, path, content)
            else:
                await put.put(container.root, path, content, replace=not only_new)
        except Conflict as error:
            code = "BlobAlreadyExists" if only_new else "BlobImmutableDueToPolicy"
            raise Refused(409, code, error.message) from None
        stored = await self.found(container, path)
        md5 = noted.get("md5") or getattr(content, "md5", "")
        await self.note(container, stored, {**noted, "md5": md5} if md5 else noted)
        return stored

    async def delete(self, call: Call, container: Container) -> None:
        """Remove a file."""
        path = named(call)
        caller(call).require(container, "d", path)
        blob = await self.found(container, path)
        blob_checks.require_unchanged(call.request.headers, blob)
        await run_in_threadpool(filing.remove, container.root, path)
        await self.note(container, blob, {})

    async def make_folder(self, call: Call, container: Container, metadata: Mapping[str, str]) -> bool:
        """Make a folder, and note its metadata where it is new; whether it is."""
        path = named(call)
        caller(call).require(container, "c", path)
        is_new = await run_in_threadpool(filing.make_folder, container.root, path)
        if is_new:
            await self.note(container, Blob(f"{path}/", is_folder=True), {"metadata": metadata} if metadata else {})
        return is_new

    async def remove_folder(self, call: Call, container: Container, *, whole: bool) -> None:
        """Remove a folder, with what is in it or only where nothing is."""
        path = named(call)
        caller(call).require(container, "d", path)
        gone = await run_in_threadpool(lambda: filing.remove_folder(container.root, path, whole=whole))
        for folder in gone:
            await self.note(container, Blob(f"{folder}/", is_folder=True), {})

    async def describe(self, call: Call, container: Container, blob: Blob) -> Response:
        """Set the metadata of a file or a folder."""
        caller(call).require(container, "w", blob.path.rstrip("/"))
        blob_checks.require_unchanged(call.request.headers, blob)
        metadata = blob_checks.metadata(call.request.headers)
        before = await self.noted(container, blob)
        kept = {"md5": before["md5"]} if before.get("md5") else {}
        await self.note(container, blob, {**kept, **({"metadata": metadata} if metadata else {})})
        return Response(headers=told(blob))

    async def _is_begun(self, container: Container, before: Blob | None) -> bool:
        """Whether what is there is an empty file that was made to be filled."""
        return before is not None and not before.size and bool((await self.noted(container, before)).get("begun"))

    async def _container(self, call: Call) -> Container:
        try:
            return await self.storage.container(call.path("container"))
        except NotFound as error:
            raise Refused(404, "ContainerNotFound", error.message) from None


def caller(call: Call) -> Caller:
    """Who asks."""
    return Caller(call.principal, getattr(call.request.state, GRANT, None))


def named(call: Call) -> str:
    """The name of what is to be written."""
    path = call.path("path")
    check_name(path)
    return path


def check_name(path: str) -> None:
    """Refuse a name that leads out, or to what is Zaffre's own."""
    check_relative(path, "path")
    if path.split("/", 1)[0] == filing.DRAFTS:
        raise Refused(400, "InvalidResourceName", f"{filing.DRAFTS} is Zaffre's own.")


def key(container: Container, path: str) -> str:
    """A name for what is pending, which no other file has."""
    return f"{container.name}\0{path}"


def told(blob: Blob, md5: str = "") -> dict[str, str]:
    """What every answer about a file says."""
    facts = {"etag": blob.etag, "last-modified": formatdate(blob.modified_at, usegmt=True), **SEALED}
    return {**facts, **({"content-md5": md5} if md5 else {})}


def meta_headers(noted: Mapping[str, Any]) -> dict[str, str]:
    """Metadata as headers."""
    return {f"x-ms-meta-{name}": str(value) for name, value in noted.get("metadata", {}).items()}


def block_id(said: str) -> bytes:
    """The id of a block."""
    try:
        found = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not 0 < len(found) <= 64:
        raise Refused(400, "InvalidQueryParameterValue", "A block's id is at most 64 bytes, in base64.")
    return found


async def whole(pieces: AsyncIterable[bytes], most: int, what: str) -> bytes:
    """A body that is read whole, and therefore not a long one."""
    found = bytearray()
    async for piece in pieces:
        found += piece
        if len(found) > most:
            raise Refused(413, "RequestBodyTooLarge", f"{what} has at most {most} bytes.")
    return bytes(found)


def _refuse_odd(call: Call, encoded: bool) -> None:
    raw = (call.request.scope.get("raw_path") or b"").partition(b"?")[0]
    if (found := _ENCODED.search(raw)) and not (encoded and found[0].lower() == b"%2f" and _are_slashes(raw)):
        raise Refused(400, "InvalidUri", "The name holds an encoded separator.")
    if "x-ms-structured-body" in call.request.headers:
        raise Refused(400, "UnsupportedHeader", "Structured bodies are not understood here; send the content as it is.")


def _are_slashes(raw: bytes) -> bool:
    return all(found.lower() == b"%2f" for found in _ENCODED.findall(raw))
