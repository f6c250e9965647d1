"""Early termination: from what the trials have logged so far to those that are to be stopped. Pure, and without memory.

As Azure defines it, each value of the primary metric that a trial logs is one interval; a policy looks at every
``evaluation_interval``-th, from ``delay_evaluation`` on. A trial is judged at the last such interval it has reached,
against what the others had logged at the same one (bandit and median stopping: trials that ended sooner count with all that
they logged). The best of those is never stopped, so no policy stops everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from zaffre.core.sweeping import Bandit, EarlyStop, Halving, MedianStopping, Truncation
from zaffre.search.trial import seed_of

MAXIMIZE = "maximize"
_FACTOR = 3
_TOP = 2**32


@dataclass(frozen=True, slots=True)
class Course:
    """What one trial has logged of the primary metric, in order."""

    number: int
    values: tuple[float, ...]
    ended: bool = False


def stops(policy: EarlyStop, goal: str, courses: Sequence[Course]) -> dict[int, int]:
    """Trial → the interval at which it was found too bad; trials that have ended are compared with, never stopped."""
    costs = [Course(one.number, tuple(_cost(value, goal) for value in one.values), one.ended) for one in courses]
    found: dict[int, int] = {}
    for course in costs:
        interval = 0 if course.ended else _interval(policy, course)
        if interval and _judged(policy, goal, course, costs, interval):
            found[course.number] = interval
    return found


def _cost(value: float, goal: str) -> float:
    """Less is better; what is no number is worst."""
    if math.isnan(value):
        return math.inf
    return -value if goal == MAXIMIZE else value


def _interval(policy: EarlyStop, course: Course) -> int:
    """The last interval it has reached that the policy looks at; 0 where there is none."""
    reached = len(course.values)
    if isinstance(policy, Halving):
        return _rung(policy, course.number, reached)
    every = policy.evaluation_interval or 1
    last = reached - reached % every
    return last if last >= max(policy.delay_evaluation or 0, 1) else 0


def _judged(policy: EarlyStop, goal: str, course: Course, costs: Sequence[Course], interval: int) -> bool:
    there = [one for one in costs if len(one.values) >= interval]
    if isinstance(policy, Bandit | MedianStopping):  # what ended sooner stands by what it came to
        there = [one for one in costs if one in there or (one.ended and one.values)]
        return (
            _bandit(policy, goal, course, there, interval)
            if isinstance(policy, Bandit)
            else _median(course, there, interval)
        )
    if isinstance(policy, Truncation):
        return _truncation(policy, course, there, interval)
    return _halving(policy, course, there, interval)


def _bandit(policy: Bandit, goal: str, course: Course, there: Sequence[Course], interval: int) -> bool:
    """Its best so far is further from the best of all than the slack."""
    best = min(min(one.values[:interval]) for one in there)
    if not math.isfinite(best):
        return False
    if policy.slack_amount:
        slack = policy.slack_amount
    else:
        factor = policy.slack_factor or 0.0
        slack = abs(best) * (factor / (1 + factor) if goal == MAXIMIZE else factor)
    return min(course.values[:interval]) > best + slack


def _median(course: Course, there: Sequence[Course], interval: int) -> bool:
    """Its best so far is worse than the median of the running averages."""
    return min(course.values[:interval]) > median(_mean(one.values[:interval]) for one in there)


def _mean(costs: Sequence[float]) -> float:
    """The worst, where one of them is: infinities of both signs have no mean."""
    return math.inf if math.inf in costs else fmean(costs)


def _truncation(policy: Truncation, course: Course, there: Sequence[Course], interval: int) -> bool:
    """It is among the worst part at this interval."""
    if policy.exclude_finished_jobs:
        there = [one for one in there if not one.ended]
    ranked = sorted(there, key=lambda one: (one.values[interval - 1], one.number))
    cut = len(ranked) * policy.truncation_percentage // 100
    return course.number in {one.number for one in ranked[len(ranked) - cut :]}


def _halving(policy: Halving, course: Course, there: Sequence[Course], interval: int) -> bool:
    """It is not in the part of its bracket that goes on."""
    bracket = _bracket(policy, course.number)
    rivals = [one for one in there if _bracket(policy, one.number) == bracket]
    ranked = sorted(rivals, key=lambda one: (min(one.values[:interval]), one.number))
    kept = max(1, len(ranked) // (policy.reduction_factor or _FACTOR))
    return course.number not in {one.number for one in ranked[:kept]}


def _rung(policy: Halving, number: int, reached: int) -> int:
    """min, min·factor, min·factor² … up to what was reached, in hyperband from the bracket's own first rung on."""
    factor = policy.reduction_factor or _FACTOR
    rung = (policy.min_intervals or 1) * factor ** _bracket(policy, number)
    most = policy.max_intervals or math.inf
    last = 0
    while rung <= reached and rung < most:
        last, rung = rung, rung * factor
    return last


def _bracket(policy: Halving, number: int) -> int:
    """Which bracket a trial belongs to; brackets that stop early have more trials, by hyperband's shares."""
    if policy.type == "asha" or policy.max_intervals is None:
        return 0
    factor = policy.reduction_factor or _FACTOR
    most = int(math.log(max(policy.max_intervals / (policy.min_intervals or 1), 1), factor) + 1e-9)
    shares = [(most + 1) / (most - index + 1) * factor ** (most - index) for index in range(most + 1)]
    place = seed_of("bracket", number) / _TOP * sum(shares)
    for index, share in enumerate(shares):
        if place < share:
            return index
        place -= share
    return most
