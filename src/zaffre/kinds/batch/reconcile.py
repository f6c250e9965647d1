"""An endpoint's address, told to it once it is there: everything else of batch endpoints is done by jobs."""

from __future__ import annotations

from zaffre.core.resource import Key
from zaffre.core.status import Provisioning
from zaffre.kinds.batch.rules import ENDPOINT
from zaffre.store import Store, Tx, leases, resources
from zaffre.store.leases import Lease


class Endpoints:
    """The stepper of ``batch-endpoint:workspace/name``."""

    def __init__(self, store: Store, url: str) -> None:
        """``url``: where this server answers."""
        self._store = store
        self._url = url

    async def step(self, lease: Lease) -> float | None:
        """One look; nothing is to be looked at again."""
        workspace, _, name = lease.key.partition(":")[2].partition("/")

        def write(tx: Tx) -> None:
            leases.check(tx, lease)
            found = resources.get(tx, Key(workspace, ENDPOINT, name))
            if found is None:
                leases.remove(tx, lease)
                return
            url = f"{self._url}/batch/{workspace}/{name}"
            state = {"provisioning_state": Provisioning.SUCCEEDED.value, "scoring_uri": f"{url}/jobs"}
            if any(found.state.get(key) != value for key, value in state.items()):
                resources.set_state(tx, found.key, state, expect_revision=found.revision)

        await self._store.write(write)
        return None
