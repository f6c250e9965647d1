"""What ``rules.decide`` is told of a deployment, and what it may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaffre.core.ports import BuildPhase
from zaffre.core.reasons import Reason
from zaffre.core.tasks import Exit, Phase
from zaffre.kinds.online.parts.rollout import Plan, Progress, Seen
from zaffre.kinds.online.parts.scaling import Bounds, Load, Memory
from zaffre.kinds.online.parts.windows import Reading
from zaffre.kinds.online.parts.wish import Place, Wish


@dataclass(frozen=True, slots=True)
class Replica:
    """One replica as it was just seen."""

    place: Place
    phase: Phase
    answers: bool | None = None
    """True: ready. False: it runs and does not answer with success. None: not asked."""
    exit: Exit | None = None
    words: str = ""
    """The end of its log, where it ended or takes too long."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An update that is to be held against guardrails before it gets all of the deployment's traffic."""

    name: str
    """The deployment's entry in the routing table, and that of its next revision."""
    revision: str
    plan: Plan
    progress: Progress | None = None
    """None: it has not begun."""
    seen: Mapping[str, Seen] = field(default_factory=dict[str, Seen])
    """What the revision did since this step began."""
    baselines: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The counts as they are now."""
    known: bool = True
    """False while the router does not answer."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision may rest on."""

    now: float
    wish: Wish
    serving: Wish | None
    """The generation that gets traffic, if any."""
    deleting: bool
    settled: bool
    """True once the present wish has succeeded or failed."""
    environment: BuildPhase
    environment_name: str
    environment_message: str
    replicas: tuple[Replica, ...]
    published: frozenset[str]
    """Ids of the replicas that the router sends requests to."""
    recent_failures: int = 0
    """Replicas of the serving generation that ended since it last answered well for a while."""
    last_failure: float = 0.0
    load: Load = field(default_factory=lambda: Load(known=False))
    """What it carries; only looked at where the number of replicas follows it."""
    readings: tuple[Reading, ...] = ()
    """Its past, for rules that look at windows of time."""
    bounds: Bounds | None = None
    """Those of the hour, where a schedule or a profile names others."""
    memory: Memory = field(default_factory=Memory)
    """What the scaler remembers."""
    trial: Trial | None = None
    """None: an update gets all of the traffic as soon as it is ready."""
    machine: float = 0.0
    """Bytes of memory that the machine has."""
    logs: str = "zaffre online-deployment get-logs"
    """The command that shows its log."""


@dataclass(frozen=True, slots=True)
class Scale:
    """As many replicas from now on, and what the scaler remembers; ``count`` may be as before."""

    count: int
    memory: Memory


@dataclass(frozen=True, slots=True)
class EnsureEnvironment:
    """Have the environment built."""


@dataclass(frozen=True, slots=True)
class StartReplica:
    """Start one more replica of a generation."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class StageReplica:
    """A replica is ready, or it is to be drained."""

    place: Place
    stage: str


@dataclass(frozen=True, slots=True)
class NoteSilence:
    """A replica stopped answering, or (None) answers again."""

    place: Place
    since: float | None


@dataclass(frozen=True, slots=True)
class NoteSuccesses:
    """A replica has answered so many probes in a row, fewer than its probe wants."""

    place: Place
    count: int
    at: float


@dataclass(frozen=True, slots=True)
class StopReplica:
    """Ask a replica to finish and end."""

    place: Place
    grace: float


@dataclass(frozen=True, slots=True)
class ForgetReplica:
    """A replica has ended; ``failed`` when nobody asked it to."""

    place: Place
    failed: bool


@dataclass(frozen=True, slots=True)
class MarkReady:
    """The wish serves from now on."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class KeepTrial:
    """How far the trial of the next revision has come."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Follow:
    """What serves takes up the wish's number of replicas and its limits; the wish has not succeeded yet."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class MarkFailed:
    """The wish is given up; what served before serves on."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class PublishTable:
    """Have the router follow what is on record."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Nothing of it is left; forget the deployment."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do until nudged, at the latest at ``until`` (Unix seconds)."""

    until: float


Intent = (
    EnsureEnvironment
    | Scale
    | StartReplica
    | StageReplica
    | NoteSilence
    | NoteSuccesses
    | StopReplica
    | ForgetReplica
    | MarkReady
    | Follow
    | KeepTrial
    | MarkFailed
    | PublishTable
    | Remove
    | Wait
)
