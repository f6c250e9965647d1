"""An update of a deployment under its own name, on trial: a growing part of its requests, watched by guardrails. Pure.

Two revisions stand side by side, each an entry of the routing table (``blue`` and ``blue~2``), so that what judges a shift
of traffic between two deployments (``rollout``) judges this too.
"""

from __future__ import annotations

from dataclasses import replace

from zaffre.core.reasons import Cause, Reason
from zaffre.kinds.online.parts import rollout
from zaffre.kinds.online.parts.intents import (
    Facts,
    Intent,
    KeepTrial,
    MarkFailed,
    MarkReady,
    PublishTable,
    Trial,
    Wait,
)
from zaffre.kinds.online.parts.rollout import Move, Progress

LOOK, SOON = 1.0, 0.25
"""Seconds between judgements, and until it is seen again whether the router follows."""
BEFORE = "the revision of before"


def goes_on(facts: Facts) -> list[Intent]:
    """All replicas of a new generation are ready: it serves, or where guardrails are to hold, they are asked."""
    trial = facts.trial
    if trial is None:
        return [MarkReady(facts.wish)]
    if trial.progress is None:
        begun = Progress({trial.name: 100}, {trial.revision: 100}, started_at=facts.now)
        return [KeepTrial(begun)]
    if not trial.known:
        return [Wait(facts.now + LOOK)]
    if not trial.progress.since:
        return [KeepTrial(replace(trial.progress, since=facts.now, baselines=trial.baselines))]
    return _judged(facts, trial, trial.progress)


def gone_back(facts: Facts) -> list[Intent]:
    """A guardrail did not hold: that the update has failed is told once the router sends the revision nothing more."""
    trial = facts.trial
    if trial is None or trial.progress is None or trial.progress.status != rollout.BACK:
        return []
    if any(one.place.generation == facts.wish.generation and one.place.id in facts.published for one in facts.replicas):
        return [PublishTable(), Wait(facts.now + SOON)]
    return [MarkFailed(Reason(Cause.ROLLED_BACK, {"before": BEFORE, "message": trial.progress.reason}))]


def given_up(facts: Facts, reason: Reason) -> list[Intent]:
    """A replica of a new generation ended or will never be ready; one on trial had part of the requests by then."""
    trial = facts.trial
    if trial is None or trial.progress is None:
        return [MarkFailed(reason)]
    return [
        *_back(trial.progress, f"a replica of {trial.revision} ended. {reason.sentence}".rstrip(".")),
        Wait(facts.now + SOON),
    ]


def _judged(facts: Facts, trial: Trial, progress: Progress) -> list[Intent]:
    decision = rollout.decide(progress, trial.plan, trial.seen, facts.now)
    if decision.move is Move.STAY:
        return [Wait(facts.now + LOOK)]
    moved = rollout.moved(progress, trial.plan, decision, trial.seen, facts.now)
    if decision.move is Move.ON:
        return [KeepTrial(moved)]
    return [KeepTrial(moved), MarkReady(facts.wish)] if decision.move is Move.DONE else _back(moved, decision.why)


def _back(progress: Progress, why: str) -> list[Intent]:
    return [KeepTrial(replace(progress, status=rollout.BACK, reason=why, baselines={})), PublishTable()]
