"""A command job and the place it is to run at, made into the task a backend launches: pure.

What users' scripts rely on is set here: the working folder with the code, ``./outputs`` and ``./logs``, the paths of
inputs and outputs, and the variables of Azure ML and MLflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.core import expr
from zaffre.core.site import PlacedInput, PlacedOutput, Site
from zaffre.core.tasks import Deposit, Intake, Rank, Task
from zaffre.jobs.command.parts import ranks

SHELL = ("/bin/bash", "-c")
KEPT_FOLDERS = ("outputs", "logs")
"""Folders of the working directory that become artifacts of the run however it ends."""


def task(spec: Any, site: Site) -> Task:
    """The task of one attempt of a command job."""
    paths = {f"inputs.{name}": _seen(site, name, placed) for name, placed in site.inputs.items()}
    paths |= {f"outputs.{name}": _staged(site, name, placed) for name, placed in site.outputs.items()}
    command = expr.render(spec.command, {**paths, "name": site.run})
    limits = getattr(spec, "limits", None)
    timeout = getattr(limits, "timeout", None)
    return Task(
        run=site.run,
        attempt=site.attempt,
        token=site.token,
        directory=str(site.directory),
        argv=(*site.interpreter.enter, *SHELL, command),
        cwd=str(site.work),
        environ=_environ(spec, site, paths),
        ranks=_ranks(spec, site),
        intakes=tuple(_intakes(site)),
        deposits=tuple(_deposits(site)),
        timeout=float(timeout) if timeout is not None else None,
        grace=site.grace,
        memory=site.limits.memory,
        cpus=site.limits.cpus,
        pids=site.limits.pids,
    )


def _seen(site: Site, name: str, placed: PlacedInput) -> str:
    """What the command reads for ``${{inputs.name}}``."""
    if not placed.is_path:
        return placed.value
    return str(site.directory / "in" / name / Path(placed.value).name)


def _staged(site: Site, name: str, placed: PlacedOutput) -> str:
    folder = site.directory / "out" / name
    return str(folder / Path(placed.final).name) if placed.is_file else str(folder)


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
        Deposit(
            name, _staged(site, name, placed), placed.final, "file" if placed.is_file else "folder", merge=placed.merge
        )
        for name, placed in site.outputs.items()
    ]
    return kept + named


def _environ(spec: Any, site: Site, paths: Mapping[str, str]) -> dict[str, str]:
    home = site.directory / "home"
    search = ":".join([*site.interpreter.path, site.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")])
    environ = {
        **site.environ,
        **site.interpreter.environ,
        "HOME": str(home),
        "PATH": search,
        "PYTHONUNBUFFERED": "1",
        "AZUREML_CR_EXECUTION_WORKING_DIR_PATH": str(site.directory),
    }
    for name, value in paths.items():
        side, _, key = name.partition(".")
        environ[f"AZURE_ML_{side[:-1].upper()}_{key}"] = value
    chosen: dict[str, Any] = getattr(spec, "environment_variables", None) or {}
    values = {**paths, "name": site.run}
    return environ | {str(key): expr.render(str(value), values) for key, value in chosen.items()}


def _ranks(spec: Any, site: Site) -> tuple[Rank, ...]:
    nodes = int(getattr(getattr(spec, "resources", None), "instance_count", None) or 1)
    found = ranks.environs(getattr(spec, "distribution", None), nodes, site.ports or (0,))
    logs = site.artifacts / "user_logs"
    if len(found) == 1:
        return (Rank(str(logs / "std_log.txt"), found[0]),)
    return tuple(Rank(str(logs / f"std_log_process_{number}.txt"), environ) for number, environ in enumerate(found))
