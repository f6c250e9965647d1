"""What the first SDK's log calls mean."""

import json
import math

import numpy as np
import pytest

from zaffre.inside import charts


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (True, 1.0),
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (np.array(2), 2.0),
        ("1", None),
        (None, None),
        ([1], None),
        (object(), None),
    ],
)
def test_numbers(value, expected):
    assert charts.number(value) == expected


def test_points_keep_their_place():
    assert charts.points("m", [1, "x", 3], 5) == [
        {"key": "m", "value": 1.0, "step": 5},
        {"key": "m", "value": 3.0, "step": 7},
    ]
    assert charts.row_points("r", {"a": 1, "b": "x"}, 2) == [{"key": "r/a", "value": 1.0, "step": 2}]


def test_tables_of_columns_of_different_length():
    told = json.loads(charts.table({"a": np.array([1, 2]), "b": "x", "c": ()}))
    assert told == {"columns": ["a", "b", "c"], "data": [[1, "x", None], [2, None, None]]}


def test_documents_hold_whatever_scalars():
    assert json.loads(charts.document({"a": np.int64(3), "b": np.array([1.5])})) == {"a": 3, "b": [1.5]}
    assert math.isnan(json.loads(charts.document({"x": float("nan")}))["x"])
