"""A space's dimensions as Optuna's distributions, and recorded values as the numbers it looks for among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from zaffre.core.sweeping import Choice
from zaffre.search.space import Bounds, Dimension, bounds, dimensions, taken
from zaffre.search.trial import Search

_ANYTHING = Bounds(0, 0)


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension."""

    distribution: BaseDistribution
    bounds: Bounds

    def number(self, value: Any) -> Any:
        """A recorded value as Optuna knows it: an index, a count of steps, the value itself."""
        if isinstance(self.distribution, CategoricalDistribution):
            return int(value)
        number = self.bounds.number(value)
        return int(number) if isinstance(self.distribution, IntDistribution) else float(number)

    def value(self, number: Any) -> Any:
        """The inverse."""
        return number if isinstance(self.distribution, CategoricalDistribution) else self.bounds.value(number)

    def holds(self, number: Any) -> bool:
        """Whether a number lies within."""
        if isinstance(self.distribution, CategoricalDistribution):
            return True  # indices were found among the values
        return self.bounds.low <= number <= self.bounds.high


class Axes:
    """All dimensions of one search."""

    def __init__(self, search: Search) -> None:
        self._spaces = search.spaces
        self._axes = {one.name: _axis(one, search.base) for one in dimensions(search.spaces)}

    def __getitem__(self, name: str) -> Axis:
        return self._axes[name]

    def numbers(self, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
        """Recorded parameters, dimension by dimension; None where they are none of this space."""
        found = taken(self._spaces, parameters)
        if found is None:
            return None
        numbers = {name: self._axes[name].number(value) for name, value in found.items()}
        return numbers if all(self._axes[name].holds(number) for name, number in numbers.items()) else None


def _axis(dimension: Dimension, base: float) -> Axis:
    space = dimension.space
    if isinstance(space, Choice):
        return Axis(CategoricalDistribution(list(range(len(space.values)))), _ANYTHING)
    limits = bounds(space, base)
    if limits.q is not None:
        low, high = int(limits.low), int(limits.high)
        return Axis(IntDistribution(low, high, log=limits.log and low >= 1), limits)
    return Axis(FloatDistribution(limits.low, limits.high, log=limits.log), limits)
