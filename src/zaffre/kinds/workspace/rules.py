"""A workspace is born with its datastores and its compute; one that still holds something cannot be deleted."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict
from zaffre.core.resource import Key, Resource
from zaffre.kinds.workspace.parts.furniture import READY, furniture

DEFAULT = "default"
HOLDING = ("online-endpoint", "job", "model", "data", "environment", "compute", "datastore")
"""What somebody put there and would miss."""


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Workspaces are ready at once, with what every workspace has."""
    del lookup
    return Prepared(draft.spec, dict(READY), furnish=furniture(draft.key.name))


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Whether commands that name no workspace mean this one."""
    del lookup
    return {**resource.state, "is_default": resource.key.name == DEFAULT}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The default workspace stays, and so does one that still holds what somebody made; what it was born with goes."""
    name = resource.key.name
    if name == DEFAULT:
        raise Conflict(
            "The workspace 'default' cannot be deleted; commands that name no workspace use it.", target=name
        )
    own = {key for key, _ in furniture(name)}
    for kind in HOLDING:
        held = next((found.key for found in lookup.children(name, kind, "") if found.key not in own), None)
        if held is not None:
            raise Conflict(f"Workspace {name!r} still has the {kind} {held.name!r}; delete it first.", target=name)
    codes = {Key(name, "code", code.key.name) for code in lookup.children(name, "code", "")}
    there = {key for key in own if lookup.resource(key) is not None}
    return Removal(along=tuple(sorted(codes | there, key=lambda key: key.path)))
