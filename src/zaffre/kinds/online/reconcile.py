"""Deployments made true: facts gathered, ``rules.decide`` asked, its intents carried out and recorded (``doing``)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.assets.environment.parts.wanted import Wanted
from zaffre.core.ports import BuildPhase, BuildState
from zaffre.core.reasons import Cause
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.core.tasks import Handle, Phase
from zaffre.kinds.online import rules
from zaffre.kinds.online.live.doing import Doing
from zaffre.kinds.online.live.endpoints import Endpoints
from zaffre.kinds.online.live.publishing import Floors, Table
from zaffre.kinds.online.live.watching import Watching
from zaffre.kinds.online.parts import intents as asked
from zaffre.kinds.online.parts import loads, plans, routing
from zaffre.kinds.online.parts.intents import Facts, Replica, Trial
from zaffre.kinds.online.parts.scaling import Load, Memory
from zaffre.kinds.online.parts.task import Owner, sockets
from zaffre.kinds.online.parts.wish import Place, Wish
from zaffre.serving.probe import Health
from zaffre.serving.table import revision_of
from zaffre.store import leases, resources, runs
from zaffre.store.leases import Lease

__all__ = ["Deployments", "Endpoints", "Floors", "Table"]

LAST_WORDS = 64 * 1024
"""Bytes of a log that the reason of a failure is read from."""


class Deployments:
    """The stepper of ``online-deployment:…``."""

    def __init__(self, floors: Floors, table: Table) -> None:
        self._floors = floors
        self._table = table
        self._watching = Watching(floors)

    async def step(self, lease: Lease) -> float | None:
        """One look and what follows from it; the Unix time of the next look."""
        workspace, endpoint, name = lease.key.partition(":")[2].split("/", 2)
        owner = Owner(workspace, endpoint, name)
        key = Key(workspace, rules.DEPLOYMENT, name, endpoint)
        found = await self._floors.store.read(lambda tx: resources.get(tx, key))
        wish = rules.wish_in(found.state) if found is not None else None
        if found is None or wish is None:
            await self._floors.store.write(lambda tx: leases.remove(tx, lease))
            return None
        facts = await self._gather(owner, found, wish)
        doing = Doing(self._floors, self._table, lease, owner, found, facts)
        due: float | None = None
        for intent in rules.decide(facts):
            if isinstance(intent, asked.Wait):
                due = intent.until
            elif isinstance(intent, asked.Remove):
                await doing.remove()
                return None
            else:
                await doing.carry_out(intent)
        return due

    async def _gather(self, owner: Owner, found: Resource, wish: Wish) -> Facts:
        state = found.state
        replicas = await asyncio.gather(*(self._see(owner, place, wish) for place in routing.places(state)))
        environment = await self._environment(state, wish)
        published = await self._published(owner)
        serving = rules.wish_in(state, "serving")
        follows = serving is not None and serving.policy.moves
        settled = Provisioning(state["provisioning_state"]).is_final
        trial = None if settled else await self._trial(owner, found, wish, serving)
        readings = tuple(self._floors.measures.readings(owner)) if follows else ()
        return Facts(
            now=self._floors.clock.now(),
            wish=wish,
            serving=serving,
            deleting=state.get("provisioning_state") == Provisioning.DELETING.value,
            settled=settled,
            trial=trial,
            environment=environment.phase,
            environment_name=Wanted.from_json(wish.content.environment).name,
            environment_message=environment.message,
            replicas=tuple(replicas),
            published=published,
            recent_failures=int(state.get("failures", 0)),
            last_failure=float(state.get("failed_at", 0.0)),
            readings=readings,
            load=loads.of(readings, self._floors.clock.now(), serving.policy.polling) if serving else Load(known=False),
            memory=Memory.from_json(state.get("scaling")),
            machine=self._floors.measures.machine,
            logs=f"zaffre online-deployment get-logs -n {owner.deployment} -e {owner.endpoint}",
        )

    async def _trial(self, owner: Owner, found: Resource, wish: Wish, serving: Wish | None) -> Trial | None:
        """Where the endpoint has guardrails and callers use the deployment, an update is held against them."""
        if serving is None or not serving.count or serving.generation == wish.generation:
            return None
        key = Key(owner.workspace, rules.ENDPOINT, owner.endpoint)
        endpoint = await self._floors.store.read(lambda tx: resources.get(tx, key))
        if endpoint is None or not routing.live_traffic(endpoint).get(owner.deployment):
            return None
        plan = plans.plan(endpoint.spec)
        if not plan.guards.any:
            return None
        entry, progress = revision_of(owner.deployment, wish.generation), routing.trial(found.state)
        if progress is None:
            return Trial(owner.deployment, entry, plan)
        known = await self._floors.measures.look()
        seen = await self._watching.seen(key, progress, plan) if known and progress.since else {}
        baselines = self._watching.baselines(key, progress) if known else {}
        return Trial(owner.deployment, entry, plan, progress, seen, baselines, known)

    async def _see(self, owner: Owner, place: Place, wish: Wish) -> Replica:
        handle = Handle(owner.run(place.generation), place.number, place.token, place.directory)
        seen = await self._floors.backend.observe(handle)
        if seen.phase is not Phase.RUNNING or place.stage == "draining":
            words = await asyncio.to_thread(_words, place) if place.stage == "starting" else ""
            return Replica(place, seen.phase, None, seen.exit, words)
        probing = wish.readiness if place.stage == "starting" else wish.liveness
        path = wish.content.probed(place.stage)
        answers = await asyncio.gather(
            *(self._floors.probe(socket, path, probing.timeout) for socket in sockets(place))
        )
        ready = all(one is Health.READY for one in answers)
        late = place.stage == "starting" and self._floors.clock.now() - place.started_at > wish.readiness.patience
        words = await asyncio.to_thread(_words, place) if late and not ready else ""
        return Replica(place, seen.phase, ready, seen.exit, words)

    async def _environment(self, state: Mapping[str, Any], wish: Wish) -> BuildState:
        """A lookup; a failed build answers with the resolver's words."""
        wanted = Wanted.from_json(wish.content.environment)
        found = self._floors.builder.look(wanted.fingerprint)
        name = state.get("build")
        if found.phase is not BuildPhase.MISSING or not name:
            return found
        build = await self._floors.store.read(lambda tx: runs.get(tx, name))
        if build is None or not build.status.is_final or build.reason is None or build.reason.cause is Cause.SUCCEEDED:
            return found
        return BuildState(BuildPhase.FAILED, message=f"{build.reason.sentence} Its log: zaffre job stream -n {name}")

    async def _published(self, owner: Owner) -> frozenset[str]:
        """Replicas the router may still send requests to: all on record until it follows the present table."""
        version = await self._table.publish(Key(owner.workspace, rules.ENDPOINT, owner.endpoint))
        key = Key(owner.workspace, rules.DEPLOYMENT, owner.deployment, owner.endpoint)
        found = await self._floors.store.read(lambda tx: resources.get(tx, key))
        state = found.state if found is not None else {}
        if await self._floors.router.applied() >= version:
            return routing.replicas_in(routing.deployment(state))
        return frozenset(place.id for place in routing.places(state))


def _words(place: Place) -> str:
    """The end of a replica's log; bytes that are no text are shown as such."""
    try:
        with Path(place.log).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - LAST_WORDS))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
