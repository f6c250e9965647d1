"""Environments by name: registered in the workspace, or built in; each is pinned, and a way that comes back is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from zaffre.core import assets, refs, written
from zaffre.core.draft import Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition

BUILT_IN_REGISTRIES = ("azureml", "zaffre")


@dataclass(frozen=True, slots=True)
class Resolved:
    """An environment, pinned."""

    reference: str
    """``azureml:name:version``, a registry URI, or ``inline``."""
    definition: EnvironmentDefinition
    variables: dict[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """Where references are looked up, and through which environments one has come."""

    workspace: str
    lookup: Lookup
    complete: Callable[[EnvironmentDefinition, Way], EnvironmentDefinition]
    field: str = "environment"
    come: tuple[str, ...] = ()


def by_name(reference: str, way: Way) -> Resolved:
    """Raises ``Invalid`` with what there is instead."""
    found = refs.asset(reference)
    if found.registry in BUILT_IN_REGISTRIES or found.name.startswith("AzureML-"):
        return _built_in(found, way)
    stored = assets.find(way.workspace, "environment", found, way.lookup, way.field)
    pinned = str(replace(found, version=stored.key.version, label=""))
    further = replace(way, workspace=stored.key.workspace, come=(*way.come, pinned))
    if pinned in way.come:
        circle = " FROM ".join(further.come[further.come.index(pinned) :])
        hint = "let one of them start from an image"
        raise Invalid([Problem(f"environments start from one another: {circle}", field=way.field, hint=hint)])
    return Resolved(pinned, way.complete(of_stored(stored.spec, stored.state, pinned), further), {})


def of_stored(stored: dict[str, Any], state: dict[str, Any], registered: str) -> EnvironmentDefinition:
    """The definition of a registered environment."""
    build: dict[str, Any] = stored.get("build") or {}
    return EnvironmentDefinition(
        image=stored.get("image"),
        conda=stored.get("conda_file"),
        dockerfile=build.get("dockerfile_path", "Dockerfile") if build else None,
        context=build.get("path"),
        registered=registered,
        places=written.places(state),
    )


def _built_in(found: refs.Asset, way: Way) -> Resolved:
    definition = way.lookup.curated(found.name, found.version)
    if definition is None:
        told = f"registry {found.registry or 'azureml'!r} has no environment {found.short!r}"
        raise Invalid(
            [Problem(told, field=way.field, hint="zaffre environment list --registry-name azureml shows them")]
        )
    return Resolved(str(found), replace(definition, registered=str(found)), {})
