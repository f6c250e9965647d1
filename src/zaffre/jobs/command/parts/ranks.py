"""The processes of a distributed command and the variables by which they find each other.

The names are those of torch.distributed, TensorFlow (``TF_CONFIG``) and Open MPI, as Azure ML sets them. On one machine every
"node" is a group of processes on the loopback address.
"""

from __future__ import annotations

import json
from typing import Any

MASTER = "127.0.0.1"


def environs(distribution: Any, nodes: int, ports: tuple[int, ...]) -> list[dict[str, str]]:
    """One environment a process, rank 0 first. ``ports`` are free ones, at least as many as processes."""
    kind = str(getattr(distribution, "type", "") or "").lower()
    if kind == "tensorflow":
        return _tensorflow(distribution, ports)
    if kind == "ray":
        return [{"AZUREML_NODE_COUNT": str(nodes), "NODE_RANK": "0", "MASTER_ADDR": MASTER}]
    per_node = int(getattr(distribution, "process_count_per_instance", None) or 1) if distribution else 1
    found = [_process(node, local, nodes, per_node, ports[0]) for node in range(nodes) for local in range(per_node)]
    if kind == "mpi":
        for environ in found:
            environ |= {
                "OMPI_COMM_WORLD_RANK": environ["RANK"],
                "OMPI_COMM_WORLD_SIZE": environ["WORLD_SIZE"],
                "OMPI_COMM_WORLD_LOCAL_RANK": environ["LOCAL_RANK"],
                "OMPI_COMM_WORLD_LOCAL_SIZE": environ["LOCAL_WORLD_SIZE"],
            }
    return found if len(found) > 1 or distribution else [{"AZUREML_NODE_COUNT": "1", "NODE_RANK": "0"}]


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


def _tensorflow(distribution: Any, ports: tuple[int, ...]) -> list[dict[str, str]]:
    workers = int(getattr(distribution, "worker_count", None) or 1)
    servers = int(getattr(distribution, "parameter_server_count", None) or 0)
    cluster = {"worker": [f"{MASTER}:{port}" for port in ports[:workers]]}
    if servers:
        cluster["ps"] = [f"{MASTER}:{port}" for port in ports[workers : workers + servers]]
    roles = [("worker", index) for index in range(workers)] + [("ps", index) for index in range(servers)]
    return [
        {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": role, "index": index}, "environment": "cloud"})}
        for role, index in roles
    ]
