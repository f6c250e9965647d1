"""A command written in Python as the component that it could be: ``command(…).component``, to be registered and used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core.io import JobInput, JobOutput
from zaffre.core.plain import is_dict, mapping_of
from zaffre.sdk.entity import of_kind

_SAME = ("name", "display_name", "description", "tags", "command", "code", "environment", "distribution", "resources")
_VALUES: dict[Any, str] = {bool: "boolean", int: "integer", float: "number"}


def component(job: Any) -> Any:
    """Data inputs become inputs of their type, values become inputs with a default."""
    own: dict[str, Any] = job.__dict__
    said: dict[str, Any] = {name: own[name] for name in _SAME if own.get(name) is not None}
    said["inputs"] = {name: _input(value) for name, value in mapping_of(own.get("inputs")).items()} or None
    said["outputs"] = {name: _output(value) for name, value in mapping_of(own.get("outputs")).items()} or None
    said["is_deterministic"] = job._is_deterministic
    made = of_kind("component", "command")(**{name: value for name, value in said.items() if value is not None})
    made._base, made._source = job._base, job._source
    return made


def _input(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"type": _VALUES.get(type(value), "string"), "default": value}
    if isinstance(value, JobInput):
        return _kept({"type": value.type, "mode": value.mode})
    if is_dict(value):
        said: dict[str, Any] = value
        return _kept({"type": said.get("type") or "uri_folder", "mode": said.get("mode")})
    return plain


def _output(value: Any) -> dict[str, Any]:
    said: Any = value if isinstance(value, JobOutput) else JobOutput.from_stored(mapping_of(value))
    return _kept({"type": said.type, "mode": said.mode})


def _kept(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}
