"""What a parallel job must say, and a component's defaults in ARM."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.jobs.parallel.spec import ParallelComponent, ParallelJob

TASK = {"type": "run_function", "code": "azureml:kept:1", "entry_script": "s.py", "environment": "azureml:e:1"}
NO_CODE = {"type": "model", "environment": "azureml:e:1"}
TABLE = {"type": "mltable", "path": "azureml:t:1", "mode": "direct"}
JOB = {
    "type": "parallel",
    "inputs": {
        "data": {"type": "uri_folder", "path": "azureml:d:1"},
        "table": TABLE,
        "word": "x",
        "weights": {"type": "custom_model", "path": "azureml:w:1"},
        "mlflow": {"type": "mlflow_model", "path": "azureml:m:1"},
    },
    "outputs": {"rows": {"type": "uri_file"}},
    "input_data": "${{inputs.data}}",
    "task": TASK,
}


def test_defaults_and_references():
    made = ParallelComponent.from_yaml({"type": "parallel", "name": "score", "task": TASK, "error_threshold": 5})
    spec = made.to_arm(Scope("s", "g", "w"))["properties"]["componentSpec"]
    assert (spec["logging_level"], spec["max_concurrency_per_instance"]) == ("INFO", 1)
    assert (spec["error_threshold"], spec["mini_batch_error_threshold"]) == (5, -1)
    assert spec["task"]["code"].startswith("azureml:/subscriptions/s/")
    assert spec["task"]["environment"].endswith("/environments/e/versions/1")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"mini_batch_size": "10kb"},
        {"mini_batch_size": 7},
        {"input_data": "${{ inputs.table }}", "mini_batch_size": "100 rows"},
        {"input_data": "${{inputs.table.path}}", "partition_keys": ["Store"]},
        {"error_threshold": -1, "mini_batch_error_threshold": "3", "max_concurrency_per_instance": 4},
        {"retry_settings": {"max_retries": 0, "timeout": 259200}},
        {"task": {**TASK, "program_arguments": "--a ${{inputs.word}} $[[--b ${{inputs.none}}]]"}},
        {"task": {**TASK, "append_row_to": "${{outputs.rows}}"}},
        {"task": {**TASK, "model": "${{inputs.weights}}"}},
        {"task": {**NO_CODE, "model": "${{inputs.mlflow}}"}},
        {"task": {**TASK, "type": "function", "append_row_to": "${{outputs.rows}}/all.csv"}},
        {"component": "azureml:score:1", "task": None, "input_data": None},
    ],
)
def test_what_is_taken_is_spelt_the_same_way_back(more):
    wanted = {key: value for key, value in {**JOB, **more}.items() if value is not None}
    made = ParallelJob.from_yaml(wanted)
    assert ParallelJob.from_yaml(made.to_yaml()) == made
    assert ParallelJob.from_stored(made.to_stored()) == made


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"task": None}, "task", "required, but missing"),
        ({"input_data": None}, "input_data", "required, but missing"),
        ({"input_data": "data"}, "input_data", "expected ${{inputs.NAME}}, found"),
        ({"input_data": "${{inputs.dat}}"}, "input_data", "there is no input 'dat'"),
        ({"input_data": "${{inputs.word}}"}, "inputs.word", "data is expected"),
        ({"inputs": {"data": {**TABLE, "type": "uri_folder"}}}, "inputs.data.mode", "expected ro_mount or download"),
        ({"task": {**TASK, "type": "model"}}, "task.model", "required, but missing"),
        ({"task": {**TASK, "model": "azureml:m:1"}}, "task.model", "expected ${{inputs.NAME}}"),
        ({"task": {**TASK, "model": "${{inputs.mode}}"}}, "task.model", "there is no input 'mode'"),
        ({"task": {**TASK, "model": "${{inputs.word}}"}}, "inputs.word", "a model is expected, found"),
        ({"task": {**TASK, "model": "${{inputs.table}}"}}, "inputs.table.mode", "a model is loaded by its path"),
        ({"task": {**NO_CODE, "model": "${{inputs.weights}}"}}, "inputs.weights.type", "only an MLflow model is run"),
        ({"task": {**TASK, "entry_script": None}}, "task.entry_script", "required, but missing"),
        ({"task": {**TASK, "code": None}}, "task.code", "required, but missing"),
        ({"task": {**TASK, "program_arguments": "${{inputs.x}}"}}, "task.program_arguments", "unknown input"),
        ({"task": {**TASK, "append_row_to": "${{outputs.row}}"}}, "task.append_row_to", "there is no output 'row'"),
        ({"task": {**TASK, "append_row_to": "rows.csv"}}, "task.append_row_to", "expected ${{outputs.NAME}}"),
        ({"task": {**TASK, "append_row_to": "${{outputs.rows}}/../x"}}, "task.append_row_to", "expected ${{outputs"),
        ({"mini_batch_size": "0"}, "mini_batch_size", "expected a number of files"),
        ({"mini_batch_size": "10x"}, "mini_batch_size", "expected a number of files"),
        ({"mini_batch_size": "5 rows"}, "mini_batch_size", "counts rows, and the input is files"),
        ({"partition_keys": []}, "partition_keys", "at least one"),
        ({"error_threshold": -2}, "error_threshold", "expected at least -1, found -2"),
        ({"mini_batch_error_threshold": "many"}, "mini_batch_error_threshold", "expected a whole number"),
        ({"max_concurrency_per_instance": 0}, "max_concurrency_per_instance", "expected at least 1"),
        ({"retry_settings": {"max_retries": -1}}, "retry_settings.max_retries", "expected at least 0"),
        ({"retry_settings": {"timeout": 0}}, "retry_settings.timeout", "expected 1 to 259200, found 0"),
    ],
)
def test_what_is_refused(more, field, said):
    wanted = {key: value for key, value in {**JOB, **more}.items() if value is not None}
    with pytest.raises(Invalid) as caught:
        ParallelJob.from_yaml(wanted)
    told = {one.field: one.message for one in caught.value.problems}
    assert said in told.get(field, ""), told


def test_a_component_written_out_is_checked_in_its_place():
    with pytest.raises(Invalid) as caught:
        ParallelJob.from_yaml(
            {"type": "parallel", "component": {"type": "parallel", "inputs": {"a b": {"type": "path"}}}}
        )
    assert caught.value.problems[0].field.startswith("component.inputs.a b")


def test_partition_keys_are_a_text_in_arm_and_a_list_here():
    scope = Scope("s", "g", "w")
    made = ParallelComponent.from_yaml(
        {"type": "parallel", "name": "score", "task": TASK, "partition_keys": ["Store", "Brand"]}
    )
    body = made.to_arm(scope)
    assert body["properties"]["componentSpec"]["partition_keys"] == '["Store", "Brand"]'
    read = ParallelComponent.from_arm({**body, "name": "score"}, scope=scope)
    assert read.partition_keys == ["Store", "Brand"]
    assert read.task is not None and read.task.code == "azureml:kept:1"
