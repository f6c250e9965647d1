"""What a search must be to have a result."""

from __future__ import annotations

import pytest

from zaffre.core import document, spaces
from zaffre.core.errors import Invalid
from zaffre.core.sweeping import read_space
from zaffre.jobs.sweep.spec import SweepJob

SWEEP = """\
type: sweep
trial:
  command: train ${{search_space.rate}}
  environment: azureml:e:1
search_space:
  rate: RATE
  depth: {type: randint, upper: 3}
objective: {goal: maximize, primary_metric: accuracy}
limits: {max_total_trials: 4}
"""


def sweep(rate="{type: uniform, min_value: 0, max_value: 1}", more=""):
    return SweepJob.from_yaml(document.load(SWEEP.replace("RATE", rate) + more, file="sweep.yml"))


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (
            "{type: uniform, min_value: 2, max_value: 1}",
            r"sweep.yml:6:\d+: search_space.rate.min_value: nothing lies between",
        ),
        ("{type: uniform, min_value: .inf, max_value: 1}", "expected bounds that are numbers"),
        ("{type: loguniform, min_value: 0.0001, max_value: 1000}", r"exp\(1000\) is no number.*-9.21"),
        ("{type: quniform, min_value: 0, max_value: 1, q: 0}", "rate.q: expected a q above 0, found 0"),
        ("{type: normal, mu: 0, sigma: 0}", "rate.sigma: expected a sigma above 0"),
        ("{type: lognormal, mu: 900, sigma: 1}", "rate.mu: mu and sigma of lognormal"),
        ("{type: qnormal, mu: 0, sigma: 1, q: -1}", "rate.q: expected a q above 0"),
        ("{type: randint, upper: 0}", "rate.upper: a whole number from 0 up to below 0"),
        ("{type: choice, values: []}", "rate.values: expected one value at least"),
        ("{type: choice, values: [{n: {type: randint, upper: 0}}]}", "rate.values.0.n.upper"),
        ("{type: choice, values: [{n: {type: unifrm, upper: 0}}]}", "rate.values.0: expected one of"),
    ],
)
def test_a_range_that_holds_nothing_is_told_at_its_place(rate, told):
    with pytest.raises(Invalid, match=f"(?s){told}"):
        sweep(rate)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("sampling_algorithm: grid", "search_space.rate.type: grid sampling takes choice; found uniform"),
        ("sampling_algorithm: bayesian", "search_space.depth.type: bayesian sampling takes choice, uniform, quniform"),
        ("sampling_algorithm: {type: nsga2, population: 2}", "sampling_algorithm.*population"),
        (
            "early_termination: {type: bandit, slack_factor: 1, slack_amount: 1}",
            "slack_amount: slack_factor and slack_amount",
        ),
        ("early_termination: {type: bandit, slack_factor: -1}", "slack_factor: expected 0 or more"),
        ("early_termination: {type: median_stopping, delay_evaluation: -1}", "delay_evaluation: expected 0 or more"),
        ("early_termination: {type: hyperband}", "max_intervals: required"),
        ("early_termination: {type: asha, min_intervals: 5, max_intervals: 2}", "max_intervals: expected 5 or more"),
    ],
)
def test_what_contradicts_itself_is_told(more, told):
    with pytest.raises(Invalid, match=f"(?s){told}"):
        sweep(more=more)


def test_bayesian_takes_no_early_termination_and_says_what_does():
    text = SWEEP.replace("RATE", "{type: uniform, min_value: 0, max_value: 1}").replace(
        "{type: randint, upper: 3}", "{type: choice, values: [1]}"
    )
    more = "sampling_algorithm: bayesian\nearly_termination: {type: bandit}"
    with pytest.raises(Invalid, match=r"early_termination: bayesian.*tpe"):
        SweepJob.from_yaml(document.load(text + more))


def test_several_objectives_need_a_sampler_for_them():
    two = "[{goal: maximize, primary_metric: a}, {goal: minimize, primary_metric: b}]"
    text = SWEEP.replace("RATE", "{type: uniform, min_value: 0, max_value: 1}")
    text = text.replace("{goal: maximize, primary_metric: accuracy}", two)
    assert len(SweepJob.from_yaml(document.load(text + "sampling_algorithm: nsga2")).objectives) == 2
    with pytest.raises(Invalid, match="objective: cmaes takes one objective, found 2"):
        SweepJob.from_yaml(document.load(text + "sampling_algorithm: cmaes"))
    with pytest.raises(Invalid, match="the same metric twice"):
        SweepJob.from_yaml(document.load(text.replace("primary_metric: b", "primary_metric: a")))


@pytest.mark.parametrize(
    "limit", ["max_total_trials: 0", "max_total_trials: 4, trial_timeout: 0", "max_total_trials: 99999"]
)
def test_limits_leave_something_to_do(limit):
    with pytest.raises(Invalid, match=r"limits.*expected"):
        SweepJob.from_yaml(
            document.load(SWEEP.replace("RATE", "{type: randint, upper: 2}").replace("max_total_trials: 4", limit))
        )


NESTED = {
    "kind": read_space(
        {"type": "choice", "values": [{"n": "a", "C": {"type": "randint", "upper": 2}}, {"n": "b"}, "c"]}
    ),
    "rate": read_space({"type": "uniform", "min_value": 0, "max_value": 1}),
}


def test_every_name_a_command_may_use():
    assert sorted(set(spaces.names(NESTED))) == ["kind", "kind.C", "kind.n", "rate"]
    assert spaces.conditional(NESTED) == {"kind.C", "kind.n"}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("${{search_space.rate.C}}", "rate.C.*has a value in some trials only.*\\$\\[\\["),
        ("$[[${{search_space.rate.D}}]]", "unknown expression"),
    ],
)
def test_what_only_some_trials_have_stands_in_a_block(command, told):
    nested = "{type: choice, values: [{C: {type: randint, upper: 2}}, x]}"
    text = SWEEP.replace("RATE", nested).replace("${{search_space.rate}}", command)
    with pytest.raises(Invalid, match=f"(?s){told}"):
        SweepJob.from_yaml(document.load(text))
    SweepJob.from_yaml(
        document.load(SWEEP.replace("RATE", nested).replace("${{search_space.rate}}", "$[[${{search_space.rate.C}}]]"))
    )
