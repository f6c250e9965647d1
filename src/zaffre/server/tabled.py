"""Data looked at row by row, put together: who finds it, who reads it, who is asked before it is registered."""

from __future__ import annotations

from zaffre.api.operations import Operations
from zaffre.api.route import Route
from zaffre.assets.data.actions import Actions
from zaffre.assets.data.reconcile import Expiry
from zaffre.control.located import Borrowed, Locator
from zaffre.control.lookup import Places
from zaffre.control.loop import Loop
from zaffre.control.remote import Remote
from zaffre.control.tabular import Tabular
from zaffre.server.clock import SystemClock
from zaffre.server.settings import Settings
from zaffre.store import Store
from zaffre.tables.process import Bounds, TableProcess

_MEBI = 1024 * 1024


class Tables:
    """Previews, profiles, verifications and lifetimes of data assets."""

    def __init__(
        self, settings: Settings, places: Places, operations: Operations, store: Store, remote: Remote
    ) -> None:
        bounds = Bounds(settings.seconds("tables.seconds"), settings.number("tables.memory") * _MEBI)
        locator = Locator(places, Borrowed(remote, store))
        self.tabular = Tabular(locator, TableProcess(bounds), settings.home / "tables", SystemClock())
        self._store = store
        self._actions = Actions(operations, self.tabular)
        operations.inspect["data"] = self._actions.inspect

    def routes(self) -> list[Route]:
        """Of data assets."""
        return self._actions.routes()

    def engage(self, loop: Loop) -> None:
        """Have what is over deleted."""
        loop.serve("data-expiry", Expiry(self._store))
