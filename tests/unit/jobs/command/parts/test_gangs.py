"""The processes of a command job: ranks, clusters and the command that waits for them, Azure's names for the logs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.ports import Interpreter
from zaffre.core.site import Site
from zaffre.core.tasks import Role, Task
from zaffre.jobs.command.parts import task as part
from zaffre.jobs.command.spec import CommandJob

RUN = Path("/runs/r/1")


def made(programs: tuple[str, ...] = (), **more: Any) -> Task:
    spec = CommandJob.from_yaml({"command": "python x.py", "environment": "azureml:e:1", **more})
    needs = part.needs(spec)
    site = Site(
        run="r",
        attempt=1,
        token="0123456789abcdef0123",
        directory=RUN,
        artifacts=Path("/art"),
        interpreter=Interpreter("/env", "/env/bin/python", ("/env/bin",)),
        environ={"AZUREML_ARM_WORKSPACE_NAME": "w"},
        ports=tuple(range(7000, 7000 + needs.ports)),
        programs={name: f"/env/bin/{name}" for name in programs},
        secret="s" * 8,
    )
    return part.task(spec, site)


def spread(kind: str, nodes: int = 1, **more: Any) -> dict[str, Any]:
    return {"distribution": {"type": kind, **more}, "resources": {"instance_count": nodes}}


def names(task: Task) -> list[str]:
    return [Path(rank.log).name for rank in task.ranks]


def test_one_process_has_one_log_and_no_merged_one() -> None:
    task = made()
    assert (names(task), task.merged) == (["std_log.txt"], "")


def test_ranks_of_torch() -> None:
    task = made(**spread("pytorch", 2, process_count_per_instance=2))
    assert names(task) == [f"std_log_process_{rank}.txt" for rank in range(4)]
    assert task.merged == "/art/user_logs/all_ranks.txt"
    seen = [(e["RANK"], e["NODE_RANK"], e["LOCAL_RANK"], e["WORLD_SIZE"]) for e in (r.environ for r in task.ranks)]
    assert seen == [("0", "0", "0", "4"), ("1", "0", "1", "4"), ("2", "1", "0", "4"), ("3", "1", "1", "4")]
    assert {rank.environ["MASTER_PORT"] for rank in task.ranks} == {"7000"}


def test_logs_of_many_ranks_sort_by_name() -> None:
    assert names(made(**spread("pytorch", process_count_per_instance=11)))[:2] == [
        "std_log_process_00.txt",
        "std_log_process_01.txt",
    ]


def test_tensorflow_has_a_worker_a_node_unless_it_says_how_many() -> None:
    task = made(**spread("tensorflow", 2, parameter_server_count=1))
    assert names(task) == ["std_log_node_00_worker.txt", "std_log_node_01_worker.txt", "std_log_node_00_ps.txt"]
    config = json.loads(task.ranks[2].environ["TF_CONFIG"])
    assert config["cluster"] == {"worker": ["127.0.0.1:7000", "127.0.0.1:7001"], "ps": ["127.0.0.1:7002"]}
    assert config["task"] == {"type": "ps", "index": 0}


def test_mpirun_starts_the_ranks_where_it_is() -> None:
    task = made(("mpirun",), **spread("mpi", 2, process_count_per_instance=2))
    assert [rank.role for rank in task.ranks] == [Role.TOLD] * 4 + [Role.RANK]
    assert names(task)[-2:] == ["std_log_process_3.txt", "mpi_log.txt"]
    line = task.ranks[-1].argv
    assert line[:3] == ("/env/bin/mpirun", "-np", "4")
    assert line[-5:] == ("2", "/runs/r/1/gang", "/bin/bash", "-c", "python x.py")
    assert task.environ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] == "1"


def test_without_mpirun_ranks_have_its_variables() -> None:
    task = made(**spread("mpi", process_count_per_instance=2))
    assert [rank.environ["OMPI_COMM_WORLD_RANK"] for rank in task.ranks] == ["0", "1"]


def test_a_ray_cluster_is_there_before_the_command_and_trusts_its_own() -> None:
    task = made(("ray",), **spread("ray", 2, include_dashboard=True, head_node_additional_args="--num-cpus 3"))
    head, worker, command = task.ranks
    assert (head.name, worker.name, command.name) == ("The Ray head", "The Ray worker 1", "")
    assert head.argv[:4] == ("ray", "start", "--head", "--block")
    assert head.argv[-2:] == ("--num-cpus", "3")
    assert {"--include-dashboard=true", "--port=7001", "--node-ip-address=127.0.0.2"} <= set(head.argv)
    assert worker.awaits == (7001,)
    assert set(command.awaits) > {7001}
    assert (task.environ["RAY_ADDRESS"], task.environ["RAY_AUTH_TOKEN"]) == ("127.0.0.2:7001", "s" * 8)
    assert not any("ssssssss" in word for rank in task.ranks for word in rank.argv)
    ports = [word.partition("=")[2] for rank in (head, worker) for word in rank.argv if "port=" in word]
    assert len(ports) == len(set(ports))


def test_a_ray_cluster_elsewhere_is_only_connected_to() -> None:
    task = made(**spread("ray", address="10.0.0.1:6379"))
    assert (len(task.ranks), task.environ["RAY_ADDRESS"]) == (1, "10.0.0.1:6379")


def test_a_dask_cluster() -> None:
    task = made(("dask",), **spread("dask", 2, process_count_per_instance=2))
    assert [rank.name for rank in task.ranks] == ["The Dask scheduler", *(f"The Dask worker {n}" for n in range(4)), ""]
    assert task.environ["DASK_SCHEDULER_ADDRESS"] == "tcp://127.0.0.1:7000"
    assert task.ranks[-1].awaits == (7000, 7002, 7003, 7004, 7005)


@pytest.mark.parametrize(("kind", "package"), [("ray", "ray[default]"), ("dask", "dask[distributed]")])
def test_a_cluster_without_its_program_is_refused_with_what_to_add(kind: str, package: str) -> None:
    with pytest.raises(Invalid) as caught:
        made(**spread(kind))
    assert package in caught.value.problems[0].hint


def test_a_distribution_of_our_own_is_a_property_in_arm() -> None:
    from zaffre.core.refs import Scope

    spec = CommandJob.from_yaml({"command": "x", "environment": "azureml:e:1", **spread("dask", 2)})
    scope = Scope("s", "g", "w")
    body = spec.to_arm(scope)
    assert "distribution" not in body["properties"]
    assert CommandJob.from_arm(body, scope=scope).distribution == spec.distribution


def test_services_are_started_where_their_program_is() -> None:
    services = {"lab": {"type": "jupyter_lab"}, "board": {"type": "tensor_board", "log_dir": "tb"}, "own": {"port": 81}}
    task = made(("jupyter-lab",), services=services)
    _, lab = task.ranks
    assert (lab.name, lab.role, lab.at) == ("lab", Role.SERVICE, "/tmp/zaffre-0123456789abcdef/0.sock")
    assert "--ServerApp.base_url=/api/v1/workspaces/w/jobs/r/services/lab/" in lab.argv
    task = made(("tensorboard",), services=services)
    assert task.ranks[1].argv[-2:] == ("--path_prefix", "/api/v1/workspaces/w/jobs/r/services/board")
    assert task.ranks[1].at == "7000"
