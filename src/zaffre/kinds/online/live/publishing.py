"""The floors that endpoints and deployments stand on, and the routing table as it is on record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.control.keypairs import Keys
from zaffre.core.ports import Backend, Clock, EnvironmentBuilder
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.kinds.online import rules
from zaffre.kinds.online.live.measuring import Measures
from zaffre.kinds.online.parts import routing
from zaffre.kinds.online.parts.layout import Layout
from zaffre.serving.probe import Health
from zaffre.serving.publisher import Publisher
from zaffre.serving.table import name_of
from zaffre.store import Store, Tx, resources

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors below that deployments need."""

    store: Store
    clock: Clock
    backend: Backend
    builder: EnvironmentBuilder
    router: Publisher
    probe: Callable[[str, str, float], Awaitable[Health]]
    """(socket, path, seconds) → what a replica answers."""
    code: Callable[[str, str, Path], Awaitable[None]]
    """(workspace, reference, folder): lays the files of a code asset out, again from the start when called again."""
    places: Layout
    keys: Keys
    host: Callable[[], Path]
    """The scoring host's archive."""
    environ: Mapping[str, str]
    """Passed on to replicas from the server's own environment."""
    measures: Measures
    """What deployments do, by the router's counts."""


class Table:
    """The routing table as it is on record: read whole at first, then of every change just the endpoint."""

    def __init__(self, floors: Floors) -> None:
        self._floors = floors
        self._lock = asyncio.Lock()
        self._known: dict[str, Any] | None = None

    async def publish(self, changed: Key) -> int:
        """Read the endpoint again and hand the table to the router; its version."""
        async with self._lock:
            self._known = await self._floors.store.read(lambda tx: self._read(tx, changed))
            return await self._floors.router.publish(self._known)

    async def follow(self, changed: Key) -> None:
        """Publish, and wait until the router follows: whoever is told that it is done may rely on it."""
        await self._floors.router.follow(await self.publish(changed))

    def _read(self, tx: Tx, changed: Key) -> dict[str, Any]:
        found = dict(self._known or {})
        found.pop(name_of(changed.workspace, changed.name), None)
        for endpoint in _endpoints(tx) if self._known is None else [resources.get(tx, changed)]:
            if endpoint is None or endpoint.state.get("provisioning_state") == Provisioning.DELETING.value:
                continue
            key, keys = endpoint.key, self._floors.keys
            trust = routing.Trust(keys.hashes(tx, key.workspace, key.name), keys.public_key)
            found[name_of(key.workspace, key.name)] = routing.endpoint(endpoint, children(tx, key), trust)
        return found


def _endpoints(tx: Tx) -> list[Resource]:
    places = [found.key.name for found in resources.list(tx, resources.Query("", "workspace", view="all", top=10_000))]
    queries = [resources.Query(workspace, rules.ENDPOINT, view="all", top=10_000) for workspace in places]
    return [endpoint for query in queries for endpoint in resources.list(tx, query)]


def children(tx: Tx, endpoint: Key) -> list[Resource]:
    """An endpoint's deployments."""
    query = resources.Query(endpoint.workspace, rules.DEPLOYMENT, endpoint.name, view="all", top=1000)
    return resources.list(tx, query)
