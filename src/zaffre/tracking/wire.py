"""MLflow's bodies without protobuf: which fields a route takes, how they are read, how answers are written.

MLflow parses a body into a protobuf message and, where that fails, checks each field by itself to name the
culprit. One pass here does both: it takes what protobuf would take (``"5"`` for an integer, ``"NaN"`` for a
double, ``null`` for absent, camelCase names) and refuses the rest in MLflow's words.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from zaffre.tracking.errors import Refusal

Body = dict[str, Any]

_SUFFIX = " See the API docs for more information about request parameters."
_INT64 = 2**63
_BAD = object()
_NAMED_DOUBLES = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def _string(value: Any) -> Any:
    return value if type(value) is str and "\x00" not in value else _BAD


def _int(value: Any) -> Any:
    if (type(value) is str and re.fullmatch(r"-?[0-9]{1,19}", value)) or (type(value) is float and value.is_integer()):
        value = int(value)
    return value if type(value) is int and -_INT64 <= value < _INT64 else _BAD


def _double(value: Any) -> Any:
    if type(value) is float:
        return value
    if type(value) is str:
        if value in _NAMED_DOUBLES:
            return _NAMED_DOUBLES[value]
        try:
            return float(value)
        except ValueError:
            return _BAD
    if type(value) is int and abs(value) < 2**1023:
        return float(value)
    return _BAD


def _bool(value: Any) -> Any:
    if type(value) is str:
        return {"true": True, "false": False}.get(value.lower(), _BAD)
    return value if type(value) is bool else _BAD


def _strings(value: Any) -> Any:
    items = cast(list[Any], value)
    return items if type(value) is list and all(_string(item) is not _BAD for item in items) else _BAD


def _objects(value: Any) -> Any:
    items = cast(list[Any], value)
    return items if type(value) is list and all(type(item) is dict for item in items) else _BAD


def _any(value: Any) -> Any:
    return value


_READ: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "int": _int,
    "double": _double,
    "bool": _bool,
    "strings": _strings,
    "objects": _objects,
    "any": _any,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request."""

    kind: str
    required: bool = False
    least: int | None = None
    most: int | None = None
    message: str = ""
    """Said instead of the standard sentence when the value is out of range."""


REQUIRED = Field("string", required=True)
STRING = Field("string")
INT = Field("int")
DOUBLE = Field("double")
BOOL = Field("bool")
STRINGS = Field("strings")
OBJECTS = Field("objects")

Fields = Mapping[str, Field]


def invalid_value(path: str, value: Any, hint: str = "") -> Refusal:
    """MLflow's sentence for a value that does not fit."""
    shown = json.dumps(value, sort_keys=True, separators=(",", ":"))
    tail = f": {hint}" if hint else "."
    return Refusal(f"Invalid value {shown} for parameter '{path}' supplied{tail}")


def missing_value(path: str, suffix: str = _SUFFIX) -> Refusal:
    """MLflow's sentence for a value that is not there."""
    return Refusal(f"Missing value for required parameter '{path}'.{suffix}")


def mistyped(path: str, value: Any) -> Refusal:
    """MLflow's sentence for a value of the wrong type."""
    refusal = invalid_value(path, value, f" Hint: Value was of type '{type(value).__name__}'.")
    return Refusal(refusal.message + _SUFFIX)


def read(fields: Fields, raw: Mapping[str, Any]) -> Body:
    """The declared fields of ``raw``; what is absent or null is not in the result."""
    body: Body = {}
    for name, field in fields.items():
        value = raw.get(name)
        if value is None and "_" in name:
            value = raw.get(_camel(name))
        if value is None:
            value = raw.get("run_uuid") if name == "run_id" else None
        if value is None:
            if field.required:
                raise missing_value(name)
            continue
        taken = _READ[field.kind](value)
        if taken is _BAD:
            raise mistyped(name, value)
        if field.required and taken in ("", []):
            raise missing_value(name)
        _check_range(name, field, taken)
        body[name] = taken
    return body


def _check_range(name: str, field: Field, value: Any) -> None:
    size = len(cast(list[Any], value)) if isinstance(value, list) else value
    if (field.least is not None and size < field.least) or (field.most is not None and size > field.most):
        if field.message:
            raise Refusal(field.message.format(size=size) + _SUFFIX)
        raise mistyped(name, value)


_CAMEL: dict[str, str] = {}


def _camel(name: str) -> str:
    spelled = _CAMEL.get(name)
    if spelled is None:
        head, *rest = name.split("_")
        spelled = _CAMEL[name] = head + "".join(part.title() for part in rest)
    return spelled


def read_each(fields: Fields, items: Iterable[Mapping[str, Any]], path: str) -> list[Body]:
    """``read`` over a list of objects; a missing value is named ``path[2].key``."""
    bodies: list[Body] = []
    for index, item in enumerate(items):
        for name, field in fields.items():
            if field.required and item.get(name) in (None, ""):
                raise missing_value(f"{path}[{index}].{name}")
        bodies.append(read(fields, item))
    return bodies


PAIR: Fields = {"key": STRING, "value": STRING}


def pairs(items: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Tags or params as a dict; the last value of a key wins."""
    found: dict[str, str] = {}
    for item in items:
        pair = read(PAIR, item)
        found[pair.get("key", "")] = pair.get("value", "")
    return found


def listed(items: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The inverse of ``pairs``."""
    return [{"key": key, "value": value} for key, value in items if value is not None]


def double(value: float) -> float | str:
    """A double as protobuf's JSON writes it."""
    return value if math.isfinite(value) else ("NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity")


def encode(answer: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def page_token(state: Mapping[str, Any]) -> str:
    """An opaque token that carries ``state``."""
    return base64.b64encode(json.dumps(state).encode()).decode()


def read_token(token: str | None) -> dict[str, Any]:
    """The state that ``page_token`` put in; an empty token is the first page."""
    if not token:
        return {}
    try:
        decoded = base64.b64decode(token)
    except (binascii.Error, ValueError):
        raise Refusal("Invalid page token, could not base64-decode") from None
    try:
        state: Any = json.loads(decoded)
    except ValueError:
        raise Refusal(f"Invalid page token, decoded value={decoded!r}") from None
    if not isinstance(state, dict):
        raise Refusal(f"Invalid page token, parsed value={state}")
    return cast(dict[str, Any], state)


def offset_of(token: str | None) -> int:
    """The offset in a page token; 0 without one."""
    if not token:
        return 0
    offset = read_token(token).get("offset")
    if not isinstance(offset, int) or not 0 < offset < _INT64:
        raise Refusal(f"Invalid page token, parsed value={read_token(token)}")
    return offset


def paged(rows: list[Any], limit: int, offset: int) -> tuple[list[Any], str | None]:
    """One page of ``limit + 1`` fetched rows, and the token of the next if there is one."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], page_token({"offset": offset + limit})
