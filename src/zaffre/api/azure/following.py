"""Who is following which job, so that a job that has ended already is shown once in a state in which clients print logs.

The official client reads logs only while a job is under way. Its first question about a finished one is therefore
answered ``Finalizing``, and the next one with the truth; whoever followed the job to its end has the truth at once.
"""

from __future__ import annotations

from collections import OrderedDict

from zaffre.core.ports import Clock
from zaffre.core.status import RunStatus
from zaffre.store.runs import Run

PATIENCE = 120.0
"""Seconds between two questions of one follower: the client waits for 60 at most."""
MOST = 10_000


class Following:
    """Remembers who asked when, for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[str, str], float] = OrderedDict()

    def told(self, subject: str, run: Run) -> RunStatus:
        """What ``subject`` is told that the run's status is."""
        key, now = (subject, run.name), self._clock.now()
        before = self._asked.pop(key, None)
        if run.status.is_final and before is not None and now - before <= PATIENCE:
            return run.status
        self._asked[key] = now
        while len(self._asked) > MOST:
            self._asked.popitem(last=False)
        return RunStatus.FINALIZING if run.status.is_final else run.status
