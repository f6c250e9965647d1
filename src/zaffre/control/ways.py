"""The ways into a job: where each of its services listens, and how it is with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaffre.control import listeners
from zaffre.control.locations import Locations
from zaffre.core import services
from zaffre.core.plain import mapping_of
from zaffre.core.tasks import Role
from zaffre.store.runs import Run

RUNNING, STARTING, STOPPED, FAILED = "Running", "Starting", "Stopped", "Failed"


@dataclass(frozen=True, slots=True)
class Way:
    """One service of a run, as it is now."""

    name: str
    type: str
    status: str
    at: str = ""
    """A port of this machine, or the path of a socket; while it is Running, the run's own."""
    under_prefix: bool = False
    """Whether it knows the path at which it is reached."""
    error: str = ""


def ways(run: Run, spec: Mapping[str, Any], locations: Locations) -> list[Way]:
    """Every service that a job's document asks for. Reads files and asks the kernel: for a thread."""
    asked = mapping_of(spec.get("services"))
    started = _started(run, locations) if run.token else None
    return [_way(run, str(name), mapping_of(said), started) for name, said in asked.items()]


def _started(run: Run, locations: Locations) -> dict[str, str] | None:
    """Name → where it is to listen, of those that were started; None before the launch."""
    try:
        task = json.loads((locations.attempt(run.name, run.attempt) / "task.json").read_bytes())["task"]
        return {rank["name"]: str(rank["at"]) for rank in task["ranks"] if rank["role"] == Role.SERVICE}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _way(run: Run, name: str, said: Mapping[str, Any], started: dict[str, str] | None) -> Way:
    type_ = str(said.get("type") or services.CUSTOM)
    sort = services.SORTS.get(type_)
    under = sort.under_prefix if sort is not None else False
    if run.status.is_final:
        return Way(name, type_, STOPPED)
    if started is None:
        return Way(name, type_, STARTING)
    if sort is not None and name not in started:
        return Way(name, type_, FAILED, error=services.missing(type_))
    at = started[name] if sort is not None else str(said.get("port") or "")
    if not at:
        return Way(name, type_, FAILED, error="a custom service needs the port at which the command listens")
    return Way(name, type_, RUNNING if listeners.belongs(at, run.token) else STARTING, at, under)
