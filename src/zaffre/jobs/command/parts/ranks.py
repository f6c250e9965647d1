"""The variables by which the processes of a distributed command find each other.

The names are those of torch.distributed, TensorFlow (``TF_CONFIG``) and Open MPI, as Azure ML sets them. On one machine every
"node" is a group of processes on the loopback address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MASTER = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Member:
    """One process of a TensorFlow cluster."""

    role: str
    index: int
    environ: dict[str, str]


def environs(distribution: Any, nodes: int, port: int) -> list[dict[str, str]]:
    """One environment a process, rank 0 first; they meet at ``port``."""
    per_node = int(getattr(distribution, "process_count_per_instance", None) or 1) if distribution else 1
    found = [_process(node, local, nodes, per_node, port) for node in range(nodes) for local in range(per_node)]
    if getattr(distribution, "type", "") == "mpi":
        for environ in found:
            environ |= {
                "OMPI_COMM_WORLD_RANK": environ["RANK"],
                "OMPI_COMM_WORLD_SIZE": environ["WORLD_SIZE"],
                "OMPI_COMM_WORLD_LOCAL_RANK": environ["LOCAL_RANK"],
                "OMPI_COMM_WORLD_LOCAL_SIZE": environ["LOCAL_WORLD_SIZE"],
                "AZ_BATCH_MASTER_NODE": f"{MASTER}:{port}",
                "AZ_BATCHAI_MPI_MASTER_NODE": MASTER,
            }
    return found if len(found) > 1 or distribution else [{"AZUREML_NODE_COUNT": "1", "NODE_RANK": "0"}]


def logs(number: int) -> list[str]:
    """The names of the logs of so many ranks."""
    digits = len(str(number - 1))
    return [f"std_log_process_{rank:0{digits}}.txt" for rank in range(number)]


def _process(node: int, local: int, nodes: int, per_node: int, port: int) -> dict[str, str]:
    return {
        "MASTER_ADDR": MASTER,
        "MASTER_PORT": str(port),
        "WORLD_SIZE": str(nodes * per_node),
        "RANK": str(node * per_node + local),
        "LOCAL_RANK": str(local),
        "LOCAL_WORLD_SIZE": str(per_node),
        "NODE_RANK": str(node),
        "AZUREML_NODE_COUNT": str(nodes),
    }


def tensorflow(distribution: Any, nodes: int, ports: tuple[int, ...]) -> list[Member]:
    """Workers first, then parameter servers; without a number of workers there is one a node."""
    workers = int(distribution.worker_count or nodes)
    servers = int(distribution.parameter_server_count or 0)
    cluster = {"worker": [f"{MASTER}:{port}" for port in ports[:workers]]}
    if servers:
        cluster["ps"] = [f"{MASTER}:{port}" for port in ports[workers : workers + servers]]
    roles = [("worker", index) for index in range(workers)] + [("ps", index) for index in range(servers)]
    return [Member(role, index, _config(cluster, role, index, nodes)) for role, index in roles]


def _config(cluster: dict[str, list[str]], role: str, index: int, nodes: int) -> dict[str, str]:
    told = {"cluster": cluster, "task": {"type": role, "index": index}, "environment": "cloud"}
    return {"TF_CONFIG": json.dumps(told), "AZUREML_NODE_COUNT": str(nodes), "NODE_RANK": str(index)}
