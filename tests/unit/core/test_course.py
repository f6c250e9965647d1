"""The plan of a command job: facts in, intents out."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from zaffre.core.course import plan, reason_of
from zaffre.core.intents import (
    Finish,
    Mark,
    MarkRunning,
    PrepareEnvironment,
    Retry,
    RunFacts,
    StartTask,
    StopTask,
    Wait,
)
from zaffre.core.ports import BuildPhase
from zaffre.core.reasons import Cause
from zaffre.core.status import RunStatus, Signal
from zaffre.core.tasks import Exit, Observation, Phase

SPEC = SimpleNamespace(limits=SimpleNamespace(timeout=60))
FRESH = RunFacts(
    status=RunStatus.NOT_STARTED,
    attempt=0,
    cancel_by=None,
    environment=BuildPhase.READY,
    environment_message="",
    environment_name="azureml:e:1",
    task=None,
    now=1000.0,
    retries_left=1,
)
ENDED = Exit(exit_code=0, signal=None, started_at=1.0, ended_at=2.0)


def at(phase: Phase, exit: Exit | None = None, **other) -> RunFacts:
    task = Observation(phase, exit=exit, rebooted=other.pop("rebooted", False))
    return replace(FRESH, status=RunStatus.RUNNING, attempt=1, task=task, **other)


def only(intents, kind):
    found = [intent for intent in intents if isinstance(intent, kind)]
    assert len(found) == 1, intents
    return found[0]


def test_a_ready_job_starts_at_once():
    assert isinstance(plan(SPEC, FRESH)[0], StartTask)


def test_a_missing_environment_is_built_first():
    assert isinstance(plan(SPEC, replace(FRESH, environment=BuildPhase.MISSING))[0], PrepareEnvironment)


def test_a_failed_environment_ends_the_job_with_the_resolvers_words():
    facts = replace(FRESH, environment=BuildPhase.FAILED, environment_message="numpy==99 does not exist")
    reason = only(plan(SPEC, facts), Finish).reason
    assert reason.cause is Cause.ENVIRONMENT_FAILED
    assert "numpy==99 does not exist" in reason.sentence


@pytest.mark.parametrize("environment", list(BuildPhase))
def test_canceled_before_launch_never_starts(environment: BuildPhase):
    facts = replace(FRESH, cancel_by="user:ada", environment=environment)
    reason = only(plan(SPEC, facts), Finish).reason
    assert reason.cause is Cause.CANCELED
    assert "user:ada" in reason.sentence


def test_a_running_process_is_marked_once():
    starting = replace(at(Phase.RUNNING), status=RunStatus.STARTING)
    only(plan(SPEC, starting), MarkRunning)
    assert not [intent for intent in plan(SPEC, at(Phase.RUNNING)) if isinstance(intent, MarkRunning)]


def test_a_live_job_that_is_canceled_is_stopped_and_watched():
    intents = plan(SPEC, at(Phase.RUNNING, cancel_by="user:ada"))
    only(intents, StopTask)
    only(intents, Wait)


@pytest.mark.parametrize("status", [status for status in RunStatus if status.is_final])
def test_nothing_leaves_a_final_status(status: RunStatus):
    assert plan(SPEC, replace(FRESH, status=status)) == []


@pytest.mark.parametrize("facts", [FRESH, at(Phase.STARTING), at(Phase.RUNNING), at(Phase.RUNNING, cancel_by="x")])
def test_every_waiting_state_is_looked_at_again(facts: RunFacts):
    assert only(plan(SPEC, facts), Wait).seconds <= 60


@pytest.mark.parametrize(
    ("ended", "cause", "word"),
    [
        (ENDED, Cause.SUCCEEDED, "exit code 0"),
        (replace(ENDED, exit_code=3), Cause.EXIT_CODE, "code 3"),
        (replace(ENDED, exit_code=None, signal=9), Cause.SIGNALED, "SIGKILL"),
        (replace(ENDED, exit_code=None, signal=9, out_of_memory=True), Cause.OUT_OF_MEMORY, "memory"),
        (replace(ENDED, exit_code=1, disk_full="/runs/one"), Cause.DISK_FULL, "the disk of /runs/one was full"),
        (replace(ENDED, exit_code=9, out_of_memory=True, disk_full="/runs/one"), Cause.OUT_OF_MEMORY, "memory"),
        (replace(ENDED, exit_code=None, signal=15, timed_out=True, stopped=True), Cause.TIMED_OUT, "60 s"),
        (replace(ENDED, error="InputMissing", error_facts={"name": "d", "path": "/d"}), Cause.INPUT_MISSING, "/d"),
        (
            replace(ENDED, error="OutputFailed", error_facts={"name": "m", "message": "full"}),
            Cause.OUTPUT_FAILED,
            "full",
        ),
    ],
)
def test_the_reason_is_true(ended: Exit, cause: Cause, word: str):
    reason = only(plan(SPEC, at(Phase.EXITED, ended)), Finish).reason
    assert reason.cause is cause
    assert word in reason.sentence


def test_canceled_means_it_was_stopped_because_somebody_asked():
    stopped = replace(ENDED, exit_code=None, signal=15, stopped=True)
    assert reason_of(stopped, cancel_by="user:ada", timeout=None).cause is Cause.CANCELED
    assert reason_of(ENDED, cancel_by="user:ada", timeout=None).cause is Cause.SUCCEEDED, "it had ended before"
    assert reason_of(stopped, cancel_by=None, timeout=None).cause is Cause.SIGNALED


@pytest.mark.parametrize(("rebooted", "cause"), [(True, Cause.NODE_LOST), (False, Cause.AGENT_LOST)])
def test_what_the_platform_lost_is_tried_again_while_tries_are_left(rebooted: bool, cause: Cause):
    facts = at(Phase.VANISHED, rebooted=rebooted)
    assert only(plan(SPEC, facts), Retry).reason.cause is cause
    assert only(plan(SPEC, replace(facts, retries_left=0)), Finish).reason.cause is cause


def test_a_lost_job_that_was_canceled_is_canceled():
    facts = at(Phase.VANISHED, cancel_by="user:ada")
    assert only(plan(SPEC, facts), Finish).reason.signal is Signal.CANCEL


def test_a_users_failure_is_never_tried_again():
    assert not [i for i in plan(SPEC, at(Phase.EXITED, replace(ENDED, exit_code=1))) if isinstance(i, Retry)]


def alive(status: RunStatus, heartbeat: float | None = 1000.0, saving: bool = False, **other):
    task = Observation(Phase.RUNNING, heartbeat_at=heartbeat, saving=saving)
    return replace(FRESH, status=status, attempt=1, task=task, **other)


@pytest.mark.parametrize(
    ("facts", "signal"),
    [
        (alive(RunStatus.RUNNING), None),
        (alive(RunStatus.RUNNING, None), None),
        (alive(RunStatus.RUNNING, 975.0), None),
        (alive(RunStatus.RUNNING, 960.0), Signal.LOSE),
        (alive(RunStatus.NOT_RESPONDING, 960.0), None),
        (alive(RunStatus.NOT_RESPONDING), Signal.FIND),
        (alive(RunStatus.RUNNING, saving=True), Signal.FINALIZE),
        (alive(RunStatus.FINALIZING, saving=True), None),
        (alive(RunStatus.CANCEL_REQUESTED, 960.0, saving=True), None),
    ],
)
def test_what_is_seen_of_a_task_is_told(facts: RunFacts, signal: Signal | None):
    marks = [intent.signal for intent in plan(SPEC, facts) if isinstance(intent, Mark)]
    assert marks == ([signal] if signal else [])


def test_an_interrupted_task_is_asked_to_end_and_tried_again():
    running = alive(RunStatus.RUNNING, interrupted_by="premium")
    assert isinstance(plan(SPEC, running)[0], StopTask)
    ended = at(Phase.EXITED, replace(ENDED, exit_code=None, signal=15, stopped=True), interrupted_by="premium")
    assert only(plan(SPEC, ended), Retry).reason.cause is Cause.INTERRUPTED
    assert "premium" in only(plan(SPEC, ended), Retry).reason.sentence
    last = only(plan(SPEC, replace(ended, retries_left=0)), Finish).reason
    assert (last.cause, last.signal) == (Cause.INTERRUPTED, Signal.FAIL)


def test_one_that_ended_by_itself_or_was_canceled_was_not_interrupted():
    done = at(Phase.EXITED, ENDED, interrupted_by="premium")
    assert only(plan(SPEC, done), Finish).reason.cause is Cause.SUCCEEDED
    stopped = replace(ENDED, exit_code=None, signal=15, stopped=True)
    canceled = at(Phase.EXITED, stopped, interrupted_by="premium", cancel_by="user:ada")
    assert only(plan(SPEC, canceled), Finish).reason.cause is Cause.CANCELED
