"""What to say and type next about a job that failed; its log is read by ``core.tracebacks``. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zaffre.core.tracebacks import MOST_LINES, Card, Frame, read

__all__ = ["MOST_LINES", "Card", "Frame", "commands", "read"]


def commands(name: str, reason: Mapping[str, Any], above: Sequence[tuple[str, str]]) -> list[str]:
    """What to type next. ``above``: (pipeline, step) of each pipeline the job lies in, the topmost first."""
    told = [f"zaffre job stream -n {name}"]
    if reason.get("code") == "EnvironmentFailed":
        return told
    if above:
        top = above[0][0]
        steps = "/".join(step for _, step in above)
        told += [f"zaffre job replay {top} --step {steps}", f"zaffre job resume -n {top}"]
    else:
        told.append(f"zaffre job replay {name}")
    return told
