"""What a parallel job does next: the course of a run that is one task, and another attempt where its driver was killed.

A driver ends by itself with a verdict. One that a signal ended gave none, and the next attempt goes on with the mini-batches
that were not finished, so it is worth trying.
"""

from __future__ import annotations

from typing import Any

from zaffre.core import course
from zaffre.core.intents import Finish, Intent, Retry, RunFacts
from zaffre.core.reasons import of_exit
from zaffre.core.tasks import Exit, Phase


def plan(spec: Any, facts: RunFacts) -> list[Intent]:
    """The next intents."""
    found = course.plan(spec, facts)
    task = facts.task
    if task is None or task.phase is not Phase.EXITED or task.exit is None:
        return found
    if not _was_killed(task.exit) or facts.cancel_by is not None or facts.status.is_final:
        return found
    if not any(isinstance(intent, Finish) for intent in found):
        return found
    reason = of_exit(task.exit.exit_code, task.exit.signal, {"who": "The driver of the mini-batches"})
    return [Retry(reason)] if facts.retries_left > 0 else found


def _was_killed(ended: Exit) -> bool:
    """By a signal that nothing of the platform's sent."""
    meant = ended.stopped or ended.timed_out or ended.out_of_memory or ended.too_many_processes
    return ended.signal is not None and not meant
