"""Zaffre's model assets as this floor needs them, and what it keeps of them in MLflow's tables.

The assets are the truth of the registry. A change that comes through MLflow's protocol is checked here, made there, and
then mirrored; a change that comes the other way is mirrored by ``TrackingService.mirror``. Mirroring the same thing twice
changes nothing, so a crash in between is mended by mirroring again at the next start. Versions that are not whole
numbers cannot exist in MLflow and stay invisible to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A model version that a client of MLflow registers."""

    name: str
    source: str
    """What the client named: ``runs:/…``, ``models:/…`` or ``mlflow-artifacts:/…``."""
    location: str
    """Where its files are: ``mlflow-artifacts:/<path in the workspace's artifacts>``, or ``runs:/<run>/<path>``."""
    run: str = ""
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a model (``version`` None) or to one of its versions; None and empty mean: leave as it is."""

    name: str
    version: int | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    removed_tags: tuple[str, ...] = ()
    actor: str = ""


class ModelAssets(Protocol):
    """The asset store, seen from the registry; ``workspace`` is the workspace's own name."""

    async def create_model(self, workspace: str, change: Change) -> None:
        """A model without versions; nothing happens where it exists."""
        ...

    async def create_version(self, workspace: str, new: NewVersion) -> int:
        """The next whole-number version."""
        ...

    async def update(self, workspace: str, change: Change) -> None:
        """Description and tags of a model or a version."""
        ...

    async def rename(self, workspace: str, name: str, new_name: str, actor: str) -> None:
        """Give a model another name, or raise ``core.errors.NotBuilt``."""
        ...

    async def delete(self, workspace: str, name: str, version: int | None, actor: str) -> None:
        """A version, or the whole model."""
        ...


@dataclass(frozen=True, slots=True)
class MirroredVersion:
    """One version of a model asset, to be shown in MLflow."""

    version: str
    source: str
    """The asset's path as users know it."""
    location: str = ""
    """``mlflow-artifacts:/…`` where its files are among the workspace's artifacts; else they are served read-only."""
    run: str = ""
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    user: str = ""
    created_at: float = 0.0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class MirroredModel:
    """A model asset, to be shown in MLflow."""

    workspace: str
    name: str
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    versions: tuple[MirroredVersion, ...] = ()
    deleted: bool = False
