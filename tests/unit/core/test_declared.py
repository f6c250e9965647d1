"""Components: declared inputs and outputs, and the one mapping that they are in ARM."""

from __future__ import annotations

import pytest

from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.jobs.command.spec import CommandComponent

HERE = Scope("s", "g", "w")
WS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
WRITTEN = {
    "name": "train",
    "version": "1",
    "command": "train ${{inputs.rate}} $[[--seed ${{inputs.seed}}]] ${{outputs.model}}",
    "environment": "azureml:forest:2",
    "code": "azureml:kept:1",
    "inputs": {
        "rate": {"type": "number", "default": 0.5, "min": 0, "max": 1},
        "deep": {"type": "boolean", "default": True},
        "seed": {"type": "integer", "optional": True},
        "way": {"type": "string", "enum": ["a", "b"], "default": "a"},
    },
    "outputs": {"model": {"type": "uri_folder"}},
}


def component(**changes):
    return CommandComponent.from_yaml({**WRITTEN, **changes})


def test_arm_has_the_yaml_with_ids_and_texts():
    spec = component().to_arm(HERE)["properties"]["componentSpec"]
    assert spec["environment"] == f"azureml:{WS}/environments/forest/versions/2"
    assert spec["code"] == f"azureml:{WS}/codes/kept/versions/1"
    assert spec["inputs"]["rate"] == {"type": "number", "default": "0.5", "min": "0.0", "max": "1.0"}
    assert spec["inputs"]["deep"]["default"] == "True"
    assert spec["is_deterministic"] is True
    assert spec["_source"] == "YAML.COMPONENT"


def test_it_comes_back_as_it_was_written():
    made = component()
    body = made.to_arm(HERE) | {"name": "1", "id": f"{WS}/components/train/versions/1"}
    assert CommandComponent.from_arm(body, scope=HERE) == made


def test_what_a_server_or_client_adds_is_left_out_again():
    body = component().to_arm(HERE)
    body["properties"]["componentSpec"] |= {"$schema": "x", "_source": "CLASS"}
    body["properties"]["properties"] = {"client_component_hash": "h", "team": "a"}
    again = CommandComponent.from_arm({**body, "name": "train", "version": "1"}, scope=HERE)
    assert again.properties == {"team": "a"}
    assert CommandComponent.from_arm({"name": "train", "version": "1", **component().to_arm(HERE)}).properties is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: Train", "name: expected 1 to 255 lower-case"),
        ("inputs: {rate: {type: float}}", "inputs.rate.type: expected"),
        ("inputs: {rate: {type: integer, default: many}}", "inputs.rate.default: expected a whole number"),
        ("inputs: {rate: {type: integer, default: 9, max: 5}}", "inputs.rate.default: expected at most 5"),
        ("inputs: {way: {type: string, enum: [a], default: b}}", "inputs.way.default: expected one of a"),
        ("inputs: {x: {type: string}, X: {type: string}}", "inputs.X: differs from 'x' in case alone"),
        ("inputs: {a-b: {type: string}}", "inputs.a-b: expected letters"),
        ("outputs: {o: {typ: uri_file}}", 'outputs.o.typ: unknown field; did you mean "type"'),
        ("command: echo ${{inputs.nope}}", "command: .*names an unknown input"),
    ],
)
def test_mistakes_are_named_with_their_place(text, told):
    lines = [text, "command: echo hello"] if not text.startswith("command") else [text]
    read = document.load("\n".join([*lines, "environment: azureml:e:1"]), file="c.yml")
    with pytest.raises(Invalid, match=told) as caught:
        CommandComponent.from_yaml(read)
    assert all(problem.line == 1 for problem in caught.value.problems)


def test_a_signature_says_what_may_be_given():
    ports = component().signature().inputs
    assert ports["rate"].minimum == 0
    assert ports["rate"].maximum == 1
    assert ports["seed"].optional
    assert ports["way"].enum == ("a", "b")


def test_short_names_of_old_curated_environments_stay():
    spec = component(environment="azureml:AzureML-AutoML@prod").to_arm(HERE)["properties"]["componentSpec"]
    assert spec["environment"] == "azureml:AzureML-AutoML@prod"
