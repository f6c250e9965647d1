"""YAML documents that keep their places: read event by event, so that size, depth and aliases are counted before
anything is built, and every key knows its line and column.

Scalars mean what they mean to PyYAML's safe loader, as the official client reads them (YAML 1.1: ``yes`` is true,
``0o7`` is text), except dates, which stay text. A key written twice is an error.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem, TooLarge
from zaffre.core.plain import is_dict, is_list
from zaffre.core.problems import Path
from zaffre.core.registry import JobType, Kind, job_types, kinds

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 100_000
"""Counted with every alias expanded."""
MAX_ALIASES = 1_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_parse: Any = getattr(yaml, "parse")  # noqa: B009 - its stub is untyped
_MERGE = "tag:yaml.org,2002:merge"
_STR = "tag:yaml.org,2002:str"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_RESOLVER: Any = yaml.resolver.Resolver()
_SCALARS = yaml.constructor.SafeConstructor()


@dataclass
class Document:
    """A document's content and where each part of it stands."""

    data: dict[str, Any]
    file: str = ""
    places: dict[Path, tuple[int, int, int, int]] = field(default_factory=dict[Path, tuple[int, int, int, int]])
    """Line and column of the key, then of the value."""
    overridden: dict[Path, str] = field(default_factory=dict[Path, str])
    """What ``--set`` gave, as it was typed."""

    def place(self, path: Path, *, value: bool = False) -> tuple[int, int]:
        """1-based line and column of the key at ``path`` (or of its value).

        What came from ``--set`` has no place; what is missing has that of the mapping that lacks it.
        """
        path = tuple(path)
        while path and path not in self.places:
            if path in self.overridden:
                return (0, 0)
            path = path[:-1]
            value = False
        found = self.places.get(path, (0, 0, 0, 0))
        return (found[2], found[3]) if value else (found[0], found[1])

    def retype(self, paths: list[Path]) -> bool:
        """Turn what ``--set`` put at ``paths`` back into the text that was typed; whether anything changed."""
        changed = False
        for path in paths:
            raw = self.overridden.pop(path, None)
            if raw is not None and isinstance(path[-1], str):
                here: Any = self.data
                for part in path[:-1]:
                    here = here[part]
                here[path[-1]] = raw
                changed = True
        return changed


def load(text: str, *, file: str = "", overrides: Iterable[str] = ()) -> Document:
    """Read one YAML (or JSON) document and apply ``a.b=c`` overrides; raises ``Invalid`` or ``TooLarge``."""
    if len(text) > MAX_BYTES:
        raise TooLarge(f"{file or 'The document'} has {len(text)} characters; at most {MAX_BYTES} are read.")
    builder = _Builder(file)
    try:
        for event in _parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = " ".join(filter(None, (error.problem, error.context))) or "cannot be read"
        raise Invalid([Problem(f"not YAML: {what}", file=file, line=line, column=column)]) from None
    except yaml.YAMLError as error:
        raise Invalid([Problem(f"not YAML: {error}", file=file)]) from None
    data: Any = {} if builder.root is None else builder.root
    if not is_dict(data):
        raise Invalid([Problem(f"expected a mapping, found {problems.found(data)}", file=file, line=1, column=1)])
    document = Document(data, file, builder.places)
    for override in overrides:
        apply(document, override)
    return document


