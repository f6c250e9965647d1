"""A signature says which value is wrong, whatever the payload's shape, and describes itself."""

import pytest
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema

from zaffre.agent.scoring import signature

INPUTS = Schema([ColSpec("double", "a"), ColSpec("long", "b"), ColSpec("string", "c"), ColSpec("boolean", "d")])
GOOD = [1.5, 2, "x", True]
NAMES = ["a", "b", "c", "d"]


def _bad(**changed):
    return {**dict(zip(NAMES, GOOD, strict=True)), **changed}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dataframe_split", {"columns": NAMES, "data": [GOOD, ["word", 2, "x", True]]}),
        ("input_data", {"columns": NAMES, "data": [GOOD, ["word", 2, "x", True]]}),
        ("input_data", [GOOD, ["word", 2, "x", True]]),
        ("dataframe_records", [_bad(), _bad(a="word")]),
        ("inputs", {"a": [1, "word"], "b": [1, 1]}),
    ],
)
def test_every_shape_names_column_row_and_what_was_found(key, value):
    said = signature.mistakes(INPUTS, key, value)
    assert said == "The input does not fit the model's signature: column a, row 1: expected double, found text 'word'."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"b": 1.5}, "column b, row 0: expected long, found number 1.5"),
        ({"c": 3}, "column c, row 0: expected string, found number 3"),
        ({"d": 1}, "column d, row 0: expected boolean, found number 1"),
        ({"a": [1]}, "column a, row 0: expected double, found a list"),
        ({"a": True}, "column a, row 0: expected double, found true or false"),
    ],
)
def test_each_sort_of_column(changed, said):
    assert said in signature.mistakes(INPUTS, "dataframe_records", [_bad(**changed)])


def test_what_fits_or_is_missing_is_no_mistake():
    assert signature.mistakes(INPUTS, "dataframe_records", [_bad(a=None), _bad(b=2.0)]) == ""
    assert signature.mistakes(None, "inputs", [[1]]) == ""


def test_many_mistakes_are_told_in_part():
    rows = [["x", 2, "x", True]] * 100
    assert signature.mistakes(INPUTS, "input_data", rows).count("column a") == signature.MOST_TOLD


def test_columns_parameters_and_an_example_are_described():
    params = ParamSchema([ParamSpec("temperature", "double", 0.5)])
    told = signature.describe(ModelSignature(INPUTS).inputs, Schema([ColSpec("long")]), params)
    table = told.input["properties"]["input_data"]["properties"]
    assert table["columns"]["items"]["enum"] == NAMES
    assert (table["data"]["items"]["minItems"], table["data"]["items"]["maxItems"]) == (4, 4)
    assert told.input["example"]["input_data"]["data"] == [[0.0, 0, "text", False]]
    assert told.input["properties"]["params"]["properties"]["temperature"]["default"] == 0.5
    assert told.output["items"] == {"type": "integer", "format": "int64"}
