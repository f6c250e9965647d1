"""What pipelines need of the floors below, put together: reuse, what steps wrote, and their verbs."""

from __future__ import annotations

from collections.abc import Callable

from zaffre.api.operations import Operations
from zaffre.api.route import Route
from zaffre.control.contents import Contents
from zaffre.control.locations import Locations
from zaffre.control.lookup import Places
from zaffre.core.draft import Lookup
from zaffre.kinds.job.family.foresight import Foresight
from zaffre.kinds.job.family.parents import Values
from zaffre.kinds.job.family.replaying import Replays
from zaffre.kinds.job.family.reuse import Reuse
from zaffre.kinds.job.family.steering import Steering
from zaffre.store import Store, Tx
from zaffre.store.blobs import Blobs


class Pipelines:
    """Of one server."""

    def __init__(
        self, store: Store, operations: Operations, lookup: Callable[[Tx], Lookup], contents: Contents
    ) -> None:
        self._store = store
        self._operations = operations
        self.values = Values(store, lookup)
        self._contents = contents

    def reuse(self, places: Places) -> Reuse:
        """Whether a step has to run."""
        return Reuse(self._store, places, self._contents)

    def routes(self, places: Places, locations: Locations, blobs: Blobs) -> list[Route]:
        """The verbs."""
        foresight = Foresight(self._store, self._operations, self.reuse(places), self.values)
        return Steering(self._store, self._operations, foresight, Replays(self._store, locations, blobs)).routes()
