"""What a kind's rules are given and what they answer when something is created or changed.

``prepare(draft, lookup) -> Prepared`` is pure: it checks, pins ``@latest``, fills defaults and says what else must be
written in the same transaction. ``Lookup`` is its only window, answered inside that transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from zaffre.core.ports import EnvironmentDefinition
from zaffre.core.resource import Content, Key, Resource


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a run is from its first moment on."""

    name: str
    workspace: str
    type: str
    actor: str
    compute: str = ""
    parent: str = ""
    root: str = ""
    """The topmost ancestor; empty: itself."""
    slots: int = 1
    priority: int = 0
    experiment: str = ""
    display_name: str = ""
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    deadline: float | None = None
    """Unix seconds by which it must have ended, if there is such a moment."""


@dataclass(frozen=True, slots=True)
class Below:
    """Whose child a job is, and what it is to it."""

    parent: str
    root: str
    key: str
    """A step's name, a trial's number."""
    experiment: str
    """Its own where its document names none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A create or update under way."""

    key: Key
    spec: Any
    """An instance of the kind's model."""
    existing: Resource | None
    actor: str
    now: float
    below: Below | None = None
    """For a job that another one starts."""
    ahead: bool = False
    """Checked before its time: what earlier steps will make is not there yet, and stands as ``${{parent.jobs…}}``."""
    written: tuple[str, ...] = ()
    """Places that steps of the same pipeline will write to, where nothing need be yet."""
    notes: tuple[str, ...] = ()
    """What was found that is worth telling, and no mistake."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to write."""

    spec: Any
    """The model instance, pinned and completed."""
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    """Server facts; merged over those of an existing resource."""
    run: NewRun | None = None
    work: tuple[str, ...] = ()
    """Work keys to add and wake, e.g. ``online-deployment:ws/endpoint/blue``."""
    sealed: dict[str, str] | None = None
    """Secrets to keep sealed beside it, in place of those kept; empty forgets them, None leaves them as they are."""
    furnish: tuple[tuple[Key, Content], ...] = ()
    """Resources it cannot be without (a workspace's datastores): written along where they are missing."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What deleting something means, as the kind's ``remove(resource, lookup) -> Removal`` answers."""

    at_once: bool = True
    """False: the resource stays, with ``state``, until its work item has taken it down."""
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    work: tuple[str, ...] = ()
    along: tuple[Key, ...] = ()
    """What goes with it (a workspace's datastores); an asset without a version means the name with all of them."""


class Lookup(Protocol):
    """Reads within the transaction that will write."""

    def resource(self, key: Key) -> Resource | None:
        """A resource by its whole key."""
        ...

    def children(self, workspace: str, kind: str, parent: str) -> list[Resource]:
        """What belongs to a parent, e.g. an endpoint's deployments."""
        ...

    def asset(self, key: Key, label: str = "") -> Resource | None:
        """A version of an asset: by version, by label, or (neither given) the latest."""
        ...

    def run_state(self, name: str) -> dict[str, Any] | None:
        """A run's facts as answers show them (status, reason, times), or None where there is none."""
        ...

    def runs_below(self, name: str) -> list[str]:
        """The runs that a run started, theirs, and so on."""
        ...

    def open_run(self, workspace: str, compute: str) -> str | None:
        """The name of a run that waits for, or is on, a compute; None where none does."""
        ...

    def nodes(self, compute: Resource) -> tuple[list[tuple[str, str, int]], int]:
        """(run, status, nodes) of all that runs on a compute, and how many nodes stand idle there."""
        ...

    def curated(self, name: str, version: str = "") -> EnvironmentDefinition | None:
        """An environment of the built-in registry."""
        ...

    def local_path(self, workspace: str, uri: str) -> str | None:
        """The absolute path a datastore or job-output URI stands for, or None where it is remote."""
        ...

    def check_elsewhere(self, workspace: str, uri: str, type_: str, *, write: bool = False) -> None:
        """Refuse a place outside this machine that nothing could be brought from (or sent to); nobody is asked."""
        ...

    def pinned(self, workspace: str, uri: str) -> str:
        """``uri``, or the datastore URI it means: a job may have chosen where its output goes."""
        ...

    def path_kind(self, path: str) -> str | None:
        """``file``, ``folder``, or None where nothing is at an absolute path."""
        ...

    def text(self, path: str) -> str | None:
        """A small text file at an absolute path (an MLmodel), or None where there is none."""
        ...

    def environment_notes(self, fingerprint: str) -> tuple[str, ...]:
        """What was translated or relaxed to build an environment; empty while it is not built."""
        ...

    def fingerprint(self, definition: EnvironmentDefinition) -> str:
        """The environment's fingerprint; refuses what cannot be built here."""
        ...
