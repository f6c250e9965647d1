"""Reuse in words: what a step was held against, and what was different. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_MOST_TOLD = 3


def differing(compared: Mapping[str, Any]) -> str:
    """One sentence; ``compared`` is as a run keeps it."""
    if compared.get("forced"):
        return "settings.force_rerun is on"
    if not compared.get("with"):
        return "it has not completed before"
    if compared.get("gone"):
        return str(compared["gone"])
    found: Sequence[Mapping[str, Any]] = compared.get("differences", ())
    told = [one_difference(each) for each in found[:_MOST_TOLD]]
    more = f"; and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
    return f"{'; '.join(told)}{more} (compared with job {compared['with']})"


def one_difference(difference: Mapping[str, Any]) -> str:
    """The field and both values; of code the files."""
    field, files = difference["field"], difference.get("files")
    if files:
        return f"{field}: {', '.join(files)}"
    before, after = difference.get("before"), difference.get("after")
    if before is None:
        return f"{field} is new: {after}"
    if after is None:
        return f"{field} is gone, it was {before}"
    return f"{field}: {before} → {after}"
