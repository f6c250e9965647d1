"""``suggest``: what the next trials of a search are to try. The same search and history give the same answer, always."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zaffre.search.drawing import drawn, draws
from zaffre.search.trial import Search, Trial


def suggest(search: Search, history: Sequence[Trial], count: int) -> list[dict[str, Any]]:
    """Parameters of the next ``count`` trials (fewer where a grid ends); ``history`` has every trial so far, by number."""
    if draws(search):
        return drawn(search, len(history), count)
    from zaffre.search.learning import Learner  # noqa: PLC0415 - weight: half a second, and none of it for chance and grid

    return Learner(search).suggest(history, count)
