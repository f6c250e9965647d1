"""Which software an environment reference or an inline environment means."""

from __future__ import annotations

from typing import Any

from zaffre.assets.environment.parts.located import located
from zaffre.assets.environment.parts.references import BUILT_IN_REGISTRIES, Resolved, Way, by_name
from zaffre.core import written
from zaffre.core.draft import Lookup
from zaffre.core.ports import EnvironmentDefinition

__all__ = ["BUILT_IN_REGISTRIES", "Resolved", "definition_of", "resolve"]


def resolve(workspace: str, environment: Any, lookup: Lookup, field: str = "environment") -> Resolved:
    """Pin ``environment`` (a reference or a model); raises ``Invalid`` with what there is instead."""
    way = Way(workspace, lookup, located, field)
    if isinstance(environment, str):
        return by_name(environment, way)
    return Resolved("inline", located(definition_of(environment, "inline"), way), {})


def definition_of(spec: Any, registered: str) -> EnvironmentDefinition:
    """What decides the content of an environment model, as it is written."""
    conda: dict[str, Any] | None = None if isinstance(spec.conda_file, str) else spec.conda_file
    build = spec.build
    return EnvironmentDefinition(
        image=spec.image,
        conda=conda,
        dockerfile=(build.dockerfile_path or "Dockerfile") if build else None,
        context=build.path if build else None,
        registered=registered,
        places=written.places(spec.properties),
    )
