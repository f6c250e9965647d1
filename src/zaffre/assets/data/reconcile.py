"""Data assets that go by themselves when their time is over (``auto_delete_setting``)."""

from __future__ import annotations

from zaffre.assets.data.parts import lifetime
from zaffre.control.loop import RELEASED
from zaffre.core.resource import Key
from zaffre.store import Store, Tx, assets, leases, resources
from zaffre.store.leases import Lease
from zaffre.store.resources import Query, View

_MOST = 10_000


class Expiry:
    """The stepper of ``data-expiry:workspace/name``: deletes versions whose time is over, sleeps until the next one's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def step(self, lease: Lease) -> float | None:
        """Look at every version of the name; the asset goes, the files that it named stay where they are."""
        workspace, _, name = lease.key.partition(":")[2].partition("/")

        def write(tx: Tx) -> float:
            due = _sweep(tx, workspace, name)
            if due is None:
                leases.remove(tx, lease)
                return RELEASED
            return due

        return await self._store.write(write)


def _sweep(tx: Tx, workspace: str, name: str) -> float | None:
    """Delete what is over; when to look again, None where nothing is left that has an end."""
    ends: list[float] = []
    for version in resources.list(tx, Query(workspace, "data", name=name, view=View.ALL, top=_MOST)):
        end = lifetime.expires_at(version)
        if end is None:
            continue
        if end <= tx.now:
            assets.delete(tx, Key(workspace, "data", name, "", version.key.version), "system")
        else:
            ends.append(end)
    return min(ends, default=None)
