"""Search spaces in both spellings."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.jobs.sweep.spec import SweepJob

SPACE = {
    "a": ({"type": "choice", "values": [1, "x"]}, ["choice", [[1, "x"]]]),
    "b": ({"type": "uniform", "min_value": 0, "max_value": 1.5}, ["uniform", [0, 1.5]]),
    "c": ({"type": "qloguniform", "min_value": 0, "max_value": 1, "q": 2}, ["qloguniform", [0, 1, 2]]),
    "d": ({"type": "lognormal", "mu": 1, "sigma": 2}, ["lognormal", [1, 2]]),
    "e": ({"type": "qnormal", "mu": 1, "sigma": 2, "q": 3}, ["qnormal", [1, 2, 3]]),
    "f": ({"type": "randint", "upper": 5}, ["randint", [5]]),
    "g": (
        {"type": "choice", "values": [{"k": {"type": "randint", "upper": 3}, "l": 1}]},
        ["choice", [[{"k": ["randint", [3]], "l": 1}]]],
    ),
}


def sweep(**changes):
    return SweepJob.from_yaml(
        {
            "type": "sweep",
            "trial": {"command": "x", "environment": "azureml:e:1"},
            "objective": {"goal": "Minimize", "primary_metric": "loss"},
            "limits": {"max_total_trials": 3},
            **changes,
        }
    )


@pytest.mark.parametrize("name", SPACE)
def test_a_space_is_a_pair_in_arm_and_comes_back(name):
    written, arm = SPACE[name]
    made = sweep(search_space={name: written})
    body = made.to_arm(Scope())
    assert body["properties"]["searchSpace"] == {name: arm}
    again = SweepJob.from_arm(body)
    assert again.search_space is not None
    assert again.search_space[name].to_yaml() == written


@pytest.mark.parametrize(
    ("space", "told"),
    [
        ({"type": "unifrm", "min_value": 0, "max_value": 1}, "unifrm"),
        ({"type": "uniform", "min_value": 0}, "max_value: required"),
        ({"type": "choice", "value": [1]}, 'did you mean "values"'),
    ],
)
def test_a_space_that_is_none_is_refused(space, told):
    with pytest.raises(Invalid, match=told):
        sweep(search_space={"x": space})


def test_a_sampler_may_be_a_word():
    assert sweep(sampling_algorithm="Bayesian").sampling_algorithm.type == "bayesian"
    with pytest.raises(Invalid, match="sampling_algorithm"):
        sweep(sampling_algorithm="annealing")
