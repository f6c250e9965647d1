"""A user's program and the place it is to run at, made into the task a backend launches: what its job types share.

What users' scripts rely on is set here: the working folder with the code, ``./outputs`` and ``./logs``, the paths of
inputs and outputs, and the variables of Azure ML and MLflow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core import expr
from zaffre.core.site import PlacedInput, PlacedOutput, Site
from zaffre.core.tasks import Deposit, Intake, Rank, Role, Task

SHELL = ("/bin/bash", "-c")
KEPT_FOLDERS = ("outputs", "logs")
"""Folders of the working directory that become artifacts of the run however it ends."""
MERGED = "all_ranks.txt"
"""The log of all ranks together, beside those of each."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be run: one command line for all ranks that have none of their own."""

    argv: tuple[str, ...]
    environ: dict[str, str]
    ranks: tuple[Rank, ...]
    scratch: str = ""


def task(spec: Any, site: Site, program: Program) -> Task:
    """The task of one attempt."""
    timeout = getattr(getattr(spec, "limits", None), "timeout", None)
    several = sum(rank.role in (Role.RANK, Role.TOLD) for rank in program.ranks) > 1
    return Task(
        run=site.run,
        attempt=site.attempt,
        token=site.token,
        directory=str(site.directory),
        argv=(*site.interpreter.enter, *program.argv),
        cwd=str(site.work),
        environ=program.environ,
        ranks=program.ranks,
        intakes=tuple(_intakes(site)),
        deposits=tuple(_deposits(site)),
        timeout=float(timeout) if timeout is not None else None,
        grace=site.grace,
        memory=site.limits.memory,
        cpus=site.limits.cpus,
        pids=site.limits.pids,
        merged=str(logs(site) / MERGED) if several else "",
        scratch=program.scratch,
    )


def paths(site: Site) -> dict[str, str]:
    """What ``${{inputs.x}}`` and ``${{outputs.x}}`` mean."""
    found = {f"inputs.{name}": _seen(site, name, placed) for name, placed in site.inputs.items()}
    return found | {f"outputs.{name}": _staged(site, name, placed) for name, placed in site.outputs.items()}


def environ(spec: Any, site: Site, placed: Mapping[str, str]) -> dict[str, str]:
    """The variables of every process."""
    search = ":".join([*site.interpreter.path, site.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")])
    found = {
        **site.environ,
        **site.interpreter.environ,
        "HOME": str(site.directory / "home"),
        "PATH": search,
        "PYTHONUNBUFFERED": "1",
        "AZUREML_CR_EXECUTION_WORKING_DIR_PATH": str(site.directory),
    }
    for name, value in placed.items():
        side, _, key = name.partition(".")
        found[f"AZURE_ML_{side[:-1].upper()}_{key}"] = value
    chosen: dict[str, Any] = getattr(spec, "environment_variables", None) or {}
    values = {**placed, "name": site.run}
    return found | {str(key): expr.render(str(value), values) for key, value in chosen.items()}


def logs(site: Site) -> Path:
    """Where the logs of ranks lie."""
    return site.artifacts / "user_logs"


def helper(site: Site, name: str, argv: Sequence[str], *, awaits: Sequence[int] = (), ready: str = "") -> Rank:
    """A process that helps the ranks, with a log among the system's; ``name`` is what it is called (``Ray head``)."""
    file = name.lower().replace(" ", "_")
    log = str(site.artifacts / "system_logs" / f"{file}.txt")
    line = (*site.interpreter.enter, *argv)
    return Rank(log, argv=line, role=Role.SUPPORT, name=f"The {name}", awaits=tuple(awaits), ready=ready)


def scratch(site: Site) -> str:
    """A folder with a short name, of this attempt alone."""
    return f"/tmp/zaffre-{site.token[:16]}"  # noqa: S108 - made by the agent for this user alone, or not at all


def _seen(site: Site, name: str, placed: PlacedInput) -> str:
    """What the command reads for ``${{inputs.name}}``."""
    if not placed.is_path:
        return placed.value
    return str(site.directory / "in" / name / Path(placed.value).name)


def _staged(site: Site, name: str, placed: PlacedOutput) -> str:
    if placed.in_place:
        return placed.final
    folder = site.directory / "out" / name
    return str(folder / Path(placed.final).name) if placed.is_file or placed.is_bare else str(folder)


def _intakes(site: Site) -> list[Intake]:
    return [
        Intake(name, placed.value, _seen(site, name, placed), copy=placed.copy)
        for name, placed in site.inputs.items()
        if placed.is_path
    ]


def _deposits(site: Site) -> list[Deposit]:
    kept = [
        Deposit(folder, str(site.work / folder), str(site.artifacts / folder), merge=True, always=True)
        for folder in KEPT_FOLDERS
    ]
    named = [
        Deposit(name, _staged(site, name, placed), placed.final, placed.kind, merge=placed.merge)
        for name, placed in site.outputs.items()
        if not placed.in_place
    ]
    return kept + named
