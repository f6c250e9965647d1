from __future__ import annotations

import itertools

from zaffre.core import queues

TIERS = ("spot", "basic", "standard", "premium")
PRIORITIES = ("low", "medium", "high")


def test_tier_goes_before_priority():
    ranks = [queues.rank(tier, priority) for tier, priority in itertools.product(TIERS, PRIORITIES)]
    assert ranks == sorted(set(ranks))
    assert queues.rank(None, None) == queues.rank("null", "medium") == queues.rank("standard", None)


def test_only_spot_makes_room_and_only_for_premium():
    for tier, priority in itertools.product(TIERS, PRIORITIES):
        rank = queues.rank(tier, priority)
        assert queues.is_spot(rank) == (tier == "spot")
        assert queues.is_premium(rank) == (tier == "premium")
        assert queues.tier(rank) == tier


def test_computes_of_two_workspaces_have_two_lines_and_the_machine_has_one():
    assert queues.line("a", "cpu") != queues.line("b", "cpu")
    assert queues.line("a", "serverless") == queues.line("b", "local") == "local"
    assert queues.compute_of(queues.line("a", "cpu")) == "cpu"
    assert queues.compute_of("local") == "local"
