"""``Moment``: what a dialect tells the writer about a transaction that has begun."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """A transaction that has begun."""

    mark: object = None
    """By which the dialect finds it again, where the answer to its commit is lost."""
    now: float | None = None
    """The database's own time; None where it has none of its own."""
