"""The table of legal moves in docs/subsystems/engine.md against ``core.status``: written from it, compared by a test."""

from __future__ import annotations

from pathlib import Path

from zaffre.core.status import MOVES, RunStatus

_START, _END = "<!-- moves -->", "<!-- /moves -->"
PAGE = Path(__file__).parents[2] / "docs" / "subsystems" / "engine.md"


def table() -> str:
    """Every status with the signals that move it, as a table."""
    rows = [f"| `{status.value}` | {_ways(status)} |" for status in RunStatus]
    return "\n".join(["| from | signal → to |", "|---|---|", *rows])


def stated(page: str) -> str:
    """What the page says."""
    return page.partition(_START)[2].partition(_END)[0].strip()


def rewritten(page: str) -> str:
    """The page with the table as the code is."""
    before, _, rest = page.partition(_START)
    return f"{before}{_START}\n{table()}\n{_END}{rest.partition(_END)[2]}"


def _ways(status: RunStatus) -> str:
    if status.is_final:
        return "nothing: final"
    found = [f"{signal.value} → `{to.value}`" for (start, signal), to in MOVES.items() if start is status]
    return ", ".join(found) or "nothing moves it, and nothing leads to it"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
