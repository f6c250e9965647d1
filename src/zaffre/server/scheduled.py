"""Schedules, put in their place: the stepper, what wakes it, and the routes."""

from __future__ import annotations

from zaffre.api.operations import Operations
from zaffre.control.loop import Loop
from zaffre.kinds.schedule.actions import Actions
from zaffre.kinds.schedule.reconcile import Schedules
from zaffre.server.settings import Settings
from zaffre.store import Store


class Scheduling:
    """The schedules of one server."""

    def __init__(self, settings: Settings, store: Store, operations: Operations) -> None:
        self.stepper = Schedules(store, operations, settings.seconds("schedules.catch_up"))
        self.actions = Actions(store, operations, self.stepper)

    def engage(self, loop: Loop) -> None:
        """Have schedules looked at when they are due, and when what they wait for happened."""
        loop.serve("schedule", self.stepper)
        self.stepper.woken_by(loop.wake)
