"""The job that an invocation is: read by the job's own model, with the deployment's settings and what was asked instead."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.registry import kinds
from zaffre.kinds.batch.parts import invocation
from zaffre.kinds.batch.parts.invocation import Whose
from zaffre.kinds.batch.spec import BatchDeployment, Invocation

WHOSE = Whose("e", "d", "job-1")
DATA = {"data": {"type": "uri_folder", "path": "azureml:x:1"}}
ENVIRONMENT = "azureml:env:1"


def deployment(**more: Any) -> BatchDeployment:
    said = {
        "name": "d", "endpoint_name": "e", "type": "model", "model": "azureml:m:1", "compute": "azureml:c",
        "code_configuration": {"code": "azureml:code:1", "scoring_script": "s.py"}, "environment": ENVIRONMENT,
    }  # fmt: skip
    return BatchDeployment.from_yaml({key: value for key, value in {**said, **more}.items() if value is not None})


def job(spec: BatchDeployment | None = None, type_: str = "custom_model", **asked: Any) -> dict[str, Any]:
    what = Invocation.from_yaml({"inputs": DATA, **asked})
    made = invocation.of_model(spec or deployment(), ENVIRONMENT, type_, what, WHOSE)
    kinds()["job"].model().from_yaml(made)
    return made


def step(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = job(**more)["jobs"]["batchscoring"]
    return found


def test_azure_s_defaults() -> None:
    found = step()
    assert (found["mini_batch_size"], found["retry_settings"], found["error_threshold"]) == (
        "10", {"max_retries": 3, "timeout": 30}, -1,
    )  # fmt: skip
    assert found["task"]["append_row_to"] == "${{outputs.score}}/predictions.csv"
    assert found["inputs"]["model"] == {"type": "custom_model", "path": "azureml:m:1"}
    whole = job()
    assert (whole["experiment_name"], whole["tags"]["azureml.batchrun"]) == ("e", "true")
    assert whole["properties"] == {"zaffre.batch_endpoint": "e", "zaffre.batch_deployment": "d"}


def test_what_is_asked_holds_before_what_is_deployed() -> None:
    spec = deployment(settings={"mini_batch_size": 5, "output_file_name": "a.csv", "error_threshold": 1})
    asked = {"mini_batch_size": 7, "output_file_name": "b.csv", "instance_count": 3, "experiment_name": "x"}
    found = step(spec=spec, **asked)
    assert (found["mini_batch_size"], found["error_threshold"]) == ("7", 1)
    assert found["resources"]["instance_count"] == 3
    assert found["task"]["append_row_to"].endswith("/b.csv")


def test_a_script_that_keeps_its_results_and_a_result_that_is_one_file() -> None:
    assert "append_row_to" not in step(output_action="summary_only")["task"]
    place = "azureml://datastores/b/paths/x.csv"
    whole = job(outputs={"anything": {"type": "uri_file", "path": place}})
    assert whole["outputs"] == {"score": {"type": "uri_file", "path": place}}
    assert whole["jobs"]["batchscoring"]["task"]["append_row_to"] == "${{outputs.score}}"


def test_a_table_is_cut_by_rows() -> None:
    table = {"t": {"type": "mltable", "path": "azureml:t:1"}}
    assert "mini_batch_size" not in step(inputs=table)
    assert step(inputs=table, mini_batch_size=50)["mini_batch_size"] == "50 rows"


def test_an_mlflow_model_needs_no_script() -> None:
    found = step(spec=deployment(code_configuration=None, environment=None), type_="mlflow_model")
    assert found["task"]["type"] == "model"
    assert "entry_script" not in found["task"]


def test_data_called_model_does_not_meet_the_model() -> None:
    found = step(inputs={"model": DATA["data"]})
    assert found["input_data"] == "${{inputs.data}}"
    assert found["inputs"]["model"]["path"] == "azureml:m:1"


@pytest.mark.parametrize(
    ("inputs", "field"),
    [({}, "inputs"), ({**DATA, "b": DATA["data"]}, "inputs"), ({"n": 3}, "inputs.n"),
     ({"m": {"type": "custom_model", "path": "azureml:m:1"}}, "inputs.m.type")],
)  # fmt: skip
def test_one_input_and_data(inputs: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        job(inputs=inputs)
    assert [one.field for one in caught.value.problems] == [field]


def test_a_pipeline_gets_data_and_values() -> None:
    said = {
        "name": "d",
        "endpoint_name": "e",
        "type": "pipeline",
        "component": "azureml:p:1",
        "settings": {"default_compute": "c"},
    }
    spec = BatchDeployment.from_yaml(said)
    inputs = {**DATA, "n": {"type": "integer", "default": 3}, "word": "w"}
    made = invocation.of_pipeline(spec, Invocation.from_yaml({"inputs": inputs}), WHOSE)
    kinds()["job"].model().from_yaml(made)
    assert made["inputs"] == {**DATA, "n": 3, "word": "w"}
    assert (made["component"], made["compute"]) == ("azureml:p:1", "azureml:c")
    with pytest.raises(Invalid) as caught:
        invocation.of_pipeline(spec, Invocation.from_yaml({"mini_batch_size": 3}), WHOSE)
    assert caught.value.problems[0].field == "mini_batch_size"
