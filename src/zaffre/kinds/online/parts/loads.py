"""What a deployment carries now, from its readings. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from zaffre.kinds.online.parts import windows
from zaffre.kinds.online.parts.scaling import Load
from zaffre.kinds.online.parts.windows import Reading

LEAST = 10.0
"""Seconds that are looked at, at least: less would follow every gust."""
STALE = 30.0
"""Seconds after which the last reading says nothing of now."""


def of(readings: Sequence[Reading], now: float, polling: float) -> Load:
    """The load of the last moments; unknown where the router has not been read lately."""
    if not readings or now - readings[-1].at > STALE:
        return Load(known=False)
    seen = windows.between(windows.since(readings, readings[-1].at - max(LEAST, polling)))
    return Load(seen.concurrency, seen.rate, seen.cpu, readings[-1].held)
