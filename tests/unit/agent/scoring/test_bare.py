"""The short way to a scikit-learn estimator: the same answers, and everything that is not plain goes the long way."""

from __future__ import annotations

import json
import warnings

import numpy
import pytest
import sklearn
from sklearn.linear_model import LogisticRegression

from zaffre.agent.scoring.bare import Bare

COLUMNS = ["a", "b"]
MODEL = LogisticRegression().fit([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [4.0, 4.0]], [0, 1, 0, 1])


@pytest.fixture
def bare():
    made = Bare(MODEL.predict, COLUMNS)
    yield made
    made.leave()


def body(rows, **more):
    return json.dumps({"input_data": {"columns": COLUMNS, "index": [0], "data": rows, **more}}).encode()


def learnt(bare, raw):
    return bare.predict(json.loads(raw), raw)


def test_the_same_beginning_again_needs_the_rows_alone(bare):
    assert bare.again(body([[0.0, 0.0]])) is None
    assert learnt(bare, body([[0.0, 0.0]])) == [0]
    assert bare.again(body([[4.0, 4.0], [0, 0]])) == MODEL.predict(numpy.array([[4.0, 4.0], [0.0, 0.0]])).tolist()


@pytest.mark.parametrize(
    "raw",
    [
        body([[4.0, 4.0]]).replace(b"index", b"other"),
        body([[4.0, 4.0]])[:-1],
        body([[4.0, 4.0]])[:-2] + b', "columns": ["b", "a"]}}',
        body([[4.0, 4.0]])[:-2] + b'}, "params": {}}',
        body([["x", 4.0]]),
        body([[4.0]]),
        body([]),
        body([[float("nan"), 4.0]]),
        body([[1e999, 4.0]]),
    ],
)
def test_what_is_not_the_same_or_no_plain_rows_is_read_as_a_whole(bare, raw):
    assert learnt(bare, body([[0.0, 0.0]])) == [0]
    assert bare.again(raw) is None


@pytest.mark.parametrize("more", [{"zzz": 1}, {"zzz": {"data": [[1, 2]]}}])
def test_rows_that_are_not_the_last_thing_are_not_remembered(bare, more):
    raw = json.dumps({"input_data": {"data": [[0.0, 0.0]], "columns": COLUMNS, "index": [0]}}).encode()
    assert learnt(bare, raw) == [0]
    assert bare.again(raw) is None
    assert bare.predict({"input_data": {"columns": COLUMNS, "data": [[0.0, 0.0]], **more}}) is None


def test_finite_numbers_are_not_looked_at_twice_and_on_the_long_way_every_number_is(bare):
    assert learnt(bare, body([[0.0, 0.0]])) == [0]
    assert sklearn.get_config()["assume_finite"]
    bare.leave()
    assert not sklearn.get_config()["assume_finite"]
    with warnings.catch_warnings(), pytest.raises(ValueError, match="NaN"):
        warnings.simplefilter("ignore")
        MODEL.predict([[float("nan"), 0.0]])
