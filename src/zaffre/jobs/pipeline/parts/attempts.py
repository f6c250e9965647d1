"""The children that stand for one step, one after another: whether another follows, and when. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zaffre.core.parents import Child
from zaffre.core.plain import mapping_of
from zaffre.core.reasons import WHO
from zaffre.jobs.pipeline.parts.network import Node


def of(key_: str, children: Mapping[str, Child]) -> list[Child]:
    """In their order."""
    found: list[Child] = []
    child = children.get(key_)
    while child is not None:
        found.append(child)
        child = children.get(key(key_, len(found)))
    return found


def key(first: str, number: int) -> str:
    """The key of the attempt that follows ``number`` others."""
    return f"{first}.retry{number}" if number else first


def another(node: Node, made: Sequence[Child]) -> bool:
    """Whether the step may run again: what was refused would be refused again."""
    most = int(mapping_of(node.said.get("retry")).get("max_retries") or 0)
    return not made[-1].refused and len(made) <= most


def delay(node: Node, last: Child, now: float) -> float:
    """Seconds until it may."""
    return (last.ended_at or 0.0) + float(mapping_of(node.said.get("retry")).get("delay") or 0) - now


def why(child: Child) -> str:
    """Why a child failed, in words that fit behind the step's name."""
    if child.refused:
        return f"it could not be submitted: {child.refused}"
    told = child.reason.sentence if child.reason is not None else "it failed"
    return told.removeprefix(f"{WHO} ").strip() or "it failed"
