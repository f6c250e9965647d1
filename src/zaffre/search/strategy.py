"""CMA-ES over the numbers of a space, over the package ``cmaes``; what is chosen from a list is drawn by chance.

Trial n belongs to generation n // population. The strategy is told generation after generation from the record; what has
no value (yet) counts as the worst of its generation, so that nobody waits for anybody.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from cmaes import CMA

from zaffre.core.sweeping import Choice, Space
from zaffre.search.drawing import by_chance
from zaffre.search.scoring import costs
from zaffre.search.space import Bounds, Dimension, assemble, bounds, taken
from zaffre.search.trial import Search, Trial, seed_of

_SIGMA = 0.25
_LARGEST = 1e30


def of_strategy(search: Search, history: Sequence[Trial], number: int) -> dict[str, Any]:
    """The parameters of one trial."""
    axes = {name: _Line(space, search.base) for name, space in search.spaces.items() if not isinstance(space, Choice)}
    population = search.sampler.population if search.sampler.type == "cmaes" else None
    strategy = CMA(
        mean=np.full(len(axes), 0.5),
        sigma=_SIGMA,
        bounds=np.array([[0.0, 1.0]] * len(axes)),
        seed=seed_of(search.seed, number),
        population_size=population,
    )
    size = strategy.population_size
    for generation in range(number // size):
        members = [trial for trial in history if trial.number // size == generation]
        _tell(strategy, search, axes, members)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        point = dict(zip(axes, (float(share) for share in strategy.ask()), strict=True))
    chance = taken(search.spaces, by_chance(search, number)) or {}

    def pick(dimension: Dimension) -> Any:
        axis = axes.get(dimension.name)
        return axis.value(point[dimension.name]) if axis is not None else chance[dimension.name]

    return assemble(search.spaces, pick)


def _tell(strategy: CMA, search: Search, axes: dict[str, _Line], members: Sequence[Trial]) -> None:
    known = {trial.number: costs(trial, search.goals)[0] for trial in members if trial.counts}
    if not known or len(members) != strategy.population_size:
        return
    worst = max(known.values())
    told: list[tuple[np.ndarray[Any, Any], float]] = []
    for trial in members:
        point = np.array([axis.share(trial.parameters[name]) for name, axis in axes.items()])
        told.append((point, max(min(known.get(trial.number, worst), _LARGEST), -_LARGEST)))
    strategy.tell(told)


class _Line:
    """A number of the space as a share of its bounds, evenly in its logarithm where that is its nature."""

    def __init__(self, space: Space, base: float) -> None:
        self._bounds: Bounds = bounds(space, base)
        half = 0.5 if self._bounds.q is not None else 0.0  # every step has the same share
        self._low, self._high = self._scaled(self._bounds.low - half), self._scaled(self._bounds.high + half)

    def value(self, share: float) -> int | float:
        """Of a share."""
        scaled = self._low + (self._high - self._low) * share
        number = math.exp(scaled) if self._bounds.log else scaled
        if self._bounds.q is not None:
            number = round(number)
        return self._bounds.value(min(max(number, self._bounds.low), self._bounds.high))

    def share(self, value: float) -> float:
        """The inverse, within 0 and 1."""
        if self._high == self._low:
            return 0.5
        return min(max((self._scaled(self._bounds.number(value)) - self._low) / (self._high - self._low), 0.0), 1.0)

    def _scaled(self, number: float) -> float:
        return math.log(number) if self._bounds.log else float(number)
