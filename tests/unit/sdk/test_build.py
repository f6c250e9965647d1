"""``Input`` and ``command()`` as azure.ai.ml has them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from zaffre import Input, command


def test_an_input_with_the_type_of_a_literal_is_its_default():
    made = command(
        command="echo ${{inputs.n}}",
        environment="azureml:e:1",
        inputs={"n": Input(type="number", default=0.5), "d": Input(type="uri_file", path="azureml:a:1")},
    )
    assert made.inputs["n"] == 0.5
    assert isinstance(made.inputs["d"], Input)
    assert made.to_yaml()["inputs"] == {"n": 0.5, "d": {"type": "uri_file", "path": "azureml:a:1"}}


def test_a_literal_has_no_path_and_a_type_that_there_is():
    with pytest.raises(ValidationError, match="a string has no path"):
        Input(type="string", path="x")
    with pytest.raises(ValidationError, match="'number', 'integer' or 'boolean'"):
        Input(type="strin", default="x")
