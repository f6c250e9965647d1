"""The built-in registry is there, under both its names; registries of one's own are not built yet."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, NotBuilt
from zaffre.core.resource import Resource
from zaffre.library.environments import REGISTRIES as BUILT_IN


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """None can be made or changed."""
    del lookup
    name = draft.key.name
    if name in BUILT_IN:
        raise Conflict(f"Registry {name!r} is built in and cannot be changed.", target=name)
    raise NotBuilt(f"Zaffre cannot make the registry {name!r} yet; built in are {' and '.join(BUILT_IN)}.", target=name)


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Ready from the start."""
    del lookup
    return {**resource.state, "provisioning_state": "Succeeded"}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The built-in ones stay."""
    del lookup
    raise Conflict(f"Registry {resource.key.name!r} is built in and cannot be deleted.", target=resource.key.name)
