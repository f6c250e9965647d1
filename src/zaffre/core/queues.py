"""The lines that runs stand in: what each is called, and who goes before whom.

A compute has one line. That of the built-in computes is the machine's and shared by all workspaces; a workspace's own
compute has its line under the workspace's name, so that two workspaces may call theirs alike.
"""

from __future__ import annotations

LOCAL = "local"
"""The line of the built-in computes."""
BUILT_IN = (LOCAL, "serverless")
_TIERS = {"spot": -20, "basic": -10, "null": 0, "standard": 0, "premium": 10}
_PRIORITIES = {"low": -1, "medium": 0, "high": 1}
_PREMIUM = _TIERS["premium"] + _PRIORITIES["low"]
SPOT_AT_MOST = _TIERS["spot"] + _PRIORITIES["high"]
"""The highest rank of a run that may be interrupted."""


def line(workspace: str, compute: str) -> str:
    """The line of a compute."""
    return LOCAL if compute in BUILT_IN else f"{workspace}/{compute}"


def compute_of(name: str) -> str:
    """The compute that a line belongs to, as its users call it."""
    return name.rpartition("/")[2]


def rank(tier: str | None, priority: str | None) -> int:
    """Higher goes first: the tier decides, then the priority; age decides between equals."""
    return _TIERS.get(tier or "null", 0) + _PRIORITIES.get(priority or "medium", 0)


def tier(value: int) -> str:
    """The tier of a rank, for telling."""
    nearest = min(_TIERS, key=lambda name: abs(_TIERS[name] - value))
    return "standard" if nearest == "null" else nearest


def is_spot(value: int) -> bool:
    """It may be interrupted for a premium run."""
    return value <= SPOT_AT_MOST


def is_premium(value: int) -> bool:
    """It may interrupt a spot run."""
    return value >= _PREMIUM
