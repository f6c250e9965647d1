"""Why something ended: one place where every cause, its status, its retry rule and its sentence are read.

Azure's status says that a run failed; the reason beside it says why, and is never swapped with another.
"""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zaffre.core.status import Signal


class Cause(StrEnum):
    """The causes a run or a deployment can end by."""

    SUCCEEDED = "Succeeded"
    REUSED = "Reused"
    EXIT_CODE = "ExitCode"
    SIGNALED = "Signaled"
    OUT_OF_MEMORY = "OutOfMemory"
    TOO_MANY_PROCESSES = "TooManyProcesses"
    DISK_FULL = "DiskFull"
    TIMED_OUT = "TimedOut"
    CANCELED = "Canceled"
    ENVIRONMENT_FAILED = "EnvironmentFailed"
    INPUT_MISSING = "InputMissing"
    INPUT_FAILED = "InputFailed"
    OUTPUT_FAILED = "OutputFailed"
    IMPORT_FAILED = "ImportFailed"
    LAUNCH_FAILED = "LaunchFailed"
    AGENT_LOST = "AgentLost"
    NODE_LOST = "NodeLost"
    INTERRUPTED = "Interrupted"
    PUBLISH_FAILED = "PublishFailed"
    STEP_FAILED = "StepFailed"
    PLAN_FAILED = "PlanFailed"
    TRIALS_FAILED = "TrialsFailed"
    METRIC_MISSING = "MetricMissing"
    SEARCH_FAILED = "SearchFailed"
    MINI_BATCHES_FAILED = "MiniBatchesFailed"
    NOT_READY = "NotReady"
    ROLLED_BACK = "RolledBack"
    INTERNAL = "InternalError"


_SENTENCES = {
    Cause.SUCCEEDED: "{done}",
    Cause.REUSED: "Nothing had to run: job {of} ran the same before, and its outputs are taken.",
    Cause.EXIT_CODE: "{who} exited with code {code}. The last lines of its log say why: zaffre job stream -n {run}",
    Cause.SIGNALED: "{who} was killed by {signal}; nothing in Zaffre sent it.",
    Cause.OUT_OF_MEMORY: "{who} was killed because memory ran out{at}. Ask for less, or run it where there is more.",
    Cause.TOO_MANY_PROCESSES: "{who} failed after it was refused another process or thread: it may have no more.",
    Cause.DISK_FULL: "{who} failed while the disk of {path} was full. Free some space, or have it write less.",
    Cause.TIMED_OUT: "{who} ran longer than limits.timeout ({timeout} s) and was stopped.",
    Cause.CANCELED: "Canceled by {by}.",
    Cause.ENVIRONMENT_FAILED: "The environment {environment} could not be built: {message}",
    Cause.INPUT_MISSING: "Input {name}: nothing is at {path}.",
    Cause.INPUT_FAILED: "Input {name} could not be made ready: {message}",
    Cause.OUTPUT_FAILED: "Output {name} could not be saved: {message}",
    Cause.IMPORT_FAILED: "The data could not be imported: {message}",
    Cause.LAUNCH_FAILED: "The command could not be started: {message}",
    Cause.AGENT_LOST: "The process that watches the command was killed, and the command with it.",
    Cause.NODE_LOST: "The machine that ran the command restarted or was lost.",
    Cause.INTERRUPTED: "The command was ended to make room for {by}, a premium job; a spot job may be interrupted.",
    Cause.PUBLISH_FAILED: "Output {name} could not be registered as an asset: {message}",
    Cause.STEP_FAILED: "Step {step}{more} failed: {message}",
    Cause.PLAN_FAILED: "The job could not go on: {message}",
    Cause.MINI_BATCHES_FAILED: "The mini-batches were not all processed: {message}",
    Cause.TRIALS_FAILED: "No trial ran to its end: {counts}. {message}",
    Cause.METRIC_MISSING: "No trial that ran to its end logged a value of the metric {metric}; {instead}.",
    Cause.SEARCH_FAILED: "No values could be found for the next trials: {message}",
    Cause.NOT_READY: "The deployment did not become ready: {message}",
    Cause.ROLLED_BACK: "The traffic went back to {before}: {message}.",
    Cause.INTERNAL: "Zaffre made a mistake: {message}. The server's log has the details under request {request}.",
}
DONE = "The command finished with exit code 0."
WHO = "The command"
"""Who ended, where the facts do not say which of its processes."""
_RETRYABLE = frozenset({Cause.AGENT_LOST, Cause.NODE_LOST, Cause.INTERRUPTED})
_ENDS_WITH = {Cause.SUCCEEDED: Signal.COMPLETE, Cause.REUSED: Signal.COMPLETE, Cause.CANCELED: Signal.CANCEL}


class _Blank(dict[str, Any]):
    """Leaves a placeholder empty rather than fail while telling a user about a failure."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One ending: its cause and the facts its sentence needs."""

    cause: Cause
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def signal(self) -> Signal:
        """The signal that this ending gives the run machine."""
        return _ENDS_WITH.get(self.cause, Signal.FAIL)

    @property
    def retryable(self) -> bool:
        """True when the platform, not the user's command, was at fault."""
        return self.cause in _RETRYABLE

    @property
    def sentence(self) -> str:
        """What a user reads."""
        return _SENTENCES[self.cause].format_map(_Blank({"who": WHO, "done": DONE, **self.facts}))

    def to_json(self) -> dict[str, Any]:
        """The stored and published form."""
        return {"code": self.cause.value, "message": self.sentence, "facts": self.facts}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Reason:
        """The inverse of ``to_json``."""
        return cls(Cause(stored["code"]), dict(stored.get("facts", {})))


def of_exit(exit_code: int | None, signal_number: int | None, facts: dict[str, Any]) -> Reason:
    """The reason of a process that ended by itself: its exit code, or the signal that killed it."""
    if signal_number is not None:
        try:
            name = signals.Signals(signal_number).name
        except ValueError:
            name = f"signal {signal_number}"
        return Reason(Cause.SIGNALED, {**facts, "signal": name, "number": signal_number})
    if exit_code == 0:
        return Reason(Cause.SUCCEEDED, facts)
    return Reason(Cause.EXIT_CODE, {**facts, "code": exit_code})
