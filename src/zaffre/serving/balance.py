"""Choices among deployments and replicas: pure, with chance handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar


class Loaded(Protocol):
    """Something that can be busy."""

    busy: int


T = TypeVar("T", bound=Loaded)


def by_weight(weights: Mapping[str, int], chance: float) -> str | None:
    """The name that ``chance`` (0 ≤ chance < 1) falls on; None where no weight is positive."""
    total = sum(weights.values())
    point = chance * total
    for name, weight in weights.items():
        point -= weight
        if weight > 0 and point < 0:
            return name
    return None


def less_busy_of_two(candidates: Sequence[T], chance: Callable[[], float]) -> T | None:
    """Two drawn at random, the less busy of them: nearly as even as asking all, at the cost of two."""
    count = len(candidates)
    if count < 2:
        return candidates[0] if count else None
    first = int(chance() * count)
    second = int(chance() * (count - 1))
    if second >= first:
        second += 1
    one, other = candidates[first], candidates[second]
    return other if other.busy < one.busy else one
