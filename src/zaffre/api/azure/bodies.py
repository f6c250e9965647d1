"""What Azure's answers have beside what somebody wrote: addresses of this server, states where Azure keeps them, defaults.

One function a kind; ``api.arm`` calls it with the envelope that is otherwise ready.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from zaffre.api.azure.origin import authority, origin
from zaffre.api.manners import Finish, Told
from zaffre.core.plain import mapping_of
from zaffre.core.refs import PROVIDER, Scope

SPACE = uuid.UUID("6f0a3c0a-7a0b-5e57-9a8f-2a5a66726f21")
"""The namespace of the ids that Azure has for workspaces, and we derive from their names."""
_SKU = {"name": "Basic", "tier": "Basic"}
_CLUSTER = ("allocationState", "currentNodeCount", "targetNodeCount", "nodeStateCounts")


def finishes(router_port: int) -> dict[str, Finish]:
    """By kind. ``router_port`` is where the router speaks TLS."""

    def endpoint(told: Told) -> dict[str, Any]:
        return _endpoint(told, router_port)

    return {
        "workspace": _workspace,
        "job": _job,
        "compute": _compute,
        "online-endpoint": endpoint,
        "online-deployment": _deployment,
        "registry": _registry,
        "batch-endpoint": _batch_endpoint,
        "batch-deployment": _batch_deployment,
    }


def tracking_uri(authority: str, place: Scope) -> str:
    """What ``mlflow.set_tracking_uri`` is given: Azure's scheme, which its MLflow plug-in knows."""
    return f"azureml://{authority}/mlflow/v1.0{place.id}"


def workspace_id(name: str) -> str:
    """The GUID that Azure has beside a workspace's name."""
    return str(uuid.uuid5(SPACE, name))


def _workspace(told: Told) -> dict[str, Any]:
    name = told.view.resource.key.name
    place = Scope(told.place.subscription, told.place.group, name)
    stores = f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/Microsoft.Storage"
    properties = {
        "friendlyName": name,
        "description": "",
        "storageAccount": f"{stores}/storageAccounts/storage",
        "publicNetworkAccess": "Enabled",
        **told.body["properties"],
        "workspaceId": workspace_id(name),
        "discoveryUrl": f"{origin(told.call)}/discovery",
        "mlFlowTrackingUri": tracking_uri(authority(told.call), place),
    }
    who = {"principalId": workspace_id(f"{name}/identity"), "tenantId": place.subscription}
    identity = {**mapping_of(told.body.get("identity") or {"type": "SystemAssigned"}), **who}
    usual: dict[str, Any] = {"location": place.location, "kind": "Default", "tags": {}, "sku": _SKU}
    return {**usual, **_said(told.body), "identity": identity, "properties": properties}


def _job(told: Told) -> dict[str, Any]:
    """The two services that every job of Azure has lead to its record in MLflow and to its page."""
    name, properties = told.view.resource.key.name, told.body["properties"]
    if properties.get("jobType") == "Parallel" and properties.get("parentJobName"):
        return {**told.body, "properties": None}  # Azure has no such job: its client then asks run history for the step
    services = {
        "Tracking": {
            "jobServiceType": "Tracking",
            "endpoint": tracking_uri(authority(told.call), told.place),
        },
        "Studio": {
            "jobServiceType": "Studio",
            "endpoint": f"{origin(told.call)}/runs/{name}?wsid={told.place.id}",
        },
    }
    usual: dict[str, Any] = {"inputs": {}, "outputs": {}, "tags": {}, "properties": {}, "displayName": name}
    own = mapping_of(properties.get("services"))
    archived = {"isArchived": told.view.resource.archived}
    whole = {**usual, **_said(properties), **archived, "services": {**own, **services}}
    return {**told.body, "properties": whole}


def _compute(told: Told) -> dict[str, Any]:
    """State stands among the inner properties in Azure, beside what was asked for."""
    resource, properties = told.view.resource, dict(told.body["properties"])
    inner = dict(mapping_of(properties.get("properties")))
    kind = properties.get("computeType")
    if kind == "AmlCompute":
        inner |= {name: properties.pop(name) for name in _CLUSTER if name in properties}
        inner.setdefault("vmPriority", "Dedicated")
    if kind == "ComputeInstance":
        inner["state"] = properties.pop("state", "Running")
        inner |= {"createdBy": {"userName": resource.created_by}, "applications": [], "errors": []}
    whole = {
        "computeLocation": told.place.location,
        "isAttachedCompute": bool(resource.state.get("is_attached")),
        "provisioningErrors": None,
        **properties,
        "createdOn": told.body["systemData"]["createdAt"],
        "modifiedOn": told.body["systemData"]["lastModifiedAt"],
        "properties": inner,
    }
    return {**told.body, "location": told.body.get("location") or told.place.location, "properties": whole}


def _endpoint(told: Told, router_port: int) -> dict[str, Any]:
    """The router's addresses as its TLS port has them, on the host that was asked."""
    properties = dict(told.body["properties"])
    host = urlsplit(origin(told.call)).hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    for name in ("scoringUri", "swaggerUri"):
        if properties.get(name) and router_port:
            properties[name] = f"https://{host}:{router_port}{urlsplit(str(properties[name])).path}"
    usual = {"location": told.place.location, "tags": {}, "kind": "Managed", "identity": {"type": "SystemAssigned"}}
    return {**usual, **_said(told.body), "properties": properties}


def _deployment(told: Told) -> dict[str, Any]:
    properties = {"scaleSettings": {"scaleType": "Default"}, "properties": {}, **_said(told.body["properties"])}
    usual = {"location": told.place.location, "tags": {}, "sku": {"name": "Default", "capacity": 1}}
    return {**usual, **_said(told.body), "properties": properties}


def _batch_endpoint(told: Told) -> dict[str, Any]:
    """Scored on this server, at the host that was asked."""
    properties: dict[str, Any] = {
        "authMode": "AADToken",
        "defaults": {},
        "properties": {},
        **_said(told.body["properties"]),
    }
    if properties.get("scoringUri"):
        properties["scoringUri"] = f"{origin(told.call)}{urlsplit(str(properties['scoringUri'])).path}"
    return {"location": told.place.location, "tags": {}, **_said(told.body), "properties": properties}


def _batch_deployment(told: Told) -> dict[str, Any]:
    empty: dict[str, Any] = {"properties": {}}
    properties = {**empty, **_said(told.body["properties"])}
    return {"location": told.place.location, "tags": {}, **_said(told.body), "properties": properties}


def _registry(told: Told) -> dict[str, Any]:
    usual = {"location": told.place.location, "tags": {}, "identity": {"type": "SystemAssigned"}}
    name = told.view.resource.key.name
    properties: dict[str, Any] = {
        "regionDetails": [],
        **told.body["properties"],
        "discoveryUrl": f"{origin(told.call)}/registrymanagement/v1.0/registries/{name}/discovery",
        "mlFlowRegistryUri": f"azureml://{authority(told.call)}/mlflow/v1.0/registries/{name}",
    }
    return {**usual, **_said(told.body), "type": f"{PROVIDER}/registries", "properties": properties}


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is null, so that it does not hide what is usual."""
    return {name: value for name, value in body.items() if value is not None}
