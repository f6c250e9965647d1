"""Which local paths a document names: its own, those of the files that describe parts of it, those of a pipeline's steps.

Nothing is sent here. A file that describes a part (a component, an environment) is read and takes the place of its name; its
own paths are relative to it, and mistakes are told at its own lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaffre.core import refs
from zaffre.core.errors import Invalid, Problem, TooLarge
from zaffre.sdk import includes
from zaffre.sdk.includes import Include
from zaffre.sdk.parsed import is_list, is_mapping

if TYPE_CHECKING:
    from zaffre.core.document import Document

INLINE = "yaml"
"""The purpose of a path whose content, parsed, takes its place (a conda file)."""
COMPONENT = "component"
DESCRIBED = ("environment", COMPONENT)
"""Purposes of a path to a file that describes the part of a document that it stands in."""
CODE = "code"
STEPS = "steps"
"""No path: a mapping of a pipeline's steps, each a job of its ``type``."""
MOST_NESTED = 30
"""Files in files; more is a file that names itself."""

Fields = Sequence[Sequence[str]]
"""(pattern, purpose) of every field of a kind that may hold a local path; ``*`` in a pattern is any name. The command
line has them in its table, ``MLClient`` reads them off the model (``sdk.entity``)."""
Sorts = Callable[[str, str], Fields]
"""(``job`` or ``component``, type) → the fields of such a part of a document."""


