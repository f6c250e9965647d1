"""An MLflow signature: as JSON Schema for ``/swagger.json``, and held against a payload to say which value is wrong."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

from zaffre.agent.scoring import swagger

MOST_TOLD = 5
_Check = Callable[[Any], bool]


class _Sort(NamedTuple):
    schema: Dict[str, Any]
    example: Any
    fits: _Check


def _is_whole(value: Any) -> bool:
    return (isinstance(value, int) or (isinstance(value, float) and value.is_integer())) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_time(value: Any) -> bool:
    return isinstance(value, (str, int))


_NUMBER: Dict[str, Any] = {"type": "number", "format": "double"}
_SORTS: Dict[str, _Sort] = {
    "boolean": _Sort({"type": "boolean"}, False, _is_flag),
    "integer": _Sort({"type": "integer", "format": "int32"}, 0, _is_whole),
    "long": _Sort({"type": "integer", "format": "int64"}, 0, _is_whole),
    "float": _Sort({"type": "number", "format": "float"}, 0.0, _is_number),
    "double": _Sort(_NUMBER, 0.0, _is_number),
    "string": _Sort({"type": "string"}, "text", _is_text),
    "binary": _Sort({"type": "string", "format": "byte"}, "", _is_text),
    "datetime": _Sort({"type": "string", "format": "date-time"}, "2000-01-01T00:00:00Z", _is_time),
}
_NAMES: Dict[Any, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "number",
    float: "number",
}


def describe(inputs: Any, outputs: Any, params: Any) -> swagger.Schemas:
    """What goes in and out, as far as the signature says."""
    known = _columns(inputs)
    row_schema: Dict[str, Any] = {"type": "array", "items": {}}
    heading: Dict[str, Any] = {"type": "string"}
    table: Dict[str, Any] = {"type": "object", "required": ["data"]}
    table["properties"] = {
        "columns": {"type": "array", "items": heading},
        "index": _INDEX,
        "data": {"type": "array", "items": row_schema},
    }
    body: Dict[str, Any] = {"type": "object", "required": ["input_data"], "properties": {"input_data": table}}
    body["x-columns"] = {name: _schema(sort) for name, sort in known}
    if known:
        heading["enum"] = [name for name, _ in known]
        row_schema.update(minItems=len(known), maxItems=len(known))
        row = [_SORTS[sort].example if sort in _SORTS else None for _, sort in known]
        body["example"] = {"input_data": {"columns": [name for name, _ in known], "index": [0], "data": [row]}}
    told = _params(params)
    if told:
        body["properties"]["params"] = {"type": "object", "properties": told}
    return swagger.Schemas(body, _output(outputs))


def mistakes(inputs: Any, key: str, value: Any) -> str:
    """Which values do not fit the signature, in a sentence; empty where this does not tell."""
    found: List[str] = []
    sorts = dict(_columns(inputs))
    for row, column, one in _cells(key, value, list(sorts)):
        sort = _SORTS.get(sorts.get(column, ""))
        if sort is None or one is None or sort.fits(one):
            continue
        found.append("column {}, row {}: expected {}, found {}".format(column, row, sorts[column], _found(one)))
        if len(found) == MOST_TOLD:
            break
    return "The input does not fit the model's signature: {}.".format("; ".join(found)) if found else ""


_INDEX: Dict[str, Any] = {"type": "array", "items": {}}


def _columns(schema: Any) -> List[Tuple[str, str]]:
    """(name, MLflow's word for the type) of a signature of columns."""
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        return []
    return [(str(one.name), str(getattr(one.type, "name", one.type)).lower()) for one in schema.inputs]


def _schema(sort: str) -> Dict[str, Any]:
    return dict(_SORTS[sort].schema if sort in _SORTS else {}, **{"x-mlflow-type": sort})


def _params(schema: Any) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    known: List[Any] = getattr(schema, "params", None) or []
    for one in known:
        default: Any = getattr(one, "default", None)
        shown = _schema(str(getattr(one.dtype, "name", one.dtype)).lower())
        found[str(one.name)] = shown if default is None else dict(shown, default=_plain(default))
    return found


def _plain(value: Any) -> Any:
    is_plain = isinstance(value, (str, int, float, bool)) or type(value).__name__ == "list"
    return value if is_plain else str(value)


def _output(schema: Any) -> Dict[str, Any]:
    if schema is None:
        return {"type": "array"}
    known = _columns(schema)
    if known:
        return {
            "type": "array",
            "items": {"type": "object", "properties": {name: _schema(sort) for name, sort in known}},
        }
    sorts = [str(getattr(one.type, "name", one.type)).lower() for one in schema.inputs]
    items = _SORTS[sorts[0]].schema if len(sorts) == 1 and sorts[0] in _SORTS else {}
    return {"type": "array", "items": dict(items), "x-mlflow-signature": str(schema)}


def _cells(key: str, value: Any, names: List[str]) -> Iterator[Tuple[Any, str, Any]]:
    """(row, column, value) of a payload in any of its shapes."""
    if _is_list(value):
        yield from _of_rows(value, names)
    elif _is_object(value):
        data: Any = value.get("data")
        if key in ("dataframe_split", "input_data") and _is_list(data):
            columns: List[Any] = value.get("columns") or names
            yield from _of_rows(data, [str(one) for one in columns])
            return
        for column in value:
            ones: List[Any] = value[column] if _is_list(value[column]) else [value[column]]
            yield from ((n, str(column), one) for n, one in enumerate(ones))


def _of_rows(rows: List[Any], columns: List[str]) -> Iterator[Tuple[Any, str, Any]]:
    for n, row in enumerate(rows):
        if _is_object(row):
            yield from ((n, str(column), row[column]) for column in row)
        elif _is_list(row):
            yield from ((n, column, one) for column, one in zip(columns, row))  # noqa: B905 - Python 3.7


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _found(value: Any) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool) and len(str(value)) <= 40:
        return "{} {!r}".format(_NAMES.get(type(value), "number"), value)
    return _NAMES.get(type(value), type(value).__name__)
