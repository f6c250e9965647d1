"""Local paths in a document become assets: what is missing on the server is sent, once, in packs.

``settle`` works on a document in YAML spelling, so that the command line and ``MLClient`` share it and neither needs
a model to submit. It looks at everything first and tells of every missing path at once; only then does it upload.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from zaffre.core import refs
from zaffre.core.errors import Invalid, NotFound, Problem, TooLarge
from zaffre.sdk import digests, includes
from zaffre.sdk.includes import Include
from zaffre.sdk.parsed import is_list, is_mapping
from zaffre.sdk.transport import Broken, Load, Transport

PACK = 32 * 1024 * 1024
_PIECE = 1024 * 1024
_LONG = 600.0
_NOTHING = "{} holds no file to upload; what its ignore files leave out does not count"


INLINE = "yaml"
"""The purpose of a path whose content, parsed, takes its place (a conda file)."""
COMPONENT = "component"
DESCRIBED = ("environment", COMPONENT)
"""Purposes of a path to a file that describes the part of a document that it stands in."""
CODE = "code"
CONTEXT = "build"
"""A folder with a Dockerfile: ``.dockerignore`` holds as well."""

Fields = Sequence[Sequence[str]]
"""(pattern, purpose) of every field of a kind that may hold a local path; ``*`` in a pattern is any name. The command
line has them in its table, ``MLClient`` reads them off the model (``sdk.entity``)."""


class Progress(Protocol):
    """Told of bytes as they go; ``total`` is known from the first call on."""

    def __call__(self, name: str, done: int, total: int) -> None:
        """``done`` of ``total`` bytes of ``name`` have gone."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from: the folder its paths are relative to, and how to name a place in it."""

    folder: Path
    problem: Callable[[str, str], Problem] = lambda field, message: Problem(message, field=field)
    """(field, message) → a problem with file, line and column where they are known."""


@dataclass(frozen=True, slots=True)
class _Found:
    field: str
    purpose: str
    path: Path
    holder: dict[str, Any]
    key: str
    includes: tuple[Include, ...] = ()
    """What else comes into the same upload: ``additional_includes`` of a component."""

    @property
    def has_path(self) -> bool:
        """False: there is nothing but what is included."""
        return self.holder.get(self.key) is not None


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

    def settle(self, document: dict[str, Any], fields: Fields, origin: Origin) -> dict[str, Any]:
        """``document`` with every local path replaced by what it became; the argument is left as it was."""
        settled: dict[str, Any] = _copy(document)
        self._described(settled, fields, origin)
        fields = [each for each in fields if each[1] not in DESCRIBED]
        found = [local for pattern, purpose in fields for local in _locals(settled, pattern, purpose, origin.folder)]
        problems = [origin.problem(local.field, message) for local in found if (message := _wrong(local))]
        problems += [problem for local in found for problem in (*_in_table(local, origin), *_included(local, origin))]
        if problems:
            raise Invalid(problems)
        with ExitStack() as kept:
            listed = {id(local): self._listed(local, kept) for local in found if local.purpose != INLINE}
            empty = [local for local in found if listed.get(id(local)) == []]
            if empty:
                raise Invalid([origin.problem(local.field, _NOTHING.format(local.path)) for local in empty])
            for local in found:
                if local.purpose == INLINE:
                    local.holder[local.key] = _parsed(local, origin)
                    _tell_lines(local)
                else:
                    local.holder[local.key] = self._send(local.path, listed[id(local)], local.purpose)
        return settled

    def _listed(self, local: _Found, kept: ExitStack) -> list[digests.Entry]:
        """The files of one upload; what is made for it stays until ``kept`` ends."""
        if not local.includes:
            return digests.of(local.path, self._cache, context=local.purpose == CONTEXT)
        made = Path(kept.enter_context(TemporaryDirectory(prefix="zaffre-includes-")))
        return includes.merged(local.path if local.has_path else None, local.includes, self._cache, made)

    def _described(self, document: dict[str, Any], fields: Fields, origin: Origin) -> None:
        """Files that describe a part of the document take its place, their own paths being relative to them."""
        for pattern, purpose in fields:
            if purpose not in DESCRIBED:
                continue
            for local in _locals(document, pattern, purpose, origin.folder):
                if wrong := _wrong(local):
                    raise Invalid([origin.problem(local.field, wrong)])
                part = _mapping(local, origin)
                if purpose == COMPONENT:
                    includes.read_beside(part, local.path)
                inner = [(path[len(pattern) + 1 :], what) for path, what in fields if path.startswith(f"{pattern}.")]
                local.holder[local.key] = self.settle(part, inner, _inside(local.path))

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


