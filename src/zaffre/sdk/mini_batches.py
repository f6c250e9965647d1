"""``parallel_run_function()`` and ``RunFunction``: parallel jobs written in Python, with azure.ai.ml's parameter names."""

from __future__ import annotations

from typing import Any

from zaffre.jobs.parallel.spec import ParallelTask
from zaffre.sdk.entity import entity, of_kind

RunFunction = entity(ParallelTask, name="RunFunction", type="run_function")
"""The script that is called with each mini-batch."""
ParallelJob = of_kind("job", "parallel")
"""A script over mini-batches."""

_RESOURCES = ("instance_count", "instance_type", "docker_args", "shm_size")


def parallel_run_function(*, task: Any = None, input_data: str | None = None, **fields: Any) -> Any:
    """A parallel job. ``fields`` are a parallel job's, and azure.ai.ml's ``instance_count``, ``shm_size`` …"""
    resources = {name: fields.pop(name) for name in _RESOURCES if fields.get(name) is not None}
    if resources:
        fields["resources"] = {**(fields.pop("resources", None) or {}), **resources}
    fields.pop("is_deterministic", None)  # says something of components only
    given = {"type": "parallel", "task": task, "input_data": input_data, **fields}
    return ParallelJob(**{name: value for name, value in given.items() if value is not None})
