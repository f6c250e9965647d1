"""Which software an environment reference or an inline environment means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from zaffre.core import refs
from zaffre.core.draft import Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition
from zaffre.core.resource import Key

BUILT_IN_REGISTRIES = ("azureml", "zaffre")


@dataclass(frozen=True, slots=True)
class Resolved:
    """An environment, pinned."""

    reference: str
    """``azureml:name:version``, a registry URI, or ``inline``."""
    definition: EnvironmentDefinition
    variables: dict[str, str]


def resolve(workspace: str, environment: Any, lookup: Lookup, field: str = "environment") -> Resolved:
    """Pin ``environment`` (a reference or a model); raises ``Invalid`` with what there is instead."""
    if not isinstance(environment, str):
        return Resolved("inline", definition_of(environment, "inline"), {})
    found = refs.asset(environment)
    if found.registry or found.name.startswith("AzureML-"):
        return _built_in(found, lookup, field)
    stored = lookup.asset(Key(workspace, "environment", found.name, "", found.version), found.label)
    if stored is None:
        told = f"there is no environment {found.short!r} in workspace {workspace}"
        raise Invalid([Problem(told, field=field, hint="zaffre environment list shows what is there")])
    pinned = f"azureml:{stored.key.name}:{stored.key.version}"
    return Resolved(pinned, _of_stored(stored.spec, pinned), {})


def definition_of(spec: Any, registered: str) -> EnvironmentDefinition:
    """What decides the content of an environment model."""
    conda: dict[str, Any] | None = None if isinstance(spec.conda_file, str) else spec.conda_file
    build = spec.build
    return EnvironmentDefinition(
        image=spec.image,
        conda=conda,
        dockerfile=(build.dockerfile_path or "Dockerfile") if build else None,
        context=build.path if build else None,
        registered=registered,
    )


def _of_stored(stored: dict[str, Any], registered: str) -> EnvironmentDefinition:
    build: dict[str, Any] = stored.get("build") or {}
    return EnvironmentDefinition(
        image=stored.get("image"),
        conda=stored.get("conda_file"),
        dockerfile=build.get("dockerfile_path", "Dockerfile") if build else None,
        context=build.get("path"),
        registered=registered,
    )


def _built_in(found: refs.Asset, lookup: Lookup, field: str) -> Resolved:
    if found.registry and found.registry not in BUILT_IN_REGISTRIES:
        told = f"there is no registry {found.registry!r}; built in are {', '.join(BUILT_IN_REGISTRIES)}"
        raise Invalid([Problem(told, field=field)])
    definition = lookup.curated(found.name, found.version)
    if definition is None:
        told = f"registry {found.registry or 'azureml'!r} has no environment {found.short!r}"
        raise Invalid([Problem(told, field=field, hint="zaffre environment list --registry-name azureml shows them")])
    return Resolved(str(found), replace(definition, registered=str(found)), {})
