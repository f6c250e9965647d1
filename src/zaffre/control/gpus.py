"""Which run has which GPU: a row for each GPU that names the run and the attempt it is lent to.

Nothing has to be given back: a row holds only as long as its run is in that attempt and on a node, so that no crash leaks one.
"""

from __future__ import annotations

from collections.abc import Sequence

from zaffre.core.resource import Content, Key
from zaffre.store import Tx, resources, runs
from zaffre.store.runs import Run

TOPIC = "gpus"
"""What a run waits for that lacks GPUs only."""
_SYSTEM = "system"


class Gpus:
    """The GPUs of this machine, by UUID."""

    def __init__(self, uuids: Sequence[str]) -> None:
        self._uuids = tuple(uuids)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._uuids)

    def take(self, tx: Tx, run: Run, attempt: int) -> list[str] | None:
        """The GPUs for an attempt, now its own; None where too few are free. More than there are is as many as there are."""
        wanted = min(int(run.facts.get("limits", {}).get("gpus") or 0), self.count)
        if not wanted:
            return []
        free = [uuid for uuid in self._uuids if self.holder(tx, uuid) is None]
        if len(free) < wanted:
            return None
        for uuid in free[:wanted]:
            key = Key("", "gpu", uuid)
            if resources.get(tx, key) is None:
                resources.put(tx, key, Content({}, "", {}), _SYSTEM)
            resources.set_state(tx, key, {"run": run.name, "attempt": attempt})
        return free[:wanted]

    def holder(self, tx: Tx, uuid: str) -> str | None:
        """The run that has a GPU now."""
        row = resources.get(tx, Key("", "gpu", uuid))
        name = str(row.state.get("run") or "") if row is not None else ""
        run = runs.get(tx, name) if name else None
        if row is None or run is None or run.attempt != row.state.get("attempt") or not run.status.holds_slot:
            return None
        return name

    def holders(self, tx: Tx) -> dict[str, str]:
        """UUID → run, of all that are lent."""
        return {uuid: name for uuid in self._uuids if (name := self.holder(tx, uuid)) is not None}
