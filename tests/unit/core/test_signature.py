from __future__ import annotations

import math
from typing import Any

import pytest

from zaffre.core import signature
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.signature import Port, Signature


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("string", 5, "5"),
        ("integer", "5", 5),
        ("integer", 5.0, 5),
        ("number", "0.5", 0.5),
        ("number", 1, 1.0),
        ("boolean", "True", True),
        ("boolean", "false", False),
        ("boolean", True, True),
        ("uri_file", "azureml:d:1", "azureml:d:1"),
    ],
)
def test_values_become_their_type(type_: str, given: Any, expected: Any) -> None:
    result = signature.coerce(Port(type_), given)
    assert (result, type(result)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("port", "given", "message"),
    [
        (Port("integer"), "x", 'expected a whole number, found the text "x"'),
        (Port("integer"), 1.5, "expected a whole number"),
        (Port("integer"), True, "expected a whole number, found true"),
        (Port("integer"), math.inf, "expected a whole number"),
        (Port("number"), "x", "expected a number"),
        (Port("boolean"), 1, "expected true or false"),
        (Port("string"), [1], "expected text, found a list"),
        (Port("integer", minimum=1), 0, "expected at least 1"),
        (Port("number", maximum=0.5), 0.6, "expected at most 0.5"),
        (Port("string", enum=("a", "b")), "c", "expected one of a, b"),
    ],
)
def test_values_that_do_not_fit(port: Port, given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        signature.coerce(port, given)


def test_fit_fills_defaults_and_names_every_problem() -> None:
    takes = Signature(
        {
            "a": Port("integer", default=3),
            "b": Port("number"),
            "c": Port("string", optional=True),
            "d": Port("uri_file"),
        }
    )
    values, wrong = signature.fit(takes, {"b": "x", "dd": "y"})
    assert values == {"a": 3}
    assert [str(problem) for problem in wrong] == [
        'inputs.dd: unknown input; did you mean "d"?'
        if "did you mean" in str(wrong[0])
        else "inputs.dd: unknown input",
        'inputs.b: expected a number, found the text "x"',
        "inputs.d: required uri_file input, but missing",
    ]


def test_a_jobs_own_inputs_make_its_signature() -> None:
    found = signature.of_job(
        {"data": JobInput(type="uri_file", path="x", mode="download"), "n": 3, "f": 0.1, "b": True, "s": "x"},
        {"out": JobOutput()},
    )
    assert {name: port.type for name, port in found.inputs.items()} == {
        "data": "uri_file", "n": "integer", "f": "number", "b": "boolean", "s": "string",
    }  # fmt: skip
    assert found.inputs["data"].mode == "download"
    assert found.outputs["out"].type == "uri_folder"
