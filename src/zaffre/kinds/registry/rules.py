"""Registries: the built-in one, under both its names, stays as it is; one's own hold assets and are ready at once."""

from __future__ import annotations

from typing import Any

from zaffre.core import refs
from zaffre.core.asset import spec_hash
from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict
from zaffre.core.resource import Content, Key, Resource
from zaffre.library.environments import REGISTRIES as BUILT_IN

READY = {"provisioning_state": "Succeeded"}
HOLDING = ("model", "data", "component", "environment")
"""What somebody put there and would miss."""
_STORE = {"name": "workspaceblobstore", "type": "azure_blob", "account_name": "zaffre", "container_name": "registry"}


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Ready at once, with a place for the files of its assets."""
    del lookup
    name = draft.key.name
    if name in BUILT_IN:
        raise Conflict(f"Registry {name!r} is built in and cannot be changed.", target=name)
    store = Key(refs.registry_owner(name), "datastore", _STORE["name"]), Content(_STORE, spec_hash(_STORE))
    return Prepared(draft.spec, dict(READY), furnish=(store,))


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Ready from the start."""
    del lookup
    return {**resource.state, **READY}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The built-in ones stay, and so does one that still holds something; what it was born with goes."""
    name = resource.key.name
    if name in BUILT_IN:
        raise Conflict(f"Registry {name!r} is built in and cannot be deleted.", target=name)
    owner = refs.registry_owner(name)
    for kind in HOLDING:
        held = next(iter(lookup.children(owner, kind, "")), None)
        if held is not None:
            told = f"Registry {name!r} still has the {kind} {held.key.name!r}; delete it first."
            raise Conflict(told, target=name)
    codes = {Key(owner, "code", code.key.name) for code in lookup.children(owner, "code", "")}
    return Removal(along=(*sorted(codes, key=lambda key: key.path), Key(owner, "datastore", _STORE["name"])))
