"""Local paths in a document become assets: what is missing on the server is sent, once, in packs.

``settle`` works on a document in YAML spelling, so that the command line and ``MLClient`` share it and neither needs
a model to submit. It looks at everything first and tells of every missing path at once; only then does it upload.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.sdk import digests, includes
from zaffre.sdk.finding import CODE, INLINE, Fields, Found, Origin, Search, copy, parsed, tell_lines, wrong_path
from zaffre.sdk.transport import Broken, Load, Transport

PACK = 32 * 1024 * 1024
_PIECE = 1024 * 1024
_LONG = 600.0
_NOTHING = "{} holds no file to upload; what its ignore files leave out does not count"


CONTEXT = "build"
"""A folder with a Dockerfile: ``.dockerignore`` holds as well."""


class Progress(Protocol):
    """Told of bytes as they go; ``total`` is known from the first call on."""

    def __call__(self, name: str, done: int, total: int) -> None:
        """``done`` of ``total`` bytes of ``name`` have gone."""
        ...


class Uploads:
    """Sends folders and files to one workspace, or to a registry."""

    def __init__(
        self, transport: Transport, workspace: str, cache: Path, told: Progress | None = None, registry: str = ""
    ) -> None:
        """``registry``: send to it instead of the workspace."""
        self._transport = transport
        self._root = f"/api/v1/{f'registries/{registry}' if registry else f'workspaces/{workspace}'}/uploads"
        self._cache = cache
        self._told = told or _silent
        self.only_look = False
        """Send nothing: what the server lacks is named ``local: <path>``."""

    def settle(self, document: dict[str, Any], fields: Fields, origin: Origin) -> dict[str, Any]:
        """``document`` with every local path replaced by what it became; the argument is left as it was."""
        settled: dict[str, Any] = copy(document)
        search = Search(origin)
        search.look(settled, fields, origin)
        found, problems = search.found, search.problems
        problems += [local.problem(message) for local in found if (message := wrong_path(local))]
        problems += [problem for local in found for problem in (*_in_table(local), *_included(local))]
        if problems:
            raise Invalid(problems)
        with ExitStack() as kept:
            listed = {id(local): self._listed(local, kept) for local in found if local.purpose != INLINE}
            empty = [local for local in found if listed.get(id(local)) == []]
            if empty:
                raise Invalid([local.problem(_NOTHING.format(local.path)) for local in empty])
            for local in found:
                if local.purpose == INLINE:
                    local.holder[local.key] = parsed(local)
                    tell_lines(local)
                else:
                    local.holder[local.key] = self._send(local.path, listed[id(local)], local.purpose)
        return settled

    def _listed(self, local: Found, kept: ExitStack) -> list[digests.Entry]:
        """The files of one upload; what is made for it stays until ``kept`` ends."""
        if not local.includes:
            return digests.of(local.path, self._cache, context=local.purpose == CONTEXT)
        made = Path(kept.enter_context(TemporaryDirectory(prefix="zaffre-includes-")))
        return includes.merged(local.path if local.has_path else None, local.includes, self._cache, made)

    def _send(self, path: Path, entries: list[digests.Entry], purpose: str) -> str:
        """The reference of the content; an upload lost on the way is begun again and goes on where it stopped."""
        try:
            return self._once(path, entries, purpose)
        except (Broken, NotFound):
            return self._once(path, entries, purpose)

    def _once(self, path: Path, entries: list[digests.Entry], purpose: str) -> str:
        target = CODE if purpose == CODE else "data"
        body = {"target": target, "name": path.resolve().name, "files": [entry.to_json() for entry in entries]}
        begun: dict[str, Any] = self._transport.call("POST", self._root, body)
        if begun.get("code"):
            return str(begun["code"])
        if begun.get("done"):
            return str(begun["path"])
        if self.only_look:
            return f"local: {path}"
        missing: set[str] = set(begun.get("missing") or ())
        if missing:
            self._pack(str(begun["id"]), path.name, entries, missing)
        done: dict[str, Any] = self._transport.call("POST", f"{self._root}/{begun['id']}/commit", timeout=_LONG)
        return str(done.get("code") or done["path"])

    def _pack(self, upload: str, name: str, entries: list[digests.Entry], missing: set[str]) -> None:
        wanted = list({entry.sha256: entry for entry in entries if entry.sha256 in missing}.values())
        total = sum(entry.size for entry in wanted)
        done = 0
        self._told(name, 0, total)
        for pack in _packs(wanted):
            sent = sum(entry.size for entry in pack)
            body = Load(sent + 40 * len(pack), lambda pack=pack: _framed(pack))
            self._transport.call(
                "PUT",
                f"{self._root}/{upload}/pack",
                body,
                headers={"Content-Type": "application/octet-stream"},
                timeout=_LONG,
            )
            done += sent
            self._told(name, done, total)


def _silent(name: str, done: int, total: int) -> None:
    """For callers who do not watch."""


def _in_table(local: Found) -> Sequence[Problem]:
    """What is wrong inside an MLTable, at its own lines."""
    if local.holder.get("type") != "mltable" or local.purpose == INLINE or not local.path.is_dir():
        return []
    from zaffre.sdk import tables  # noqa: PLC0415 - weight: the models of MLTable documents, for those who have one

    return [found if found.file else local.problem(str(found)) for found in tables.problems(local.path)]


def _included(local: Found) -> Iterator[Problem]:
    code = local.path if local.has_path else None
    for number, include in enumerate(local.includes):
        if message := includes.wrong(include, code):
            field = f"{local.field.removesuffix(local.key)}{includes.FIELD}[{number}]"
            yield local.origin.problem(field, message)


def _packs(entries: list[digests.Entry]) -> Iterator[list[digests.Entry]]:
    pack: list[digests.Entry] = []
    size = 0
    for entry in entries:
        if pack and size + entry.size > PACK:
            yield pack
            pack, size = [], 0
        pack.append(entry)
        size += entry.size
    if pack:
        yield pack


def _framed(pack: list[digests.Entry]) -> Iterator[bytes]:
    """Digest, length, content of each file; small files are joined so that each does not cost a packet."""
    held = bytearray()
    for entry in pack:
        held += bytes.fromhex(entry.sha256) + struct.pack(">Q", entry.size)
        for piece in _content(entry):
            held += piece
            if len(held) >= _PIECE:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


def _content(entry: digests.Entry) -> Iterator[bytes]:
    left = entry.size
    with open(entry.source, "rb") as file:  # noqa: PTH123 - ten thousand of them: no Path for each
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise Invalid(f"{entry.source} became shorter while it was uploaded; submit again when it is at rest.")
            left -= len(piece)
            yield piece
