from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.io import JobInput, JobInputs, JobOutput, JobOutputs
from zaffre.core.refs import Scope
from zaffre.core.wire import Spec

HERE = Scope("s", "g", "w")


class Holder(Spec):
    inputs: JobInputs | None = None
    outputs: JobOutputs | None = None


def test_scalars_are_literals_of_their_own_type_and_texts_in_arm() -> None:
    holder = Holder.from_yaml({"inputs": {"a": 1, "b": 0.1, "c": True, "d": "x", "e": {"value": 2}}})
    assert holder.inputs == {"a": 1, "b": 0.1, "c": True, "d": "x", "e": 2}
    assert holder.to_arm(HERE)["inputs"]["c"] == {"jobInputType": "literal", "value": "True"}
    assert holder.to_arm(HERE)["inputs"]["b"] == {"jobInputType": "literal", "value": "0.1"}


def test_registered_inputs_lie_in_the_collection_of_their_type() -> None:
    data = JobInput(type="uri_file", path="azureml:x:1").to_arm(HERE)
    model = JobInput(type="mlflow_model", path="azureml:x:1").to_arm(HERE)
    assert data["uri"] == f"{HERE.id}/data/x/versions/1"
    assert model["uri"] == f"{HERE.id}/models/x/versions/1"
    assert JobInput.arm_to_yaml(model, HERE) == {"type": "mlflow_model", "path": "azureml:x:1"}


def test_an_output_without_anything_is_a_folder() -> None:
    holder = Holder.from_yaml({"outputs": {"o": None}})
    assert holder.outputs == {"o": JobOutput(type="uri_folder")}


def test_mount_means_read_and_write() -> None:
    holder = Holder.from_yaml({"outputs": {"o": {"mode": "MOUNT", "name": "n", "version": 2}}})
    body = holder.to_arm(HERE)["outputs"]["o"]
    expected = {"jobOutputType": "uri_folder", "mode": "ReadWriteMount", "assetName": "n", "assetVersion": "2"}
    assert body == expected
    assert Holder.from_arm(holder.to_arm(HERE), scope=HERE) == holder


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "inputs.x: expected true or false or a whole number or a number or text, found nothing"),
        ({"pathh": "y"}, 'inputs.x.pathh: unknown field; did you mean "path"?'),
        ({"path": "y", "type": "uri_fil"}, 'inputs.x.type: expected "uri_file"'),
        ({"path": "y", "mode": "rw_mount"}, "inputs.x.mode: expected"),
        ({"path": "y", "type": "uri_file", "mode": "eval_mount"}, "inputs.x: the mode eval_mount is for type mltable"),
    ],
)
def test_wrong_inputs(value: object, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        Holder.from_yaml({"inputs": {"x": value}})
    assert message in str(caught.value)
    assert len(caught.value.problems) == 1
