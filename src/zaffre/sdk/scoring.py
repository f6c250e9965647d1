"""Asking an endpoint: its address and key from the API, the request straight to the router; its logs and its numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from zaffre.core.errors import Unavailable
from zaffre.sdk.resources import Resources, Which
from zaffre.sdk.transport import Address, Transport

_PATIENCE = 120.0
_PAUSE = 0.5
"""Seconds between looks at a log that is followed."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where an endpoint is asked, and with which key."""

    origin: str
    path: str
    key: str

    def at(self, path: str) -> str:
        """A path below the endpoint's address; without one, that of scoring."""
        return self.path.removesuffix("/score") + path if path else self.path

    def line(self) -> Transport:
        """A connection of its own."""
        return Transport(Address(self.origin, self.key))


def door(endpoints: Resources, name: str) -> Door:
    """The address and a key of an endpoint."""
    which = Which(name)
    state: dict[str, Any] = endpoints.get(which).get("state") or {}
    if not state.get("scoring_uri"):
        raise Unavailable(
            f"Endpoint {name} has no address to ask yet; zaffre online-endpoint show -n {name} says how far it is."
        )
    target = urlsplit(str(state["scoring_uri"]))
    keys: dict[str, Any] = credentials(endpoints, which)
    key = str(keys.get("primary_key") or keys.get("access_token") or "")
    return Door(f"{target.scheme}://{target.netloc}", target.path, key)


def invoke(endpoints: Resources, name: str, request: bytes, deployment: str = "") -> bytes:
    """Send ``request`` to endpoint ``name``; ``deployment`` overrides its traffic rules."""
    found = door(endpoints, name)
    router = found.line()
    headers = {"Content-Type": "application/json"}
    if deployment:
        headers["azureml-model-deployment"] = deployment
    try:
        return router.read("POST", found.path, request, headers=headers, timeout=_PATIENCE)
    finally:
        router.close()


def credentials(endpoints: Resources, which: Which) -> dict[str, Any]:
    """Its keys, or a token where it is called with tokens."""
    spec: dict[str, Any] = endpoints.get(which).get("spec") or {}
    verb = "keys" if spec.get("auth_mode", "key") == "key" else "token"
    return endpoints.act(which, verb, key=f"read-{which.name}") or {}


def logs(deployments: Resources, which: Which, lines: int, container: str = "") -> str:
    """The last lines of a deployment's log."""
    return str(_look(deployments, which, {"tail": lines, **_container(container)})["content"])


def follow(
    deployments: Resources, which: Which, lines: int, container: str = "", until: Callable[[], bool] = lambda: False
) -> Iterator[str]:
    """The last lines, and then what is written, of the newest replica; when another starts, of that one."""
    query: dict[str, Any] = _container(container)
    found: dict[str, Any] = _look(deployments, which, {"tail": lines, **query})
    yield str(found["content"])
    while not until():
        replicas = [str(one) for one in found["replicas"]]
        replica, newest = str(found["replica"]), replicas[-1] if replicas else ""
        here: dict[str, Any] = {"replica": replica, "after": found["next"]} if replica else {"tail": lines}
        asked = {**query, **here}
        found = _look(deployments, which, asked)
        if found["content"]:
            yield str(found["content"])
        elif newest != replica:
            yield f"--- replica {newest} ---\n"
            found |= {"replica": newest, "next": 0}
        else:
            time.sleep(_PAUSE)


def metrics(deployments: Resources, which: Which, window: int, step: int = 0) -> dict[str, Any]:
    """What a deployment did in the last ``window`` seconds; with ``step``, in pieces of that many."""
    query = {"window": window, **({"step": step} if step else {})}
    told: dict[str, Any] = deployments.transport.call("GET", deployments.path(which, "metrics"), query=query)
    return told


def recording(deployments: Resources, which: Which) -> list[dict[str, Any]]:
    """The exchanges of a deployment that the router keeps."""
    told: dict[str, Any] = deployments.act(which, "recording", key=f"recording-{time.monotonic_ns()}") or {}
    return list(told.get("value") or ())


def _look(deployments: Resources, which: Which, query: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = deployments.transport.call("GET", deployments.path(which, "logs"), query=query)
    return told


def _container(container: str) -> dict[str, Any]:
    return {"container": container} if container else {}
