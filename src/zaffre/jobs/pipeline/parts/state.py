"""How far one step of a pipeline is."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Of a step."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
