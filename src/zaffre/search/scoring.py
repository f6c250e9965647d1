"""What a trial is worth: the value of a metric's history, and which trial is best.

As in Azure a metric that was logged several times counts with its best value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from zaffre.search.stopping import MAXIMIZE
from zaffre.search.trial import COMPLETED, Trial


def best_value(history: Sequence[float], goal: str) -> float | None:
    """The best of a history; NaN where it has nothing else, None where it is empty."""
    numbers = [value for value in history if not math.isnan(value)]
    if not numbers:
        return math.nan if history else None
    return max(numbers) if goal == MAXIMIZE else min(numbers)


def best(trials: Sequence[Trial], goals: Sequence[str]) -> Trial | None:
    """The completed trial that is best by the first goal; of several equal ones the first."""
    able = [trial for trial in trials if trial.state == COMPLETED and trial.counts]
    front_first = sorted(able, key=lambda trial: (*costs(trial, goals), trial.number))
    return front_first[0] if front_first else None


def front(trials: Sequence[Trial], goals: Sequence[str]) -> list[Trial]:
    """The completed trials that no other one is better than by every goal (Pareto's front), by number."""
    able = [trial for trial in trials if trial.state == COMPLETED and trial.counts]
    return [one for one in able if not any(_dominates(other, one, goals) for other in able)]


def costs(trial: Trial, goals: Sequence[str]) -> tuple[float, ...]:
    """Its values so that less is better."""
    values = trial.values or ()
    return tuple(-value if goal == MAXIMIZE else value for value, goal in zip(values, goals, strict=True))


def _dominates(one: Trial, other: Trial, goals: Sequence[str]) -> bool:
    pairs = list(zip(costs(one, goals), costs(other, goals), strict=True))
    return all(mine <= its for mine, its in pairs) and any(mine < its for mine, its in pairs)
