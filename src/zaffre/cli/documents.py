"""From ``-f``, ``--set`` and the flags that name fields to one document, with the place of every field kept."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from zaffre.cli import table
from zaffre.cli.session import Session
from zaffre.core import document
from zaffre.core.errors import Invalid, Problem
from zaffre.sdk.parsed import is_list
from zaffre.sdk.upload import Fields, Origin

_FIELDS = (
    "name", "version", "description", "display_name", "type", "path", "image", "conda_file", "size", "min_instances",
    "max_instances", "location", "resource_id", "namespace", "auth_mode", "endpoint_name", "instance_count",
)  # fmt: skip
"""Flags that are the field of the same name."""


class Written:
    """A document as the user wrote it."""

    def __init__(self, source: document.Document) -> None:
        self.data = source.data
        self._source = source

    @cached_property
    def origin(self) -> Origin:
        """For uploads: the folder relative paths start from, the place of a field, and the paths that parts may have."""
        folder = Path(self._source.file).absolute().parent if self._source.file else Path.cwd()
        return Origin(folder, self.problem, part_fields)

    def problem(self, field: str, message: str) -> Problem:
        """A problem at a field, with file, line and column."""
        return self.placed(Problem(message, field=field))

    def placed(self, problem: Problem) -> Problem:
        """``problem`` with the place that its field has in the file."""
        problem = self.origin.placed(problem)
        if not self._source.file or problem.line or problem.file or not problem.field:
            return problem
        line, column = self._source.place(_path(problem.field))
        return replace(problem, file=self._source.file, line=line, column=column)

    @contextmanager
    def blamed(self) -> Generator[None]:
        """What the server refuses inside this block is told with its place in the file."""
        try:
            yield
        except Invalid as error:
            raise Invalid([self.placed(problem) for problem in error.problems], target=error.target) from error


def written(session: Session) -> Written:
    """The document of a ``create`` or ``validate``."""
    options = session.options
    file = session.option("file")
    source = _read(file) if file else document.Document({})
    data = source.data
    for name in _FIELDS:
        value = getattr(options, name, None)
        if value is not None:
            data[name] = value
    tags = getattr(options, "tags", None)
    if tags:
        data["tags"] = {**(data.get("tags") or {}), **dict(split(tag) for tag in tags)}
    for override in options.set or ():
        document.apply(source, override)
    return Written(source)


def edited(spec: dict[str, Any], session: Session) -> dict[str, Any]:
    """A specification with ``--set``, ``--add`` and ``--remove`` done to it."""
    source = document.Document(spec)
    for override in session.options.set or ():
        document.apply(source, override)
    for pair in session.options.add or ():
        path, text = split(pair)
        _append(spec, path, document.value_of(text))
    for path in session.options.remove or ():
        _remove(spec, path)
    return spec


def local_fields(kind: str, data: dict[str, Any]) -> Fields:
    """Which fields of a document may hold a local path: by kind, and for a job or a component by its type."""
    known = table.load()
    of_types = {"job": "job_types", "component": "component_types"}.get(kind)
    if of_types is None:
        return known["groups"][kind]["paths"]
    type_ = str(data.get("type") or "command").lower()
    return known[of_types].get(type_, {"paths": ()})["paths"]


def part_fields(kind: str, type_: str) -> Fields:
    """The same of a part of a document: a ``job`` or a ``component`` of a type."""
    return local_fields(kind, {"type": type_})


def split(pair: str) -> tuple[str, str]:
    """``a.b=c`` → (``a.b``, ``c``)."""
    path, equals, text = pair.partition("=")
    if not equals or not path:
        raise Invalid(f"expected field=value, found {pair!r}")
    return path, text


def _remove(data: dict[str, Any], path: str) -> None:
    """Take a field out; one that is not there is an error."""
    *way, last = _path(path)
    owner: Any = data
    for part in way:
        owner = _step(owner, part, path)
    _step(owner, last, path)
    del owner[last]


def _append(data: dict[str, Any], path: str, value: Any) -> None:
    """Append to a list, or begin one."""
    *way, last = _path(path)
    here: Any = data
    for part in way:
        here = _step(here, part, path)
    held = here.setdefault(last, [])
    if not is_list(held):
        raise Invalid(f"--add {path}: it is no list; use --set")
    held.append(value)


def _read(file: str) -> document.Document:
    try:
        return document.load(Path(file).read_text(encoding="utf-8"), file=file)
    except FileNotFoundError:
        raise Invalid([Problem("there is no such file", file=file)]) from None
    except IsADirectoryError:
        raise Invalid([Problem("expected a YAML file, found a folder", file=file)]) from None
    except UnicodeDecodeError:
        raise Invalid([Problem("expected YAML in UTF-8, found other bytes", file=file)]) from None


def _path(field: str) -> tuple[str | int, ...]:
    return tuple(int(index) if index else name for index, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", field))


def _step(here: Any, part: str | int, path: str) -> Any:
    try:
        return here[part]
    except (KeyError, IndexError, TypeError):
        raise Invalid(f"{path}: there is no {part!r}") from None
