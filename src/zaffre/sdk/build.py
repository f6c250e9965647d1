"""``command()``, ``Input`` and ``Output``: jobs written in Python, with azure.ai.ml's parameter names."""

from __future__ import annotations

from os import PathLike
from typing import Any

from zaffre.core.io import JobOutput, WrittenInput
from zaffre.sdk.entity import entity
from zaffre.sdk.sweeping import Command, split

Input = entity(WrittenInput, name="Input")
"""Data or a model that a job reads; with the type of a literal (``string``, ``number`` …) its ``default`` is the value."""
Output = entity(JobOutput, name="Output")
"""A place that a job writes to."""

_RESOURCES = ("instance_count", "instance_type", "locations", "docker_args", "shm_size")


def command(
    *,
    command: str,
    environment: Any = None,
    code: str | PathLike[str] | None = None,
    inputs: dict[str, Any] | None = None,
    **fields: Any,
) -> Any:
    """A command job. ``fields`` are a command job's, and azure.ai.ml's ``timeout``, ``shm_size`` …"""
    resources = {name: fields.pop(name) for name in _RESOURCES if fields.get(name) is not None}
    if resources:
        fields["resources"] = {**(fields.pop("resources", None) or {}), **resources}
    if fields.get("timeout") is not None:
        fields["limits"] = {"timeout": fields.pop("timeout")}
    deterministic = fields.pop("is_deterministic", None)  # says something of its component only
    fixed, searched = split(inputs or {})
    given = {"command": command, "environment": environment, "code": code, "inputs": fixed or None, **fields}
    made: Any = Command(**{name: value for name, value in given.items() if value is not None})
    made._is_deterministic = deterministic
    return made(**searched) if searched else made
