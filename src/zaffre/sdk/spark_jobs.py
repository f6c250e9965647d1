"""``spark()``: Spark jobs written in Python, with azure.ai.ml's parameter names."""

from __future__ import annotations

from os import PathLike
from typing import Any

from zaffre.sdk.entity import of_kind

SparkJob = of_kind("job", "spark")
"""A script on a Spark session."""


def spark(
    *,
    entry: Any = None,
    code: str | PathLike[str] | None = None,
    inputs: dict[str, Any] | None = None,
    outputs: dict[str, Any] | None = None,
    **fields: Any,
) -> Any:
    """A Spark job. ``fields`` are a Spark job's, and azure.ai.ml's ``driver_cores``, ``executor_instances`` …

    Called in a pipeline function it makes a step, as any job does.
    """
    fields.pop("is_deterministic", None)  # says something of components only
    entry = {"file": entry} if isinstance(entry, str) else entry
    given = {"type": "spark", "entry": entry, "code": code, "inputs": inputs, "outputs": outputs, **fields}
    return SparkJob(**{name: value for name, value in given.items() if value is not None})
