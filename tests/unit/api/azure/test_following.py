"""The official client prints logs of jobs under way only: one that has ended is shown so once, to each follower."""

from types import SimpleNamespace

import pytest

from zaffre.api.azure import following
from zaffre.api.azure.following import Following
from zaffre.core.status import RunStatus
from zaffre.testing.clock import ManualClock

RUNNING = SimpleNamespace(name="j", status=RunStatus.RUNNING)


def ended(status=RunStatus.COMPLETED, name="j"):
    return SimpleNamespace(name=name, status=status)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def told(clock):
    return Following(clock).told


def test_whoever_followed_to_the_end_has_the_truth_at_once(told):
    assert told("me", RUNNING) is RunStatus.RUNNING
    assert told("me", ended()) is RunStatus.COMPLETED


@pytest.mark.parametrize("status", [RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED])
def test_who_comes_after_the_end_sees_it_end(told, status):
    assert [told("me", ended(status)) for _ in range(2)] == [RunStatus.FINALIZING, status]


def test_a_second_stream_prints_again(told):
    said = [told("me", ended()) for _ in range(4)]
    assert said == [RunStatus.FINALIZING, RunStatus.COMPLETED] * 2


def test_followers_and_jobs_are_told_apart(told):
    told("me", RUNNING)
    assert told("you", ended()) is RunStatus.FINALIZING
    assert told("me", ended(name="other")) is RunStatus.FINALIZING
    assert told("me", ended()) is RunStatus.COMPLETED


def test_a_follower_who_went_away_is_forgotten(told, clock):
    told("me", RUNNING)
    clock.advance(following.PATIENCE + 1)
    assert told("me", ended()) is RunStatus.FINALIZING


def test_no_more_is_remembered_than_said(clock, monkeypatch):
    monkeypatch.setattr(following, "MOST", 3)
    found = Following(clock)
    for number in range(10):
        found.told("me", ended(name=str(number)))
    assert len(found._asked) == 3
