"""Asking an endpoint: its address and key from the API, the request straight to the router; and reading its log."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from zaffre.core.errors import Unavailable
from zaffre.sdk.resources import Resources, Which
from zaffre.sdk.transport import Address, Transport

_PATIENCE = 120.0


def invoke(endpoints: Resources, name: str, request: bytes, deployment: str = "") -> bytes:
    """Send ``request`` to endpoint ``name``; ``deployment`` overrides its traffic rules."""
    which = Which(name)
    state: dict[str, Any] = endpoints.get(which).get("state") or {}
    if not state.get("scoring_uri"):
        raise Unavailable(
            f"Endpoint {name} has no address to ask yet; zaffre online-endpoint show -n {name} says how far it is."
        )
    target = urlsplit(str(state["scoring_uri"]))
    keys: dict[str, Any] = endpoints.act(which, "keys", key=f"read-{name}") or {}
    key = str(keys.get("primary_key") or keys.get("access_token") or "")
    router = Transport(Address(f"{target.scheme}://{target.netloc}", key))
    headers = {"Content-Type": "application/json"}
    if deployment:
        headers["azureml-model-deployment"] = deployment
    try:
        return router.read("POST", target.path, request, headers=headers, timeout=_PATIENCE)
    finally:
        router.close()


def logs(deployments: Resources, which: Which, lines: int) -> str:
    """The last lines of a deployment's log."""
    path = deployments.path(which, "logs")
    told: dict[str, Any] = deployments.transport.call("GET", path, query={"tail": lines})
    return str(told["content"])
