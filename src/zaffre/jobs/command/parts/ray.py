"""A Ray cluster inside the gang: a head and its workers on the loopback address, and the command that uses it.

Azure runs the command on the head node only; ``ray.init()`` finds the cluster through ``RAY_ADDRESS``. All parts of the cluster
trust each other by a token that only this attempt knows, so that nobody else on the machine can submit work to it.
"""

from __future__ import annotations

import shlex
from typing import Any

from zaffre.core import programs
from zaffre.core.errors import Invalid, Problem
from zaffre.core.site import Site
from zaffre.core.tasks import Rank

PROGRAM = "ray"
_HOST = "127.0.0.2"
"""Of the loopback network, for the head; nodes have the next ones. Ray takes 127.0.0.1 to mean the machine's outer address."""
_READY = "Ray runtime started."
_FIRST, _EACH = 3, 5
"""Ports: client server, head and dashboard; then those of each node."""


def ports(distribution: Any, nodes: int) -> int:
    """How many are needed."""
    del distribution
    return _FIRST + _EACH * nodes


def cluster(distribution: Any, nodes: int, site: Site) -> tuple[Rank, ...]:
    """The head and the workers; none where the cluster is somewhere else."""
    if distribution.address:
        return ()
    if PROGRAM not in site.programs and not site.interpreter.enter:
        told = "the environment has no Ray"
        raise Invalid([Problem(told, "distribution", hint='add "ray[default]" to the packages of the environment')])
    port = _port(distribution, site)
    dashboard = bool(distribution.include_dashboard)
    head = (
        *(PROGRAM, "start", "--head", "--block", "--disable-usage-stats", f"--port={port}"),
        *(f"--ray-client-server-port={site.ports[0]}", f"--temp-dir={programs.scratch(site)}/ray"),
        *(f"--include-dashboard={str(dashboard).lower()}", f"--dashboard-host={_HOST}"),
        f"--dashboard-port={distribution.dashboard_port or site.ports[2]}",
        *_node(site, 0),
        *shlex.split(distribution.head_node_additional_args or ""),
    )
    further = shlex.split(distribution.worker_node_additional_args or "")
    start = (PROGRAM, "start", f"--address={_HOST}:{port}", "--block", "--disable-usage-stats")
    workers = [
        programs.helper(
            site, f"Ray worker {node}", (*start, *_node(site, node), *further), awaits=(port,), ready=_READY
        )
        for node in range(1, nodes)
    ]
    return (programs.helper(site, "Ray head", head, ready=_READY), *workers)


def awaited(distribution: Any, nodes: int, site: Site) -> tuple[int, ...]:
    """The ports that must be answered before the command can use the cluster."""
    if distribution.address:
        return ()
    return (_port(distribution, site), *(site.ports[_FIRST + _EACH * node] for node in range(nodes)))


def environ(distribution: Any, nodes: int, site: Site) -> dict[str, str]:
    """How the command, and whatever it starts, finds the cluster and is let in."""
    return {
        "RAY_ADDRESS": distribution.address or f"{_HOST}:{_port(distribution, site)}",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": site.secret,
        "RAY_USAGE_STATS_ENABLED": "0",
        "AZUREML_NODE_COUNT": str(nodes),
        "NODE_RANK": "0",
        "MASTER_ADDR": _HOST,
    }


def _port(distribution: Any, site: Site) -> int:
    return int(distribution.port or site.ports[1])


def _node(site: Site, node: int) -> tuple[str, ...]:
    """Several nodes share one address here, so each has ports of its own for everything."""
    manager, objects, listener, agent, metrics = site.ports[_FIRST + _EACH * node :][:_EACH]
    return (
        f"--node-ip-address=127.0.0.{2 + node}",
        f"--node-manager-port={manager}",
        f"--object-manager-port={objects}",
        f"--dashboard-agent-listen-port={listener}",
        f"--dashboard-agent-grpc-port={agent}",
        f"--metrics-export-port={metrics}",
    )
