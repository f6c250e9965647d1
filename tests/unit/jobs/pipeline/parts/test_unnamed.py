"""Steps that are written out, as the components that Azure's clients know them by."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.refs import Scope
from zaffre.core.registry import job_types
from zaffre.jobs.pipeline.parts import arm, unnamed

GIVEN: dict[str, Any] = {"rides": {"type": "mltable", "path": "azureml:d:1"}, "n": 3, "left": {"type": "number"}}
COMMAND = {"command": "cat ${{inputs.x}}", "environment": "azureml:e:1"}
STEPS: dict[str, dict[str, Any]] = {
    "cmd": {
        **COMMAND,
        "inputs": {
            "x": "${{parent.inputs.rides}}",
            "n": "${{parent.inputs.n}}",
            "maybe": "${{parent.inputs.not_given}}",
            "rate": 0.5,
            "on": True,
            "word": "w",
            "there": {"type": "uri_file", "path": "azureml:f:1"},
            "folder": {"path": "azureml:f:1"},
        },
        "outputs": {"out": {"type": "mlflow_model"}, "rest": "${{parent.outputs.rest}}"},
        "compute": "cpu",
        "retry": {"max_retries": 2},
        "resources": {"instance_count": "${{parent.inputs.n}}"},
        "environment_variables": {"A": "1"},
    },
    "many": {
        "type": "parallel",
        "task": {"type": "run_function", "entry_script": "s.py", "environment": "azureml:e:1"},
        "mini_batch_size": "2",
        "input_data": "${{inputs.d}}",
        "inputs": {"d": {"path": "${{parent.jobs.cmd.outputs.out}}", "mode": "download"}},
    },
    "wrangle": {"type": "spark", "entry": {"file": "e.py"}, "environment": "azureml:e:1", "conf": {"spark.x": 1}},
    "search": {
        "type": "sweep",
        "trial": {"command": "t ${{search_space.c}} ${{inputs.n}}", "environment": "azureml:e:1"},
        "inputs": {"n": "${{parent.inputs.n}}"},
        "search_space": {
            "c": {"type": "uniform", "min_value": 0, "max_value": 1},
            "kind": {"type": "choice", "values": ["a", "b"]},
        },
    },
    "nested": {
        "type": "pipeline",
        "component": {"name": "x", "inputs": {"n": {"type": "integer"}}, "jobs": {"leaf": dict(COMMAND)}},
    },
    "named": {"component": "azureml:train:1"},
    "named_trial": {"type": "sweep", "trial": "azureml:train:1"},
    "wait": {"type": "approval"},
    "auto": {"type": "automl", "task": "regression"},
}


def test_a_step_has_its_own_words_and_the_types_of_what_it_is_given() -> None:
    made = unnamed.components(STEPS, GIVEN)
    assert set(made) == {"cmd", "many", "wrangle", "search", "nested"}
    assert made["cmd"] == {
        "type": "command",
        **COMMAND,
        "environment_variables": {"A": "1"},
        "inputs": {
            "x": {"type": "mltable"},
            "n": {"type": "integer"},
            "maybe": {"type": "string", "optional": True},
            "rate": {"type": "number"},
            "on": {"type": "boolean"},
            "word": {"type": "string"},
            "there": {"type": "uri_file"},
            "folder": {"type": "uri_folder"},
        },
        "outputs": {"out": {"type": "mlflow_model"}, "rest": {"type": "uri_folder"}},
    }
    assert made["many"]["inputs"] == {"d": {"type": "mlflow_model"}}
    assert made["wrangle"]["entry"] == {"file": "e.py"}


def test_of_a_sweep_what_is_searched_for_are_inputs() -> None:
    assert unnamed.components(STEPS, GIVEN)["search"] == {
        "type": "command",
        "command": "t ${{inputs.c}} ${{inputs.n}}",
        "environment": "azureml:e:1",
        "inputs": {"n": {"type": "integer"}, "c": {"type": "number"}, "kind": {"type": "string"}},
    }


@pytest.mark.parametrize("step", ["cmd", "many", "wrangle", "search", "nested"])
def test_each_is_a_component_that_its_type_can_read(step: str) -> None:
    made = unnamed.components(STEPS, GIVEN)[step]
    assert job_types()[made["type"]].component_model().from_stored(made).to_stored()["type"] == made["type"]


def test_what_is_kept_is_all_that_the_ids_name() -> None:
    kept = {key.version for key, _ in unnamed.furnished("w", STEPS, GIVEN)}
    told = arm.steps_out(STEPS, Scope(), GIVEN)
    ids = [told[name]["componentId"] for name in ("cmd", "many", "wrangle", "nested")]
    ids.append(told["search"]["trial"]["componentId"])
    inner = arm.steps_out(STEPS["nested"]["component"]["jobs"], Scope(), STEPS["nested"]["component"]["inputs"])
    ids.append(inner["leaf"]["componentId"])
    assert kept == {id_.rpartition("/")[2] for id_ in ids}
    assert told["named"]["componentId"].endswith("/components/train/versions/1")
    assert not {"componentId", "trial"} & {*told["wait"], *told["auto"]}


def test_steps_that_differ_in_values_alone_are_of_one() -> None:
    steps = {name: {**COMMAND, "inputs": {"x": value}, "tags": {"t": name}} for name, value in (("a", 1), ("b", 2))}
    assert len(unnamed.furnished("w", steps, {})) == 1
    assert len(unnamed.furnished("w", {**steps, "c": {**COMMAND, "inputs": {"x": "word"}}}, {})) == 2
