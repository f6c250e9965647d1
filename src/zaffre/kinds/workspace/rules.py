"""A workspace is born with its four datastores; one that still holds something cannot be deleted."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict
from zaffre.core.resource import Resource

DEFAULT = "default"


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Workspaces are ready at once."""
    del lookup
    return Prepared(draft.spec, {"provisioning_state": "Succeeded"})


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Whether commands that name no workspace mean this one."""
    del lookup
    return {**resource.state, "is_default": resource.key.name == DEFAULT}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The default workspace stays, and so does one with running work or endpoints."""
    name = resource.key.name
    if name == DEFAULT:
        raise Conflict("The workspace 'default' cannot be deleted; commands that name no workspace use it.", target=name)
    for kind in ("online-endpoint", "job", "compute"):
        held = lookup.children(name, kind, "")
        if held:
            told = f"Workspace {name!r} still has the {kind} {held[0].key.name!r}; delete it first."
            raise Conflict(told, target=name)
    return Removal()
