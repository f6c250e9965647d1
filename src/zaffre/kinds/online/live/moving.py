"""A shift of traffic in steps, carried out: what the growing deployments did is measured, judged, and recorded.

Everything that a judgement rests on is in the endpoint's state or counted by the router, so a server that is killed in
the middle of a step finds it again; until then the traffic stays where the step put it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaffre.core.asset import spec_hash
from zaffre.core.events import Event, EventType
from zaffre.core.reasons import Cause, Reason
from zaffre.core.resource import Content, Key, Resource
from zaffre.kinds.online import rules
from zaffre.kinds.online.live.publishing import SYSTEM, Floors
from zaffre.kinds.online.live.watching import Watching
from zaffre.kinds.online.parts import plans, rollout, routing
from zaffre.kinds.online.parts.rollout import Move, Next, Plan, Progress, Seen
from zaffre.store import Tx, leases, resources
from zaffre.store.leases import Lease

LOOK = 1.0
"""Seconds between judgements."""


class Moving:
    """Takes shifts of traffic one look further."""

    def __init__(self, floors: Floors) -> None:
        self._floors = floors
        self._watching = Watching(floors)

    async def step(self, lease: Lease, found: Resource, address: dict[str, Any]) -> tuple[float, bool]:
        """Judge, and go on or back; when to look again, and whether the traffic is another now."""
        progress = routing.moves(found.state)
        assert progress is not None
        plan, now = plans.plan(found.spec), self._floors.clock.now()
        read = await self._floors.measures.look()
        if not progress.since:
            begun = replace(progress, since=now, baselines=self._watching.baselines(found.key, progress))
            await self._keep(
                lease, found, {**address, "rollout": begun.to_json(), "message": self._message(begun, plan, "")}
            )
            return now + LOOK, False
        seen = await self._seen(found, progress, plan) if read else {}
        decision = rollout.decide(progress, plan, seen, now) if read else Next(Move.STAY, "the router does not answer")
        if decision.move is Move.STAY:
            message = self._message(progress, plan, decision.why)
            if message != found.state.get("message"):
                await self._keep(lease, found, {"message": message})
            return now + LOOK, False
        moved = rollout.moved(progress, plan, decision, seen, now)
        if decision.move is Move.BACK:
            await self._back(lease, found, moved)
        else:
            await self._on(lease, found, moved, address)
        return now, True

    async def _seen(self, found: Resource, progress: Progress, plan: Plan) -> dict[str, Seen]:
        seen = await self._watching.seen(found.key, progress, plan)
        for name, one in seen.items():
            seen[name] = replace(one, ready=await self._is_ready(found.key, name))
        return seen

    async def _is_ready(self, endpoint: Key, name: str) -> bool:
        """Whether it has a replica at all; one that ended is replaced, and until then the router holds or retries."""
        key = Key(endpoint.workspace, rules.DEPLOYMENT, name, endpoint.name)
        found = await self._floors.store.read(lambda tx: resources.get(tx, key))
        serving = rules.wish_in(found.state, "serving") if found is not None else None
        if found is None or serving is None:
            return False
        return bool(routing.places(found.state)) or (serving.policy.least == 0 and serving.policy.moves)

    async def _keep(self, lease: Lease, found: Resource, changes: dict[str, Any]) -> None:
        def write(tx: Tx) -> None:
            leases.check(tx, lease)
            resources.set_state(tx, found.key, changes, expect_revision=found.revision)

        await self._floors.store.write(write)

    async def _on(self, lease: Lease, found: Resource, moved: Progress, address: dict[str, Any]) -> None:
        changes: dict[str, Any] = {**address, "rollout": moved.to_json(), "message": None}

        def write(tx: Tx) -> None:
            leases.check(tx, lease)
            resources.set_state(tx, found.key, changes, expect_revision=found.revision)
            told = {"traffic": dict(moved.history[-1]["traffic"]), "outcome": moved.status}
            tx.emit(Event(EventType.TRAFFIC_MOVED, found.key.workspace, found.key.path, SYSTEM, told))

        await self._floors.store.write(write)

    async def _back(self, lease: Lease, found: Resource, moved: Progress) -> None:
        """The specification says again what holds: the shares of before. Asking once more tries again.

        That it has failed is told once the router follows; until then the reason on record says how it will end.
        """
        before = dict(moved.before)
        text = " ".join(f"{name}={share}" for name, share in sorted(before.items())) or "none to any deployment"
        reason = Reason(Cause.ROLLED_BACK, {"before": text, "message": moved.reason})
        spec = {**found.spec, "traffic": before}
        state = {"reason": reason.to_json(), "rollout": moved.to_json(), "message": None}

        def write(tx: Tx) -> None:
            leases.check(tx, lease)
            present = resources.require(tx, found.key)
            if present.revision == found.revision:
                resources.replace_content(tx, present, Content(spec, spec_hash(spec), state), SYSTEM)
                tx.emit(
                    Event(EventType.TRAFFIC_ROLLED_BACK, found.key.workspace, found.key.path, SYSTEM, reason.to_json())
                )

        await self._floors.store.write(write)

    def _message(self, progress: Progress, plan: Plan, why: str) -> str:
        held = ", ".join(f"{name} {share} %" for name, share in rollout.shares(progress, plan).items())
        return f"step {progress.step + 1} of {len(plan.stops(progress))} ({held}){f': {why}' if why else ''}"
