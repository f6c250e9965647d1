"""Samplers that learn from the trials before, over Optuna: only ever imported in a process of its own.

A suggestion is a pure function of the search and the recorded trials: the sampler of trial n is made anew with a seed that
follows from the search's and n, and whatever it needs of the past it reads off the record. A ``Learner`` keeps Optuna's
study between questions, so that what it has been told once is not told again; its answers are those of a fresh one.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Sequence
from typing import Any

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import BaseSampler, GPSampler, NSGAIISampler, TPESampler
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial
from optuna.trial import Trial as Asked

from zaffre.core.errors import Invalid, Problem
from zaffre.search.axes import Axes
from zaffre.search.sobol import along
from zaffre.search.space import Dimension, assemble
from zaffre.search.strategy import of_strategy
from zaffre.search.trial import RUNNING, Search, Trial, seed_of

_STARTUP = 10
_POPULATION = 20
_LEAST_PARENTS = 2
_LARGEST = 1e300
_GENERATION = "generation"
_DIRECTIONS = {"minimize": StudyDirection.MINIMIZE, "maximize": StudyDirection.MAXIMIZE}

optuna.logging.set_verbosity(optuna.logging.ERROR)


class Learner:
    """Answers for one search."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._axes = Axes(search)
        self._before = [trial for trial in search.before if self._fits(trial)]
        self._study: Study | None = None
        self._known: list[Trial] = []
        self._numbers: list[int] = []
        """Of what is known, in the study."""

    def suggest(self, history: Sequence[Trial], count: int) -> list[dict[str, Any]]:
        """Parameters for the trials after ``history``, which has every trial so far, in order of their numbers."""
        made: list[dict[str, Any]] = []
        for _ in range(count):
            number = len(history)
            parameters = self._one(history, number)
            made.append(parameters)
            history = [*history, Trial(number, parameters)]
        return made

    def _one(self, history: Sequence[Trial], number: int) -> dict[str, Any]:
        match self._search.sampler.type:
            case "random":
                return along(self._search, number)
            case "cmaes":
                return of_strategy(self._search, history, number)
            case "nsga2":
                return self._of_generation(history, number)
            case _:
                return self._of_study(history, number)

    def _of_study(self, history: Sequence[Trial], number: int) -> dict[str, Any]:
        study = self._told(history)
        study.sampler = _sampler(self._search, number)
        asked = study.ask()
        parameters = self._asked(asked)
        study.tell(
            asked, state=TrialState.FAIL
        )  # it has notes of its sampler's; what is recorded of it is added without
        return parameters

    def _told(self, history: Sequence[Trial]) -> Study:
        """The study with exactly this history: the one that is there, told what is new, where that is enough."""
        if self._study is None or not _follows(history, self._known):
            self._study, self._known, self._numbers = self._new_study(), [], []
            for trial in self._before:
                self._study.add_trial(self._frozen(trial))
        for index, trial in enumerate(history):
            if index >= len(self._known):
                self._numbers.append(len(self._study.get_trials(deepcopy=False)))
                self._study.add_trial(self._frozen(trial))
            elif self._known[index].state == RUNNING and trial.state != RUNNING:
                state, values = _outcome(trial)
                self._study.tell(self._numbers[index], values, state)
        self._known = list(history)
        return self._study

    def _of_generation(self, history: Sequence[Trial], number: int) -> dict[str, Any]:
        """NSGA-II: the generation of a trial follows from its number, its parents are those that have ended before."""
        population = getattr(self._search.sampler, "population", None) or _POPULATION
        generation = number // population
        study = self._new_study()
        parents = [trial for trial in history if trial.number // population < generation and trial.counts]
        for trial in parents:
            study.add_trial(self._frozen(trial, trial.number // population))
        able = generation if len(parents) >= _LEAST_PARENTS else 0
        study.sampler = _Generations(able, population, seed_of(self._search.seed, number))
        return self._asked(study.ask())

    def _new_study(self) -> Study:
        return optuna.create_study(directions=[_DIRECTIONS[goal] for goal in self._search.goals])

    def _fits(self, trial: Trial) -> bool:
        """Whether a trial of an earlier search is one of this space, its bounds and goals included."""
        known = self._axes.numbers(trial.parameters) is not None
        return known and trial.counts and len(trial.values or ()) == len(self._search.goals)

    def _frozen(self, trial: Trial, generation: int | None = None) -> FrozenTrial:
        """A recorded trial as Optuna knows it; all it knows of it follows from the record."""
        numbers = self._axes.numbers(trial.parameters) or {}
        state, values = (TrialState.RUNNING, None) if trial.state == RUNNING else _outcome(trial)
        return create_trial(
            state=state,
            values=values,
            params=numbers,
            distributions={name: self._axes[name].distribution for name in numbers},
            user_attrs={} if generation is None else {_GENERATION: generation},
        )

    def _asked(self, trial: Asked) -> dict[str, Any]:
        """One more trial of a study: every parameter of the branches that it takes."""

        def pick(dimension: Dimension) -> Any:
            axis, name = self._axes[dimension.name], dimension.name
            match axis.distribution:
                case CategoricalDistribution(choices=choices):
                    return trial.suggest_categorical(name, choices)
                case IntDistribution(low=low, high=high, log=log):
                    return axis.value(trial.suggest_int(name, low, high, log=log))
                case FloatDistribution(low=low, high=high, log=log):
                    return axis.value(trial.suggest_float(name, low, high, log=log))
                case other:
                    raise TypeError(f"no such distribution: {other}")

        return assemble(self._search.spaces, pick)


class _Generations(NSGAIISampler):
    """Optuna's, told which generation it is in rather than counting what happens to have ended."""

    def __init__(self, generation: int, population: int, seed: int) -> None:
        super().__init__(population_size=population, seed=seed)
        self._generation = generation

    def get_trial_generation(self, study: Study, trial: FrozenTrial) -> int:
        """That of the trial which is asked for."""
        del study, trial
        return self._generation

    def get_population(self, study: Study, generation: int) -> list[FrozenTrial]:
        """The trials of a generation, by their numbers in the search."""
        trials = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        return [trial for trial in trials if trial.user_attrs.get(_GENERATION) == generation]


def _follows(history: Sequence[Trial], known: Sequence[Trial]) -> bool:
    """Whether what is known can have become this history by trials beginning and ending."""
    return len(known) <= len(history) and all(
        new == old or (old.state == RUNNING and new.parameters == old.parameters)
        for new, old in zip(history, known, strict=False)
    )


def _outcome(trial: Trial) -> tuple[TrialState, list[float] | None]:
    if not trial.counts or trial.values is None:
        return TrialState.FAIL, None
    return TrialState.COMPLETE, [max(min(value, _LARGEST), -_LARGEST) for value in trial.values]


def _sampler(search: Search, number: int) -> BaseSampler:
    """A fresh one for each trial: what a sampler remembers by itself would depend on who asked it before."""
    seed = seed_of(search.seed, number)
    startup = getattr(search.sampler, "startup_trials", None) or _STARTUP
    if search.sampler.type == "gp":
        if importlib.util.find_spec("torch") is None:
            told = "gp needs torch in Zaffre's own interpreter, which does not have it"
            hint = "install torch there, or write sampling_algorithm: tpe"
            raise Invalid([Problem(told, "sampling_algorithm", hint=hint)])
        return GPSampler(seed=seed, n_startup_trials=startup)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        return TPESampler(seed=seed, n_startup_trials=startup, multivariate=True, group=True, constant_liar=True)
