"""Uploads of folders and files in a few requests: manifest, what is missing, packs of content, commit.

The client names every file with its SHA-256; only content the server lacks travels, many files to a request. An upload is
named by its manifest, so that the same upload begun again goes on where it stopped, and equal content is committed at once.
Code is kept by content (``store.blobs``); data and models become plain files of a datastore, visible all at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Invalid, NotFound, Problem, TooLarge
from zaffre.store.blobs import Blobs, File
from zaffre.store.blobs.disk import flush
from zaffre.store.blobs.paths import check_relative

MOST_FILES = 200_000
_ID = re.compile(r"[0-9a-f]{40}")
_PREFIXES = ("/api/v1/workspaces/{ws}/uploads", "/api/v1/registries/{registry}/uploads")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is being uploaded."""

    workspace: str
    target: str
    """``code`` or ``data``."""
    name: str
    files: tuple[File, ...]

    @property
    def digest(self) -> str:
        """Content hash of the whole: equal content, equal hash, whatever it is called."""
        listed = sorted((file.path, file.digest, file.executable) for file in self.files)
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()

    @property
    def id(self) -> str:
        """Names the upload: the same content for the same purpose is the same upload."""
        return hashlib.sha256(f"{self.workspace}\0{self.target}\0{self.name}\0{self.digest}".encode()).hexdigest()[:40]


KeepCode = Callable[[str, str, tuple[File, ...], str], Any]
"""(workspace, digest, files, actor) → awaitable reference ``azureml:name:version`` of the code asset."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where uploads end up."""

    place: Callable[[str, str], Path]
    """(workspace, path) → a place on its default datastore."""
    keep_code: KeepCode
    require: Callable[[str], Awaitable[Any]]
    """Raises ``NotFound`` for a workspace that there is not."""


class Uploads:
    """The upload routes."""

    def __init__(self, home: Path, code: Blobs, destination: Destination) -> None:
        self._sessions = home / "uploads"
        self._code = code
        self._place = destination.place
        self._keep_code = destination.keep_code
        self._require = destination.require
        self._locks: dict[str, asyncio.Lock] = {}

    def routes(self) -> list[Route]:
        """Begin, send, commit."""
        return [route for prefix in _PREFIXES for route in self._below(prefix)]

    def _below(self, prefix: str) -> list[Route]:
        write, tag = Permission.WRITE, "uploads"
        return [
            Route("POST", prefix, write, self._begin, "Begin an upload: what is missing?", tag=tag),
            Route("PUT", prefix + "/{id}/pack", write, self._pack, "Send missing content", tag=tag),
            Route("POST", prefix + "/{id}/commit", write, self._commit, "Finish an upload", tag=tag),
        ]

    async def _begin(self, call: Call) -> Response:
        manifest = _manifest(call.owner, await call.object())
        await self._require(manifest.workspace)
        missing, done = await run_in_threadpool(self._begun, manifest)
        answer: dict[str, Any] = {"id": manifest.id, "missing": missing, "path": None, "done": done}
        if manifest.target == "data":
            answer["path"] = self._uri(manifest)
        elif not missing:  # code that is all here: the client is spared the commit, as it is of data that is done
            answer["code"] = await self._keep_code(manifest.workspace, manifest.digest, manifest.files, call.actor)
        return reply(answer)

    def _begun(self, manifest: Manifest) -> tuple[list[str], bool]:
        """What is missing, and whether data is in its place already; an upload to be committed is kept on disk."""
        if manifest.target == "data" and self._final(manifest).exists():
            self._remember(manifest)  # for clients that commit all the same
            return [], True
        missing = self._missing(manifest)
        if missing or manifest.target == "data":
            self._remember(manifest)
        return missing, False

    async def _pack(self, call: Call) -> Response:
        manifest = await run_in_threadpool(self._recall, call)
        blobs = self._blobs(manifest)
        wanted = {bytes.fromhex(file.digest) for file in manifest.files}
        received = await blobs.receive(call.request.stream(), wanted)
        return reply({"received": received})

    async def _commit(self, call: Call) -> Response:
        manifest = await run_in_threadpool(self._recall, call)
        async with self._locks.setdefault(manifest.id, asyncio.Lock()):
            missing = await run_in_threadpool(self._missing, manifest)
            if missing:
                raise Invalid(
                    f"{len(missing)} of the files have not been sent yet, the first with SHA-256 {missing[0]}."
                )
            if manifest.target == "code":
                code = await self._keep_code(manifest.workspace, manifest.digest, manifest.files, call.actor)
                answer = {"code": code}
            else:
                await run_in_threadpool(self._publish, manifest)
                answer = {"path": self._uri(manifest)}
            await run_in_threadpool(shutil.rmtree, self._sessions / manifest.id, True)
        self._locks.pop(manifest.id, None)
        return reply(answer)

    def _blobs(self, manifest: Manifest) -> Blobs:
        return self._code if manifest.target == "code" else Blobs(self._sessions / manifest.id / "content")

    def _missing(self, manifest: Manifest) -> list[str]:
        if manifest.target == "data" and self._final(manifest).exists():
            return []
        return self._blobs(manifest).missing({file.digest for file in manifest.files})

    def _final(self, manifest: Manifest) -> Path:
        return self._place(manifest.workspace, f"LocalUpload/{manifest.digest}/{manifest.name}")

    def _uri(self, manifest: Manifest) -> str:
        return f"azureml://datastores/workspaceblobstore/paths/LocalUpload/{manifest.digest}/{manifest.name}"

    def _publish(self, manifest: Manifest) -> None:
        """Put the files into the datastore with one rename, so that nobody sees half of them."""
        final = self._final(manifest)
        if final.exists():
            return
        final.parent.mkdir(parents=True, exist_ok=True)
        staged = self._sessions / manifest.id / "staged"
        shutil.rmtree(staged, ignore_errors=True)
        self._blobs(manifest).materialise(manifest.files, staged, give=True)
        # Its blobs are the files from here on: what a job may do to these must never be taken for the blobs' content.
        (self._sessions / manifest.id / "content").rename(
            self._sessions / manifest.id / f"spent.{secrets.token_hex(4)}"
        )
        whole = len(manifest.files) == 1 and manifest.files[0].path == manifest.name and not _is_folder(manifest)
        source = staged / manifest.name if whole else staged
        source.rename(final)
        flush([final.parent])

    def _remember(self, manifest: Manifest) -> None:
        folder = self._sessions / manifest.id
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / "manifest.json"
        if not written.exists():
            draft = folder / f"manifest.{os.getpid()}"
            draft.write_text(json.dumps(asdict(manifest)))
            draft.rename(written)

    def _recall(self, call: Call) -> Manifest:
        identity = call.path("id")
        if not _ID.fullmatch(identity):
            raise NotFound("There is no such upload.")
        try:
            stored = json.loads((self._sessions / identity / "manifest.json").read_text())
        except FileNotFoundError:
            raise NotFound("There is no such upload; begin it again.") from None
        files = tuple(File(**file) for file in stored.pop("files"))
        manifest = Manifest(**stored, files=files)
        if manifest.workspace != call.owner:
            raise NotFound("There is no such upload in this workspace.")
        return manifest


