"""One declaration, two dialects: how a model's fields are spelt in YAML and in ARM bodies, both ways.

The models validate the YAML spelling. Everything here is mechanical and follows from the fields' annotations
(``core.spelling``); a model overrides ``to_arm`` and ``arm_to_yaml`` for what no annotation can say.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from zaffre.core.plain import is_dict, is_list, is_mapping
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Spelling

_NEVER = object()


class Bilingual(BaseModel):
    """A model that can be written in either dialect."""

    model_config = ConfigDict(extra="forbid", defer_build=True, protected_namespaces=())

    arm_root: ClassVar[str] = ""
    """Path below which fields lie in the ARM body; ``properties`` for resources."""
    arm_always: ClassVar[dict[str, Any]] = {}
    """ARM path → value sent when nothing else is there: what the official client sends without being asked."""

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The YAML spelling of an ARM body, not validated. Models override it for what no annotation can say.

        What ``to_arm`` sends without being asked is left out, so that a body comes back as it was written.
        """
        data: dict[str, Any] = {}
        for entry in entries(cls):
            value = get(body, entry.path) if entry.path else None
            if value is not None and value != cls.arm_always.get(".".join(entry.path), _NEVER):
                data[entry.name] = entry.spelling.back(value, scope) if entry.spelling else value
        return data

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """The ARM body, as the official client sends it. Models override it for what no annotation can say."""
        body: dict[str, Any] = {}
        for entry in entries(type(self)):
            value = vars(self).get(entry.name)
            if value is None or not entry.path:
                continue
            value = entry.spelling.out(value, scope) if entry.spelling else _plain(value)
            if value is not None:
                put(body, entry.path, value)
        for path, value in self.arm_always.items():
            keys = tuple(path.split("."))
            if get(body, keys) is None:
                put(body, keys, dict(value) if is_dict(value) else value)
        return body

    def to_yaml(self) -> dict[str, Any]:
        """The YAML spelling as plain data, without what is absent."""
        names = type(self).model_fields
        return {name: _plain(value) for name in names if (value := vars(self).get(name)) is not None}

    @classmethod
    def arm_matches(cls, body: Mapping[str, Any]) -> bool:
        """Whether an ARM body of a union can be this member: its ``type`` says so."""
        for entry in entries(cls):
            if entry.tag and entry.path:
                said = get(body, entry.path)
                return said is not None and entry.spelling is not None and entry.spelling.back(said, None) == entry.tag
        return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One field's way through the dialects."""

    name: str
    path: tuple[str, ...]
    """Place in the ARM body; empty: not there."""
    spelling: Spelling | None
    """None: the same in both dialects."""
    local: str
    """Purpose of the local path it may hold, or empty."""
    tag: str
    """The one word a discriminator field may hold, or empty."""


@cache
def entries(model: type[Bilingual]) -> tuple[Entry, ...]:
    """A model's fields with their way through the dialects, in order."""
    return tuple(_entry(model, name) for name in model.model_fields)


def members(annotation: Any) -> list[Any]:
    """The alternatives of an annotation without ``None`` and without ``Annotated``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [inner for member in get_args(annotation) for inner in members(member)]
    return [] if annotation is type(None) else [annotation]


def _entry(model: type[Bilingual], name: str) -> Entry:
    field = model.model_fields[name]
    place = next((mark for mark in field.metadata if isinstance(mark, Arm)), None)
    local = next((mark.purpose for mark in field.metadata if isinstance(mark, LocalPath)), "")
    spelling = _spelling(field.annotation, field.metadata)
    words = get_args(field.annotation)
    tag = words[0] if len(words) == 1 and isinstance(words[0], str) else ""
    return Entry(name, _path(model, name, place), spelling, local or _inner_local(field.annotation), tag)


def _path(model: type[Bilingual], name: str, place: Arm | None) -> tuple[str, ...]:
    if place is not None and not place.path:
        return ()
    path = place.path if place else _camel(name)
    if path.startswith("/"):
        return tuple(path[1:].split("."))
    return tuple(f"{model.arm_root}.{path}".split(".")) if model.arm_root else tuple(path.split("."))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _inner_local(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        marks = get_args(annotation)[1:]
        return next((mark.purpose for mark in marks if isinstance(mark, LocalPath)), "")
    if get_origin(annotation) in (Union, types.UnionType):
        return next((purpose for member in get_args(annotation) if (purpose := _inner_local(member))), "")
    return ""


def _spelling(annotation: Any, marks: list[Any] | tuple[Any, ...] = ()) -> Spelling | None:
    for mark in marks:
        if not isinstance(mark, type) and isinstance(mark, Spelling):
            return mark
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _spelling(arguments[0], arguments[1:])
    if origin in (Union, types.UnionType):
        return _union([member for member in arguments if member is not type(None)])
    if origin in (list, dict):
        inner = _spelling(arguments[-1])
        return _Each(inner) if inner else None
    if isinstance(annotation, type) and issubclass(annotation, Bilingual):
        return _Nested(annotation)
    return None


def _union(members: list[Any]) -> Spelling | None:
    if len(members) == 1:
        return _spelling(members[0])
    spellings = [spelling for member in members if (spelling := _spelling(member))]
    models = tuple(spelling for spelling in spellings if isinstance(spelling, _Nested))
    plain = next((spelling for spelling in spellings if not isinstance(spelling, _Nested)), None)
    return _OneOf(models, plain) if spellings else None


@dataclass(frozen=True, slots=True)
class _Nested:
    model: type[Bilingual]

    def out(self, value: Any, scope: Scope) -> Any:
        return value.to_arm(scope) if isinstance(value, Bilingual) else value

    def back(self, value: Any, scope: Scope | None) -> Any:
        return self.model.arm_to_yaml(value, scope) if is_mapping(value) else value


@dataclass(frozen=True, slots=True)
class _Each:
    inner: Spelling

    def out(self, value: Any, scope: Scope) -> Any:
        if is_mapping(value):
            return {key: self.inner.out(item, scope) for key, item in value.items()}
        return [self.inner.out(item, scope) for item in value] if is_list(value) else value

    def back(self, value: Any, scope: Scope | None) -> Any:
        if is_mapping(value):
            return {key: self.inner.back(item, scope) for key, item in value.items()}
        return [self.inner.back(item, scope) for item in value] if is_list(value) else value


@dataclass(frozen=True, slots=True)
class _OneOf:
    models: tuple[_Nested, ...]
    plain: Spelling | None

    def out(self, value: Any, scope: Scope) -> Any:
        if isinstance(value, Bilingual):
            return value.to_arm(scope)
        return self.plain.out(value, scope) if self.plain else value

    def back(self, value: Any, scope: Scope | None) -> Any:
        if is_mapping(value):
            fitting = next((nested for nested in self.models if nested.model.arm_matches(value)), None)
            if fitting is not None:
                return fitting.back(value, scope)
        return self.plain.back(value, scope) if self.plain else value


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return value.to_yaml()
    if is_mapping(value):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if is_list(value) else value


def get(body: Any, path: tuple[str, ...]) -> Any:
    """What lies at a path of a body, or None."""
    for key in path:
        if not is_mapping(body):
            return None
        body = body.get(key)
    return body


def put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Write at a path of a body, making the mappings on the way."""
    for key in path[:-1]:
        body = body.setdefault(key, {})
    body[path[-1]] = value
