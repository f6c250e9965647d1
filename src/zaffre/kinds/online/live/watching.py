"""What those did that get more traffic than before: the figures that guardrails are held against.

They are entries of the routing table: deployments to which traffic moves, or the next revision of one.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

from zaffre.core import drift
from zaffre.core.drift import Drift
from zaffre.core.resource import Key
from zaffre.kinds.online.live.publishing import Floors
from zaffre.kinds.online.parts import rollout, windows
from zaffre.kinds.online.parts.rollout import Plan, Progress, Seen
from zaffre.kinds.online.parts.task import Owner
from zaffre.kinds.online.parts.windows import Reading


class Watching:
    """Reads the router's counts and the answers that it kept."""

    def __init__(self, floors: Floors) -> None:
        self._floors = floors

    def baselines(self, endpoint: Key, progress: Progress) -> dict[str, Any]:
        """The counts of those that grow as they are now."""
        found = {name: self._latest(endpoint, name) for name in progress.growing}
        return {name: one.to_json() for name, one in found.items() if one is not None}

    async def seen(self, endpoint: Key, progress: Progress, plan: Plan) -> dict[str, Seen]:
        """What each of them did since the step began."""
        seen: dict[str, Seen] = {}
        for name in progress.growing:
            latest = self._latest(endpoint, name)
            if latest is None:
                seen[name] = Seen(windows.Window())
                continue
            first = _baseline(progress.baselines.get(name), latest)
            drifted = await self._drift(endpoint, name, progress) if plan.guards.drift is not None else None
            seen[name] = Seen(windows.between([first, latest]), drifted)
        return seen

    def _latest(self, endpoint: Key, name: str) -> Reading | None:
        return self._floors.measures.latest(Owner(endpoint.workspace, endpoint.name, name))

    async def _drift(self, endpoint: Key, name: str, progress: Progress) -> Drift | None:
        """The answers of both sides since the rollout began, as far as the router keeps them."""
        if not progress.serving:
            return None
        both = [await self._answers(endpoint, one, progress.started_at) for one in (progress.serving, name)]
        if min(len(one) for one in both) < rollout.LEAST_SAMPLE:
            return None
        return await asyncio.to_thread(drift.between, *both)

    async def _answers(self, endpoint: Key, name: str, since: float) -> list[bytes]:
        kept = await self._floors.measures.samples(Owner(endpoint.workspace, endpoint.name, name))
        return [
            base64.b64decode(one["answer"])
            for one in kept
            if int(one.get("status") or 0) == 200 and float(one.get("at") or 0) >= since
        ]  # fmt: skip


def _baseline(stored: Mapping[str, Any] | None, latest: Reading) -> Reading:
    """Counts at the beginning of the step; one that was not counted then had none."""
    return Reading.from_json(stored) if stored else Reading(at=latest.at, buckets=(0,) * len(latest.buckets))
