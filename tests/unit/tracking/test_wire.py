"""Request fields without protobuf: what is taken for what, and MLflow's sentences for the rest."""

import math

import pytest

from zaffre.tracking import wire
from zaffre.tracking.errors import Refusal

FIELDS = {
    "run_id": wire.REQUIRED,
    "start_time": wire.INT,
    "value": wire.DOUBLE,
    "on": wire.BOOL,
    "names": wire.STRINGS,
    "items": wire.OBJECTS,
}


def test_takes_what_protobuf_takes():
    raw = {"run_id": "r", "startTime": "17", "value": "NaN", "on": "TRUE", "names": ["a"], "items": [{}], "unknown": 1}
    body = wire.read(FIELDS, raw)
    assert math.isnan(body.pop("value"))
    assert body == {"run_id": "r", "start_time": 17, "on": True, "names": ["a"], "items": [{}]}


def test_run_uuid_is_run_id_and_null_is_absent():
    assert wire.read(FIELDS, {"run_uuid": "r", "value": None}) == {"run_id": "r"}


@pytest.mark.parametrize("value", [31, True, [], {}, "a\x00b"])
def test_a_string_must_be_one(value):
    with pytest.raises(Refusal, match="for parameter 'run_id' supplied"):
        wire.read(FIELDS, {"run_id": value})


@pytest.mark.parametrize("value", ["x", 1.5, True, 2**63, -(2**63) - 1, "9" * 25, []])
def test_an_integer_must_fit(value):
    with pytest.raises(Refusal, match="for parameter 'start_time' supplied"):
        wire.read(FIELDS, {"run_id": "r", "start_time": value})


@pytest.mark.parametrize("given", [{}, {"run_id": ""}, {"run_id": None}])
def test_what_is_required_is_named(given):
    with pytest.raises(Refusal, match="Missing value for required parameter 'run_id'"):
        wire.read(FIELDS, given)


@pytest.mark.parametrize("value", [1.0, 0.1, -0.0, 1e300])
def test_a_double_is_written_as_itself(value):
    assert wire.double(value) == value


def test_doubles_that_json_lacks_are_words():
    assert [wire.double(v) for v in (math.nan, math.inf, -math.inf)] == ["NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize(
    "token", ["%%%", "bm90IGpzb24=", "W10=", "e30=", "eyJvZmZzZXQiOiAiYSJ9", "eyJvZmZzZXQiOiAtNX0="]
)
def test_a_foreign_page_token_is_refused(token):
    with pytest.raises(Refusal, match="Invalid page token"):
        wire.offset_of(token)


def test_a_page_token_comes_back():
    assert wire.offset_of(wire.page_token({"offset": 40})) == 40
    assert wire.paged([1, 2, 3], 2, 0)[0] == [1, 2]
    assert wire.paged([1, 2], 2, 0) == ([1, 2], None)
