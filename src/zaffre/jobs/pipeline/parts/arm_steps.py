"""Steps as Azure's client writes them into a ``componentSpec``, and as a document has them. Pure.

There a step's inputs and outputs are objects with words of their own (``job_input_type``), a binding is a literal, and the
component and the compute stand under ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zaffre.core import refs
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.plain import is_dict, mapping_of
from zaffre.core.refs import Scope

_IDS = {"componentId": "component", "computeId": "compute"}
_LITERAL = "literal"
_JOINED = re.compile(r"_([a-z])")


def from_arm(steps: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    """Every step as a document has it."""
    return {name: _step(step, scope) if is_dict(step) else step for name, step in steps.items()}


def _step(step: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in step.items():
        if key[0] == "_" or key == "name" or value is None:
            continue
        name = _IDS.get(key, key)
        found[name] = _short(value, scope) if key in _IDS or name in ("component", "environment") else value
    if is_dict(trial := found.get("trial")) and "componentId" in trial:
        found["trial"] = _short(trial["componentId"], scope)
    for field, read in (("inputs", JobInput.arm_to_yaml), ("outputs", JobOutput.arm_to_yaml)):
        if is_dict(said := found.get(field)):
            found[field] = {name: _port(port, read, scope) for name, port in said.items() if port is not None}
    return found


def _port(port: Any, read: Callable[[Mapping[str, Any], Scope | None], dict[str, Any]], scope: Scope | None) -> Any:
    """A value or a binding where it is one, else data as a document says it."""
    if not is_dict(port):
        return port
    kind = next((port[key] for key in ("job_input_type", "job_output_type", "type") if key in port), "")
    if str(kind).lower() == _LITERAL and "mode" not in port:
        return port.get("value")
    if str(kind).lower() == _LITERAL:
        return {"path": port.get("value"), **{k: v for k, v in mapping_of(read({"mode": port["mode"]}, scope)).items()}}
    if not {"job_input_type", "job_output_type", "uri"} & set(port):
        return port
    return read({_JOINED.sub(lambda found: found[1].upper(), key): value for key, value in port.items()}, scope)


def _short(value: Any, scope: Scope | None) -> Any:
    """A resource's id as a short reference."""
    if not isinstance(value, str):
        return value
    bare = value.removeprefix("azureml:") if value.startswith("azureml:/") else value
    return refs.from_arm(bare, scope) if bare.startswith("/subscriptions/") else value
