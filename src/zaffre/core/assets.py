"""An asset that somebody names, wherever it lies: in this workspace, in another one, in a registry."""

from __future__ import annotations

from zaffre.core import refs
from zaffre.core.draft import Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.refs import Scope
from zaffre.core.resource import Key, Resource

_MOST_TOLD = 8


def find(workspace: str, kind: str, found: refs.Asset, lookup: Lookup, field: str) -> Resource:
    """The version that a reference means; raises ``Invalid`` with what there is instead."""
    owner = refs.owner(found, workspace)
    asset = lookup.asset(Key(owner, kind, found.name, "", found.version), found.label)
    if asset is None:
        told = f"there is no {kind} {found.short!r} in {where(owner)}"
        raise Invalid([Problem(told, field=field, hint=instead(lookup, owner, kind, found.name))])
    return asset


def where(owner: str) -> str:
    """``registry r1`` or ``workspace default``."""
    registry = refs.registry_of(owner)
    return f"registry {registry}" if registry else f"workspace {owner}"


def instead(lookup: Lookup, owner: str, kind: str, name: str) -> str:
    """Which versions of ``name`` there are, or how to see what there is."""
    versions = [found.key.version for found in lookup.children(owner, kind, "") if found.key.name == name]
    if versions:
        more = f" and {len(versions) - _MOST_TOLD} more" if len(versions) > _MOST_TOLD else ""
        return f"versions there are: {', '.join(versions[:_MOST_TOLD])}{more}"
    registry = refs.registry_of(owner)
    return f"zaffre {kind} list{f' --registry-name {registry}' if registry else ''} shows what is there"


def place_of(asset: Resource, workspace: str) -> str:
    """Where an asset's files lie, as ``workspace`` can say it: complete where they are somebody else's."""
    uri, owner = str(asset.spec["path"]), asset.key.workspace
    if owner == workspace:
        return uri
    scope = Scope(workspace=owner)
    match refs.parse(uri):
        case refs.DatastorePath(datastore, path, None):
            return str(refs.DatastorePath(datastore, path, scope))
        case refs.JobOutput(job, "artifacts", path) | refs.RunArtifact(job, path):
            return str(refs.DatastorePath("workspaceartifactstore", f"ExperimentRun/dcid.{job}/{path}", scope))
        case refs.JobOutput(job, output, path):
            tail = f"/{path}" if path else ""
            return str(refs.DatastorePath("workspaceblobstore", f"azureml/{job}/{output}{tail}", scope))
        case _:
            return uri
