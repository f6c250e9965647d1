"""What assets that may be shared have: the way into a registry, and into another workspace."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid
from zaffre.sdk.operations import Operations
from zaffre.sdk.resources import Resources


class Shared(Operations):
    """Operations of models, data, environments and components."""

    def share(
        self,
        name: str,
        version: str,
        *,
        share_with_name: str = "",
        share_with_version: str = "",
        registry_name: str,
    ) -> Any:
        """Copy a version from this workspace into a registry; its files are copied along."""
        order = {"source": f"azureml:{name}:{version}", "name": share_with_name, "version": share_with_version}
        return self.made(into_registry(self.resources, registry_name, order))

    def copy_from(self, source: str, *, name: str = "", version: str = "") -> Any:
        """Copy a version of a registry or of another workspace (an ``azureml:`` reference) into this workspace."""
        return self.made(into_workspace(self.resources, {"source": source, "name": name, "version": version}))


def into_registry(resources: Resources, registry: str, order: dict[str, Any]) -> dict[str, Any]:
    """Have the server copy an asset of the workspace into a registry; the asset as it is there."""
    if not registry:
        raise Invalid("expected the registry to share with, found none")
    body = {"kind": resources.group.name, "workspace": resources.workspace, **_said(order)}
    return resources.transport.call("POST", f"/api/v1/registries/{quote(registry, safe='')}/import", body)


def into_workspace(resources: Resources, order: dict[str, Any]) -> dict[str, Any]:
    """Have the server copy an asset from elsewhere into the workspace."""
    body = {"kind": resources.group.name, **_said(order)}
    place = quote(resources.workspace, safe="")
    return resources.transport.call("POST", f"/api/v1/workspaces/{place}/import", body)


def _said(order: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in order.items() if value}
