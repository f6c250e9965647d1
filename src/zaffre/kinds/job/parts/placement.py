"""Where a job's inputs come from and its outputs go: URIs made into paths, before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core import expr, signature
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.site import PlacedInput, PlacedOutput

COPIED = frozenset({"download"})
"""What the agent copies; what ``eval_download`` names has been copied when it was laid out."""


def inputs(
    spec: Any, facts: Mapping[str, Any], paths: Mapping[str, str], *, direct: bool = True
) -> dict[str, PlacedInput]:
    """Every input. ``facts`` are the resolved ones (name → uri), ``paths`` the absolute paths of all but direct ones.

    Without ``direct`` these have a path as well, and are files of this machine.
    """
    placed: dict[str, PlacedInput] = {}
    given: dict[str, Any] = spec.inputs or {}
    for name, value in given.items():
        if not isinstance(value, JobInput):
            placed[name] = PlacedInput(signature.text(value))
            continue
        uri = facts[name]["uri"]
        mode = value.mode or "ro_mount"
        if mode == "direct" and direct:
            placed[name] = PlacedInput(uri)
        else:
            placed[name] = PlacedInput(paths[name], is_path=True, copy=mode in COPIED)
    return placed


def output_uri(run: str, name: str, output: JobOutput) -> str:
    """The datastore URI of an output: what the job says, with its expressions filled in, or the default place."""
    datastore = "workspaceblobstore"
    if output.path:
        values = {"name": run, "output_name": name, "default_datastore": datastore}
        return expr.render(output.path, values)
    return f"azureml://datastores/{datastore}/paths/azureml/{run}/{name}"


def outputs(spec: Any, paths: Mapping[str, str]) -> dict[str, PlacedOutput]:
    """Every output of a job; ``paths`` are the absolute paths of their URIs."""
    wanted: dict[str, JobOutput] = spec.outputs or {}
    return {
        name: PlacedOutput(
            paths[name].rstrip("/"),
            is_file=output.type == "uri_file",
            merge=output.path is not None and output.type != "uri_file",
        )
        for name, output in wanted.items()
    }
