"""Azure's blob protocol over the folders of datastores: what the official client's storage library speaks.

A blob is a file, a container a datastore's folder (``storage``). What is written appears whole or not at all, and what is
named by its content never becomes another.
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

from zaffre.api.auth import Permission
from zaffre.api.azure import blob_checks
from zaffre.api.azure.blob_words import SERVICE_VERSION, Listing, Refused, block_list, listing, refusal
from zaffre.api.azure.origin import origin
from zaffre.api.azure.sas import PREFIX
from zaffre.api.azure.signed import GRANT
from zaffre.api.azure.storage import Caller, Storage
from zaffre.api.files import FileAnswer
from zaffre.api.route import Call, Route
from zaffre.control import containers, filing
from zaffre.control.blocks import MOST_BLOCKS, Blocks
from zaffre.control.containers import Asked, Blob, Container
from zaffre.control.files import Place
from zaffre.core.errors import Conflict, NoSpace, NotFound, ZaffreError
from zaffre.core.ports import Clock
from zaffre.store.blobs.paths import check_relative

LONGEST_LIST = 16 * 1024 * 1024
MOST_LISTED = 5000
_ENCODED = re.compile(rb"%(?:2f|5c|00)", re.IGNORECASE)
Answer = Callable[[Call, Container], Awaitable[Response]]


class BlobService:
    """The routes of the blob service."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._blocks = Blocks(storage.blocks, storage.filing, clock)

    def routes(self) -> list[Route]:
        """A container, and what is in it."""
        one, all_, tag = f"{PREFIX}/{{container}}/{{path:path}}", f"{PREFIX}/{{container}}", "storage"
        data = Permission.DATA
        served = (
            ("GET", all_, {"list": self._list, "": self._properties}, "Blob service: list blobs"),
            ("PUT", all_, {"": self._make}, "Blob service: create container"),
            ("GET", one, {"": self._read}, "Blob service: get blob"),
            ("PUT", one, self._writes(), "Blob service: put blob, blocks, metadata"),
            ("DELETE", one, {"": self._delete}, "Blob service: delete blob"),
        )
        return [Route(method, path, data, self._guarded(by), said, tag=tag) for method, path, by, said in served]

    def _writes(self) -> dict[str, Answer]:
        return {"": self._put, "block": self._block, "blocklist": self._commit, "metadata": self._note}

    def _guarded(self, by: Mapping[str, Answer]) -> Callable[[Call], Awaitable[Response]]:
        """The answer by ``comp``; errors in the words of storage."""

        async def serve(call: Call) -> Response:
            try:
                if _ENCODED.search((call.request.scope.get("raw_path") or b"").partition(b"?")[0]):
                    raise Refused(400, "InvalidUri", "The name holds an encoded separator.")
                answer = by.get(call.query("comp"))
                if answer is None:
                    told = f"comp={call.query('comp')} is not among what this blob service answers here."
                    raise Refused(400, "InvalidQueryParameterValue", told)
                found = await answer(call, await self._container(call))
            except (ZaffreError, Refused) as error:
                return refusal(error)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                return refusal(NoSpace("the server's disk is full; free some space and try again"))
            except ClientDisconnect:  # nobody reads the answer; what had come of the blob is gone
                return refusal(Refused(400, "RequestBodyIncomplete", "The body ended too early."))
            found.headers["x-ms-version"] = SERVICE_VERSION
            return found

        return serve

    async def _container(self, call: Call) -> Container:
        try:
            return await self._storage.container(call.path("container"))
        except NotFound as error:
            raise Refused(404, "ContainerNotFound", error.message) from None

    async def _properties(self, call: Call, container: Container) -> Response:
        _caller(call).require(container, "r")
        if call.query("restype") != "container":
            raise Refused(400, "InvalidQueryParameterValue", "A container is asked for with restype=container.")
        facts = {"etag": containers.etag(0, 0.0), "last-modified": formatdate(0, usegmt=True)}
        return Response(headers={**facts, "x-ms-lease-state": "available", "x-ms-lease-status": "unlocked"})

    async def _make(self, call: Call, container: Container) -> Response:
        _caller(call).require(container, "c")
        raise Refused(409, "ContainerAlreadyExists", "Every datastore has its container, and there are no others.")

    async def _list(self, call: Call, container: Container) -> Response:
        caller, prefix, delimiter = _caller(call), call.query("prefix"), call.query("delimiter")
        caller.require(container, "l", prefix)
        if delimiter not in ("", "/"):
            raise Refused(400, "InvalidQueryParameterValue", "The delimiter is /.")
        most = call.number("maxresults", MOST_LISTED, least=1)
        asked = Asked(prefix, call.query("marker"), min(most, MOST_LISTED), bool(delimiter))
        found, following = await run_in_threadpool(containers.page, container, asked)
        found = [blob for blob in found if caller.grant is None or caller.grant.allows(container.name, "l", blob.path)]
        noted: list[Mapping[str, Any] | None] = [None] * len(found)
        if "metadata" in call.query("include").split(","):
            noted = await run_in_threadpool(lambda: [self._metadata(container, blob) for blob in found])
        said = {"Prefix": prefix, "Marker": call.query("marker"), "Delimiter": delimiter}
        told = Listing(f"{origin(call)}{PREFIX}/", container.name, said, following)
        return listing(told, zip(found, noted, strict=True))

    async def _read(self, call: Call, container: Container) -> Response:
        path = call.path("path")
        _caller(call).require(container, "r", path)
        blob = await self._found(container, path)
        refused = blob_checks.not_modified(call.request.headers, blob)
        if refused:
            return Response(status_code=refused, headers={"etag": blob.etag})
        wanted = call.request.headers.get("x-ms-range") or call.request.headers.get("range", "")
        blob_checks.require_range(wanted, blob.size)
        noted = await run_in_threadpool(self._storage.notes.read, container.name, blob)
        opened = await run_in_threadpool(_place(container, path).open)
        answer = FileAnswer(opened, wanted)
        answer.headers["etag"] = containers.etag(opened.size, opened.modified_at)
        for name, value in {**_FACTS, **_meta_headers(noted)}.items():
            answer.headers[name] = value
        if noted.get("md5") and answer.status_code == 200:
            answer.headers["content-md5"] = str(noted["md5"])
        return answer

    async def _put(self, call: Call, container: Container) -> Response:
        headers = call.request.headers
        if headers.get("x-ms-blob-type", "BlockBlob") != "BlockBlob":
            raise Refused(400, "InvalidHeaderValue", "This blob service keeps block blobs only.")
        if "x-ms-copy-source" in headers:
            raise Refused(400, "UnsupportedHeader", "This blob service does not copy from other places.")
        checked = blob_checks.Checked(call.request.stream(), headers.get("content-md5", ""))
        stored = await self._store(call, container, checked)
        return _made(stored, checked.md5)

    async def _block(self, call: Call, container: Container) -> Response:
        path = _named(call)
        _caller(call).require(container, "w", path)
        block = _block_id(call.query("blockid"))
        checked = blob_checks.Checked(call.request.stream(), call.request.headers.get("content-md5", ""))
        await self._blocks.put(_blob_key(container, path), block, checked)
        return Response(status_code=201, headers={"content-md5": checked.md5, **_SEALED})

    async def _commit(self, call: Call, container: Container) -> Response:
        path = _named(call)
        _caller(call).require(container, "w", path)
        listed = block_list(await _body(call))
        if len(listed) > MOST_BLOCKS:
            raise Refused(400, "BlockListTooLong", f"A blob has at most {MOST_BLOCKS} blocks.")
        if any(kind == "Committed" for kind, _ in listed):
            raise Refused(400, "InvalidBlockList", "Blocks of a blob that is there are not kept; send them again.")
        blocks, key = [_block_id(block) for _, block in listed], _blob_key(container, path)
        try:
            await run_in_threadpool(self._blocks.size, key, blocks)
        except ZaffreError as error:
            raise Refused(400, "InvalidBlockList", error.message) from None
        stored = await self._store(call, container, self._blocks.content(key, blocks))
        await run_in_threadpool(self._blocks.forget, key)
        return _made(stored)

    async def _store(self, call: Call, container: Container, content: AsyncIterable[bytes]) -> Blob:
        """Write a blob, whole or not at all, and note what was said of it."""
        path, headers = _named(call), call.request.headers
        _caller(call).require(container, "w", path)
        metadata = blob_checks.metadata(headers)
        blob_checks.require_length(headers)
        before = await run_in_threadpool(containers.find, container, path)
        blob_checks.require_unchanged(headers, before)
        put, only_new = self._storage.filing, headers.get("if-none-match") == "*"
        try:
            if container.is_fixed(path) and not only_new:
                await put.put_same(container.root, path, content)
            else:
                await put.put(container.root, path, content, replace=not only_new)
        except Conflict as error:
            code = "BlobAlreadyExists" if only_new else "BlobImmutableDueToPolicy"
            raise Refused(409, code, error.message) from None
        stored = await self._found(container, path)
        noted = {"metadata": metadata} if metadata else {}
        said = headers.get("x-ms-blob-content-md5") or getattr(content, "md5", "")
        await run_in_threadpool(self._storage.notes.write, container.name, stored, _with_md5(noted, said))
        return stored

    async def _note(self, call: Call, container: Container) -> Response:
        path = _named(call)
        _caller(call).require(container, "w", path)
        blob = await self._found(container, path)
        blob_checks.require_unchanged(call.request.headers, blob)
        metadata = blob_checks.metadata(call.request.headers)
        before = await run_in_threadpool(self._storage.notes.read, container.name, blob)
        noted = {"metadata": metadata} if metadata else {}
        md5 = str(before.get("md5", ""))
        await run_in_threadpool(self._storage.notes.write, container.name, blob, _with_md5(noted, md5))
        return Response(headers={"etag": blob.etag, "last-modified": _date(blob), **_SEALED})

    async def _delete(self, call: Call, container: Container) -> Response:
        path = _named(call)
        _caller(call).require(container, "d", path)
        blob = await self._found(container, path)
        blob_checks.require_unchanged(call.request.headers, blob)
        await run_in_threadpool(filing.remove, container.root, path)
        await run_in_threadpool(self._storage.notes.write, container.name, blob, {})
        return Response(status_code=202)

    async def _found(self, container: Container, path: str) -> Blob:
        found = await run_in_threadpool(containers.find, container, path)
        if found is None:
            raise NotFound("The specified blob does not exist.", target="path")
        return found

    def _metadata(self, container: Container, blob: Blob) -> Mapping[str, Any]:
        return self._storage.notes.read(container.name, blob).get("metadata", {}) if not blob.is_folder else {}


