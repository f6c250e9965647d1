"""What a run of one task does next, from what is known of it: pure, and shared by the job types that are one task.

Build, start, wait, and one true reason at the end. A type whose runs go another way (a sweep, a pipeline) has a plan of its
own and may ask ``reason_of`` how a task ended.
"""

from __future__ import annotations

from typing import Any

from zaffre.core.intents import (
    Finish,
    Intent,
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
from zaffre.core.reasons import Cause, Reason, of_exit
from zaffre.core.status import RunStatus, Signal
from zaffre.core.tasks import Exit, Observation, Phase

LAUNCH_DEADLINE = 10.0
"""Seconds after which a launched task is looked at again when nothing was heard of it."""
RUNNING_DEADLINE = 30.0
STOPPING_DEADLINE = 2.0
SILENCE = 30.0
"""Seconds without a sign of life from the agent, which gives one every two seconds, after which it is not responding."""
BUILD_DEADLINE = 60.0


def plan(spec: Any, facts: RunFacts) -> list[Intent]:
    """The next intents."""
    if facts.status.is_final:
        return []
    if facts.task is None:
        return _before_launch(facts)
    match facts.task.phase:
        case Phase.EXITED:
            return _after_exit(spec, facts, facts.task)
        case Phase.VANISHED:
            return _after_loss(facts, facts.task)
        case _:
            return _while_alive(facts, facts.task)


def _before_launch(facts: RunFacts) -> list[Intent]:
    if facts.cancel_by is not None:
        return [Finish(Reason(Cause.CANCELED, {"by": facts.cancel_by}))]
    if facts.environment is BuildPhase.FAILED:
        told = {"environment": facts.environment_name, "message": facts.environment_message}
        return [Finish(Reason(Cause.ENVIRONMENT_FAILED, told))]
    if facts.environment is BuildPhase.MISSING:
        return [PrepareEnvironment(), Wait(BUILD_DEADLINE)]
    return [StartTask(), Wait(LAUNCH_DEADLINE)]


def _while_alive(facts: RunFacts, task: Observation) -> list[Intent]:
    intents: list[Intent] = []
    if task.phase is Phase.RUNNING and facts.status is RunStatus.STARTING:
        intents.append(MarkRunning())
    if (signal := _seen(facts, task)) is not None:
        intents.append(Mark(signal))
    if facts.cancel_by is not None or facts.interrupted_by is not None:
        return [*intents, StopTask(), Wait(STOPPING_DEADLINE)]
    soon = task.phase is Phase.STARTING or facts.status is RunStatus.NOT_RESPONDING
    return [*intents, Wait(LAUNCH_DEADLINE if soon else RUNNING_DEADLINE)]


def _seen(facts: RunFacts, task: Observation) -> Signal | None:
    """What is to be seen of a task that has not ended: that it saves outputs, that its agent fell silent or is back."""
    silent = task.heartbeat_at is not None and facts.now - task.heartbeat_at > SILENCE
    match facts.status:
        case RunStatus.RUNNING if task.saving:
            return Signal.FINALIZE
        case RunStatus.RUNNING if silent:
            return Signal.LOSE
        case RunStatus.NOT_RESPONDING if not silent:
            return Signal.FIND
        case _:
            return None


def _after_exit(spec: Any, facts: RunFacts, task: Observation) -> list[Intent]:
    assert task.exit is not None
    reason = reason_of(task.exit, cancel_by=facts.cancel_by, timeout=_timeout(spec))
    if task.exit.stopped and facts.interrupted_by is not None and facts.cancel_by is None and not task.exit.error:
        reason = Reason(Cause.INTERRUPTED, {**reason.facts, "by": facts.interrupted_by})
    if reason.retryable and facts.retries_left > 0 and facts.cancel_by is None:
        return [Retry(reason)]
    return [Finish(reason)]


def _after_loss(facts: RunFacts, task: Observation) -> list[Intent]:
    if facts.cancel_by is not None:
        return [Finish(Reason(Cause.CANCELED, {"by": facts.cancel_by}))]
    reason = Reason(Cause.NODE_LOST if task.rebooted else Cause.AGENT_LOST)
    return [Retry(reason)] if facts.retries_left > 0 else [Finish(reason)]


def reason_of(ended: Exit, *, cancel_by: str | None, timeout: float | None) -> Reason:
    """The true reason of an ended task; the order of the tests is the order of their certainty."""
    facts: dict[str, Any] = {"peak_memory": ended.peak_memory, "cpu_seconds": ended.cpu_seconds}
    if ended.rank:
        facts["who"] = ended.rank
    if ended.limited_by:
        facts["limited_by"] = ended.limited_by
    if ended.survivors:
        facts["survivors"] = ended.survivors
    if ended.error:
        return Reason(Cause(ended.error), {**facts, **ended.error_facts})
    if ended.timed_out:
        return Reason(Cause.TIMED_OUT, {**facts, "timeout": f"{timeout:g}" if timeout else ""})
    if ended.stopped and cancel_by is not None:
        return Reason(Cause.CANCELED, {**facts, "by": cancel_by})
    return _of_what_ran_out(ended, facts) or of_exit(ended.exit_code, ended.signal, facts)


def _of_what_ran_out(ended: Exit, facts: dict[str, Any]) -> Reason | None:
    """Memory, processes or the disk: what the command failed for want of."""
    if ended.out_of_memory:
        return Reason(Cause.OUT_OF_MEMORY, facts)
    if ended.too_many_processes:
        return Reason(Cause.TOO_MANY_PROCESSES, facts)
    if ended.disk_full:
        how = {"code": ended.exit_code} if ended.signal is None else {"number": ended.signal}
        return Reason(Cause.DISK_FULL, {**facts, **how, "path": ended.disk_full})
    return None


def _timeout(spec: Any) -> float | None:
    limits = getattr(spec, "limits", None)
    timeout = getattr(limits, "timeout", None)
    return float(timeout) if timeout is not None else None
