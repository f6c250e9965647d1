"""What differs between the types of run: the port through which the supervisor asks a job or a build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from zaffre.core.intents import Intent, RunFacts
from zaffre.core.ports import BuildState
from zaffre.core.reasons import Reason
from zaffre.core.tasks import Observation, Task
from zaffre.store import Tx
from zaffre.store.leases import Lease
from zaffre.store.runs import Run


class RunType(Protocol):
    """What differs between the types of run."""

    def plan(self, run: Run, facts: RunFacts) -> Sequence[Intent]:
        """Decide; pure."""
        ...

    async def environment(self, run: Run) -> tuple[str, BuildState]:
        """Name and state of the environment it needs."""
        ...

    def environment_at_hand(self, run: Run) -> tuple[str, BuildState] | None:
        """The same where a stat and a small file tell it; asked within a transaction."""
        ...

    def prepare_environment(self, tx: Tx, lease: Lease, run: Run) -> None:
        """Have the environment built, within the transaction that records the wait."""
        ...

    def directory(self, run: Run, attempt: int) -> str:
        """Absolute path of an attempt's directory."""
        ...

    async def task(self, run: Run) -> Task:
        """Put code and inputs in place and say what to launch; may be called again for the same attempt."""
        ...

    async def ending(self, run: Run, reason: Reason, observed: Observation | None) -> None:
        """The run is about to end: tell whoever keeps records outside the store. Idempotent."""
        ...

    def publish(self, tx: Tx, run: Run) -> dict[str, Any]:
        """Register what a success leaves behind, in the transaction of its end; facts to keep."""
        ...

    def ended(self, tx: Tx, run: Run) -> None:
        """Wake whoever waited for it, in the transaction of its end."""
        ...
