import hashlib

import pytest

from zaffre.serving.guard import BURST, Guard, Verdict, caller
from zaffre.serving.keys import Gate
from zaffre.serving.table import Auth


class Clock:
    def __init__(self):
        self.time = 1000.0

    def now(self):
        return self.time

    def monotonic(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gate(clock):
    hashes = tuple(hashlib.sha256(key.encode()).hexdigest() for key in ("first", "second"))
    return Gate(Auth(key_hashes=hashes), clock)


def test_after_a_burst_right_and_wrong_look_alike_and_time_heals(clock, gate):
    guard = Guard(clock)
    seen = [guard.judge(gate, b"Bearer guess", "10.0.0.1") for _ in range(int(BURST) + 5)]
    assert seen.count(Verdict.DENIED) == int(BURST)
    assert guard.judge(gate, b"Bearer first", "10.0.0.1") is Verdict.TOO_OFTEN
    assert guard.judge(None, b"Bearer first", "10.0.0.1") is Verdict.TOO_OFTEN
    clock.time += 2
    assert guard.judge(gate, b"Bearer first", "10.0.0.1") is Verdict.ADMITTED


def test_who_was_right_before_is_served_and_other_addresses_are_not_touched(clock, gate):
    guard = Guard(clock)
    assert guard.judge(gate, b"Bearer first", "10.0.0.1") is Verdict.ADMITTED
    for _ in range(int(BURST) + 5):
        guard.judge(gate, b"Bearer guess", "10.0.0.1")
    assert guard.judge(gate, b"Bearer first", "10.0.0.1") is Verdict.ADMITTED
    assert guard.judge(gate, b"Bearer second", "10.0.0.1") is Verdict.TOO_OFTEN
    assert guard.judge(gate, b"Bearer second", "10.0.0.2") is Verdict.ADMITTED


def test_a_key_that_was_right_once_and_is_not_any_more_is_refused(clock, gate):
    guard = Guard(clock)
    assert guard.judge(gate, b"Bearer first", "a") is Verdict.ADMITTED
    assert guard.judge(Gate(Auth(), clock), b"Bearer first", "a") is Verdict.DENIED


def test_without_a_credential_nothing_is_tried(clock, gate):
    guard = Guard(clock)
    assert {guard.judge(gate, b"", "a") for _ in range(200)} == {Verdict.DENIED}
    assert guard.judge(gate, b"Bearer first", "a") is Verdict.ADMITTED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("10.0.0.1", 5), ("10.0.0.1", 6), True),
        (("10.0.0.1", 5), ("10.0.0.2", 5), False),
        (("2001:db8::1", 5, 0, 0), ("2001:db8::ffff", 5, 0, 0), True),
        (("2001:db8::1", 5, 0, 0), ("2001:db8:0:1::1", 5, 0, 0), False),
        (None, "", True),
    ],
)
def test_a_caller_is_an_address_or_a_network(one, other, same):
    assert (caller(one) == caller(other)) is same
