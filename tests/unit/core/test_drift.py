"""How far predictions lie apart: nothing for two samples of the same, much for others."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core import drift


def answers(values):
    return [json.dumps(one).encode() for one in values]


@pytest.mark.parametrize("count", [30, 200, 1000])
def test_two_samples_of_the_same_are_hardly_ever_called_different(count):
    chance = random.Random(count)
    wrong = 0
    for _ in range(100):
        one = answers([[chance.gauss(0, 1)] for _ in range(count)])
        other = answers([[chance.gauss(0, 1)] for _ in range(count)])
        wrong += drift.between(one, other).distance > 0.1
    assert wrong <= 5


def test_labels_that_shift_are_seen():
    one = answers(["cat"] * 70 + ["dog"] * 30)
    other = answers(["cat"] * 20 + ["dog"] * 80)
    assert drift.between(one, other).distance > 0.3
    assert drift.between(one, one).distance == 0


def test_numbers_that_move_are_seen_and_the_field_is_named():
    chance = random.Random(1)
    one = answers([{"label": "a", "p": [chance.random()]} for _ in range(200)])
    other = answers([{"label": "a", "p": [chance.random() * 0.3]} for _ in range(200)])
    found = drift.between(one, other)
    assert found.field == "p[]"
    assert found.distance > 0.5
    assert found.counts == (200, 200)


def test_a_field_that_is_missing_is_as_far_as_can_be():
    assert drift.between(answers([{"a": 1}]), answers([{"b": 1}])).distance == 1.0


def test_what_is_no_json_is_compared_as_text_and_nothing_as_nothing():
    assert drift.between([b"yes"] * 50, [b"no"] * 50).distance > 0.9
    assert drift.between([], []) is None


leaves = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner), max_leaves=8
)


@given(st.lists(documents, max_size=5), st.lists(documents, max_size=5))
def test_any_answers_give_a_distance_between_nothing_and_one(one, other):
    found = drift.between(answers(one), answers(other))
    assert found is None or 0.0 <= found.distance <= 1.0
