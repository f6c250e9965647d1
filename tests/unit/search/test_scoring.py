"""What a trial is worth."""

from __future__ import annotations

import math

from zaffre.search.scoring import best, best_value, front
from zaffre.search.trial import COMPLETED, FAILED, STOPPED, Trial


def test_a_metric_counts_with_its_best_value():
    assert best_value([0.1, 0.9, 0.5], "maximize") == 0.9
    assert best_value([0.1, 0.9, math.nan], "minimize") == 0.1
    assert best_value([], "minimize") is None
    assert math.isnan(best_value([math.nan], "minimize"))


def test_only_what_completed_with_a_number_can_be_best():
    trials = [
        Trial(0, {}, FAILED, None),
        Trial(1, {}, STOPPED, (0.0,)),
        Trial(2, {}, COMPLETED, (math.nan,)),
        Trial(3, {}, COMPLETED, (0.5,)),
        Trial(4, {}, COMPLETED, (0.5,)),
        Trial(5, {}),
    ]
    assert best(trials, ["minimize"]) is trials[3]
    assert best(trials[:3], ["minimize"]) is None


def test_the_front_is_what_nobody_beats_in_all():
    values = [(1.0, 1.0), (0.5, 0.2), (2.0, 3.0), (1.0, 2.0), (1.0, 2.0)]
    trials = [Trial(number, {}, COMPLETED, pair) for number, pair in enumerate(values)]
    assert [one.number for one in front(trials, ["minimize", "maximize"])] == [1, 2, 3, 4]
