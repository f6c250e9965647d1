"""Where everything is: the cloud's metadata, the discovery of a workspace, and that of a registry.

The official client asks for the first about nine times before it does anything, with no credential and no second try,
and falls back to public Azure without a word when it gets no answer: so it is answered from memory.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure.origin import origin
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.core.refs import CLOUD
from zaffre.core.registry import Kind

LOCATION = "local"
_TAG = "azure"


class Metadata:
    """The three answers with which a client finds its way."""

    def __init__(self, operations: Operations, registry: Kind, subscription: str, group: str) -> None:
        self._operations = operations
        self._registry = registry
        self._subscription = subscription
        self._group = group

    def routes(self) -> list[Route]:
        """The first two are open: a client asks for them before it has a token."""
        at = "/registrymanagement/v1.0/registries/{registry}/discovery"
        return [
            Route("GET", "/metadata/endpoints", Permission.OPEN, _endpoints, "The cloud that this is", tag=_TAG),
            Route("GET", "/discovery", Permission.OPEN, _discovery, "Addresses of a workspace's services", tag=_TAG),
            Route("GET", at, Permission.READ, self._discover_registry, "Where a registry is", tag=_TAG),
        ]

    async def _discover_registry(self, call: Call) -> Response:
        name = call.path("registry").lower()
        await self._operations.get(Target(self._registry, "", name))
        return reply(
            {
                "registryName": name,
                "subscriptionId": self._subscription,
                "resourceGroup": self._group,
                "primaryRegion": LOCATION,
                "regions": [LOCATION],
                "primaryRegionResourceProviderUri": f"{origin(call)}/",
            }
        )


async def _endpoints(call: Call) -> Response:
    """A list with one cloud in it, or with ``api-version`` of 2022 and later the cloud alone, as Azure has it."""
    told = cloud(origin(call))
    return reply(told if call.query("api-version") >= "2022" else [told])


def cloud(address: str) -> dict[str, Any]:
    """The metadata of the cloud at ``address``. The client leaves a cloud out that lacks one of these entries."""
    host = urlsplit(address).hostname or ""
    return {
        "name": CLOUD,
        "portal": f"{address}/",
        "resourceManager": address,
        "authentication": {
            # Without the port, which the MLflow plug-in refuses.
            "loginEndpoint": f"https://[{host}]/" if ":" in host else f"https://{host}/",
            "audiences": [address],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        # Without a slash at the end, which azureml-mlflow would look for twice and then download nothing.
        "suffixes": {"storage": "core.windows.net"},
    }


async def _discovery(call: Call) -> Response:
    here = origin(call)
    return reply({"api": here, "history": here, "experimentation": here, "pipelines": here, "mlflow": f"{here}/mlflow"})
