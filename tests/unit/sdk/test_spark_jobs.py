"""Spark jobs written in Python, as azure.ai.ml's users write them."""

from __future__ import annotations

import pytest

from zaffre import Input, Output, spark
from zaffre.core.errors import Invalid
from zaffre.dsl import pipeline
from zaffre.jobs.spark.spec import SparkJob

SAID = {
    "code": "./src",
    "entry": {"file": "titanic.py"},
    "args": "--data ${{inputs.data}} --out ${{outputs.out}}",
    "resources": {"instance_type": "Standard_E8S_V3", "runtime_version": "3.4"},
}


def job(**more):
    return spark(
        **SAID,
        driver_cores=1,
        driver_memory="2g",
        executor_cores=2,
        executor_memory="2g",
        executor_instances=2,
        inputs={"data": Input(type="uri_file", path="./t.csv", mode="direct")},
        outputs={"out": Output(type="uri_folder", mode="direct")},
        is_deterministic=False,
        **more,
    )


def test_the_same_as_the_document():
    sizes = {"driver.cores": 1, "driver.memory": "2g"}
    sizes |= {"executor.cores": 2, "executor.memory": "2g", "executor.instances": 2}
    made = job(display_name="titanic")
    assert isinstance(made, SparkJob)
    assert made.to_yaml() == {
        "type": "spark",
        "display_name": "titanic",
        **SAID,
        "conf": {f"spark.{name}": value for name, value in sizes.items()},
        "inputs": {"data": {"type": "uri_file", "path": "./t.csv", "mode": "direct"}},
        "outputs": {"out": {"type": "uri_folder", "mode": "direct"}},
    }
    assert made.check() == []
    assert spark(**{**SAID, "entry": "titanic.py"}).entry.file == "titanic.py"


def test_dynamic_allocation():
    made = job(
        dynamic_allocation_enabled=True, dynamic_allocation_min_executors=1, dynamic_allocation_max_executors=3
    ).to_yaml()
    told = {name: value for name, value in made["conf"].items() if "dynamicAllocation" in name}
    assert told == {
        "spark.dynamicAllocation.enabled": True,
        "spark.dynamicAllocation.minExecutors": 1,
        "spark.dynamicAllocation.maxExecutors": 3,
    }


def test_called_in_a_pipeline_it_is_a_step():
    wrangle = job()

    @pipeline
    def clean(data: Input(type="uri_file")):
        wrangled = wrangle(data=data)
        return {"out": wrangled.outputs.out}

    step = clean(data=Input(type="uri_file", path="./t.csv")).jobs["wrangled"]
    assert (step["type"], step["inputs"]["data"]) == ("spark", "${{parent.inputs.data}}")
    assert step["entry"] == SAID["entry"]


def test_a_mistake_is_told():
    with pytest.raises((Invalid, ValueError), match="entri"):
        spark(entri={"file": "a.py"})
