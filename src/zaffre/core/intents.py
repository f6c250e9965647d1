"""Facts in, intents out: what a job type's plan is told of a run, and what it may ask the engine to do.

``plan(spec, facts) -> list[Intent]`` is pure. The engine gathers the facts, carries the intents out in their order, and asks
again when something changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from zaffre.core.ports import BuildPhase
from zaffre.core.reasons import Reason
from zaffre.core.status import RunStatus, Signal
from zaffre.core.tasks import Observation


@dataclass(frozen=True, slots=True)
class RunFacts:
    """All that a plan may base its decision on."""

    status: RunStatus
    attempt: int
    """0 before the first launch."""
    cancel_by: str | None
    """Who asked to cancel, if anybody did."""
    environment: BuildPhase
    environment_message: str
    """With FAILED: the resolver's own words."""
    environment_name: str
    task: Observation | None
    """The present attempt's task, or None before its launch."""
    now: float
    retries_left: int = 0
    interrupted_by: str | None = None
    """The run that this attempt has to make room for."""


@dataclass(frozen=True, slots=True)
class PrepareEnvironment:
    """Have the environment built; the run waits as Preparing."""


@dataclass(frozen=True, slots=True)
class StartTask:
    """Launch as soon as the compute has room; until then the run waits as Queued."""


@dataclass(frozen=True, slots=True)
class MarkRunning:
    """The user's process exists."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something else than its start is to be seen of a run that goes on: it saves outputs, it fell silent, it is back."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class StopTask:
    """Ask the task to end; the run stays open until it has."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Give the run another attempt."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Finish:
    """The run is over. With a success, its outputs are registered in the same transaction."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do until nudged, at the latest in ``seconds``: every waiting state is re-examined by a deadline."""

    seconds: float


Intent = PrepareEnvironment | StartTask | MarkRunning | Mark | StopTask | Retry | Finish | Wait
