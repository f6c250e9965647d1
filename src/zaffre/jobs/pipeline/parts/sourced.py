"""A pipeline job that has run made into the component that it is: its steps, its inputs and outputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core.plain import is_mapping, mapping_of


def component(job: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The component of a job's document; ``own`` is the one that the job itself is made of, if it is made of one.

    Data must be given anew; values have what the job was given for their defaults.
    """
    inner = own if own is not None else job
    made: dict[str, Any] = {
        "type": "pipeline",
        "inputs": _inputs(inner.get("inputs"), job.get("inputs")),
        "outputs": {name: {"type": data_type(value)} for name, value in mapping_of(inner.get("outputs")).items()},
        "jobs": inner.get("jobs"),
    }
    for field in ("display_name", "description"):
        made[field] = job.get(field) or inner.get(field)
    return {key: value for key, value in made.items() if value}


def _inputs(declared: Any, given: Any) -> dict[str, Any]:
    """Those of the component or the job, with the values that the job was given."""
    known, values = mapping_of(declared), mapping_of(given)
    found: dict[str, Any] = {}
    for name in dict.fromkeys((*known, *values)):
        port = mapping_of(known.get(name))
        value = values.get(name, known.get(name))
        if not is_mapping(value) and value is not None:
            found[name] = {"type": str(port.get("type") or scalar_type(value)), "default": value}
            continue
        found[name] = {"type": data_type(value)}
        found[name] |= {key: port[key] for key in ("optional", "default") if port.get(key) is not None}
    return found


def data_type(value: Any) -> str:
    """Of data, as an input or output says it; a folder where it says nothing."""
    return str(mapping_of(value).get("type") or "uri_folder")


def scalar_type(value: Any) -> str:
    """Of a value."""
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "number" if isinstance(value, float) else "string"
