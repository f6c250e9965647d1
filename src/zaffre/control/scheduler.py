"""Who may start now, and who must make room: pure functions of what waits, what runs and what is free.

Strict order within the line (tier, priority, age). A run that needs more than is free holds back all behind it: a smaller
one may only be let past it when that cannot delay it, which nobody can know without knowing how long runs take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """One run of the line, in the order it would start."""

    run: str
    slots: int
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """One run that may be interrupted."""

    run: str
    slots: int
    id: int
    """Ascending in the order of submission."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who starts, and which workspaces were passed over because they have all that they may have."""

    start: tuple[str, ...]
    held: frozenset[str] = frozenset()


def place(waiting: Sequence[Waiting], free: int, quota: Mapping[str, int] | None = None) -> Verdict:
    """The runs to start, in order. ``quota`` is what each workspace may still take; one not named there may take all.

    A run for which its workspace has no quota left holds back those behind it of the same workspace, and nobody else.
    """
    left = dict(quota or {})
    chosen: list[str] = []
    held: set[str] = set()
    for run in waiting:
        if run.workspace in held:
            continue
        if run.slots > left.get(run.workspace, run.slots):
            held.add(run.workspace)
            continue
        if run.slots > free:
            break
        chosen.append(run.run)
        free -= run.slots
        if run.workspace in left:
            left[run.workspace] -= run.slots
    return Verdict(tuple(chosen), frozenset(held))


def make_room(slots: int, free: int, spot: Sequence[Holding]) -> list[str]:
    """Which runs to interrupt so that ``slots`` become free: the youngest, no more than needed, none where it is no use."""
    missing = slots - free
    chosen: list[Holding] = []
    for run in sorted(spot, key=lambda one: -one.id):
        if missing <= 0:
            break
        chosen.append(run)
        missing -= run.slots
    if missing > 0:
        return []
    for run in sorted(chosen, key=lambda one: one.id):  # a large one taken later may make an earlier small one needless
        if missing + run.slots <= 0:
            chosen.remove(run)
            missing += run.slots
    return [run.run for run in chosen]
