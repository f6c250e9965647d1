"""The assets that a finished job's outputs become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaffre.core.io import MODELS, JobOutput
from zaffre.core.resource import Key
from zaffre.kinds.job.parts.placement import output_uri


@dataclass(frozen=True, slots=True)
class PublishedOutput:
    """One output to register."""

    output: str
    key: Key
    """Without a version where the job gives none: the next one is taken."""
    spec: dict[str, Any]


def assets_of(spec: Any, run: str, workspace: str) -> list[PublishedOutput]:
    """Every output that has a name, as the asset it becomes."""
    wanted: dict[str, JobOutput] = spec.outputs or {}
    return [
        PublishedOutput(
            output,
            Key(workspace, "model" if one.type in MODELS else "data", one.name, "", one.version or ""),
            {
                "name": one.name,
                "type": one.type,
                "path": output_uri(run, output, one),
                "properties": {"job_name": run, "output_name": output},
            },
        )
        for output, one in wanted.items()
        if one.name
    ]
