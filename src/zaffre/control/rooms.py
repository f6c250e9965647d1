"""How much there is to take: the nodes of each compute, whether it is stopped, and what each workspace may have in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaffre.core import queues
from zaffre.core.events import Event, EventType
from zaffre.core.resource import Key, Resource
from zaffre.store import Store, Tx, quotas, resources
from zaffre.store import queues as stored

EVERY = "*"
"""In the quota: what holds for a workspace that is not named."""
DEFAULT_IDLE_SECONDS = 120.0
_MOST_COMPUTES = 1000


@dataclass(frozen=True, slots=True)
class Room:
    """One compute, as placing sees it."""

    slots: int
    stopped: bool = False
    spot: bool = False
    """Its nodes are of low priority: whatever runs there may be interrupted."""
    compute: Resource | None = None
    """None for what is built in."""


class Rooms:
    """Answers from the transaction that places."""

    def __init__(self, fixed: Mapping[str, int], quota: Mapping[str, int]) -> None:
        """``fixed`` are the lines that belong to the machine and their nodes."""
        self._fixed = dict(fixed)
        self._told = dict(quota)
        self._set: dict[str, int | None] = {}

    def of(self, tx: Tx, workspace: str, line: str) -> Room:
        """The room of a line; that of a compute which is gone has none."""
        if line in self._fixed:
            return Room(self._fixed[line])
        found = resources.get(tx, Key(workspace, "compute", queues.compute_of(line)))
        return Room(0) if found is None else room_of(found)

    @property
    def has_quota(self) -> bool:
        """Whether any workspace is limited."""
        return bool(self._told or self._set)

    async def follow(self, store: Store) -> None:
        """Go by what was set in place of the settings, and by what somebody sets from now on."""
        await store.read(self.load)
        store.on_event(self._hear)

    def load(self, tx: Tx) -> None:
        """Read what was set."""
        self._set = quotas.every(tx)

    def _hear(self, event: Event) -> None:
        """Set here, or at another server of the same database."""
        if event.type is EventType.QUOTA_CHANGED:
            workspace = event.subject.partition("/")[2]
            if event.data.get("is_set"):
                self._set = {**self._set, workspace: event.data["nodes"]}
            else:
                self._set = {name: nodes for name, nodes in self._set.items() if name != workspace}

    def quota(self, workspace: str) -> int | None:
        """The nodes a workspace may have at once, on all its computes together; None is any number."""
        if not workspace:
            return None
        return self._set[workspace] if workspace in self._set else self.told(workspace)

    def told(self, workspace: str) -> int | None:
        """What the settings say."""
        return self._told.get(workspace, self._told.get(EVERY))

    def is_set(self, workspace: str) -> bool:
        """Whether somebody set it in place of the settings."""
        return workspace in self._set

    def left(self, tx: Tx, workspace: str) -> int | None:
        """What is left of a workspace's quota."""
        most = self.quota(workspace)
        return None if most is None else most - stored.occupied_by(tx, workspace, self.lines(tx, workspace))

    def lines(self, tx: Tx, workspace: str) -> list[str]:
        """The lines in which a workspace's runs may stand."""
        query = resources.Query(workspace, "compute", view=resources.View.ALL, top=_MOST_COMPUTES)
        own = [queues.line(workspace, found.key.name) for found in resources.list(tx, query)]
        return [*dict.fromkeys((queues.LOCAL, *own))]  # the built-in one may be listed among them


def room_of(compute: Resource) -> Room:
    """What a compute of a workspace offers."""
    spec: dict[str, Any] = compute.spec
    if compute.state.get("is_attached"):
        return Room(0, compute=compute)
    one = spec.get("type") == "computeinstance"
    slots = 1 if one else int(spec.get("max_instances") or 1)
    return Room(slots, compute.state.get("state") == "Stopped", spec.get("tier") == "low_priority", compute)


def idle_nodes(compute: Resource, now: float) -> list[tuple[float, int]]:
    """(since, how many) of the nodes that ran something and are kept for a while, the longest idle first."""
    seconds = float(compute.spec.get("idle_time_before_scale_down") or DEFAULT_IDLE_SECONDS)
    kept: list[list[float]] = compute.state.get("idle_nodes") or []
    return [(since, int(count)) for since, count in kept if now < since + seconds and count > 0]
