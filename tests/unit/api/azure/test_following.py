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


def asked_every(told, clock, seconds, times):
    for _ in range(times):
        clock.advance(seconds)
        assert told("me", RUNNING) is RunStatus.RUNNING


@pytest.mark.parametrize("wait", [0.5, 2, 20, 60])
def test_a_follower_who_waits_ever_longer_is_the_same(told, clock, wait):
    asked_every(told, clock, wait, 3)
    clock.advance(wait * 1.7)
    assert told("me", ended()) is RunStatus.COMPLETED


@pytest.mark.parametrize("after", [3, 12, 60, 119])
def test_a_stream_that_broke_off_is_followed_by_a_new_one(told, clock, after):
    """Somebody pressed Ctrl-C, the job ended, and they stream it again: nothing of it was printed to them yet."""
    asked_every(told, clock, 20, 3)
    clock.advance(after)
    expected = RunStatus.COMPLETED if 16 <= after <= 45 else RunStatus.FINALIZING
    assert told("me", ended()) is expected


def test_a_new_server_costs_a_question_and_no_log(told, clock):
    """What was remembered is gone with the server that remembered it; another server never knew."""
    asked_every(told, clock, 10, 3)
    other = Following(clock).told
    said: list[RunStatus] = []
    for server in (other, other, told):
        clock.advance(5)
        said.append(server("me", ended()))
    assert said == [RunStatus.FINALIZING, RunStatus.COMPLETED, RunStatus.COMPLETED], "the two may take turns"


def test_no_more_is_remembered_than_said(clock, monkeypatch):
    monkeypatch.setattr(following, "MOST", 3)
    found = Following(clock)
    for number in range(10):
        found.told("me", ended(name=str(number)))
    assert len(found._asked) == 3
