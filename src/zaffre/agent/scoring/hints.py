"""Type hints of ``run()``: what they say of its input as JSON Schema, and values made into what they ask for.

Used for a ``run`` without ``@input_schema``: with several parameters the body is an object with their names, which
Azure's server would refuse; with one parameter hinted as a dataclass or a pydantic model the body is that object.
Everywhere else a hint only describes, for many scripts say ``data: dict`` and then read the text they are given.
"""

from __future__ import annotations

import collections.abc
import datetime
import importlib
import inspect
import typing
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from zaffre.agent.scoring.swagger import Schemas

_PLAIN: Dict[Any, Tuple[str, str]] = {
    bool: ("boolean", "true or false"),
    int: ("integer", "a whole number"),
    float: ("number", "a number"),
    str: ("string", "text"),
}
_LISTS = (list, tuple, set, frozenset, collections.abc.Sequence, collections.abc.Iterable)
_MAPS = (dict, collections.abc.Mapping)
_NONE = type(None)
_FOUND: Dict[Any, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


class BadValue(ValueError):
    """A value that is not what the hint says; the message is for the caller."""


def of(run: Callable[..., Any]) -> Dict[str, Any]:
    """The hints of a function; empty where they cannot be read."""
    try:
        return typing.get_type_hints(run)
    except Exception:  # noqa: BLE001 - a hint may be any expression of the user's, and is not needed to call
        return {}


def is_object(hint: Any) -> bool:
    """True for a dataclass and a pydantic model: nobody expects text there."""
    return isinstance(hint, type) and (hasattr(hint, "__dataclass_fields__") or _validates(hint) is not None)


def schemas(run: Callable[..., Any], names: Sequence[str], whole: bool) -> Optional[Schemas]:
    """Input and output as the hints say; None where they say nothing beyond text."""
    known = of(run)
    told = [known.get(name) for name in names]
    if all(hint in (None, str, Any) or _module(hint).startswith("zaffre.") for hint in told):
        return None
    output = schema(known["return"]) if "return" in known else {}
    if whole:
        return Schemas(schema(told[0]), output)
    parameters = inspect.signature(run).parameters
    needed = [name for name in names if parameters[name].default is inspect.Parameter.empty]
    properties = {name: schema(hint) for name, hint in zip(names, told)}  # noqa: B905 - Python 3.7
    return Schemas({"type": "object", "required": needed, "properties": properties}, output)


def schema(hint: Any) -> Dict[str, Any]:  # noqa: PLR0911 - one for each sort of hint
    """A hint as JSON Schema; what is not understood is open."""
    if hint in _PLAIN:
        return {"type": _PLAIN[hint][0]}
    if hint in (datetime.datetime, datetime.date):
        return {"type": "string", "format": "date-time" if hint is datetime.datetime else "date"}
    origin, inner = _parts(hint)
    if origin is typing.Union:
        return schema(inner[0]) if len(inner) == 1 else {"anyOf": [schema(one) for one in inner]}
    if origin in _LISTS or _names(hint) == "ndarray":
        return {"type": "array", "items": schema(inner[0]) if inner and origin is not None else {}}
    if origin in _MAPS:
        return {"type": "object", "additionalProperties": schema(inner[1]) if len(inner) == 2 else {}}
    if _names(hint) == "DataFrame":
        return {"type": "array", "items": {"type": "object"}}
    if isinstance(hint, type):
        return _of_class(hint)
    return {}


def make(hint: Any, value: Any, where: str) -> Any:  # noqa: PLR0911 - one for each sort of hint
    """``value`` as the hint wants it; raises ``BadValue`` naming the place."""
    if hint is None or hint is Any:
        return value
    if hint in _PLAIN:
        return _plain(hint, value, where)
    origin, inner = _parts(hint)
    if origin is typing.Union:
        return _first(inner, value, where)
    if origin in _LISTS:
        _expect(isinstance(value, list), "a list", value, where)
        return [make(inner[0] if inner else None, one, "{}[{}]".format(where, n)) for n, one in enumerate(value)]
    if origin in _MAPS:
        _expect(isinstance(value, dict), "an object", value, where)
        return {key: make(inner[1] if len(inner) == 2 else None, one, _join(where, key)) for key, one in value.items()}
    if _names(hint) in ("ndarray", "DataFrame"):
        return _made(hint, value, where)
    return _instance(hint, value, where) if is_object(hint) else value


def _plain(hint: Any, value: Any, where: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    _expect(isinstance(value, hint) and (hint is bool or not isinstance(value, bool)), _PLAIN[hint][1], value, where)
    return value


def _first(hints: Sequence[Any], value: Any, where: str) -> Any:
    if value is None and _NONE in hints:
        return None
    refused: Optional[BadValue] = None
    for hint in hints:
        try:
            return make(hint, value, where)
        except BadValue as bad:
            refused = refused or bad
    raise refused or BadValue("{}: no value is allowed".format(where))


def _made(hint: Any, value: Any, where: str) -> Any:
    """An array or a table."""
    array = _names(hint) == "ndarray"
    maker: Any = getattr(importlib.import_module("numpy" if array else "pandas"), "array" if array else "DataFrame")
    try:
        return maker(value)
    except (ValueError, TypeError) as error:
        raise BadValue("{}: {}".format(where or "the body", error)) from None


def _instance(hint: Any, value: Any, where: str) -> Any:
    _expect(isinstance(value, dict), "an object", value, where)
    validate = _validates(hint)
    if validate is not None:
        try:
            return validate(value)
        except ValueError as error:
            raise BadValue("{}{}".format(where + ": " if where else "", error)) from None
    known = of(hint)
    fields: Mapping[str, Any] = hint.__dataclass_fields__
    unknown = [str(name) for name in value if name not in fields]
    if unknown:
        told = "there is no field {!r}; known: {}"
        raise BadValue(_join(where, unknown[0]) + ": " + told.format(unknown[0], ", ".join(fields)))
    given = {name: make(known.get(name), one, _join(where, name)) for name, one in value.items()}
    try:
        return hint(**given)
    except TypeError as error:
        raise BadValue("{}{}".format(where + ": " if where else "", error)) from None


def _of_class(hint: Any) -> Dict[str, Any]:
    describe: Any = getattr(hint, "model_json_schema", None) or getattr(hint, "schema", None)
    if _validates(hint) is not None and describe is not None:
        found: Dict[str, Any] = describe()
        return found
    known = of(hint) if hasattr(hint, "__dataclass_fields__") or hasattr(hint, "__total__") else {}
    if not known:
        return {}
    return {"type": "object", "properties": {name: schema(one) for name, one in known.items()}}


def _validates(hint: Any) -> Any:
    """How pydantic makes one of these out of an object: its second version's way, else its first's."""
    return (
        getattr(hint, "model_validate", None)
        or (hasattr(hint, "__fields__") and getattr(hint, "parse_obj", None))
        or None
    )


def _parts(hint: Any) -> Tuple[Any, List[Any]]:
    """``List[int]`` → (list, [int]); a bare ``list`` → (list, [])."""
    origin = getattr(hint, "__origin__", None)
    union: Any = type(hint).__name__ in ("UnionType", "Union")
    inner = [
        one for one in getattr(hint, "__args__", ()) or () if one is not Ellipsis and type(one) is not typing.TypeVar
    ]
    if origin is None and not union:
        return (hint if hint in (*_LISTS, *_MAPS) else None), []
    return (typing.Union if union else origin), inner


def _names(hint: Any) -> str:
    """``ndarray`` or ``DataFrame`` for numpy's and pandas' classes, whether or not they are imported here."""
    origin = getattr(hint, "__origin__", None)
    named = origin if isinstance(origin, type) else hint
    return getattr(named, "__name__", "") if _module(named).split(".")[0] in ("numpy", "pandas") else ""


def _module(hint: Any) -> str:
    return str(getattr(hint, "__module__", ""))


def _join(where: str, name: Any) -> str:
    return "{}.{}".format(where, name) if where else str(name)


def _expect(true: bool, wanted: str, value: Any, where: str) -> None:
    if true:
        return
    found = "nothing" if value is None else _FOUND.get(type(value), type(value).__name__)
    shown = " ({!r})".format(value) if isinstance(value, (str, int, float)) and len(str(value)) <= 40 else ""
    raise BadValue("{}: expected {}, found {}{}".format(where or "the body", wanted, found, shown))
