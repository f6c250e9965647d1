"""Steps in the words of Azure's client, back in those of a document."""

import pytest

from zaffre.core.refs import Scope
from zaffre.jobs.pipeline.parts.arm_steps import from_arm

SCOPE = Scope()
ID = f"{SCOPE.id}/components/azureml_anonymous/versions/abc"
STEP = {
    "name": "a",
    "type": "command",
    "_source": "YAML.COMPONENT",
    "componentId": ID,
    "computeId": f"{SCOPE.id}/computes/cpu",
    "comment": None,
}


def step(**more):
    return from_arm({"a": {**STEP, **more}}, SCOPE)["a"]


def test_ids_are_references_and_the_client_s_own_marks_go():
    assert step() == {"type": "command", "component": "azureml:azureml_anonymous:abc", "compute": "azureml:cpu"}
    assert step(componentId=None, component=f"azureml:{ID}")["component"] == "azureml:azureml_anonymous:abc"
    assert step(type="sweep", trial={"componentId": ID})["trial"] == "azureml:azureml_anonymous:abc"


@pytest.mark.parametrize(("said", "expected"), [
    ({"job_input_type": "literal", "value": "${{parent.inputs.x}}"}, "${{parent.inputs.x}}"),
    ({"type": "literal", "value": "3"}, "3"),
    ({"job_input_type": "literal", "value": "${{parent.inputs.x}}", "mode": "Direct"},
     {"path": "${{parent.inputs.x}}", "mode": "direct"}),
    ({"job_input_type": "uri_file", "uri": "azureml://datastores/d/paths/x", "mode": "Download"},
     {"type": "uri_file", "path": "azureml://datastores/d/paths/x", "mode": "download"}),
    ({"job_input_type": "uri_folder", "uri": f"{SCOPE.id}/data/d/versions/2"}, {"type": "uri_folder", "path": "azureml:d:2"}),
    ("as it is", "as it is"), ({"type": "uri_file", "path": "x"}, {"type": "uri_file", "path": "x"}),
])  # fmt: skip
def test_inputs(said, expected):
    assert step(inputs={"x": said, "none": None})["inputs"] == {"x": expected}


def test_outputs():
    said = {
        "bound": {"type": "literal", "value": "${{parent.outputs.o}}"},
        "own": {"job_output_type": "uri_folder", "mode": "Upload"},
    }
    assert step(outputs=said)["outputs"] == {
        "bound": "${{parent.outputs.o}}",
        "own": {"type": "uri_folder", "mode": "upload"},
    }


def test_what_is_no_step_stays_for_whoever_checks_it():
    assert from_arm({"a": 5}, None) == {"a": 5}