def _is_folder(manifest: Manifest) -> bool:
    return any("/" in file.path for file in manifest.files)


def _manifest(workspace: str, body: dict[str, Any]) -> Manifest:
    listed: list[Any] | None = body.get("files")
    target, name = body.get("target"), body.get("name")
    if target not in ("code", "data"):
        raise Invalid([Problem(f"expected code or data, found {target!r}", field="target")])
    if not isinstance(name, str) or "/" in name:
        raise Invalid([Problem(f"expected the name of a file or folder, found {str(name)[:80]!r}", field="name")])
    check_relative(name, "name")
    if not isinstance(listed, list) or not listed:
        raise Invalid([Problem("expected a list of files, found nothing to upload", field="files")])
    if len(listed) > MOST_FILES:
        raise TooLarge(f"An upload may have at most {MOST_FILES} files; this one has {len(listed)}.")
    return Manifest(workspace, target, name, tuple(_file(number, entry) for number, entry in enumerate(listed)))


def _file(number: int, entry: Any) -> File:
    field = f"files[{number}]"
    if not isinstance(entry, dict):
        raise Invalid([Problem("expected an object with path, size and sha256", field=field)])
    told = cast(dict[str, Any], entry)
    path, size, digest = told.get("path"), told.get("size"), told.get("sha256")
    if not isinstance(path, str):
        raise Invalid([Problem("expected a relative path", field=f"{field}.path")])
    check_relative(path)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise Invalid([Problem("expected a size in bytes", field=f"{field}.size")])
    if not isinstance(digest, str) or len(digest) != 64 or any(c not in "0123456789abcdef" for c in digest):
        raise Invalid([Problem("expected 64 lower-case hexadecimal digits", field=f"{field}.sha256")])
    return File(path, digest, size, bool(told.get("executable", False)))
