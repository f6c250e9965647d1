"""What the engine needs of the floors below it, as protocols: it never imports an implementation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from zaffre.core.tasks import Handle, Observation, Task


class Clock(Protocol):
    """Time, injected so that tests own it."""

    def now(self) -> float:
        """Unix seconds, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; for intervals only."""
        ...


class Backend(Protocol):
    """Where tasks run. One contract suite (``testing.backend``) holds every implementation to this."""

    async def launch(self, task: Task) -> Handle:
        """Start ``task``; called again for the same run and attempt, it returns the handle of what already runs."""
        ...

    async def observe(self, handle: Handle) -> Observation:
        """What is true now. Never raises because a task is gone: that is ``Phase.VANISHED``."""
        ...

    async def stop(self, handle: Handle, grace: float) -> None:
        """Ask it to end: SIGTERM to all its processes, SIGKILL after ``grace`` seconds. Returns at once; idempotent."""
        ...

    async def logs(self, handle: Handle, rank: int, after: int) -> bytes:
        """Bytes of a rank's log from offset ``after`` on, at most 1 MiB."""
        ...

    def on_change(self, call: Callable[[Handle], None]) -> None:
        """``call`` is made on the event loop whenever a task starts, exits or vanishes: a nudge, not the truth."""
        ...


class BuildPhase(StrEnum):
    """How far an environment is."""

    MISSING = "missing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A ready environment: how to run user code in it."""

    prefix: str
    python: str
    """Absolute path of the interpreter."""
    path: tuple[str, ...]
    """Directories to put in front of PATH."""
    environ: dict[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
    """What was translated or relaxed, one sentence each; shown on the job."""
    enter: tuple[str, ...] = ()
    """Put before a command line where the environment is a container: the program that runs the rest inside."""


@dataclass(frozen=True, slots=True)
class BuildState:
    """What is known of one fingerprint."""

    phase: BuildPhase
    interpreter: Interpreter | None = None
    message: str = ""
    """With FAILED: the resolver's own words, ready for a user."""


@dataclass(frozen=True, slots=True)
class EnvironmentDefinition:
    """What decides an environment's content; nothing else enters its fingerprint."""

    image: str | None = None
    conda: dict[str, Any] | None = None
    pip: tuple[str, ...] | None = None
    """Requirement lines, for environments made of a requirements file alone."""
    dockerfile: str | None = None
    context: str | None = None
    """Absolute path of a build context."""
    bases: dict[str, EnvironmentDefinition] = field(default_factory=dict[str, "EnvironmentDefinition"])
    """Images named here (``image``, ``FROM``) that are environments themselves."""
    places: dict[str, str] = field(default_factory=dict[str, str])
    """Path in the conda file → where the user wrote it (``conda.yml:9``). For messages only."""
    notes: tuple[str, ...] = ()
    """What whoever wrote it wants told on every job: a curated environment, where it differs from Azure's."""
    workspace: str = ""
    """Whose connections hold the credentials of its indexes; not part of the fingerprint."""
    registered: str = ""
    """For messages only (``azureml:name:version``); not part of the fingerprint."""


@dataclass(frozen=True, slots=True)
class BuildDetails:
    """What a ready environment is made of."""

    lock: str
    """The resolved requirements with their hashes; empty for an image."""
    asked: dict[str, str] = field(default_factory=dict[str, str])
    """Package → where a file asks for it, in its words. The others are there because these need them."""
    r: dict[str, str] = field(default_factory=dict[str, str])
    """R package → version, of the environment's own library."""
    size: int = 0
    """Bytes of its files; many of them are shared with other environments."""


class EnvironmentBuilder(Protocol):
    """Environment definition → ready interpreter, once per fingerprint."""

    def fingerprint(self, definition: EnvironmentDefinition) -> str:
        """Equal definitions on equal machines give equal fingerprints; refuses (``Invalid``) what cannot be built here."""
        ...

    def look(self, fingerprint: str) -> BuildState:
        """A lookup, not a build: a stat and a small file at most."""
        ...

    def details(self, fingerprint: str) -> BuildDetails | None:
        """What a ready environment is made of; walks its files, so it is for people's questions."""
        ...

    def forget(self, fingerprint: str) -> None:
        """Drop a remembered failure, so that the next job tries again."""
        ...

    def task(self, definition: EnvironmentDefinition, fingerprint: str, attempt: int) -> Task:
        """The build as a task of the local backend, so that it has logs, can be canceled and is adopted."""
        ...


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """What tracking must know of a run before its command starts."""

    run: str
    workspace: str
    experiment: str
    display_name: str
    user: str
    started_at: float
    tags: dict[str, str] = field(default_factory=dict[str, str])
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class UseSample:
    """What a task used at one moment."""

    at: int
    """Milliseconds."""
    step: int
    values: Mapping[str, float]
    """By MLflow's names, without ``system/``."""


class Tracking(Protocol):
    """The run records behind MLflow's protocol."""

    async def open_run(self, run: TrackedRun) -> str:
        """Create experiment and run where missing (idempotent); returns the experiment id."""
        ...

    async def close_run(self, run: str, status: str, ended_at: float) -> None:
        """Set the final status; it overrides whatever a client reported."""
        ...

    async def log_use(self, run: str, workspace: str, samples: Sequence[UseSample]) -> None:
        """Show what the run uses as MLflow's system metrics; the same samples again change nothing."""
        ...