def _caller(call: Call) -> Caller:
    return Caller(call.principal, getattr(call.request.state, GRANT, None))


def _named(call: Call) -> str:
    """The name of a blob that is to be written."""
    path = call.path("path")
    check_relative(path, "blob")
    if path.split("/", 1)[0] == filing.DRAFTS:
        raise Refused(400, "InvalidResourceName", f"{filing.DRAFTS} is Zaffre's own.")
    return path


def _place(container: Container, path: str) -> Place:
    return Place(container.root, path)


def _blob_key(container: Container, path: str) -> str:
    return f"{container.name}\0{path}"


def _block_id(said: str) -> bytes:
    try:
        found = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not 0 < len(found) <= 64:
        raise Refused(400, "InvalidQueryParameterValue", "A block's id is at most 64 bytes, in base64.")
    return found


async def _body(call: Call) -> bytes:
    """A body that is read whole, and therefore not a long one."""
    whole = bytearray()
    async for piece in call.request.stream():
        whole += piece
        if len(whole) > LONGEST_LIST:
            raise Refused(413, "RequestBodyTooLarge", f"A block list has at most {LONGEST_LIST} bytes.")
    return bytes(whole)


def _made(blob: Blob, md5: str = "") -> Response:
    told = {"etag": blob.etag, "last-modified": _date(blob), **_SEALED, **({"content-md5": md5} if md5 else {})}
    return Response(status_code=201, headers=told)


def _meta_headers(noted: Mapping[str, Any]) -> dict[str, str]:
    return {f"x-ms-meta-{name}": str(value) for name, value in noted.get("metadata", {}).items()}


def _with_md5(noted: dict[str, Any], md5: str) -> dict[str, Any]:
    return {**noted, "md5": md5} if md5 else noted


def _date(blob: Blob) -> str:
    return formatdate(blob.modified_at, usegmt=True)


_SEALED = {"x-ms-request-server-encrypted": "true"}
_FACTS = {"x-ms-blob-type": "BlockBlob", "x-ms-lease-state": "available", "x-ms-lease-status": "unlocked"}
