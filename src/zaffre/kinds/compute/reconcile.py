"""What follows a change of a compute: those who wait for it are called up, as many as now have room."""

from __future__ import annotations

from zaffre.control.admission import Admission
from zaffre.control.loop import RELEASED
from zaffre.core import queues
from zaffre.store import Store, Tx, leases
from zaffre.store.leases import Lease


class Computes:
    """The stepper of ``compute:workspace/name``: an item that is gone after one step."""

    def __init__(self, store: Store, admission: Admission) -> None:
        self._store = store
        self._admission = admission

    async def step(self, lease: Lease) -> float | None:
        """Call up, and be done."""
        workspace, _, name = lease.key.partition(":")[2].partition("/")

        def write(tx: Tx) -> None:
            self._admission.call_up(tx, workspace, queues.line(workspace, name))
            leases.remove(tx, lease)

        await self._store.write(write)
        return RELEASED
