"""Batch endpoints, put in their place: the routes, and the stepper that tells an endpoint its address."""

from __future__ import annotations

from zaffre.api.operations import Operations
from zaffre.control.loop import Loop
from zaffre.kinds.batch.actions import Actions
from zaffre.kinds.batch.reconcile import Endpoints
from zaffre.kinds.batch.rules import ENDPOINT
from zaffre.store import Store


class Batches:
    """The batch endpoints of one server."""

    def __init__(self, store: Store, operations: Operations, url: str) -> None:
        self.actions = Actions(store, operations)
        self._endpoints = Endpoints(store, url)

    def engage(self, loop: Loop) -> None:
        """Let the loop step endpoints."""
        loop.serve(ENDPOINT, self._endpoints)
