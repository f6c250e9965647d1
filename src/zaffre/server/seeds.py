"""What an installation is born with: the default workspace, its datastores, the built-in registry."""

from __future__ import annotations

from typing import Any

from zaffre.control.locations import DATASTORES, Locations
from zaffre.core.asset import spec_hash
from zaffre.core.resource import Content, Key
from zaffre.store import Store, Tx, resources

SYSTEM = "system"
_STORES: dict[str, dict[str, Any]] = {
    "workspaceblobstore": {"type": "azure_blob", "account_name": "zaffre", "container_name": "azureml-blobstore"},
    "workspaceartifactstore": {"type": "azure_blob", "account_name": "zaffre", "container_name": "azureml"},
    "workspacefilestore": {"type": "azure_file", "account_name": "zaffre", "file_share_name": "azureml-filestore"},
    "workspaceworkingdirectory": {"type": "azure_file", "account_name": "zaffre", "file_share_name": "code"},
}


async def seed(store: Store, locations: Locations) -> None:
    """Make what is missing; idempotent."""

    def write(tx: Tx) -> None:
        if resources.get(tx, Key("", "workspace", "default")) is None:
            spec = {"name": "default", "description": "The workspace of commands that name none.", "location": "local"}
            state = {"provisioning_state": "Succeeded"}
            resources.put(tx, Key("", "workspace", "default"), Content(spec, spec_hash(spec), state), SYSTEM)
        for name in ("azureml", "zaffre"):
            if resources.get(tx, Key("", "registry", name)) is None:
                spec = {"name": name, "description": "Built in: curated environments.", "location": "local"}
                resources.put(tx, Key("", "registry", name), Content(spec, spec_hash(spec)), SYSTEM)
        for workspace in resources.list(tx, resources.Query("", "workspace", view=resources.View.ALL, top=10_000)):
            furnish(tx, workspace.key.name, locations)

    await store.write(write)


def furnish(tx: Tx, workspace: str, locations: Locations) -> None:
    """The four datastores and the ``local`` compute of a workspace."""
    for name in DATASTORES:
        key = Key(workspace, "datastore", name)
        if resources.get(tx, key) is None:
            spec = {"name": name, **_STORES[name]}
            resources.put(tx, key, Content(spec, spec_hash(spec)), SYSTEM)
        locations.datastore(workspace, name).mkdir(parents=True, exist_ok=True)
    compute = Key(workspace, "compute", "local")
    if resources.get(tx, compute) is None:
        spec = {"name": "local", "type": "amlcompute", "description": "This machine; always there."}
        resources.put(tx, compute, Content(spec, spec_hash(spec), {"provisioning_state": "Succeeded"}), SYSTEM)
