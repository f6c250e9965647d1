"""Which files a table's paths mean: patterns and folders walked, links that lead out refused. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import FILE_NAME, MLTable, TablePath

MOST_FILES = 1_000_000
_WILD = re.compile(r"[*?\[]")
_LEFT_BY_WRITERS = re.compile(r"_SUCCESS|_committed_.*|_started_.*|_metadata|_common_metadata")


@dataclass(frozen=True, slots=True)
class Source:
    """One file."""

    path: Path
    shown: str
    """As the user named it: below the table's folder, or as a URI."""
    place: str
    """Where it lies relative to what the path names; unique in a table. For laying files out."""


def root_of(path: TablePath) -> str:
    """The URI to bring to this machine for a path that lies elsewhere: a pattern's part before its first wildcard."""
    if path.kind != "pattern":
        return path.value
    scheme, _, rest = path.value.partition("://")
    fixed: list[str] = []
    for part in rest.split("/")[:-1]:
        if _WILD.search(part):
            break
        fixed.append(part)
    return f"{scheme}://{'/'.join(fixed)}"


def sources(table: MLTable, folder: Path, brought: Mapping[str, str]) -> list[Source]:
    """Every file of a table in the order it is read. ``brought`` has the local path of each URI (``root_of``)."""
    found: list[Source] = []
    for index, path in enumerate(table.paths):
        mine = list(_cloud(path, brought, index) if path.is_cloud else _local(path, folder))
        if not mine:
            raise Invalid([Problem(f"nothing is at {path.value}", f"paths[{index}].{path.kind}", FILE_NAME)])
        found += mine
        if len(found) > MOST_FILES:
            raise Invalid([Problem(f"a table has at most {MOST_FILES} files", "paths", FILE_NAME)])
    return found


def delta_folders(table: MLTable, folder: Path, brought: Mapping[str, str]) -> list[Source]:
    """The folders of a Delta table, which are read as wholes."""
    found: list[Source] = []
    for path in table.paths:
        if path.kind == "pattern":
            told = "a Delta table is a folder; expected folder, found a pattern"
            raise Invalid([Problem(told, "paths", FILE_NAME)])
        place = Path(_brought(path, brought)) if path.is_cloud else _inside(folder, path.value)
        if not place.is_dir():
            raise Invalid([Problem(f"nothing is at {path.value}; expected a Delta Lake folder", "paths", FILE_NAME)])
        found.append(Source(place, path.value, path.value))
    return found


def _local(path: TablePath, folder: Path) -> Iterator[Source]:
    if path.kind == "pattern":
        yield from _matching(folder, _relative(path.value))
        return
    place = _inside(folder, path.value)
    if place.is_dir():
        yield from _below(place, folder)
    elif place.is_file():
        shown = _relative(path.value)
        yield Source(place, shown, shown)


def _cloud(path: TablePath, brought: Mapping[str, str], index: int) -> Iterator[Source]:
    place, uri = Path(_brought(path, brought)), root_of(path).rstrip("/")
    if path.kind == "pattern":
        wanted = path.value.removeprefix(root_of(path)).lstrip("/")
        found = _matching(place, wanted)
    elif place.is_dir():
        found = _below(place, place)
    else:
        yield Source(place, uri, f"{index}/{PurePosixPath(uri.partition('?')[0]).name}")
        return
    for source in found:
        yield Source(source.path, f"{uri}/{source.shown}", f"{index}/{source.place}")


def _brought(path: TablePath, brought: Mapping[str, str]) -> str:
    place = brought.get(root_of(path))
    if place is None:
        raise Invalid([Problem(f"{path.value} is not on this machine", "paths", FILE_NAME)])
    return place


def _matching(folder: Path, pattern: str) -> Iterator[Source]:
    root = folder.resolve()
    try:
        found = sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError) as error:
        raise Invalid([Problem(f"{pattern!r} is no pattern: {error}", "paths", FILE_NAME)]) from None
    for place in found:
        if place.is_dir():
            yield from _below(place, folder)
        elif _is_data(place.relative_to(folder)):
            yield _found(place, folder, root)


def _below(place: Path, folder: Path) -> Iterator[Source]:
    root = folder.resolve()
    for found in sorted(place.rglob("*")):
        if found.is_file() and _is_data(found.relative_to(place)):
            yield _found(found, folder, root)


def _found(place: Path, folder: Path, root: Path) -> Source:
    shown = place.relative_to(folder).as_posix()
    if not place.resolve().is_relative_to(root):
        raise Invalid([Problem(f"{shown} is a link that leads out of the table's folder", "paths", FILE_NAME)])
    return Source(place, shown, shown)


def _inside(folder: Path, value: str) -> Path:
    place = folder / _relative(value)
    if not place.resolve().is_relative_to(folder.resolve()):
        raise Invalid([Problem(f"{value} leads out of the table's folder", "paths", FILE_NAME)])
    return place


def _relative(value: str) -> str:
    if value.startswith("/") or ".." in PurePosixPath(value).parts or "\x00" in value:
        raise Invalid([Problem(f"{value!r} leads out of the table's folder", "paths", FILE_NAME)])
    return PurePosixPath(value).as_posix()


def _is_data(path: Path) -> bool:
    """What writers and editors leave beside the data is none: hidden files, Spark's markers, the document itself."""
    hidden = any(part.startswith(".") or part == "_delta_log" for part in path.parts)
    return not hidden and path.name != FILE_NAME and _LEFT_BY_WRITERS.fullmatch(path.name) is None
