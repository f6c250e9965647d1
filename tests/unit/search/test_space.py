"""Azure's ten distributions, and what is recorded of them."""

from __future__ import annotations

import json
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core.sweeping import read_sampler, read_space
from zaffre.search.drawing import by_chance, grid, grid_size
from zaffre.search.space import assemble, at_quantile, bounds, dimensions, stepped, taken
from zaffre.search.trial import Search


def space(type_, **arguments):
    return read_space({"type": type_, **arguments})


def many(one, count=4000, base=math.e):
    chance = random.Random(5)
    return [at_quantile(one, chance.random(), base) for _ in range(count)]


def test_uniform_and_its_logarithm():
    even = many(space("uniform", min_value=2, max_value=6))
    assert min(even) >= 2
    assert max(even) <= 6
    assert statistics.fmean(even) == pytest.approx(4, abs=0.1)
    logged = many(space("loguniform", min_value=-7, max_value=0))
    assert math.exp(-7) <= min(logged) <= max(logged) <= 1
    assert statistics.fmean(map(math.log, logged)) == pytest.approx(-3.5, abs=0.15)
    tens = many(space("loguniform", min_value=-3, max_value=0), base=10.0)
    assert 0.001 <= min(tens) < 0.002


def test_q_forms_are_round_of_x_by_q_times_q():
    quarter = many(space("quniform", min_value=0, max_value=1, q=0.25))
    assert set(quarter) == {0.0, 0.25, 0.5, 0.75, 1.0}
    assert quarter.count(0.5) > 1.7 * quarter.count(1.0)  # the ends have half a step each
    whole = many(space("quniform", min_value=16, max_value=64, q=16))
    assert set(whole) == {16, 32, 48, 64}
    assert all(type(value) is int for value in whole)
    assert set(many(space("qloguniform", min_value=0, max_value=2, q=2))) == {2, 4, 6, 8}
    assert {value % 5 for value in many(space("qnormal", mu=3, sigma=10, q=5))} == {0}
    assert min(many(space("qlognormal", mu=1, sigma=1, q=1))) >= 0
    assert stepped(0.31, 0.1) == 0.3


def test_normal_and_its_logarithm():
    bell = many(space("normal", mu=3, sigma=2))
    assert statistics.fmean(bell) == pytest.approx(3, abs=0.15)
    assert statistics.stdev(bell) == pytest.approx(2, abs=0.15)
    logged = many(space("lognormal", mu=1, sigma=0.5))
    assert statistics.fmean(map(math.log, logged)) == pytest.approx(1, abs=0.05)


def test_whole_numbers_and_choices():
    assert set(many(space("randint", upper=4))) == {0, 1, 2, 3}
    assert set(many(space("choice", values=["a", "b"]))) == {0, 1}


NUMBERS = st.floats(-5, 5)
STEPS = st.sampled_from([1, 2, 0.1, 0.25, 3.5])
SPACES = st.one_of(
    st.builds(lambda a, b: space("uniform", min_value=min(a, b), max_value=max(a, b)), NUMBERS, NUMBERS),
    st.builds(lambda a, b: space("loguniform", min_value=min(a, b), max_value=max(a, b)), NUMBERS, NUMBERS),
    st.builds(
        lambda a, b, q: space("quniform", min_value=min(a, b), max_value=max(a, b), q=q), NUMBERS, NUMBERS, STEPS
    ),
    st.builds(
        lambda a, b, q: space("qloguniform", min_value=min(a, b), max_value=max(a, b), q=q), NUMBERS, NUMBERS, STEPS
    ),
    st.builds(lambda n: space("randint", upper=n), st.integers(1, 50)),
)


@given(SPACES, st.floats(0, 1, exclude_max=True))
def test_a_value_lies_within_its_bounds_and_is_found_again(one, share):
    value = at_quantile(one, share)
    limits = bounds(one)
    number = limits.number(value)
    assert limits.low - 1e-9 <= number <= limits.high + 1e-9
    assert limits.value(number) == value
    assert json.loads(json.dumps(value)) == value


NESTED = {
    "kind": space(
        "choice", values=["c", {"n": "a", "C": {"type": "randint", "upper": 3}}, {"n": "b", "C": 7}, 1, True, [1, 2]]
    ),
    "rate": space("uniform", min_value=0, max_value=1),
}


@given(st.integers(0, 300), st.integers(0, 5))
def test_drawn_parameters_are_read_back_dimension_by_dimension(number, seed):
    parameters = by_chance(Search(NESTED, read_sampler({"type": "random"}), ("minimize",), seed), number)
    found = taken(NESTED, json.loads(json.dumps(parameters)))
    assert found is not None
    assert assemble(NESTED, lambda dimension: found[dimension.name]) == parameters
    assert set(found) <= {one.name for one in dimensions(NESTED)}


@pytest.mark.parametrize(
    "strange",
    [{"kind": "z", "rate": 0.1}, {"kind": "c"}, {"kind": {"n": "a"}, "rate": 1.0}, {"kind": "c", "rate": "1"}],
)
def test_other_parameters_are_none_of_this_space(strange):
    assert taken(NESTED, strange) is None


def test_another_parameter_changes_none_of_the_others():
    sampler = read_sampler({"type": "random", "seed": 1})
    alone = by_chance(Search({"rate": NESTED["rate"]}, sampler, ("minimize",), 1), 3)
    assert by_chance(Search(NESTED, sampler, ("minimize",), 1), 3)["rate"] == alone["rate"]


def test_a_grid_has_every_combination_once():
    spaces = {
        "a": space("choice", values=[1, 2]),
        "b": space("choice", values=["x", {"c": {"type": "choice", "values": [3, 4]}, "d": 0}]),
    }
    found = list(grid(spaces))
    assert found[:3] == [{"a": 1, "b": "x"}, {"a": 1, "b": {"c": 3, "d": 0}}, {"a": 1, "b": {"c": 4, "d": 0}}]
    assert len(found) == grid_size(spaces) == 6