def _copy(value: Any) -> Any:
    if is_mapping(value):
        return {key: _copy(item) for key, item in value.items()}
    if is_list(value):
        return [_copy(item) for item in value]
    return value


def _locals(document: dict[str, Any], pattern: str, purpose: str, folder: Path) -> Iterator[_Found]:
    *way, last = pattern.split(".")
    for field, holder in _holders(document, way, ""):
        value = holder.get(last)
        beside = includes.of(holder, folder) if purpose == CODE else ()
        if isinstance(value, str) and "${{" not in value and refs.is_local(value):
            yield _Found(f"{field}{last}", purpose, folder / refs.local_path(value), holder, last, beside)
        elif value is None and beside:
            yield _Found(f"{field}{last}", purpose, folder, holder, last, beside)


def _holders(node: Any, way: list[str], field: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if is_list(node) and way[:1] == ["*"]:
        for index, item in enumerate(node):
            yield from _holders(item, way[1:], f"{field[:-1]}[{index}].")
    if not is_mapping(node):
        return
    if not way:
        yield field, node
        return
    for name in list(node) if way[0] == "*" else [way[0]]:
        yield from _holders(node.get(name), way[1:], f"{field}{name}.")


def _wrong(local: _Found) -> str:
    if not local.path.exists():
        return f"{local.path} does not exist"
    kind = str(local.holder.get("type", ""))
    if local.purpose in (INLINE, *DESCRIBED):
        return f"{local.path} is a folder, not a file" if local.path.is_dir() else ""
    if kind == "uri_file" and local.path.is_dir():
        return f"{local.path} is a folder, but type is uri_file; say type: uri_folder, or name a file in it"
    if kind in ("uri_folder", "mltable", "mlflow_model") and local.path.is_file():
        return f"{local.path} is a file, but type is {kind}, which is a folder"
    return ""


def _in_table(local: _Found, origin: Origin) -> Sequence[Problem]:
    """What is wrong inside an MLTable, at its own lines."""
    if local.holder.get("type") != "mltable" or local.purpose == INLINE or not local.path.is_dir():
        return []
    from zaffre.sdk import tables  # noqa: PLC0415 - weight: the models of MLTable documents, for those who have one

    return [found if found.file else origin.problem(local.field, str(found)) for found in tables.problems(local.path)]


def _included(local: _Found, origin: Origin) -> Iterator[Problem]:
    code = local.path if local.has_path else None
    for number, include in enumerate(local.includes):
        if message := includes.wrong(include, code):
            field = f"{local.field.removesuffix(local.key)}{includes.FIELD}[{number}]"
            yield origin.problem(field, message)


def _parsed(local: _Found, origin: Origin) -> Any:
    import yaml  # noqa: PLC0415 - weight: only environments with a conda file need it here

    try:
        return yaml.safe_load(local.path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid([origin.problem(local.field, f"{local.path} is not YAML: {error}")]) from error


def _inside(file: Path) -> Origin:
    """The origin of what is written in a file that another document names."""
    return Origin(file.parent, lambda field, message: Problem(message, field, str(file)))


def _mapping(local: _Found, origin: Origin) -> dict[str, Any]:
    found = _parsed(local, origin)
    if not is_mapping(found):
        raise Invalid([origin.problem(local.field, f"{local.path} is no {local.purpose}: expected a mapping")])
    return {key: value for key, value in found.items() if key != "$schema"}


def _tell_lines(local: _Found) -> None:
    """Errors of a build quote the lines of the conda file; one that only the lenient reader takes is quoted without."""
    if local.key != "conda_file":
        return
    from zaffre.core import document, written  # noqa: PLC0415 - weight: only environments with a conda file need it

    with suppress(Invalid, TooLarge):
        loaded = document.load(local.path.read_text(encoding="utf-8"), file=local.path.name)
        own: dict[str, Any] = local.holder.get("properties") or {}
        local.holder["properties"] = {**own, written.PROPERTY: written.told(local.path.name, loaded)}


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
