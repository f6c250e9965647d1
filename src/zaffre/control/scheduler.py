"""Who may start now: a pure function of what waits and what is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queued run, in the order it would start."""

    run: str
    slots: int


def place(waiting: Sequence[Waiting], free: int) -> list[str]:
    """The runs to start, in order.

    Strictly first come, first served within the order given (priority, then age): a run that needs more than is free
    holds back those behind it, so that a large one is never starved by small ones.
    """
    chosen: list[str] = []
    for run in waiting:
        if run.slots > free:
            break
        chosen.append(run.run)
        free -= run.slots
    return chosen
