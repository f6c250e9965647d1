"""The processes of a command job: one, the ranks of a distributed one, or a cluster and the command that uses it.

Azure's names for the logs: ``std_log.txt`` for one process, ``std_log_process_<n>.txt`` for ranks (n has as many digits as
the highest), ``std_log_node_<n>_worker.txt`` and ``_ps.txt`` for TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from zaffre.core import programs
from zaffre.core.site import Site
from zaffre.core.tasks import Rank
from zaffre.jobs.command.parts import dask, mpi, ranks, ray

_CLUSTERS: dict[str, ModuleType] = {"ray": ray, "dask": dask}


@dataclass(frozen=True, slots=True)
class Gang:
    """The processes of one attempt."""

    ranks: tuple[Rank, ...]
    argv: tuple[str, ...]
    """Of those that have no command line of their own."""
    environ: dict[str, str] = field(default_factory=dict[str, str])
    scratch: bool = False
    """Whether they need a folder for sockets."""


def needs(spec: Any) -> tuple[int, tuple[str, ...]]:
    """How many ports, and which programs are looked for."""
    distribution = spec.distribution
    kind = _kind(distribution)
    if kind in _CLUSTERS:
        return _CLUSTERS[kind].ports(distribution, _nodes(spec)), (_CLUSTERS[kind].PROGRAM,)
    if kind == "mpi":
        return 1, (mpi.PROGRAM,)
    if kind == "tensorflow":
        return (distribution.worker_count or _nodes(spec)) + distribution.parameter_server_count, ()
    return (1, ()) if kind or _nodes(spec) > 1 else (0, ())


def made(spec: Any, site: Site, argv: tuple[str, ...]) -> Gang:
    """The processes that run ``argv``."""
    distribution, nodes = spec.distribution, _nodes(spec)
    kind = _kind(distribution)
    if kind in _CLUSTERS:
        return _with_cluster(_CLUSTERS[kind], spec, site, argv)
    if kind == "tensorflow":
        return Gang(_tensorflow(distribution, nodes, site), argv)
    environs = ranks.environs(distribution, nodes, site.ports[0] if site.ports else 0)
    if kind == "mpi" and (program := mpi.program(site)):
        return Gang(
            mpi.launched(program, environs, site, argv), argv, mpi.ENVIRON | {"TMPDIR": programs.scratch(site)}, True
        )
    if len(environs) == 1:
        return Gang((Rank(_log(site, "std_log.txt"), environs[0]),), argv)
    names = ranks.logs(len(environs))
    return Gang(tuple(Rank(_log(site, name), environ) for name, environ in zip(names, environs, strict=True)), argv)


def _kind(distribution: Any) -> str:
    return str(getattr(distribution, "type", "") or "").lower()


def _nodes(spec: Any) -> int:
    return int(getattr(spec.resources, "instance_count", None) or 1)


def _log(site: Site, name: str) -> str:
    return str(programs.logs(site) / name)


def _with_cluster(kind: ModuleType, spec: Any, site: Site, argv: tuple[str, ...]) -> Gang:
    """The cluster, and the command of the user, which uses it."""
    distribution, nodes = spec.distribution, _nodes(spec)
    command = Rank(_log(site, "std_log.txt"), awaits=kind.awaited(distribution, nodes, site))
    environ = kind.environ(distribution, nodes, site)
    return Gang((*kind.cluster(distribution, nodes, site), command), argv, environ, scratch=True)


def _tensorflow(distribution: Any, nodes: int, site: Site) -> tuple[Rank, ...]:
    found = ranks.tensorflow(distribution, nodes, site.ports)
    if len(found) == 1:
        return (Rank(_log(site, "std_log.txt"), found[0].environ),)
    return tuple(
        Rank(
            _log(site, f"std_log_node_{one.index:02}_{one.role}.txt"),
            one.environ,
            name=f"{one.role.capitalize()} {one.index}",
        )
        for one in found
    )
