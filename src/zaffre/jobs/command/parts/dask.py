"""A Dask cluster inside the gang: a scheduler and its workers on the loopback address, and the command that uses it.

``distributed.Client()`` without an address finds it through ``DASK_SCHEDULER_ADDRESS``. Azure ML has no such distribution;
there people start these same processes by hand, from a script.
"""

from __future__ import annotations

from typing import Any

from zaffre.core import programs
from zaffre.core.errors import Invalid, Problem
from zaffre.core.site import Site
from zaffre.core.tasks import Rank

PROGRAM = "dask"
_HOST = "127.0.0.1"
_FIRST = 2
"""Ports: scheduler and dashboard; then one of each worker."""


def ports(distribution: Any, nodes: int) -> int:
    """How many are needed."""
    return _FIRST + nodes * _per_node(distribution)


def cluster(distribution: Any, nodes: int, site: Site) -> tuple[Rank, ...]:
    """The scheduler and the workers."""
    if PROGRAM not in site.programs and not site.interpreter.enter:
        told = "the environment has no Dask"
        raise Invalid(
            [Problem(told, "distribution", hint='add "dask[distributed]" to the packages of the environment')]
        )
    shown = (
        ("--dashboard-address", f"{_HOST}:{site.ports[1]}") if distribution.include_dashboard else ("--no-dashboard",)
    )
    scheduler = (PROGRAM, "scheduler", "--host", _HOST, "--port", str(site.ports[0]), *shown)
    return (
        programs.helper(site, "Dask scheduler", scheduler),
        *(_worker(distribution, number, site) for number in range(nodes * _per_node(distribution))),
    )


def awaited(distribution: Any, nodes: int, site: Site) -> tuple[int, ...]:
    """The ports that must be answered before the command can use the cluster."""
    return (site.ports[0], *site.ports[_FIRST : ports(distribution, nodes)])


def environ(distribution: Any, nodes: int, site: Site) -> dict[str, str]:
    """How the command finds the cluster."""
    return {
        "DASK_SCHEDULER_ADDRESS": _address(site),
        "DASK_TEMPORARY_DIRECTORY": f"{programs.scratch(site)}/dask",
        "AZUREML_NODE_COUNT": str(nodes),
        "NODE_RANK": "0",
        "MASTER_ADDR": _HOST,
        "DASK_WORKERS": str(nodes * _per_node(distribution)),
    }


def _worker(distribution: Any, number: int, site: Site) -> Rank:
    line = (
        *(PROGRAM, "worker", _address(site), "--host", _HOST, "--name", f"worker-{number}", "--no-dashboard"),
        *("--worker-port", str(site.ports[_FIRST + number]), "--nthreads", str(distribution.threads_per_process or 1)),
        *("--local-directory", f"{programs.scratch(site)}/worker-{number}"),
    )
    return programs.helper(site, f"Dask worker {number}", line, awaits=(site.ports[0],), ready="Registered to:")


def _address(site: Site) -> str:
    return f"tcp://{_HOST}:{site.ports[0]}"


def _per_node(distribution: Any) -> int:
    return int(distribution.process_count_per_instance or 1)
