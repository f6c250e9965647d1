"""What an installation is born with: the default workspace with its furniture, and the built-in registry."""

from __future__ import annotations

from zaffre.control.locations import DATASTORES, Locations
from zaffre.core.asset import spec_hash
from zaffre.core.resource import Content, Key
from zaffre.kinds.registry.rules import BUILT_IN
from zaffre.kinds.workspace.parts.furniture import READY, furniture
from zaffre.kinds.workspace.rules import DEFAULT
from zaffre.store import Store, Tx, resources

SYSTEM = "system"


async def seed(store: Store, locations: Locations) -> None:
    """Make what is missing; idempotent."""
    for workspace in await store.write(_furnish):
        for name in DATASTORES:
            locations.datastore(workspace, name).mkdir(parents=True, exist_ok=True)


def _furnish(tx: Tx) -> list[str]:
    spec = {"name": DEFAULT, "description": "The workspace of commands that name none.", "location": "local"}
    _add(tx, Key("", "workspace", DEFAULT), Content(spec, spec_hash(spec), dict(READY)))
    for name in BUILT_IN:
        spec = {"name": name, "description": "Built in: curated environments.", "location": "local"}
        _add(tx, Key("", "registry", name), Content(spec, spec_hash(spec)))
    workspaces = resources.list(tx, resources.Query("", "workspace", view=resources.View.ALL, top=10_000))
    for workspace in workspaces:
        for key, content in furniture(workspace.key.name):
            _add(tx, key, content)
    return [workspace.key.name for workspace in workspaces]


def _add(tx: Tx, key: Key, content: Content) -> None:
    if resources.get(tx, key) is None:
        resources.put(tx, key, content, SYSTEM)
