"""A pipeline's steps in ARM's spelling and back."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.refs import Scope
from zaffre.jobs.pipeline.parts import arm
from zaffre.jobs.pipeline.spec import PipelineComponent, PipelineJob

HERE = Scope()
STEPS: dict[str, dict[str, Any]] = {
    "a": {
        "type": "command",
        "component": "azureml:train:1",
        "compute": "azureml:cpu",
        "inputs": {
            "bound": {"path": "${{parent.inputs.raw}}", "mode": "download"},
            "said": "${{parent.inputs.n}}",
            "data": {"type": "uri_file", "path": "azureml:d:2", "mode": "ro_mount"},
            "model": {"type": "mlflow_model", "path": "azureml:m:2"},
            "text": "x",
        },
        "outputs": {
            "out": {"path": "${{parent.outputs.fin}}", "mode": "upload", "name": "kept"},
            "kept": {
                "type": "uri_file",
                "path": "azureml://datastores/s/paths/x.txt",
                "mode": "rw_mount",
                "version": "2",
            },
        },
        "resources": {"instance_count": 2, "instance_type": "big", "shm_size": "2g", "properties": {"A_b": {"Cd": 1}}},
        "distribution": {"type": "pytorch", "process_count_per_instance": 2},
        "limits": {"timeout": 3600},
        "identity": {"type": "user_identity"},
        "queue_settings": {"job_tier": "spot", "priority": "low"},
        "services": {"j": {"type": "jupyter_lab"}},
        "environment_variables": {"A": "1"},
        "display_name": "Aye",
        "tags": {"t": "u"},
    },
    "s": {
        "type": "sweep",
        "trial": "azureml:train:1",
        "inputs": {"d": "${{parent.jobs.a.outputs.out}}"},
        "sampling_algorithm": "random",
        "search_space": {"c": {"type": "uniform", "min_value": 0.5, "max_value": 0.9}},
        "objective": {"goal": "minimize", "primary_metric": "loss"},
        "early_termination": {"type": "median_stopping", "evaluation_interval": 2},
        "limits": {"max_total_trials": 5, "timeout": 7200},
    },
    "p": {
        "type": "parallel",
        "component": "azureml:many:1",
        "task": {"type": "run_function", "code": "azureml:c:1", "entry_script": "s.py", "environment": "azureml:e:1"},
        "partition_keys": ["a", "b"],
        "retry_settings": {"max_retries": 2, "timeout": 60},
    },
    "k": {
        "type": "spark",
        "component": "azureml:spark:1",
        "entry": {"file": "e.py"},
        "resources": {"instance_type": "big", "runtime_version": "3.4"},
        "identity": {"type": "managed"},
    },
    "sub": {"type": "pipeline", "component": "azureml://registries/r/components/whole/versions/3"},
    "many": {
        "type": "parallel_for",
        "body": "${{parent.jobs.sub}}",
        "items": [{"x": 1, "d": {"type": "uri_file", "path": "azureml:d:2"}}],
        "max_concurrency": 2,
    },
    "branch": {"type": "if_else", "condition": "${{parent.inputs.n}}", "true_block": "${{parent.jobs.k}}"},
}


def test_steps_come_back_as_they_were_written() -> None:
    told = arm.steps_out(STEPS, HERE)
    back = arm.steps_back(told, HERE)
    assert back["a"]["inputs"].pop("text") == "x"
    wanted = {name: {key: value for key, value in step.items()} for name, step in STEPS.items()}
    wanted["a"] = {**wanted["a"], "inputs": {key: each for key, each in wanted["a"]["inputs"].items() if key != "text"}}
    assert back == wanted


def test_they_are_spelt_as_the_official_client_spells_them() -> None:
    a = arm.steps_out(STEPS, HERE)["a"]
    assert a["componentId"] == f"{HERE.id}/components/train/versions/1"
    assert a["computeId"] == f"{HERE.id}/computes/cpu"
    assert a["inputs"]["bound"] == {
        "job_input_type": "literal",
        "value": "${{parent.inputs.raw}}",
        "mode": "Download",
    }
    assert a["inputs"]["data"] == {
        "job_input_type": "uri_file",
        "uri": f"{HERE.id}/data/d/versions/2",
        "mode": "ReadOnlyMount",
    }
    assert a["outputs"]["out"] == {
        "type": "literal",
        "value": "${{parent.outputs.fin}}",
        "name": "kept",
        "mode": "Upload",
    }
    assert a["limits"] == {"timeout": "PT1H", "job_limits_type": "Command"}
    assert a["distribution"] == {"distribution_type": "PyTorch", "process_count_per_instance": 2}
    assert a["resources"]["properties"] == {"A_b": {"Cd": 1}}
    assert a["identity"] == {"identity_type": "UserIdentity"}
    assert a["queue_settings"] == {"job_tier": "Spot", "priority": 1}
    assert a["services"] == {"j": {"job_service_type": "JupyterLab"}}


def test_an_expression_where_a_number_stands_is_left_as_it_is() -> None:
    steps = {"a": {"component": "azureml:t:1", "resources": {"instance_count": "${{parent.inputs.n}}"}}}
    told = arm.steps_out(steps, HERE)["a"]
    assert told["resources"] == {"instance_count": "${{parent.inputs.n}}"}
    assert arm.steps_back({"a": told}, HERE)["a"]["resources"] == steps["a"]["resources"]


def test_empty_texts_which_the_client_does_not_send_are_there_again() -> None:
    steps = {
        "a": {"component": "azureml:t:1", "inputs": {"x": "${{parent.inputs.empty}}", "n": "${{parent.inputs.n}}"}}
    }
    body = {"properties": {"jobType": "Pipeline", "inputs": {}, "jobs": arm.steps_out(steps, HERE)}}
    body["properties"]["inputs"] = {"n": {"jobInputType": "literal", "value": "3"}}
    read = PipelineJob.from_arm(body, scope=HERE)
    assert read.to_stored()["inputs"] == {"n": "3", "empty": ""}


def test_a_bound_table_has_its_type_again() -> None:
    """The client leaves the type of a bound input out, and its mode in."""
    said = {"type": "mltable", "path": "${{parent.jobs.p.outputs.t}}", "mode": "eval_mount"}
    told = arm.steps_out({"a": {"type": "parallel", "component": "azureml:p:1", "inputs": {"t": said}}}, HERE)
    assert told["a"]["inputs"]["t"] == {
        "job_input_type": "literal",
        "value": "${{parent.jobs.p.outputs.t}}",
        "mode": "EvalMount",
    }
    assert arm.steps_back(told, HERE)["a"]["inputs"]["t"] == said


@pytest.mark.parametrize("size", [0, "0"])
def test_no_size_of_mini_batches_is_said_as_nothing(size: Any) -> None:
    """What the client sends for a step that has partition keys."""
    step = {"type": "parallel", "componentId": "azureml:p:1", "partition_keys": '["k"]', "mini_batch_size": size}
    assert arm.steps_back({"a": step}, HERE)["a"] == {
        "type": "parallel",
        "component": "azureml:p:1",
        "partition_keys": ["k"],
    }


def test_a_step_written_out_has_an_id_of_its_content() -> None:
    one = arm.steps_out({"a": {"command": "x", "environment": "azureml:e:1", "inputs": {"n": 1}}}, HERE)["a"]
    two = arm.steps_out({"b": {"command": "x", "environment": "azureml:e:1", "inputs": {"n": 2}}}, HERE)["b"]
    assert one["componentId"] == two["componentId"]
    assert "/components/azureml_anonymous/versions/" in one["componentId"]


@pytest.mark.parametrize("model", [PipelineJob, PipelineComponent])
def test_whole_documents_come_back(model: type[Any]) -> None:
    document = {
        "type": "pipeline",
        "name": "whole",
        "inputs": {"raw": {"type": "uri_folder"}, "n": {"type": "integer"}},
        "outputs": {"fin": {"type": "uri_folder"}},
        "jobs": STEPS,
    }
    if model is PipelineJob:
        document |= {
            "inputs": {"raw": {"type": "uri_folder", "path": "azureml:d:1"}, "n": "3"},
            "settings": {"default_compute": "azureml:cpu", "continue_on_step_failure": True, "force_rerun": True},
            "limits": {"timeout": 90},
            "properties": {"mine": "kept"},
        }
    made = model.from_yaml(document)
    body = made.to_arm(HERE)
    if model is PipelineJob:
        assert body["properties"]["settings"]["default_compute"] == f"{HERE.id}/computes/cpu"
        assert body["properties"]["settings"]["_source"] == "YAML.JOB"
    back = model.from_arm({**body, "name": "whole"}, scope=HERE, lenient=model is PipelineComponent)
    assert back.to_yaml()["jobs"] == made.to_yaml()["jobs"]
    assert {**back.to_yaml(), "name": None} == {**made.to_yaml(), "name": None}
