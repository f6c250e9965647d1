"""Which runs are open, in memory: asked at every request that carries a run's token."""

from __future__ import annotations

from zaffre.core.events import Event, EventType
from zaffre.core.status import FINAL
from zaffre.store import Store, runs

_FINAL_WORDS = frozenset(status.value for status in FINAL)
_MOST = 10_000


class OpenRuns:
    """Remembers what it looked up until the run ends."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: set[str] = set()
        store.on_event(self._hear)

    async def __call__(self, name: str) -> bool:
        """Whether the run exists and has not ended."""
        if name in self._open:
            return True
        run = await self._store.read(lambda tx: runs.get(tx, name))
        if run is None or run.status.is_final:
            return False
        if len(self._open) >= _MOST:
            self._open.clear()
        self._open.add(name)
        return True

    def _hear(self, event: Event) -> None:
        if event.type is EventType.RUN_STATUS_CHANGED and event.data.get("to") in _FINAL_WORDS:
            self._open.discard(event.subject.partition("/")[2])
