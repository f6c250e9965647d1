"""Early termination, by the examples of Azure's own documentation and by what must never happen."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from zaffre.core.sweeping import EarlyStop
from zaffre.search import stopping
from zaffre.search.stopping import Course, stops

ADAPTER = TypeAdapter(EarlyStop)


def policy(**said):
    return ADAPTER.validate_python(said)


def courses(*values, ended=()):
    return [Course(number, tuple(one), number in ended) for number, one in enumerate(values)]


def test_bandit_by_the_documented_example():
    """The best has 0.8 at interval 10, the slack factor is 0.2: what has less than 0.8 / 1.2 = 0.66… is stopped."""
    run = policy(type="bandit", slack_factor=0.2, evaluation_interval=10)
    at_ten = courses([0.8] * 10, [0.67] * 10, [0.66] * 10)
    assert stops(run, "maximize", at_ten) == {2: 10}


@pytest.mark.parametrize(
    ("said", "goal", "values", "expected"),
    [
        ({"slack_amount": 0.1}, "maximize", ([0.8], [0.71], [0.69]), {2: 1}),
        ({"slack_amount": 0.1}, "minimize", ([0.2], [0.29], [0.31]), {2: 1}),
        ({"slack_factor": 0.5}, "minimize", ([0.2], [0.3], [0.31]), {2: 1}),
        ({"slack_factor": 0.5}, "maximize", ([-3.0], [-4.0], [-4.1]), {2: 1}),
        ({"slack_factor": 0.5}, "minimize", ([-3.0], [-1.5], [-1.4]), {2: 1}),
        ({}, "maximize", ([0.8], [0.8], [0.7999]), {2: 1}),
        ({"slack_amount": 0.1}, "maximize", ([0.1, 0.8, 0.2], [0.8, 0.1, 0.1]), {}),
    ],
)
def test_bandit_keeps_what_is_within_the_slack(said, goal, values, expected):
    assert stops(policy(type="bandit", **said), goal, courses(*values)) == expected


def test_only_every_interval_from_the_delay_on_counts():
    run = policy(type="bandit", slack_amount=0.1, evaluation_interval=2, delay_evaluation=5)
    good = [1.0] * 9
    assert stops(run, "maximize", courses(good, [0.0] * 5)) == {}
    assert stops(run, "maximize", courses(good, [0.0] * 6)) == {1: 6}
    assert stops(run, "maximize", courses(good, [0.0] * 6 + [1.0])) == {1: 6}
    assert stops(run, "maximize", courses(good, [0.0] * 6 + [1.0] * 2)) == {}


def test_zero_is_what_the_clients_send_for_nothing():
    run = policy(type="bandit", slack_amount=0.1, slack_factor=0, evaluation_interval=0, delay_evaluation=0)
    assert stops(run, "maximize", courses([1.0], [0.0])) == {1: 1}


def test_median_stopping_by_running_averages():
    """At interval 5: best so far worse than the median of the averages over intervals 1 to 5."""
    run = policy(type="median_stopping", evaluation_interval=5)
    there = courses([1, 2, 3, 4, 5], [2, 2, 2, 2, 2], [0, 0, 0, 0, 1], [9] * 4)
    assert stops(run, "maximize", there) == {2: 5}


@pytest.mark.parametrize("kind", ["bandit", "median_stopping"])
def test_what_ended_sooner_is_compared_with(kind):
    there = courses([1.0] * 3, [0.0] * 9, ended={0})
    assert stops(policy(type=kind), "maximize", there) == {1: 9}
    assert stops(policy(type=kind), "maximize", courses([1.0] * 3, [0.0] * 9)) == {}


def test_truncation_stops_the_worst_fifth_of_what_is_there():
    run = policy(type="truncation_selection", truncation_percentage=20, delay_evaluation=5)
    values = [[0.0] * 4 + [float(number)] for number in range(10)]
    assert stops(run, "maximize", courses(*values)) == {0: 5, 1: 5}
    assert stops(run, "maximize", courses(*values, ended={0, 1})) == {}
    alone = policy(
        type="truncation_selection", truncation_percentage=20, delay_evaluation=5, exclude_finished_jobs=True
    )
    assert stops(alone, "maximize", courses(*values, ended={0, 1})) == {2: 5}


def test_asha_lets_a_third_go_on_at_rungs_that_grow():
    run = policy(type="asha", min_intervals=2)
    values = [[float(number)] * 2 for number in range(6)]
    assert stops(run, "maximize", courses(*values)) == {0: 2, 1: 2, 2: 2, 3: 2}
    assert stops(run, "maximize", courses(*(one[:1] for one in values))) == {}
    assert stops(run, "maximize", courses(values[5] * 3, values[4] * 3, values[3])) == {1: 6, 2: 2}


def test_hyperbands_brackets_have_the_shares_of_the_paper():
    run = policy(type="hyperband", max_intervals=27, reduction_factor=3)
    found = Counter(stopping._bracket(run, number) for number in range(4900))
    for bracket, share in enumerate((2700, 1200, 600, 400)):  # (4 / (s + 1)) · 3^s for s = 3, 2, 1, 0, in hundreds
        assert abs(found[bracket] - share) < share * 0.1


def test_hyperband_has_brackets_that_look_later():
    run = policy(type="hyperband", max_intervals=27, reduction_factor=3)
    many = [Course(number, (float(number),)) for number in range(200)]
    first = set(stops(run, "maximize", many))
    assert 0 < len(first) < 150  # the others are in brackets that have not looked yet
    late = set(stops(run, "maximize", [Course(one.number, one.values * 9) for one in many]))
    assert len(late) > len(first)


POLICIES = st.sampled_from(
    [
        policy(type="bandit"),
        policy(type="bandit", slack_factor=0.1),
        policy(type="bandit", slack_amount=5),
        policy(type="median_stopping"),
        policy(type="median_stopping", evaluation_interval=2, delay_evaluation=2),
        policy(type="truncation_selection", truncation_percentage=99),
        policy(type="asha"),
        policy(type="asha", reduction_factor=2, min_intervals=2),
        policy(type="hyperband", max_intervals=9),
    ]
)
NUMBERS = st.one_of(st.floats(-1e6, 1e6), st.just(math.nan), st.just(math.inf), st.just(-math.inf))


@given(
    POLICIES,
    st.sampled_from(["minimize", "maximize"]),
    st.lists(st.lists(NUMBERS, max_size=6), max_size=8),
    st.sets(st.integers(0, 7)),
)
def test_no_policy_stops_everything_nor_what_has_ended(run, goal, values, ended):
    there = courses(*values, ended=ended)
    found = stops(run, goal, there)
    assert not ended & set(found)
    logged = {one.number for one in there if one.values}
    assert not logged or logged - set(found)
    assert set(found) <= logged


@given(POLICIES, st.lists(st.lists(NUMBERS, max_size=6), max_size=8))
def test_the_order_of_the_trials_does_not_matter(run, values):
    there = courses(*values)
    assert stops(run, "maximize", there) == stops(run, "maximize", there[::-1])
