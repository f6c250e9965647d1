"""An update on trial: from its first share to all of the traffic, or back, whatever the figures are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zaffre.core.ports import BuildPhase
from zaffre.core.reasons import Cause, Reason
from zaffre.core.tasks import Phase
from zaffre.kinds.online.parts import rollout, trying
from zaffre.kinds.online.parts.intents import (
    Facts,
    KeepTrial,
    MarkFailed,
    MarkReady,
    PublishTable,
    Replica,
    Trial,
    Wait,
)
from zaffre.kinds.online.parts.rollout import Guards, Plan, Progress, Seen
from zaffre.kinds.online.parts.windows import BOUNDS, Window
from zaffre.kinds.online.parts.wish import Content, Place, Wish

NOW = 1_000.0
WISH = Wish(2, Content("score", {"name": "env"}))
PLAN = Plan((20,), 10.0, Guards(error_rate=5, least=10))
BEGUN = Progress({"blue": 100}, {"blue~2": 100}, started_at=NOW - 30)


def facts(progress=None, seen=None, published=(), **trial):
    place = Place(2, 7, "t", "/s", "/d", "/l", "ready")
    return Facts(
        now=NOW, wish=WISH, serving=replace(WISH, generation=1), deleting=False, settled=False,
        environment=BuildPhase.READY, environment_name="", environment_message="",
        replicas=(Replica(place, Phase.RUNNING, True),), published=frozenset(published),
        trial=Trial("blue", "blue~2", PLAN, progress, seen or {}, {"blue~2": {"at": 1}}, **trial),
    )  # fmt: skip


def answered(errors=0, requests=100):
    buckets = (requests, *(0 for _ in BOUNDS))
    return {"blue~2": Seen(Window(10.0, {"200": requests - errors, "500": errors}, buckets))}


def test_without_guardrails_it_serves_as_soon_as_it_is_ready():
    assert trying.goes_on(replace(facts(), trial=None)) == [MarkReady(WISH)]


def test_it_begins_with_the_first_share_and_counts_from_when_that_holds():
    (kept,) = trying.goes_on(facts())
    assert rollout.shares(kept.progress, PLAN) == {"blue": 80, "blue~2": 20}
    (kept,) = trying.goes_on(facts(kept.progress))
    assert (kept.progress.since, kept.progress.baselines) == (NOW, {"blue~2": {"at": 1}})


def test_nothing_is_judged_while_the_router_does_not_answer():
    late = replace(BEGUN, since=NOW - 1000)
    assert trying.goes_on(facts(late, known=False)) == [Wait(NOW + trying.LOOK)]


@pytest.mark.parametrize(("step", "then"), [(0, [KeepTrial]), (1, [KeepTrial, MarkReady])])
def test_a_step_that_is_well_is_followed_by_the_next_and_the_last_by_all(step, then):
    found = trying.goes_on(facts(replace(BEGUN, since=NOW - 11, step=step), answered()))
    assert [type(one) for one in found] == then
    assert found[0].progress.status == (rollout.DONE if step else rollout.UNDER_WAY)


def test_a_guardrail_that_does_not_hold_takes_it_out_of_the_table_before_it_is_told():
    kept, published = trying.goes_on(facts(replace(BEGUN, since=NOW - 1), answered(errors=50)))
    assert isinstance(published, PublishTable)
    assert kept.progress.status == rollout.BACK
    back = facts(kept.progress, published={"2-7"})
    assert not any(isinstance(one, MarkFailed) for one in trying.gone_back(back))
    (failed,) = trying.gone_back(replace(back, published=frozenset()))
    assert failed.reason.cause is Cause.ROLLED_BACK
    assert "blue~2 answered 50.0 % of 100 requests with an error" in failed.reason.sentence


def test_a_replica_that_ends_on_trial_takes_it_back_and_before_it_just_fails_it():
    reason = Reason(Cause.NOT_READY, {"message": "its process ended with exit code 3."})
    assert trying.given_up(facts(), reason) == [MarkFailed(reason)]
    kept = trying.given_up(facts(replace(BEGUN, since=NOW)), reason)[0]
    assert kept.progress.status == rollout.BACK
    assert "a replica of blue~2 ended" in kept.progress.reason
    assert "exit code 3" in kept.progress.reason
    assert trying.gone_back(facts(BEGUN)) == []
