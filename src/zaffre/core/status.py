"""The two state machines: what a run and what a provisioned resource may become next.

Statuses are Azure ML's words. A move not in the table does not happen: ``store.runs.apply`` refuses it.
"""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a job, trial, step or build stands."""

    NOT_STARTED = "NotStarted"
    QUEUED = "Queued"
    PROVISIONING = "Provisioning"
    PREPARING = "Preparing"
    STARTING = "Starting"
    RUNNING = "Running"
    FINALIZING = "Finalizing"
    CANCEL_REQUESTED = "CancelRequested"
    PAUSED = "Paused"
    NOT_RESPONDING = "NotResponding"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"
    UNKNOWN = "Unknown"

    @property
    def is_final(self) -> bool:
        """True once nothing can change any more."""
        return self in FINAL

    @property
    def holds_slot(self) -> bool:
        """True while the run occupies a node of its compute."""
        return self in _OCCUPYING


FINAL = frozenset({RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED})


class Signal(StrEnum):
    """What happened to a run; with the present status it decides the next."""

    PREPARE = "prepare"
    """Its environment is being made ready."""
    QUEUE = "queue"
    """Ready to run, waits for a node."""
    START = "start"
    """The intent to launch is on record; the effect follows."""
    RUN = "run"
    """The user's process exists."""
    FINALIZE = "finalize"
    """The process ended; outputs are being kept."""
    LOSE = "lose"
    """Its host stopped answering."""
    FIND = "find"
    """A lost host answers again."""
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    """The attempt failed and another is allowed."""
    ASK_CANCEL = "ask_cancel"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"


_S = RunStatus
_OPEN = (_S.NOT_STARTED, _S.QUEUED, _S.PROVISIONING, _S.PREPARING, _S.STARTING, _S.RUNNING, _S.FINALIZING)
_OCCUPYING = frozenset(
    {_S.PROVISIONING, _S.STARTING, _S.RUNNING, _S.FINALIZING, _S.CANCEL_REQUESTED, _S.NOT_RESPONDING}
)

MOVES: dict[tuple[RunStatus, Signal], RunStatus] = {
    (_S.NOT_STARTED, Signal.PREPARE): _S.PREPARING,
    (_S.NOT_STARTED, Signal.QUEUE): _S.QUEUED,
    (_S.NOT_STARTED, Signal.START): _S.STARTING,
    (_S.QUEUED, Signal.PREPARE): _S.PREPARING,
    (_S.QUEUED, Signal.START): _S.STARTING,
    (_S.QUEUED, Signal.PAUSE): _S.PAUSED,
    (_S.PREPARING, Signal.QUEUE): _S.QUEUED,
    (_S.PREPARING, Signal.START): _S.STARTING,
    (_S.PAUSED, Signal.RESUME): _S.QUEUED,
    (_S.STARTING, Signal.RUN): _S.RUNNING,
    (_S.STARTING, Signal.FINALIZE): _S.FINALIZING,
    (_S.STARTING, Signal.RETRY): _S.QUEUED,
    (_S.RUNNING, Signal.FINALIZE): _S.FINALIZING,
    (_S.RUNNING, Signal.LOSE): _S.NOT_RESPONDING,
    (_S.RUNNING, Signal.RETRY): _S.QUEUED,
    (_S.NOT_RESPONDING, Signal.FIND): _S.RUNNING,
    (_S.NOT_RESPONDING, Signal.FINALIZE): _S.FINALIZING,
    (_S.NOT_RESPONDING, Signal.RETRY): _S.QUEUED,
    (_S.NOT_RESPONDING, Signal.FAIL): _S.FAILED,
    (_S.FINALIZING, Signal.RETRY): _S.QUEUED,
    (_S.RUNNING, Signal.COMPLETE): _S.COMPLETED,
    (_S.FINALIZING, Signal.COMPLETE): _S.COMPLETED,
    (_S.CANCEL_REQUESTED, Signal.COMPLETE): _S.COMPLETED,
    (_S.CANCEL_REQUESTED, Signal.FAIL): _S.FAILED,
    (_S.CANCEL_REQUESTED, Signal.CANCEL): _S.CANCELED,
    (_S.NOT_RESPONDING, Signal.ASK_CANCEL): _S.CANCEL_REQUESTED,
    (_S.PAUSED, Signal.ASK_CANCEL): _S.CANCEL_REQUESTED,
    **{(status, Signal.ASK_CANCEL): _S.CANCEL_REQUESTED for status in _OPEN},
    **{(status, Signal.FAIL): _S.FAILED for status in _OPEN},
}
"""Every legal move of a run."""


def after(status: RunStatus, signal: Signal) -> RunStatus | None:
    """The status that ``signal`` leads to from ``status``, or None where the move is illegal."""
    return MOVES.get((status, signal))


class Provisioning(StrEnum):
    """Where an endpoint, deployment, compute or workspace stands (Azure's provisioningState)."""

    CREATING = "Creating"
    UPDATING = "Updating"
    DELETING = "Deleting"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELED = "Canceled"

    @property
    def is_final(self) -> bool:
        """True when nothing is under way."""
        return self in (Provisioning.SUCCEEDED, Provisioning.FAILED, Provisioning.CANCELED)
