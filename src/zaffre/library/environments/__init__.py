"""The curated environments: a folder each, with an ``environment.yml`` as a user would write one.

What the registries ``azureml`` and ``zaffre`` answer for environments. Azure numbers its versions by its own
releases, which say nothing here: of a curated environment there is one content, and every number resolves to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zaffre.core.ports import EnvironmentDefinition

REGISTRIES = ("azureml", "zaffre")
_HERE = Path(__file__).parent
_WORKSPACE_PREFIX = "azureml-"
"""In a workspace, Azure lists the curated environments as ``AzureML-<name>``."""


@dataclass(frozen=True, slots=True)
class Curated:
    """One environment of the built-in registry."""

    name: str
    version: str
    description: str
    definition: EnvironmentDefinition
    tags: dict[str, str] = field(default_factory=dict[str, str])
    aliases: tuple[str, ...] = ()
    """Older names of Azure's that it stands in for."""


@cache
def entries() -> tuple[Curated, ...]:
    """All of them, by name."""
    return tuple(_read(path) for path in sorted(_HERE.glob("*/environment.yml")))


def find(name: str, *, version: str = "", label: str = "") -> Curated | None:
    """By name and at most one of version and label; ``None`` when the registry has nothing of that name."""
    if (label and label.lower() not in {"latest", "default", "prod"}) or (version and not version.isdecimal()):
        return None
    return _by_name().get(name.lower().removeprefix(_WORKSPACE_PREFIX))


def curated(name: str) -> EnvironmentDefinition | None:
    """The current definition of a curated environment, also under its workspace name ``AzureML-<name>``."""
    entry = find(name)
    return entry.definition if entry else None


@cache
def _by_name() -> dict[str, Curated]:
    """Older names of Azure's mean what stands in for them; an environment's own name comes before another's alias."""
    aliases = {alias.lower(): entry for entry in entries() for alias in entry.aliases}
    return aliases | {entry.name.lower(): entry for entry in entries()}


def _read(path: Path) -> Curated:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    conda: dict[str, Any] = yaml.safe_load((path.parent / document["conda_file"]).read_text(encoding="utf-8"))
    return Curated(
        name=document["name"],
        version=document["version"],
        description=document["description"],
        definition=EnvironmentDefinition(
            image=document["image"],
            conda=conda,
            registered=f"azureml:{document['name']}:{document['version']}",
            notes=tuple(document.get("notes", ())),
        ),
        tags=document["tags"],
        aliases=tuple(document.get("aliases", ())),
    )
