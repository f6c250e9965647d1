"""A search space as dimensions: how a draw becomes a trial's parameters, and how recorded parameters are read back.

Azure's distributions, to the letter: ``loguniform`` is exp(uniform(min, max)), the q-forms are round(x / q) * q.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from zaffre.core.plain import is_dict
from zaffre.core.spaces import inner
from zaffre.core.sweeping import Choice, Normal, QNormal, QUniform, Randint, Space, Uniform

Spaces = Mapping[str, Space]
Pick = Callable[["Dimension"], Any]
_TINY = 2.0**-60
_FAR = 4.0
"""Sigmas around mu within which samplers that need bounds search a normal distribution."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One parameter, wherever it lies in the space."""

    name: str
    """``lr``; ``model[1].depth`` for a parameter inside the second value of ``model``."""
    space: Space


def dimensions(spaces: Spaces, at: str = "") -> Iterator[Dimension]:
    """All of them, those of every branch included, in the document's order."""
    for name, space in spaces.items():
        yield Dimension(at + name, space)
        if isinstance(space, Choice):
            for index, value in enumerate(space.values):
                yield from dimensions(inner(value), f"{at}{name}[{index}].")


def assemble(spaces: Spaces, pick: Pick, at: str = "") -> dict[str, Any]:
    """Parameters: each dimension as ``pick`` says (of a choice, the index), those of branches not taken left out."""
    made: dict[str, Any] = {}
    for name, space in spaces.items():
        value = pick(Dimension(at + name, space))
        if isinstance(space, Choice):
            index, value = value, space.values[value]
            if is_dict(value):
                value = {**value, **assemble(inner(value), pick, f"{at}{name}[{index}].")}
        made[name] = value
    return made


def taken(spaces: Spaces, parameters: Mapping[str, Any], at: str = "") -> dict[str, Any] | None:
    """The inverse: dimension → value (of a choice, the index); None where these are no parameters of this space."""
    found: dict[str, Any] = {}
    if set(parameters) != set(spaces):
        return None
    for name, space in spaces.items():
        value = parameters[name]
        if isinstance(space, Choice):
            branch = _branch(space, value, f"{at}{name}")
            if branch is None:
                return None
            found |= branch
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[at + name] = value
        else:
            return None
    return found


def _branch(space: Choice, value: Any, at: str) -> dict[str, Any] | None:
    for index, candidate in enumerate(space.values):
        if is_dict(candidate) and is_dict(value) and set(candidate) == set(value):
            below = inner(candidate)
            same = all(value[key] == item for key, item in candidate.items() if key not in below)
            found = taken(below, {key: value[key] for key in below}, f"{at}[{index}].") if same else None
            if found is not None:
                return {at: index, **found}
        elif type(candidate) is type(value) and candidate == value:
            return {at: index}
    return None


def at_quantile(space: Space, u: float, base: float = math.e) -> Any:
    """The value that a share ``u`` of all draws lies below: a number drawn evenly becomes one of this distribution."""
    match space:
        case Choice():
            return min(int(u * len(space.values)), len(space.values) - 1)
        case Randint():
            return min(int(u * space.upper), space.upper - 1)
        case Uniform():
            even = space.min_value + (space.max_value - space.min_value) * u
            value = _power(base, even) if space.type.endswith("loguniform") else float(even)
            return stepped(value, space.q) if isinstance(space, QUniform) else value
        case Normal():
            normal = NormalDist(space.mu, space.sigma).inv_cdf(min(max(u, _TINY), 1 - 2.0**-53))
            value = _power(base, normal) if space.type.endswith("lognormal") else normal
            return stepped(value, space.q) if isinstance(space, QNormal) else value


def _power(base: float, exponent: float) -> float:
    return math.exp(exponent) if base == math.e else base**exponent


def stepped(value: float, q: float) -> int | float:
    """round(value / q) * q: a whole number where ``q`` is one, else without the noise of binary fractions."""
    steps = round(value / q)
    return steps * q if isinstance(q, int) else float(f"{steps * q:.15g}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A numeric dimension as samplers that learn see it; in steps, ``low`` and ``high`` count the steps."""

    low: float
    high: float
    log: bool = False
    q: float | None = None

    def value(self, number: float) -> int | float:
        """What a number between the bounds means."""
        if self.q is None:
            return number
        return stepped(number * self.q, self.q)

    def number(self, value: float) -> float:
        """The inverse."""
        return value if self.q is None else round(value / self.q)


def bounds(space: Space, base: float = math.e) -> Bounds:
    """Where a numeric space is looked through."""
    match space:
        case Randint():
            return Bounds(0, space.upper - 1, q=1)
        case Uniform():
            log, low, high = space.type.endswith("loguniform"), float(space.min_value), float(space.max_value)
        case Normal():
            log, low, high = (
                space.type.endswith("lognormal"),
                space.mu - _FAR * space.sigma,
                space.mu + _FAR * space.sigma,
            )
        case Choice():
            raise TypeError("a choice has no bounds")
    if log:
        low, high = _power(base, low), _power(base, high)
    q = space.q if isinstance(space, QUniform | QNormal) else None
    if q is not None:
        low, high = round(low / q), round(high / q)
    return Bounds(low, high, log and low > 0, q)
