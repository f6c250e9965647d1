"""Suggestions are functions of the search and its record: of nothing else, whoever is asked, and however often."""

from __future__ import annotations

import json
import math
import random

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.sweeping import read_sampler, read_space
from zaffre.search.learning import Learner
from zaffre.search.suggesting import suggest
from zaffre.search.trial import COMPLETED, FAILED, RUNNING, STOPPED, Search, Trial

SPACE = {
    "rate": {"type": "loguniform", "min_value": -9, "max_value": -1},
    "units": {"type": "quniform", "min_value": 8, "max_value": 64, "q": 8},
    "kind": {
        "type": "choice",
        "values": ["plain", {"name": "deep", "layers": {"type": "randint", "upper": 4}}],
    },
    "drop": {"type": "uniform", "min_value": 0, "max_value": 0.5},
}
BAYESIAN = {name: SPACE[name] for name in ("units", "drop")}
SAMPLERS = [
    {"type": "random"},
    {"type": "random", "rule": "sobol"},
    {"type": "bayesian"},
    {"type": "tpe", "startup_trials": 4},
    {"type": "cmaes", "population": 4},
    {"type": "nsga2", "population": 4},
]


def search(sampler, goals=("minimize",), seed=7, space=None, before=()):
    space = space or (BAYESIAN if sampler["type"] == "bayesian" else SPACE)
    return Search({name: read_space(said) for name, said in space.items()}, read_sampler(sampler), goals, seed, before)


def value(parameters):
    kind = parameters.get("kind")
    depth = kind["layers"] if isinstance(kind, dict) else 0
    return (
        (parameters["units"] - 32) ** 2 / 100
        + (parameters["drop"] - 0.1) ** 2
        + abs(math.log(parameters.get("rate", 1))) / 5
        - depth
    )


def outcome(choice, parameters):
    values = (value(parameters),)
    return {"c": (COMPLETED, values), "s": (STOPPED, values), "f": (FAILED, None), "n": (COMPLETED, (math.nan,))}[
        choice
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda one: "-".join(map(str, one.values())))
def test_one_that_remembers_answers_as_one_that_was_just_made(sampler, seed):
    """Trials begin and end in any order; at any moment the server may have been started anew."""
    chance = random.Random(seed)
    looked_for = search(sampler, seed=seed)
    lasting = Learner(looked_for) if sampler != {"type": "random"} else None
    history: list[Trial] = []
    while len(history) < 18:
        count = chance.randint(1, 3)
        told = lasting.suggest(history, count) if lasting else suggest(looked_for, history, count)
        again = [Trial.from_json(json.loads(json.dumps(trial.to_json()))) for trial in history]
        assert told == suggest(Search.from_json(json.loads(json.dumps(looked_for.to_json()))), again, count)
        if chance.random() < 0.2:
            continue  # the answer was lost on its way
        history += [Trial(len(history) + index, parameters) for index, parameters in enumerate(told)]
        for index, trial in enumerate(history):
            if trial.state == RUNNING and chance.random() < 0.5:
                state, values = outcome(chance.choice("cccsfn"), trial.parameters)
                history[index] = Trial(trial.number, trial.parameters, state, values)


@pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda one: "-".join(map(str, one.values())))
def test_another_seed_is_another_search_and_the_same_one_is_not(sampler):
    first, second, third = (suggest(search(sampler, seed=seed), [], 6) for seed in (1, 1, 2))
    assert first == second != third


def run(looked_for, trials, worth):
    """A search, one trial after the other."""
    history: list[Trial] = []
    learner = Learner(looked_for)
    for number in range(trials):
        (parameters,) = learner.suggest(history, 1)
        history.append(Trial(number, parameters, COMPLETED, worth(parameters)))
    return history


def bowl(parameters):
    return ((parameters["x"] - 3) ** 2 + (parameters["y"] + 1) ** 2,)


BOWL = {name: {"type": "uniform", "min_value": -10, "max_value": 10} for name in ("x", "y")}


@pytest.mark.parametrize(
    "sampler", [{"type": "tpe"}, {"type": "bayesian"}, {"type": "cmaes"}], ids=lambda one: one["type"]
)
def test_what_learns_finds_more_than_chance(sampler):
    learned = min(trial.values[0] for trial in run(search(sampler, space=BOWL), 40, bowl))
    by_chance = [
        min(bowl(p)[0] for p in suggest(search({"type": "random"}, space=BOWL, seed=s), [], 40)) for s in range(9)
    ]
    assert learned < sorted(by_chance)[4]


def test_several_objectives_find_a_front_that_chance_does_not():
    def worth(parameters):
        return parameters["x"] ** 2 + parameters["y"] ** 2, (parameters["x"] - 4) ** 2 + parameters["y"] ** 2

    goals = ("minimize", "minimize")
    found = run(search({"type": "nsga2", "population": 10}, goals, space=BOWL), 120, worth)
    near = sum(abs(trial.parameters["y"]) < 1 and -1 < trial.parameters["x"] < 5 for trial in found[-40:])
    assert near > 8  # of 40; the same region holds 3 % of the space


def test_earlier_searches_are_learned_from():
    def best_of(before):
        return [trial.values[0] for trial in run(search({"type": "tpe"}, space=BOWL, before=before), 12, bowl)]

    earlier = tuple(run(search({"type": "tpe"}, space=BOWL, seed=3), 40, bowl))
    strange = (Trial(0, {"x": 99.0, "y": 0.0}, COMPLETED, (1.0,)), Trial(1, {"z": 1}, COMPLETED, (0.0,)))
    assert min(best_of((*earlier, *strange))) < min(best_of(()))
    assert best_of(strange) == best_of(())


def test_gp_says_what_it_lacks(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Invalid, match="gp needs torch"):
        suggest(search({"type": "gp"}, space=BOWL), [], 1)
