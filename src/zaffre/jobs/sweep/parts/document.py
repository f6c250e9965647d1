"""One trial as the command job it will be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zaffre.core.expr import fill
from zaffre.core.signature import text
from zaffre.jobs.sweep.spec import HEAD, SweepJob, Trial

TAG = "hyperparameters"
"""Of every trial, as Azure has it: its parameters in JSON."""
_NAMED = ("name", "version")


def document(spec: SweepJob, number: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A job in stored spelling: the command with the parameters in it, or the component with them as inputs."""
    stored = spec.to_stored()
    job: dict[str, Any] = {"type": "command", "tags": {TAG: json.dumps(parameters)}}
    for field in ("compute", "queue_settings", "identity", "services"):
        if stored.get(field) is not None:
            job[field] = stored[field]
    if stored.get("resources") is not None:
        job["resources"] = stored["resources"]
    inputs: dict[str, Any] = stored.get("inputs") or {}
    if isinstance(spec.trial, Trial):
        job |= stored["trial"]
        job["command"] = fill(spec.trial.command, spoken(parameters), HEAD)
    else:
        job["component"] = stored["trial"]
        inputs = {**inputs, **{name: _input(value) for name, value in parameters.items()}}
    if inputs:
        job["inputs"] = inputs
    if stored.get("outputs"):
        job["outputs"] = {name: _output(output, number) for name, output in stored["outputs"].items()}
    if spec.limits.trial_timeout:
        job["limits"] = {"timeout": spec.limits.trial_timeout}
    return job


def spoken(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Expression → text: ``search_space.model`` is a whole value, ``search_space.model.depth`` one of its keys."""
    return {f"{HEAD}.{name}": value for name, value in flat(parameters).items()}


def flat(parameters: Mapping[str, Any], at: str = "") -> dict[str, str]:
    """Every parameter as text, and those inside of others by their path."""
    found: dict[str, str] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            found[at + name] = json.dumps(value)
            found |= flat(value, f"{at}{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            found[at + name] = json.dumps(value) if isinstance(value, list) else text(value)
    return found


def _input(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else json.dumps(value)


def _output(output: Any, number: int) -> Any:
    """Each trial writes to a place of its own; what is to be registered is, once, when the best is known."""
    if not isinstance(output, dict):
        return output
    own: dict[str, Any] = {key: value for key, value in output.items() if key not in _NAMED}  # pyright: ignore[reportUnknownVariableType]
    path = own.get("path")
    if isinstance(path, str) and "${{name}}" not in path:
        own["path"] = f"{path.rstrip('/')}/{number}"
    return own
