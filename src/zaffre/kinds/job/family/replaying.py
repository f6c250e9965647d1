"""A run's command once more, in somebody's hands: its code afresh, and what its process was given."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.control.locations import Locations
from zaffre.core import refs
from zaffre.core.errors import Conflict, Invalid, NotFound, Problem
from zaffre.core.resource import Key
from zaffre.kinds.job.family import children
from zaffre.store import Store, Tx, families, resources, runs
from zaffre.store.blobs import Blobs, File
from zaffre.store.runs import Run

FOLDERS = ("work", "in", "out", "home", "scratch")
"""Of an attempt: what a replay has its own of."""
_NOT_ANY_MORE = (
    "MLFLOW_TRACKING_TOKEN", "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME", "AZUREML_RUN_TOKEN",
)  # fmt: skip
"""A replay is no run: it logs to a folder of its own."""


class Replays:
    """Lays them out."""

    def __init__(self, store: Store, locations: Locations, blobs: Blobs) -> None:
        self._store = store
        self._locations = locations
        self._blobs = blobs

    async def lay_out(self, run: Run, step: str) -> dict[str, Any]:
        """A new folder with the code, and what to do in it. ``step``: of a pipeline, ``outer/inner`` for one within another."""
        run, files = await self._store.read(lambda tx: self._chosen(tx, run, step))
        attempt = self._locations.attempt(run.name, run.attempt)
        order = await asyncio.to_thread(_order, attempt, run)
        folder = attempt.parent / "replays" / secrets.token_hex(4)
        await asyncio.to_thread(self._blobs.materialise, files, folder / "work")
        for name in FOLDERS[1:]:
            (folder / name).mkdir(parents=True, exist_ok=True)
        told = _moved(order, str(attempt), str(folder))
        brought = await asyncio.to_thread(_brought, attempt, order)
        return {"job": run.name, **told, "inputs": [*told["inputs"], *_beside(brought, folder)]}

    def _chosen(self, tx: Tx, run: Run, step: str) -> tuple[Run, tuple[File, ...]]:
        for key in step.split("/") if step else ():
            found = children.last(tx, run.name, key)
            if found is None:
                raise NotFound(_no_step(tx, run, key), target=key)
            run = found
        while run.facts.get("reused"):
            run = runs.require(tx, str(run.facts["reused"]))
        if run.facts.get("type") == "pipeline":
            told = f"{run.name} is a pipeline; say which of its steps: {_steps(tx, run)}"
            raise Invalid([Problem(told, "step")])
        return run, _files(tx, run)


def _files(tx: Tx, run: Run) -> tuple[File, ...]:
    reference = run.facts.get("code")
    if not reference:
        return ()
    found = refs.asset(str(reference))
    code = resources.require(tx, Key(refs.owner(found, run.workspace), "code", found.name, "", found.version))
    return tuple(File(*entry) for entry in code.state["files"])


def _order(attempt: Path, run: Run) -> dict[str, Any]:
    """What the last attempt was given."""
    try:
        task: dict[str, Any] = json.loads((attempt / "task.json").read_bytes())["task"]
    except (OSError, ValueError, KeyError) as error:
        told = f"Job {run.name!r} has not begun, or its folder is gone: there is nothing to replay."
        raise Conflict(told, target=run.name) from error
    if len(task["ranks"]) > 1:
        told = f"{run.name} has {len(task['ranks'])} processes; a replay runs one"
        raise Invalid([Problem(told, "step", hint="submit it again with instance_count: 1 and one process")])
    return task


def _brought(attempt: Path, task: Mapping[str, Any]) -> list[Path]:
    """Inputs that were brought from elsewhere before the command began: they lie in the attempt's own folder."""
    targets = [Path(one["target"]) for one in task["intakes"]]
    known = {each.relative_to(attempt / "in").parts[0] for each in targets if each.is_relative_to(attempt / "in")}
    return [entry for entry in sorted((attempt / "in").glob("*")) if entry.name not in known]


def _beside(brought: list[Path], folder: Path) -> list[dict[str, Any]]:
    return [
        {"name": place.name, "source": str(place), "target": str(folder / "in" / place.name), "copy": False}
        for place in brought
    ]


def _moved(task: Mapping[str, Any], before: str, after: str) -> dict[str, Any]:
    """The order with its own folders in place of the attempt's."""

    def moved(text: str) -> str:
        for name in FOLDERS:
            text = text.replace(f"{before}/{name}", f"{after}/{name}")
        return after if text == before else text

    rank = task["ranks"][0]
    environ = {**task["environ"], **rank["environ"]}
    kept = {name: moved(value) for name, value in environ.items() if name not in _NOT_ANY_MORE}
    return {
        "folder": after,
        "argv": [moved(word) for word in rank.get("argv") or task["argv"]],
        "cwd": moved(task["cwd"]),
        "environ": kept | {"MLFLOW_TRACKING_URI": f"file://{after}/mlruns"},
        "inputs": [
            {"name": one["name"], "source": one["source"], "target": moved(one["target"]), "copy": one["copy"]}
            for one in task["intakes"]
        ],
        "outputs": [
            {"name": one["name"], "path": moved(one["staging"]), "is_folder": one["kind"] == "folder"}
            for one in task["deposits"]
        ],
    }


def _no_step(tx: Tx, run: Run, key: str) -> str:
    return f"Job {run.name!r} has run no step {key!r}; it has run: {_steps(tx, run)}"


def _steps(tx: Tx, run: Run) -> str:
    return ", ".join(sorted(child.key for child in families.children(tx, run.name))[:50]) or "none"
