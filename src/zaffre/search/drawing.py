"""Samplers that learn nothing: by chance and by grid. What trial n gets follows from the seed and n alone."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from zaffre.core.plain import is_dict
from zaffre.core.spaces import inner
from zaffre.core.sweeping import Choice
from zaffre.search.space import Dimension, Spaces, assemble, at_quantile
from zaffre.search.trial import Search


def draws(search: Search) -> bool:
    """Whether this sampler can be asked here, without what other trials found."""
    return search.sampler.type == "grid" or (search.sampler.type == "random" and search.sampler.rule != "sobol")


def drawn(search: Search, first: int, count: int) -> list[dict[str, Any]]:
    """The parameters of trials ``first`` … ; fewer than ``count`` where a grid ends."""
    if search.sampler.type == "grid":
        return list(islice(grid(search.spaces), first, first + count))
    return [by_chance(search, number) for number in range(first, first + count)]


def by_chance(search: Search, number: int) -> dict[str, Any]:
    """Each parameter from a stream of its own, so that another parameter in the space changes none of the others."""

    def pick(dimension: Dimension) -> Any:
        stream = random.Random(f"{search.seed}:{number}:{dimension.name}")  # noqa: S311 - not for secrets
        return at_quantile(dimension.space, stream.random(), search.base)

    return assemble(search.spaces, pick)


def grid(spaces: Spaces) -> Iterator[dict[str, Any]]:
    """Every combination, the last parameter changing fastest."""
    names = list(spaces)
    for values in product(*(_options(spaces[name]) for name in names)):
        yield dict(zip(names, values, strict=True))


def grid_size(spaces: Spaces) -> int:
    """How many combinations there are."""
    return math.prod(_count(space) for space in spaces.values())


def _count(space: Any) -> int:
    values: list[Any] = space.values if isinstance(space, Choice) else []
    return sum(grid_size(inner(value)) if is_dict(value) else 1 for value in values)


def _options(space: Any) -> list[Any]:
    found: list[Any] = []
    for value in space.values if isinstance(space, Choice) else ():
        found += [{**value, **below} for below in grid(inner(value))] if is_dict(value) else [value]
    return found
