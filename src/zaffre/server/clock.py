"""The machine's clock."""

from __future__ import annotations

import time


class SystemClock:
    """Time as this machine tells it."""

    def now(self) -> float:
        """Unix seconds, UTC."""
        return time.time()  # noqa: TID251 - the one place that asks

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()
