"""Traffic in steps: whatever the shares and the figures are, it adds up, it ends, and nothing bad goes on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zaffre.core.drift import Drift
from zaffre.kinds.online.parts import rollout
from zaffre.kinds.online.parts.rollout import Guards, Move, Next, Plan, Progress, Seen
from zaffre.kinds.online.parts.windows import BOUNDS, Window

BLUE_GREEN = Progress({"blue": 100}, {"green": 100}, since=100.0)


def window(requests=100, errors=0, seconds=0.01):
    buckets = [0] * (len(BOUNDS) + 1)
    buckets[next(at for at, bound in enumerate(BOUNDS) if bound >= seconds)] = requests
    statuses = {"200": requests - errors, "500": errors}
    return Window(10.0, {name: count for name, count in statuses.items() if count}, tuple(buckets))


def split():
    return (
        st.lists(st.integers(0, 100), min_size=2, max_size=2)
        .map(sorted)
        .map(lambda cut: {"a": cut[0], "b": cut[1] - cut[0], "c": 100 - cut[1]})
    )


def plans():
    steps = st.lists(st.integers(1, 100), max_size=6, unique=True).map(sorted)
    return st.builds(Plan, steps.map(tuple), st.floats(1, 1000))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(split(), split(), plans(), st.integers(0, 10))
def test_shares_always_make_a_hundred_and_lie_between_before_and_target(before, target, plan, step):
    found = rollout.shares(Progress(before, target, step), plan)
    assert sum(found.values()) == 100
    for name, share in found.items():
        low, high = sorted((before.get(name, 0), target.get(name, 0)))
        assert low - 1 <= share <= high + 1
    assert rollout.shares(Progress(before, target, 100), plan) == {name: target[name] for name in sorted(target)}


@given(split(), split(), plans())
def test_with_nothing_wrong_it_arrives_after_as_many_steps_as_there_are(before, target, plan):
    progress, now = Progress(before, target), 0.0
    for _ in range(len(plan.stops)):
        progress = rollout.Progress(**{**progress.to_json(), "since": now, "history": progress.history})
        assert rollout.decide(progress, plan, {}, now + plan.interval / 2).move is Move.STAY
        now += plan.interval + 1
        decision = rollout.decide(progress, plan, {}, now)
        assert decision.move in (Move.ON, Move.DONE)
        progress = rollout.moved(progress, plan, decision, {}, now)
    assert progress.status == rollout.DONE
    assert len(progress.history) == len(plan.stops)


GUARDS = Guards(error_rate=5, latency_p95=0.1, latency_p99=0.5, drift=0.2, least=10)


@given(
    st.integers(0, 200), st.integers(0, 200), st.sampled_from(BOUNDS), st.floats(0, 1), st.floats(0, 2000),
)  # fmt: skip
def test_it_goes_on_only_where_everything_holds(requests, errors, seconds, distance, waited):
    seen = {"green": Seen(window(requests, min(errors, requests), seconds), Drift(distance, "answer", (50, 50)))}
    plan = Plan((50,), 60.0, GUARDS)
    decision = rollout.decide(BLUE_GREEN, plan, seen, 100.0 + waited)
    if decision.move in (Move.ON, Move.DONE):
        one = seen["green"].window
        assert waited >= plan.interval
        assert one.requests >= GUARDS.least
        assert one.error_rate <= GUARDS.error_rate
        assert one.latency(95) <= GUARDS.latency_p95
        assert distance <= GUARDS.drift
    if decision.move is Move.BACK:
        assert decision.why


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (Seen(window(100, 6)), "6.0 % of 100 requests with an error, and guardrails.error_rate allows 5 %"),
        (Seen(window(100, 0, 0.25)), "guardrails.latency_p95_ms allows 100 ms"),
        (Seen(window(), Drift(0.5, "[]", (50, 50))), "differ from those that serve by 0.50 in []"),
        (Seen(window(0), ready=False), "no replica of green answers"),
    ],
)
def test_a_guardrail_says_what_was_found_and_what_is_allowed(seen, told):
    decision = rollout.decide(BLUE_GREEN, Plan((50,), 60.0, GUARDS), {"green": seen}, 101.0)
    assert decision.move is Move.BACK
    assert told in decision.why


def test_nothing_is_judged_by_a_handful_of_requests_and_nothing_waits_for_ever():
    plan, few = Plan((50,), 60.0, GUARDS), {"green": Seen(window(3, 3))}
    assert rollout.decide(BLUE_GREEN, plan, few, 170.0) == Next(
        Move.STAY, "green has had 3 of the 10 requests that it is judged by"
    )
    late = rollout.decide(BLUE_GREEN, plan, few, 100.0 + 601.0)
    assert late.move is Move.BACK
    assert "got 3 requests in 601 s" in late.why


def test_the_record_of_a_step_has_its_figures():
    seen = {"green": Seen(window(100, 6), Drift(0.25, "answer", (50, 50)))}
    plan = Plan((50,), 60.0, GUARDS)
    back = rollout.moved(BLUE_GREEN, plan, Next(Move.BACK, "too many errors"), seen, 110.0)
    (entry,) = back.history
    assert (back.status, back.reason) == (rollout.BACK, "too many errors")
    assert entry["traffic"] == {"blue": 50, "green": 50}
    assert entry["deployments"]["green"]["error_rate"] == 6.0
    assert entry["deployments"]["green"]["prediction_drift"] == 0.25
    assert Progress.from_json(back.to_json()) == back


def test_the_one_that_serves_is_the_one_that_gives_and_had_most():
    assert Progress({"a": 30, "b": 70}, {"a": 100}).serving == "b"
    assert Progress({"a": 30, "b": 70}, {"a": 100}).growing == ["a"]
    assert BLUE_GREEN.serving == "blue"
