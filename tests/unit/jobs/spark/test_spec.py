"""What a Spark job must say; short names of settings are Spark's own."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.jobs.spark.spec import SparkComponent, SparkJob

JOB = {"type": "spark", "entry": {"file": "a.py"}}


def test_settings_by_their_short_names():
    made = SparkJob.from_yaml({**JOB, "conf": {"driver_cores": 1, "spark.ui.enabled": False}})
    assert made.conf == {"spark.driver.cores": 1, "spark.ui.enabled": False}


def test_counts_are_numbers_in_a_component():
    made = SparkComponent.from_yaml({**JOB, "name": "count", "conf": {"executor_cores": "2", "driver_memory": "2g"}})
    conf = made.to_arm(Scope())["properties"]["componentSpec"]["conf"]
    assert conf == {"spark.executor.cores": 2, "spark.driver.memory": "2g"}


def test_azures_spelling_names_code_entry_and_environment_as_the_official_client_reads_them():
    scope = Scope("s", "g", "w")
    made = SparkJob.from_yaml({**JOB, "code": "azureml:c:1", "environment": "azureml:e:2"})
    told = made.to_arm(scope)["properties"]
    assert told["entry"] == {"sparkJobEntryType": "SparkJobPythonEntry", "file": "a.py"}
    assert told["codeId"].endswith("/workspaces/w/codes/c/versions/1")
    assert told["environmentId"].endswith("/workspaces/w/environments/e/versions/2")
    assert SparkJob.from_arm({"properties": told}, scope=scope) == made
    assert SparkJob.from_yaml({**JOB, "entry": {"class_name": "A"}, "jars": ["a.jar"]}).to_arm(scope)["properties"][
        "entry"
    ] == {"sparkJobEntryType": "SparkJobScalaEntry", "className": "A"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"entry": {}}, "expected either file or class_name"),
        ({"entry": {"file": "a.py", "class_name": "A"}}, "expected either file or class_name"),
        ({"jars": ["a.jar", "a.jar"]}, "jars: expected each entry once"),
        ({"conf": {"driver_memory": "2 gigabytes"}}, "conf: expected a size such as 2g"),
    ],
)
def test_mistakes_are_told(change, told):
    with pytest.raises(Invalid, match=told):
        SparkJob.from_yaml({**JOB, **change})


def test_a_component_says_the_rest():
    component = {
        "type": "spark",
        "entry": {"file": "a.py"},
        "args": "--n ${{inputs.n}}",
        "inputs": {"n": {"type": "integer"}},
    }
    made = SparkJob.from_yaml({"type": "spark", "component": component, "inputs": {"n": 3}})
    assert (made.entry, made.component.entry.file) == (None, "a.py")
    assert SparkJob.from_yaml({"type": "spark", "component": "azureml:c:1"}).component == "azureml:c:1"
    with pytest.raises(Invalid, match=r"component\.args: .*names an unknown input"):
        SparkJob.from_yaml({"type": "spark", "component": {**component, "args": "${{inputs.m}}"}})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"entry": None}, "entry: required, but missing"),
        ({"args": "${{inputs.absent}}"}, "names an unknown input"),
        ({"entry": {"class_name": "org.X"}}, "needs the jar it is in"),
    ],
)
def test_what_would_fail_later_is_told(change, told):
    with pytest.raises(Invalid, match=told):
        SparkJob.from_yaml({**JOB, **change})
