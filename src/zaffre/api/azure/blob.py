"""Azure's blob protocol over the folders of datastores: what the official client's storage library speaks.

A blob is a file, a container a datastore's folder (``storage``). What is written appears whole or not at all, and what is
named by its content never becomes another.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure import blob_checks
from zaffre.api.azure.blob_words import Listing, Refused, block_list, listing, refusal
from zaffre.api.azure.origin import origin
from zaffre.api.azure.sas import PREFIX
from zaffre.api.azure.snapshots import Snapshots
from zaffre.api.azure.storage import Storage
from zaffre.api.azure.storing import SEALED, Answer, Floor, block_id, caller, key, meta_headers, named, told, whole
from zaffre.api.route import Call, Route
from zaffre.control import containers
from zaffre.control.blocks import MOST_BLOCKS, Blocks
from zaffre.control.containers import Asked, Blob, Container
from zaffre.core.errors import ZaffreError
from zaffre.core.ports import Clock

LONGEST_LIST = 16 * 1024 * 1024
MOST_LISTED = 5000


class BlobService:
    """The routes of the blob service."""

    def __init__(self, storage: Storage, clock: Clock, snapshots: Snapshots) -> None:
        self._floor = Floor(storage)
        self._snapshots = snapshots
        self._blocks = Blocks(storage.blocks, storage.filing, clock)

    def routes(self) -> list[Route]:
        """A container, and what is in it."""
        one, all_, tag = f"{PREFIX}/{{container}}/{{path:path}}", f"{PREFIX}/{{container}}", "storage"
        served = (
            ("GET", all_, {"list": self._list, "": self._properties}, "Blob service: list blobs"),
            ("PUT", all_, {"": self._make}, "Blob service: create container"),
            ("GET", one, {"": self._read}, "Blob service: get blob"),
            ("PUT", one, self._writes(), "Blob service: put blob, blocks, metadata"),
            ("DELETE", one, {"": self._delete}, "Blob service: delete blob"),
        )
        return [
            Route(
                method, path, Permission.DATA, self._floor.guarded(by, _comp, refusal), said, tag=tag, asks_again=True
            )
            for method, path, by, said in served
        ]

    def _writes(self) -> dict[str, Answer]:
        return {"": self._put, "block": self._block, "blocklist": self._commit, "metadata": self._note}

    async def _properties(self, call: Call, container: Container) -> Response:
        caller(call).require(container, "r")
        if call.query("restype") != "container":
            raise Refused(400, "InvalidQueryParameterValue", "A container is asked for with restype=container.")
        facts = {"etag": containers.etag(0, 0.0), "last-modified": formatdate(0, usegmt=True)}
        return Response(headers={**facts, "x-ms-lease-state": "available", "x-ms-lease-status": "unlocked"})

    async def _make(self, call: Call, container: Container) -> Response:
        caller(call).require(container, "c")
        raise Refused(409, "ContainerAlreadyExists", "Every datastore has its container, and there are no others.")

    async def _list(self, call: Call, container: Container) -> Response:
        who, prefix, delimiter = caller(call), call.query("prefix"), call.query("delimiter")
        who.require(container, "l", prefix)
        if delimiter not in ("", "/"):
            raise Refused(400, "InvalidQueryParameterValue", "The delimiter is /.")
        most = call.number("maxresults", MOST_LISTED, least=1)
        asked = Asked(prefix, call.query("marker"), min(most, MOST_LISTED), bool(delimiter))
        await self._snapshots.lay_out(container, prefix)
        found, following = await run_in_threadpool(containers.page, container, asked)
        found = [blob for blob in found if who.grant is None or who.grant.allows(container.name, "l", blob.path)]
        noted: list[Mapping[str, Any] | None] = [None] * len(found)
        if "metadata" in call.query("include").split(","):
            noted = await run_in_threadpool(lambda: [self._metadata(container, blob) for blob in found])
        said = {"Prefix": prefix, "Marker": call.query("marker"), "Delimiter": delimiter}
        page = Listing(f"{origin(call)}{PREFIX}/", container.name, said, following)
        return listing(page, zip(found, noted, strict=True))

    async def _read(self, call: Call, container: Container) -> Response:
        path = call.path("path")
        if container.hierarchical and (folder := await run_in_threadpool(containers.find_folder, container, path)):
            return await self._folder(call, container, folder)
        return await self._floor.send(call, container, path, _FACTS)

    async def _folder(self, call: Call, container: Container, folder: Blob) -> Response:
        """A folder of a hierarchical account is an empty blob with a mark."""
        caller(call).require(container, "r", folder.path.rstrip("/"))
        noted = await self._floor.noted(container, folder)
        mark = {"x-ms-meta-hdi_isfolder": "true", "x-ms-resource-type": "directory"}
        return Response(headers={**told(folder), **_FACTS, **meta_headers(noted), **mark})

    async def _put(self, call: Call, container: Container) -> Response:
        headers = call.request.headers
        if headers.get("x-ms-blob-type", "BlockBlob") != "BlockBlob":
            raise Refused(400, "InvalidHeaderValue", "This blob service keeps block blobs only.")
        if "x-ms-copy-source" in headers:
            raise Refused(400, "UnsupportedHeader", "This blob service does not copy from other places.")
        blob_checks.require_length(headers)
        checked = blob_checks.Checked(call.request.stream(), headers.get("content-md5", ""))
        stored = await self._floor.store(call, container, checked, _noted(call))
        return Response(status_code=201, headers=told(stored, checked.md5))

    async def _block(self, call: Call, container: Container) -> Response:
        path = named(call)
        caller(call).require(container, "w", path)
        block = block_id(call.query("blockid"))
        checked = blob_checks.Checked(call.request.stream(), call.request.headers.get("content-md5", ""))
        await self._blocks.put(key(container, path), block, checked)
        return Response(status_code=201, headers={"content-md5": checked.md5, **SEALED})

    async def _commit(self, call: Call, container: Container) -> Response:
        path = named(call)
        caller(call).require(container, "w", path)
        blob_checks.require_length(call.request.headers)
        listed = block_list(await whole(call.request.stream(), LONGEST_LIST, "A block list"))
        if len(listed) > MOST_BLOCKS:
            raise Refused(400, "BlockListTooLong", f"A blob has at most {MOST_BLOCKS} blocks.")
        if any(kind == "Committed" for kind, _ in listed):
            raise Refused(400, "InvalidBlockList", "Blocks of a blob that is there are not kept; send them again.")
        blocks, blob = [block_id(block) for _, block in listed], key(container, path)
        try:
            await run_in_threadpool(self._blocks.size, blob, blocks)
        except ZaffreError as error:
            raise Refused(400, "InvalidBlockList", error.message) from None
        stored = await self._floor.store(call, container, self._blocks.content(blob, blocks), _noted(call))
        await run_in_threadpool(self._blocks.forget, blob)
        return Response(status_code=201, headers=told(stored))

    async def _note(self, call: Call, container: Container) -> Response:
        path = named(call)
        folder = container.hierarchical and await run_in_threadpool(containers.find_folder, container, path)
        return await self._floor.describe(call, container, folder or await self._floor.found(container, path))

    async def _delete(self, call: Call, container: Container) -> Response:
        await self._floor.delete(call, container)
        return Response(status_code=202)

    def _metadata(self, container: Container, blob: Blob) -> Mapping[str, Any]:
        notes = self._floor.storage.notes
        return notes.read(container.name, blob).get("metadata", {}) if not blob.is_folder else {}


def _comp(call: Call) -> str:
    return call.query("comp")


def _noted(call: Call) -> dict[str, Any]:
    """What a request says of the blob that it makes."""
    metadata = blob_checks.metadata(call.request.headers)
    md5 = call.request.headers.get("x-ms-blob-content-md5", "")
    return {**({"metadata": metadata} if metadata else {}), **({"md5": md5} if md5 else {})}


_FACTS = {"x-ms-blob-type": "BlockBlob", "x-ms-lease-state": "available", "x-ms-lease-status": "unlocked"}
