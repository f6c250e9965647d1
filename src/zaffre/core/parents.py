"""What the plan of a job that runs other jobs (a pipeline, a sweep) is told of them, and what it may ask the engine to do.

``plan(spec, facts: ParentFacts) -> list[ParentIntent]`` is pure. A parent has no task of its own and takes no node: it is its
children, and a memory, a JSON mapping that is written in the transaction that starts the children it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from zaffre.core.intents import Wait
from zaffre.core.reasons import Reason
from zaffre.core.status import RunStatus


@dataclass(frozen=True, slots=True)
class Child:
    """A run below another, as its parent sees it."""

    key: str
    """What it is to its parent: a step's name, a trial's number."""
    name: str
    status: RunStatus
    reason: Reason | None
    started_at: float | None
    ended_at: float | None
    reused: str = ""
    """The run whose outputs it has, where nothing had to run."""
    refused: str = ""
    """Why it could not even be submitted; such a child is Failed."""


@dataclass(frozen=True, slots=True)
class ParentFacts:
    """All that a parent's plan may base its decision on."""

    name: str
    """Of the parent's run."""
    status: RunStatus
    cancel_by: str | None
    now: float
    started_at: float | None
    children: Mapping[str, Child]
    """Every child that was ever started, by its key. Of one that is open, its status may be of a moment ago."""
    memory: Mapping[str, Any]
    """What the plan noted before."""
    decisions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """What people decided of it: the name of an approval → ``{approved, by, at, comment}``."""
    origin: str = ""
    """The first of the runs that this one goes on with, where it does: what gathers in a folder gathers in that one's."""
    told: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the job type's adviser found out for this plan (metrics of trials, suggestions); empty without one."""


class ReusePolicy(Enum):
    """What an equal job that has run before means to a child, and the child to later ones."""

    NEVER = auto()
    """Nothing: it is not known what it is made of."""
    LEAVE = auto()
    """It runs in any case, and may be taken by later ones."""
    TAKE = auto()
    """Where an equal one has succeeded and its outputs are still there, these are taken instead of running."""


@dataclass(frozen=True, slots=True)
class StartChild:
    """Submit a job below this one, as a user might have: ``document`` is a job in stored (YAML) spelling.

    It happens once for a key, whatever dies when. A document that is refused becomes a child that failed, with the refusal.
    """

    key: str
    document: Mapping[str, Any]
    reuse: ReusePolicy = ReusePolicy.NEVER
    instead: str = ""
    """A run that is known to have done this already: where it succeeded, its outputs are taken without another look."""


@dataclass(frozen=True, slots=True)
class CancelChild:
    """Ask a child to end; asking one that has ended, or asking twice, changes nothing."""

    key: str
    by: str
    """Who is named as having asked."""


@dataclass(frozen=True, slots=True)
class Note:
    """Merge into the memory, in the transaction of all other intents of this plan."""

    memory: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """Have the job type's adviser answer a question (suggest values, read metrics), then plan again with its answer.

    The answer stands in ``ParentFacts.told`` under the question's name for one plan, which notes of it what must last.
    """

    name: str
    question: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FinishParent:
    """The parent is over; every child must have ended. ``outputs``: its output → (child's key, that child's output)."""

    reason: Reason
    outputs: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    """Shown beside the parent's own properties from then on (a sweep's best trial and its score)."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A child as far as it is known before anything runs: what a type's ``plan.ahead(spec)`` answers, to be checked at submit.

    Its ``plan.pin(spec, {field: child})`` takes back what the check has pinned (versions, types of outputs).
    """

    field: str
    """Where in the parent's document it is described; mistakes are named there."""
    document: Mapping[str, Any]
    """As for ``StartChild``; what other children make stands as ``${{parent.jobs.NAME.outputs.OUTPUT}}``."""


PENDING = "${{parent.jobs."
"""How a value begins that another child has yet to make."""

ParentIntent = StartChild | CancelChild | Note | Ask | FinishParent | Wait
