"""What every workspace is born with: Azure's four datastores, on local files, and the compute that this machine is."""

from __future__ import annotations

from typing import Any

from zaffre.core.asset import spec_hash
from zaffre.core.resource import Content, Key

_STORES: tuple[dict[str, Any], ...] = (
    {
        "name": "workspaceblobstore",
        "type": "azure_blob",
        "account_name": "zaffre",
        "container_name": "azureml-blobstore",
    },
    {"name": "workspaceartifactstore", "type": "azure_blob", "account_name": "zaffre", "container_name": "azureml"},
    {
        "name": "workspacefilestore",
        "type": "azure_file",
        "account_name": "zaffre",
        "file_share_name": "azureml-filestore",
    },
    {"name": "workspaceworkingdirectory", "type": "azure_file", "account_name": "zaffre", "file_share_name": "code"},
)
_COMPUTE: dict[str, Any] = {"name": "local", "type": "amlcompute", "description": "This machine; always there."}
READY: dict[str, Any] = {"provisioning_state": "Succeeded"}


def furniture(workspace: str) -> tuple[tuple[Key, Content], ...]:
    """What must be in a workspace, whole."""
    stores = ((Key(workspace, "datastore", store["name"]), Content(store, spec_hash(store))) for store in _STORES)
    compute = Key(workspace, "compute", _COMPUTE["name"]), Content(_COMPUTE, spec_hash(_COMPUTE), READY)
    return (*stores, compute)
