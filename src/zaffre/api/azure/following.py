"""Who is following which job, so that a job that has ended already is shown once in a state in which clients print logs.

The official client reads logs only while a job is under way. Its first question about a finished one is therefore
answered ``Finalizing``, and the next one with the truth; whoever followed the job to its end has the truth at once. A
follower is known by the time of its questions: the client waits ever longer between two, so one that comes early or late is
somebody's first, of whom nothing was printed yet.

All this is remembered, never stored. A server that was started anew, or another one, knows of nobody: that costs its
follower one more question and never a line of the log.
"""

from __future__ import annotations

from collections import OrderedDict

from zaffre.core.ports import Clock
from zaffre.core.status import RunStatus
from zaffre.store.runs import Run

PATIENCE = 120.0
"""Seconds between two questions of one follower: the client waits for 60 at most."""
MOST = 10_000
_EARLY, _LATE, _SLACK = 0.8, 2.0, 5.0
"""How much sooner and later than after the wait before, and seconds more, a follower's next question may come."""
_USUAL = 2.0
"""Seconds that the client waits at first."""


class Following:
    """Remembers who asked when, for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        """(who, job) → when they last asked, and how long they had waited."""

    def told(self, subject: str, run: Run) -> RunStatus:
        """What ``subject`` is told that the run's status is."""
        key, now = (subject, run.name), self._clock.now()
        before, waits = self._asked.pop(key, (0.0, 0.0))
        waited = now - before
        if run.status.is_final and self._follows(waited, waits):
            return run.status
        self._asked[key] = now, waited if waited <= PATIENCE else 0.0
        while len(self._asked) > MOST:
            self._asked.popitem(last=False)
        return RunStatus.FINALIZING if run.status.is_final else run.status

    @staticmethod
    def _follows(waited: float, before: float) -> bool:
        """Whether a question after ``waited`` seconds is the next of who waited ``before`` (0: not yet) for the last one."""
        latest = min(PATIENCE, _LATE * (before or _USUAL) + _SLACK)
        return _EARLY * before <= waited <= latest
