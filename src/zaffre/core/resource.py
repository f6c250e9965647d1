"""A stored thing: identity, specification, server facts and history, kept apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaffre.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Key:
    """Which one: unique per installation."""

    workspace: str
    """Lower-cased name of the workspace; empty for workspaces and registries themselves."""
    kind: str
    name: str
    parent: str = ""
    version: str = ""

    @property
    def path(self) -> str:
        """``kind/name`` as events and messages spell it."""
        owner = f"{self.parent}/" if self.parent else ""
        version = f"/versions/{self.version}" if self.version else ""
        return f"{self.kind}/{owner}{self.name}{version}"


@dataclass(frozen=True, slots=True)
class Content:
    """What is written: the specification as stored, its hash before anything was pinned, and server facts."""

    spec: dict[str, Any]
    spec_hash: str
    state: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Resource:
    """One row, as read."""

    key: Key
    spec: dict[str, Any]
    spec_hash: str
    state: dict[str, Any]
    revision: int
    archived: bool
    created_at: float
    created_by: str
    modified_at: float
    modified_by: str


def absent(kind: str, name: str, workspace: str = "") -> NotFound:
    """The error for something that is not there, with the command that lists what is."""
    where = f" in workspace {workspace}" if workspace else ""
    return NotFound(f"There is no {kind} named {name!r}{where}. zaffre {kind} list shows what is there.", target=name)
