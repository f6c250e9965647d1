"""Which replica is asked: the one that has just run, while it has nothing to do and for a moment; else any that is free."""

from __future__ import annotations

import random

import pytest

from zaffre.serving.deaths import Mourning
from zaffre.serving.fleet import WARM, Lane, World
from zaffre.serving.meter import Meter
from zaffre.serving.table import Deployment, Replica
from zaffre.testing.clock import ManualClock


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def lane(clock):
    world = World(clock, random.Random(7).random, set(), lambda: None, Mourning(clock.monotonic))
    made = Lane(world, "blue", Meter())
    made.configure(Deployment(tuple(Replica(str(number), f"/s/{number}") for number in range(3))))
    return made


def test_an_idle_one_is_asked_again_for_a_moment_and_then_all_get_their_part(lane, clock):
    asked = []
    for _ in range(200):
        within = {lane.pick(clock.elapsed + step * WARM / 10).id for step in range(10)}
        assert len(within) == 1
        asked += within
        clock.advance(WARM * 1.1)
    assert all(asked.count(one) > 40 for one in "012")


def test_one_that_is_busy_stopped_or_gone_is_not_asked_again(lane, clock):
    for spoil in ("busy", "stopped"):
        first = lane.pick(clock.elapsed)
        setattr(first, spoil, 1)
        assert all(lane.pick(clock.elapsed) is not first for _ in range(20))
        setattr(first, spoil, 0)
        clock.advance(1)
    gone = lane.pick(clock.elapsed)
    lane.configure(Deployment(tuple(one.replica for one in lane.peers if one is not gone)))
    assert lane.pick(clock.elapsed) is not gone


def test_a_revision_answers_in_its_deployments_name(clock):
    world = World(clock, random.Random(7).random, set(), lambda: None, Mourning(clock.monotonic))
    made = Lane(world, "blue~2", Meter())
    assert (made.name, made.deployment) == ("blue~2", "blue")
    assert b"azureml-model-deployment: blue\r\n" in made.ending