def dump(data: Any, *, sort_keys: bool = False) -> str:
    """Plain data as YAML text."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=sort_keys, allow_unicode=True, default_flow_style=False)
    return text


_TEXTS = ("tags", "properties", "environment_variables")
"""Mappings whose values are texts, whatever they look like: ``--set tags.year=2026``."""


def apply(document: Document, override: str) -> None:
    """One ``--set`` argument: ``a.b=c``, ``jobs.train.inputs.x=3``, ``items[0].name=first``."""
    target, equals, raw = override.partition("=")
    path = _path_of(target.strip())
    if not equals or not path:
        raise Invalid([Problem("expected path=value, e.g. inputs.epochs=5", f"--set {override}")])
    here: Any = document.data
    for index, part in enumerate(path[:-1]):
        here = _step(here, part, path[index + 1], override)
    last = path[-1]
    if not _fits(here, last):
        raise _no_step(here, last, override)
    here[last] = raw if path[0] in _TEXTS else value_of(raw)
    document.overridden[path] = raw
    for known in [place for place in document.places if place[: len(path)] == path]:
        del document.places[known]


def value_of(raw: str) -> Any:
    """What a ``--set`` value means: JSON where it is JSON, text otherwise."""
    try:
        value: Any = json.loads(raw)
    except ValueError:
        return {"True": True, "False": False}.get(raw, raw)
    return raw if raw in ("NaN", "Infinity", "-Infinity") else value


def detect(document: Document, default: str = "") -> Kind | JobType:
    """Which kind (or type of job) a document describes: by ``$schema``, then by ``type``, then ``default``."""
    schema = str(document.data.get("$schema") or "").strip().rstrip("/").rpartition("/")[2]
    word = schema.removesuffix(".json").removesuffix(".schema").lower()
    said = str(document.data.get("type") or "").replace("_", "").lower()
    everything: list[Kind | JobType] = [*job_types().values(), *kinds().values()]
    for found in everything:
        if word and word in {name.lower() for name in found.schemas}:
            return found
    for job in job_types().values():
        if said and said == job.name.replace("_", ""):
            return job
    if default in kinds():
        return kinds()[default]
    if "command" in document.data and "command" in job_types() and not said:
        return job_types()["command"]
    line, column = document.place(("$schema",)) if word else document.place(("type",), value=True)
    hint = "name the kind with $schema, or use that kind's own command"
    what = f"{schema} is no schema of this version" if word else "cannot tell what this document describes"
    raise Invalid([Problem(what, "$schema" if word else "type" if said else "", document.file, line, column, hint)])


@dataclass
class _Open:
    """A mapping or list being read."""

    value: dict[Any, Any] | list[Any]
    path: Path
    start: int
    """Node count at its beginning."""
    anchor: str | None
    key: Any = None
    has_key: bool = False
    key_mark: tuple[int, int] = (0, 0)
    merges: list[Any] = field(default_factory=list[Any])


class _Builder:
    """Events in, data and places out; every limit is checked as the events come."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.places: dict[Path, tuple[int, int, int, int]] = {}
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._aliases = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        if isinstance(event, events.ScalarEvent):
            self._count(event, 1)
            self._add(self._scalar(event), event, event.anchor, self._nodes - 1)
        elif isinstance(event, events.MappingStartEvent):
            self._open({}, event)
        elif isinstance(event, events.SequenceStartEvent):
            self._open([], event)
        elif isinstance(event, events.CollectionEndEvent):
            self._close()
        elif isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._wrong("expected one document, found a second", event)

    def _open(self, value: dict[Any, Any] | list[Any], event: Any) -> None:
        self._count(event, 1)
        if len(self._stack) >= MAX_DEPTH:
            raise self._wrong(f"nested deeper than {MAX_DEPTH} levels", event)
        if event.tag and not event.tag.startswith("tag:yaml.org,2002:") and event.tag != "!":
            raise self._wrong(f"the tag {event.tag} is not read", event)
        path = self._path()
        if self._stack and self._awaits_key():
            raise self._wrong("expected a plain key, found a mapping or list", event)
        self._mark(path, event)
        self._stack.append(_Open(value, path, self._nodes - 1, event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        value = done.value
        if is_dict(value):
            for merged in done.merges:
                for key, item in merged.items():
                    value.setdefault(key, item)
        if done.anchor:
            self._anchors[done.anchor] = (value, self._nodes - done.start)
        self._place(value)

    def _alias(self, event: Any) -> None:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise self._wrong(f"more than {MAX_ALIASES} aliases", event)
        if event.anchor not in self._anchors:
            raise self._wrong(f"the alias *{event.anchor} names nothing that is complete before it", event)
        value, size = self._anchors[event.anchor]
        self._count(event, size)
        self._add(copy.deepcopy(value), event, None, 0)

    def _add(self, value: Any, event: Any, anchor: str | None, start: int) -> None:
        if anchor:
            self._anchors[anchor] = (value, self._nodes - start)
        if self._stack and self._awaits_key():
            self._take_key(value, event)
            return
        self._mark(self._path(), event)
        self._place(value)

    def _take_key(self, key: Any, event: Any) -> None:
        top = self._stack[-1]
        if isinstance(key, dict | list):
            raise self._wrong("expected a plain key, found a mapping or list", event)
        if is_dict(top.value) and key in top.value:
            line = self.places[(*top.path, key)][0]
            raise self._wrong(f"the key {key!r} is written twice; it stands in line {line} too", event)
        top.key, top.has_key = key, True
        top.key_mark = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _place(self, value: Any) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if is_list(top.value):
            top.value.append(value)
        elif top.key is _MERGE_KEY:
            self._merge(top, value)
            top.has_key = False
        else:
            top.value[top.key] = value
            top.has_key = False

    def _merge(self, top: _Open, value: Any) -> None:
        for item in value if is_list(value) else [value]:
            if not is_dict(item):
                line, column = top.key_mark
                raise Invalid([Problem("expected a mapping to merge", file=self.file, line=line, column=column)])
            top.merges.append(item)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag and event.tag != "!":
            tag = event.tag
        elif not event.implicit[0]:
            return text
        else:
            tag = _RESOLVER.resolve(yaml.ScalarNode, text, event.implicit)
        if tag == _MERGE:
            return _MERGE_KEY if self._stack and self._awaits_key() else text
        if tag in (_STR, _TIMESTAMP):
            return text
        return self._constructed(tag, text, event)

    def _constructed(self, tag: str, text: str, event: Any) -> Any:
        construct: Any = _SCALARS.yaml_constructors.get(tag)
        if construct is None or tag.endswith((":binary", ":map", ":seq", ":omap", ":set", ":pairs")):
            raise self._wrong(f"the tag {tag} is not read", event)
        try:
            return construct(_SCALARS, yaml.ScalarNode(tag, text))
        except (ValueError, yaml.YAMLError):
            raise self._wrong(f"{text!r} is no {tag.rpartition(':')[2]}", event) from None

    def _path(self) -> Path:
        if not self._stack:
            return ()
        top = self._stack[-1]
        return (*top.path, len(top.value)) if is_list(top.value) else (*top.path, top.key)

    def _awaits_key(self) -> bool:
        top = self._stack[-1]
        return is_dict(top.value) and not top.has_key

    def _mark(self, path: Path, event: Any) -> None:
        mark: tuple[int, int] = (event.start_mark.line + 1, event.start_mark.column + 1)
        in_mapping = bool(self._stack) and is_dict(self._stack[-1].value)
        line, column = self._stack[-1].key_mark if in_mapping else mark
        self.places[path] = (line, column, *mark)

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._wrong(f"more than {MAX_NODES} values, aliases expanded", event)

    def _wrong(self, message: str, event: Any) -> Invalid:
        mark = event.start_mark
        return Invalid([Problem(message, file=self.file, line=mark.line + 1, column=mark.column + 1)])


class _MergeKey:
    """Stands for ``<<`` while its mapping is read."""

    def __repr__(self) -> str:
        return "<<"


_MERGE_KEY = _MergeKey()
_STEP = re.compile(r"\.?(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")


def _path_of(text: str) -> Path:
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            return ()
        parts.append(int(found["index"]) if found["index"] else found["key"])
        at = found.end()
    return tuple(parts)


def _step(here: Any, part: str | int, following: str | int, override: str) -> Any:
    if is_list(here):
        if isinstance(part, str) and part.isdigit():
            part = int(part)
        if isinstance(part, int) and part < len(here):
            return here[part]
    elif is_dict(here) and isinstance(part, str):
        if here.get(part) is None:
            here[part] = [] if isinstance(following, int) else {}
        if isinstance(here[part], dict | list):
            return here[part]
        raise Invalid(
            [Problem(f"{part} is {problems.found(here[part])}; nothing can be set inside it", f"--set {override}")]
        )
    raise _no_step(here, part, override)


def _fits(here: Any, part: str | int) -> bool:
    return isinstance(part, int) and part < len(here) if is_list(here) else isinstance(part, str)


def _no_step(here: Any, part: str | int, override: str) -> Invalid:
    what = "a list" if is_list(here) else "a mapping"
    return Invalid([Problem(f"{what} has no {part!r}", f"--set {override}")])
