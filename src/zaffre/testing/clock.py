"""A clock that stands still until the test moves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ManualClock:
    """Satisfies ``core.ports.Clock``."""

    at: float = 1_800_000_000.0
    """Unix seconds."""
    elapsed: float = 0.0

    def now(self) -> float:
        """Unix seconds, UTC."""
        return self.at

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return self.elapsed

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds
        self.elapsed += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock, as an administrator or a time server does."""
        self.at += seconds
