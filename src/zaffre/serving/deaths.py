"""Why a replica ended in the middle of a request, in the words that its caller reads.

Nobody knows it at the moment when the connection breaks: the agent beside the replica, or the parent of its workers,
writes it down a moment later. So a request that was lost waits that moment for its answer, and no longer.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zaffre.serving.answers import LOST, Answer
from zaffre.serving.exchange import Exchange
from zaffre.serving.table import Replica

PATIENCE = 1.0
"""Seconds that the word of a death may take."""
LAST_BYTES = 16 * 1024
"""Of the file of ends: the last ones stand at its end."""
_FAR = "It is replaced without help; its log says more: zaffre online-deployment get-logs."


@dataclass(frozen=True, slots=True)
class End:
    """How a process of a replica ended."""

    pid: int = 0
    """0: the replica itself."""
    code: int | None = None
    signal: int | None = None
    peak: int = 0
    """The most memory that it had, in bytes."""
    out_of_memory: bool = False

    @property
    def message(self) -> str:
        """One sentence."""
        peak = f", when it had used at most {self.peak / 1024**2:.0f} MiB of memory" if self.peak else ""
        if self.out_of_memory:
            return f"Memory ran out and the replica's process was killed{peak}."
        if self.signal is not None:
            return f"The replica's process was ended by signal {self.signal} ({_name(self.signal)}){peak}."
        return f"The replica's process ended with exit code {self.code}{peak}."


def read(replica: Replica, pid: int) -> End | None:
    """How the process with which ``replica`` answered has ended; None while nobody has said so."""
    try:
        with Path(replica.ends).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - LAST_BYTES))
            lines = file.read().splitlines()
    except OSError:
        lines = []
    for line in reversed(lines):
        end = _parsed(line)
        if end is not None and end.pid in (0, pid):
            return end
    try:
        return _parsed(Path(replica.exit).read_bytes())
    except OSError:
        return None


@dataclass(slots=True)
class Mourning:
    """Requests whose replica has just ended."""

    now: Callable[[], float]
    _waiting: list[tuple[Exchange, Replica, int, float]] = field(
        default_factory=list[tuple[Exchange, Replica, int, float]]
    )

    def add(self, exchange: Exchange, replica: Replica, pid: int) -> None:
        """Answer it as soon as it is known why, or after a moment without."""
        self._waiting.append((exchange, replica, pid, self.now() + PATIENCE))

    def look(self) -> None:
        """Answer those that can be answered."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for exchange, replica, pid, until in waiting:
            end = None if exchange.done else read(replica, pid)
            if end is not None:
                exchange.refuse(Answer(LOST.status, LOST.code, f"{LOST.message} {end.message} {_FAR}"))
            elif self.now() >= until:
                exchange.refuse(LOST)
            elif not exchange.done:
                self._waiting.append((exchange, replica, pid, until))


def _parsed(line: bytes) -> End | None:
    """A line of the file of ends, or the agent's own record, which says the same with more beside it."""
    try:
        told: Mapping[str, Any] = json.loads(line)
        told = told.get("exit") or told
        return End(
            int(told.get("pid") or 0),
            told.get("exit_code"),
            told.get("signal"),
            int(told.get("peak_memory") or 0),
            bool(told.get("out_of_memory")),
        )
    except (ValueError, TypeError, AttributeError):
        return None


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
