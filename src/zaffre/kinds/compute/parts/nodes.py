"""The nodes of a local cluster, told from what runs on it: shares of this machine that come with jobs and leave when idle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_STATES = {"Starting": "preparing", "CancelRequested": "leaving", "Finalizing": "leaving", "NotResponding": "unusable"}
_COUNTED = ("preparing", "running", "idle", "unusable", "leaving", "preempted")


@dataclass(frozen=True, slots=True)
class Held:
    """What one run holds."""

    run: str
    status: str
    slots: int


@dataclass(frozen=True, slots=True)
class Node:
    """One node."""

    state: str
    run: str = ""


def nodes(held: Sequence[Held], idle: int, least: int, most: int) -> list[Node]:
    """Those that run something, then those kept after a run, then what is missing to the least there are to be."""
    busy = [Node(_STATES.get(one.status, "running"), one.run) for one in held for _ in range(one.slots)]
    kept = min(idle, max(0, most - len(busy)))
    missing = max(0, least - len(busy) - kept)
    return [*busy, *(Node("idle") for _ in range(kept + missing))]


def told(compute: str, found: Sequence[Node]) -> list[dict[str, Any]]:
    """As ``az ml compute list-nodes`` answers them; the address is this machine's."""
    ids = Counter[str]()
    answer: list[dict[str, Any]] = []
    for node in found:
        sort = node.run or node.state
        ids[sort] += 1
        told = {"node_id": f"{compute}-{sort}-{ids[sort]}", "node_state": node.state, "private_ip_address": "127.0.0.1"}
        answer.append({**told, "public_ip_address": None, "port": None, "run_id": node.run or None})
    return answer


def counts(found: Sequence[Node]) -> dict[str, int]:
    """How many are in which state, in the words of ``nodeStateCounts``."""
    number = Counter(node.state for node in found)
    return {f"{state}_node_count": number[state] for state in _COUNTED}
