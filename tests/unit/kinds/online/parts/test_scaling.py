"""The number of replicas: within its bounds whatever the load is, up at once, down only after the cool-down."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaffre.kinds.online.parts import scaling
from zaffre.kinds.online.parts.scaling import Bounds, Load, Memory, Policy, Target

loads = st.builds(
    Load,
    st.floats(0, 500),
    st.floats(0, 5000),
    st.floats(0, 6400),
    st.integers(0, 100),
    st.just(True),
)
targets = st.builds(Target, st.sampled_from([scaling.CONCURRENCY, scaling.RATE, scaling.CPU]), st.floats(0.5, 100))
bounds = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda pair: Bounds(min(pair), max(1, *pair)))


@given(targets, bounds, loads, st.integers(0, 12), st.floats(0, 600))
def test_the_number_stays_within_its_bounds_and_falls_only_after_the_cool_down(target, held, load, count, low_for):
    policy = Policy(held.least, held.most, target, cool_down=300.0)
    now = 1000.0
    found = scaling.by_target(policy, held, load, count, Memory(low_since=now - low_for), now)
    if found.count != count:
        assert held.least <= found.count <= held.most
        assert found.memory.why
    if found.count < count <= held.most:
        assert low_for >= policy.cool_down
    if load.held and count == 0:
        assert found.count >= 1


@given(targets, bounds, st.lists(loads, max_size=30), st.integers(0, 8))
def test_a_steady_load_is_settled_on_and_left_alone(target, held, before, count):
    policy, memory, now = Policy(held.least, held.most, target, cool_down=10.0), Memory(), 0.0
    steady = Load(3.0, 30.0, 100.0)
    for load in [*before, steady, *[steady] * 4]:
        now += 11.0
        found = scaling.by_target(policy, held, load, count, memory, now)
        count, memory = found.count, found.memory
    assert count == max(held.least, min(held.most, scaling.needs(policy, steady)))
    again = scaling.by_target(policy, held, steady, count, memory, now + 100)
    assert not again.changes(count, memory)


def test_up_at_once_as_far_as_the_load_says():
    policy = Policy(1, 4, Target(scaling.CONCURRENCY, 2.0))
    found = scaling.by_target(policy, Bounds(1, 4), Load(7.0, 10.0), 1, Memory(), 50.0)
    assert (found.count, found.memory.out_at) == (4, 50.0)
    assert found.memory.why == "7.0 requests at once, 2 for each replica, needs 4"


def test_none_while_nothing_is_asked_and_one_as_soon_as_somebody_waits():
    policy = Policy(0, 4, Target(scaling.CONCURRENCY, 2.0), cool_down=60.0)
    idle = scaling.by_target(policy, Bounds(0, 4), Load(), 1, Memory(), 100.0)
    assert (idle.count, idle.memory.low_since) == (1, 100.0)
    asleep = scaling.by_target(policy, Bounds(0, 4), Load(), 1, idle.memory, 160.0)
    assert asleep.count == 0
    woken = scaling.by_target(policy, Bounds(0, 4), Load(held=3), 0, asleep.memory, 200.0)
    assert (woken.count, woken.memory.why) == (1, "3 requests wait")


def test_a_request_now_and_then_keeps_one_awake():
    policy = Policy(0, 4, Target(scaling.RATE, 50.0), cool_down=60.0)
    found = scaling.by_target(policy, Bounds(0, 4), Load(rate=0.1), 1, Memory(low_since=1.0), 100.0)
    assert (found.count, found.memory.low_since) == (1, None)


def test_while_the_router_cannot_be_asked_nothing_changes_but_bounds_hold():
    policy = Policy(0, 4, Target())
    unknown = Load(known=False)
    assert scaling.by_target(policy, Bounds(0, 4), unknown, 3, Memory(), 9e9).count == 3
    assert scaling.by_target(policy, Bounds(0, 2), unknown, 3, Memory(), 9e9).count == 2


def test_what_is_stored_comes_back():
    policy = Policy(0, 4, Target(scaling.CPU, 60.0), 10.0, 2.0, 30.0, ({"name": "x"},), ({"cron": "* * * * *"},))
    assert Policy.from_json(policy.to_json()) == policy
    assert Policy.from_json({}) == Policy()
    memory = Memory(1.0, 2.0, 3.0, 4.0, "why")
    assert Memory.from_json(memory.to_json()) == memory