def _no_sorts(kind: str, type_: str) -> Fields:
    """For documents that have no parts of another type."""
    del kind, type_
    return ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from: the folder its paths are relative to, and how to name a place in it."""

    folder: Path
    problem: Callable[[str, str], Problem] = lambda field, message: Problem(message, field=field)
    """(field, message) → a problem with file, line and column where they are known."""
    sorts: Sorts = _no_sorts
    files: dict[str, Origin] = field(default_factory=dict[str, "Origin"])
    """Field → the file whose content stands there now."""

    def of(self, sorts: Sorts) -> Origin:
        """The same for a document whose parts may be of other types."""
        return replace(self, sorts=sorts)

    def placed(self, problem: Problem) -> Problem:
        """What is wrong with the settled document, at the line of the file in which it was written."""
        if problem.line or problem.file:
            return problem
        for at in sorted(self.files, key=len, reverse=True):
            inside = _inside(at, problem.field)
            if inside:
                return replace(self.files[at].problem(inside, problem.message), hint=problem.hint)
        return problem


@dataclass(frozen=True, slots=True)
class Found:
    """One local path."""

    field: str
    """As its own file has it."""
    purpose: str
    path: Path
    holder: dict[str, Any]
    key: str
    origin: Origin
    includes: tuple[Include, ...] = ()
    """What else comes into the same upload: ``additional_includes`` of a component."""

    @property
    def has_path(self) -> bool:
        """False: there is nothing but what is included."""
        return self.holder.get(self.key) is not None

    def problem(self, message: str) -> Problem:
        """A mistake here."""
        return self.origin.problem(self.field, message)


class Search:
    """Goes through a document, and puts the files that describe parts of it in their places."""

    def __init__(self, origin: Origin) -> None:
        self.found: list[Found] = []
        self.problems: list[Problem] = []
        self._root = origin

    def look(self, document: dict[str, Any], fields: Fields, origin: Origin, at: str = "", depth: int = 0) -> None:
        """``at``: where ``document`` stands in the whole, with a dot behind it."""
        for pattern, purpose in fields:
            if purpose == STEPS:
                for name, holder in _holders(document, pattern.split("."), ""):
                    self._steps(holder, origin, (name, f"{at}{name}"), depth)
            elif purpose not in DESCRIBED:
                self.found += _locals(document, pattern, purpose, origin)
        for pattern, purpose in fields:  # last: their own paths are none of this document's
            if purpose in DESCRIBED:
                self._parts(document, (pattern, purpose), _below(fields, pattern), origin, (at, depth))

    def _parts(
        self, document: dict[str, Any], field: tuple[str, str], usual: Fields, origin: Origin, where: tuple[str, int]
    ) -> None:
        """What a field describes: files, and a component written out where its type alone says what it may hold."""
        pattern, purpose = field
        at, depth = where
        for local in _locals(document, pattern, purpose, origin):
            self._describe(local, usual, at, depth)
        if usual or purpose != COMPONENT:
            return
        *way, last = pattern.split(".")
        for name, holder in _holders(document, way, ""):
            part = holder.get(last)
            if is_mapping(part) and f"{at}{name}{last}" not in self._root.files:
                inner = replace(origin, problem=_under(origin, f"{name}{last}"))
                self.look(part, origin.sorts(COMPONENT, _type(part)), inner, f"{at}{name}{last}.", depth)

    def _steps(self, steps: dict[str, Any], origin: Origin, where: tuple[str, str], depth: int) -> None:
        """Each as the job it is; ``where``: the field in its own file, and in the whole."""
        for name, step in steps.items():
            if not is_mapping(step):
                continue
            field = f"{where[0]}{name}"
            inner = replace(origin, problem=_under(origin, field))
            self.look(step, origin.sorts("job", _type(step)), inner, f"{where[1]}{name}.", depth)
            component = step.get("component")
            if is_mapping(component) and "type" not in step and "type" in component:
                step["type"] = component["type"]

    def _describe(self, local: Found, usual: Fields, at: str, depth: int) -> None:
        """Read the file of one part and put it in its place."""
        wrong = wrong_path(local)
        if wrong or depth > MOST_NESTED:
            self.problems.append(local.problem(wrong or f"{local.path} is read inside itself again and again"))
            return
        try:
            read = _read(local)
            part = {key: value for key, value in read.data.items() if key != "$schema"}
            if local.purpose == COMPONENT:
                includes.read_beside(part, local.path)
        except Invalid as error:
            self.problems += error.problems
            return
        origin = Origin(local.path.parent, _in(read), local.origin.sorts)
        place = f"{at}{local.field}"
        self._root.files[place] = origin
        local.holder[local.key] = part
        fields = usual
        if local.purpose == COMPONENT:
            fields = local.origin.sorts(COMPONENT, _type(part)) or usual
        self.look(part, fields, origin, f"{place}.", depth + 1)


def copy(value: Any) -> Any:
    """Plain data, to be changed."""
    if is_mapping(value):
        return {key: copy(item) for key, item in value.items()}
    if is_list(value):
        return [copy(item) for item in value]
    return value


def wrong_path(local: Found) -> str:
    """Why nothing can be taken from there; empty where it can."""
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


def parsed(local: Found) -> Any:
    """The content of a file that takes the place of its name."""
    import yaml  # noqa: PLC0415 - weight: only environments with a conda file need it here

    try:
        return yaml.safe_load(local.path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid([local.problem(f"{local.path} is not YAML: {error}")]) from error


def tell_lines(local: Found) -> None:
    """Errors of a build quote the lines of the conda file; one that only the lenient reader takes is quoted without."""
    if local.key != "conda_file":
        return
    from zaffre.core import document, written  # noqa: PLC0415 - weight: only environments with a conda file need it

    with suppress(Invalid, TooLarge):
        loaded = document.load(local.path.read_text(encoding="utf-8"), file=local.path.name)
        own: dict[str, Any] = local.holder.get("properties") or {}
        local.holder["properties"] = {**own, written.PROPERTY: written.told(local.path.name, loaded)}


def _read(local: Found) -> Document:
    from zaffre.core import document  # noqa: PLC0415 - weight: only documents in documents need it here

    try:
        return document.load(local.path.read_text(encoding="utf-8"), file=_shown(local.path))
    except UnicodeDecodeError as error:
        raise Invalid([local.problem(f"{local.path} is no {local.purpose}: expected YAML in UTF-8")]) from error


def _shown(path: Path) -> str:
    """A file as its user would name it."""
    path = path.resolve()
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _in(read: Document) -> Callable[[str, str], Problem]:
    """Places in a file."""

    def problem(field: str, message: str) -> Problem:
        line, column = read.place(_steps_of(field))
        return Problem(message, field, read.file, line, column)

    return problem


def _steps_of(field: str) -> tuple[str | int, ...]:
    return tuple(int(index) if index else name for index, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", field))


_NESTED = f".{COMPONENT}.jobs."


def _under(origin: Origin, field: str) -> Callable[[str, str], Problem]:
    return lambda inner, message: origin.problem(f"{field}.{inner}", message)


def _inside(at: str, field: str) -> str:
    """The rest of a field below ``at``; the steps of a nested pipeline stand for those of its component."""
    at, field = (text.replace(_NESTED, ".jobs.") for text in (at, field))
    if field.startswith(f"{at}."):
        return field[len(at) + 1 :]
    if at == COMPONENT and field.startswith("jobs."):  # the pipeline is all that component
        return field
    step = at.removesuffix(f".{COMPONENT}")
    inside = field[len(step) + 1 :] if field.startswith(f"{step}.") else ""
    return inside if step != at and inside.startswith("jobs.") else ""


def _below(fields: Fields, pattern: str) -> Fields:
    return [(path[len(pattern) + 1 :], what) for path, what in fields if path.startswith(f"{pattern}.")]


def _type(part: Mapping[str, Any]) -> str:
    return str(part.get("type") or "command").lower()


def _locals(document: dict[str, Any], pattern: str, purpose: str, origin: Origin) -> Iterator[Found]:
    *way, last = pattern.split(".")
    for at, holder in _holders(document, way, ""):
        value = holder.get(last)
        beside = includes.of(holder, origin.folder) if purpose == CODE else ()
        if isinstance(value, str) and "${{" not in value and refs.is_local(value):
            path = origin.folder / refs.local_path(value)
            yield Found(f"{at}{last}", purpose, path, holder, last, origin, beside)
        elif value is None and beside:
            yield Found(f"{at}{last}", purpose, origin.folder, holder, last, origin, beside)


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
