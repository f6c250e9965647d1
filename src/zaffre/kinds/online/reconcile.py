"""Deployments and endpoints made true: facts gathered, ``rules.decide`` asked, its intents carried out and recorded.

A step may be repeated at any time by any server: a replica is on record before it is launched, a launch is idempotent
per replica, and every write checks that the work item is still ours.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zaffre.assets.environment import reconcile as environments
from zaffre.assets.environment.parts.wanted import Wanted
from zaffre.control.keypairs import Keys
from zaffre.core.events import Event, EventType
from zaffre.core.ports import Backend, BuildPhase, BuildState, Clock, EnvironmentBuilder
from zaffre.core.reasons import Cause
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.core.tasks import Handle, Phase
from zaffre.kinds.online import rules
from zaffre.kinds.online.parts import intents as asked
from zaffre.kinds.online.parts import routing
from zaffre.kinds.online.parts.intents import Facts, Intent, Replica
from zaffre.kinds.online.parts.layout import Layout
from zaffre.kinds.online.parts.task import Owner, Site, orders, sockets, task
from zaffre.kinds.online.parts.wish import Place, Wish
from zaffre.serving.probe import Health
from zaffre.serving.publisher import Publisher
from zaffre.serving.table import name_of
from zaffre.store import Store, Tx, leases, resources, runs
from zaffre.store.leases import Lease

_SYSTEM = "system"
FOLLOWED_WITHIN = 3.0
"""Seconds that an endpoint waits for the router to follow a change; it reads its table within one by itself."""
LOOK_SECONDS = 0.01
CALM = 120.0
"""Seconds without a failure after which a deployment counts as well again."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors below that deployments need."""

    store: Store
    clock: Clock
    backend: Backend
    builder: EnvironmentBuilder
    router: Publisher
    probe: Callable[[str, str, float], Awaitable[Health]]
    """(socket, path, seconds) → what a replica answers."""
    code: Callable[[str, str, Path], Awaitable[None]]
    """(workspace, reference, folder): lays the files of a code asset out, again from the start when called again."""
    places: Layout
    keys: Keys
    host: Callable[[], Path]
    """The scoring host's archive."""
    environ: Mapping[str, str]
    """Passed on to replicas from the server's own environment."""


class Table:
    """The routing table as it is on record: read whole at first, then of every change just the endpoint."""

    def __init__(self, floors: Floors) -> None:
        self._floors = floors
        self._lock = asyncio.Lock()
        self._known: dict[str, Any] | None = None

    async def publish(self, changed: Key) -> int:
        """Read the endpoint again and hand the table to the router; its version."""
        async with self._lock:
            self._known = await self._floors.store.read(lambda tx: self._read(tx, changed))
            return await self._floors.router.publish(self._known)

    def _read(self, tx: Tx, changed: Key) -> dict[str, Any]:
        found = dict(self._known or {})
        found.pop(name_of(changed.workspace, changed.name), None)
        for endpoint in _endpoints(tx) if self._known is None else [resources.get(tx, changed)]:
            if endpoint is None or endpoint.state.get("provisioning_state") == Provisioning.DELETING.value:
                continue
            key, keys = endpoint.key, self._floors.keys
            trust = routing.Trust(keys.hashes(tx, key.workspace, key.name), keys.public_key)
            found[name_of(key.workspace, key.name)] = routing.endpoint(endpoint, _children(tx, key), trust)
        return found


class Endpoints:
    """The stepper of ``online-endpoint:…``: keys, address, and its part of the table."""

    def __init__(self, floors: Floors, table: Table) -> None:
        self._floors = floors
        self._table = table

    async def step(self, lease: Lease) -> float | None:
        """Make the endpoint what its specification says."""
        workspace, _, name = lease.key.partition(":")[2].partition("/")
        key = Key(workspace, rules.ENDPOINT, name)
        found = await self._floors.store.read(lambda tx: resources.get(tx, key))
        if found is None:
            await self._floors.store.write(lambda tx: leases.remove(tx, lease))
            return None
        if found.state.get("provisioning_state") == Provisioning.DELETING.value:
            return await self._delete(lease, key)
        await self._floors.store.write(lambda tx: self._floors.keys.ensure(tx, workspace, name))
        await self._followed(await self._table.publish(key))
        url = f"{self._floors.router.url}/endpoints/{workspace}/{name}"
        state = {
            "provisioning_state": Provisioning.SUCCEEDED.value,
            "scoring_uri": f"{url}/score",
            "openapi_uri": f"{url}/swagger.json",
        }

        def settle(tx: Tx) -> None:
            leases.check(tx, lease)
            resources.set_state(tx, key, state, expect_revision=found.revision)

        if any(found.state.get(name) != value for name, value in state.items()):
            await self._floors.store.write(settle)
        return None

    async def _followed(self, version: int) -> None:
        """Until the router follows the table: whoever is told that it is done may call at once."""
        deadline = self._floors.clock.monotonic() + FOLLOWED_WITHIN
        while await self._floors.router.applied() < version and self._floors.clock.monotonic() < deadline:  # noqa: ASYNC110 - no bell
            await asyncio.sleep(LOOK_SECONDS)

    async def _delete(self, lease: Lease, key: Key) -> float | None:
        """Deployments first; the endpoint goes when they are gone."""

        def clear(tx: Tx) -> bool:
            leases.check(tx, lease)
            children = _children(tx, key)
            for child in children:
                if child.state.get("provisioning_state") != Provisioning.DELETING.value:
                    resources.set_state(tx, child.key, {"provisioning_state": Provisioning.DELETING.value})
                work = rules.deployment_work(key.workspace, key.name, child.key.name)
                leases.add(tx, work, tx.now)
            if not children:
                self._floors.keys.forget(tx, key.workspace, key.name)
                resources.delete(tx, key, _SYSTEM)
                leases.remove(tx, lease)
            return not children

        gone = await self._floors.store.write(clear)
        await self._table.publish(key)
        return None if gone else self._floors.clock.now() + 0.5


class Deployments:
    """The stepper of ``online-deployment:…``."""

    def __init__(self, floors: Floors, table: Table) -> None:
        self._floors = floors
        self._table = table

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
        doing = _Doing(self._floors, self._table, lease, owner, found, facts)
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
        return Facts(
            now=self._floors.clock.now(),
            wish=wish,
            serving=rules.wish_in(state, "serving"),
            deleting=state.get("provisioning_state") == Provisioning.DELETING.value,
            settled=Provisioning(state["provisioning_state"]).is_final,
            environment=environment.phase,
            environment_name=Wanted.from_json(wish.content.environment).name,
            environment_message=environment.message,
            replicas=tuple(replicas),
            published=published,
            recent_failures=int(state.get("failures", 0)),
            last_failure=float(state.get("failed_at", 0.0)),
            logs=f"zaffre online-deployment get-logs -n {owner.deployment} -e {owner.endpoint}",
        )

    async def _see(self, owner: Owner, place: Place, wish: Wish) -> Replica:
        handle = Handle(owner.run(place.generation), place.number, place.token, place.directory)
        seen = await self._floors.backend.observe(handle)
        if seen.phase is not Phase.RUNNING or place.stage == "draining":
            return Replica(place, seen.phase, None, seen.exit)
        probing = wish.readiness if place.stage == "starting" else wish.liveness
        answers = await asyncio.gather(*(self._floors.probe(socket, "/", probing.timeout) for socket in sockets(place)))
        return Replica(place, seen.phase, all(one is Health.READY for one in answers), seen.exit)

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


class _Doing:
    """Carries out the intents of one step."""

    def __init__(  # noqa: PLR0913, PLR0917 - one step's whole context
        self, floors: Floors, table: Table, lease: Lease, owner: Owner, found: Resource, facts: Facts
    ) -> None:
        self._floors = floors
        self._table = table
        self._lease = lease
        self._owner = owner
        self._key = found.key
        self._revision = found.revision
        self._state = dict(found.state)
        self._facts = facts

    async def carry_out(self, intent: Intent) -> None:
        """One intent, recorded."""
        match intent:
            case asked.EnsureEnvironment():
                await self._build()
            case asked.StartReplica(wish):
                await self._start(wish)
            case asked.StopReplica(place, grace):
                await self._floors.backend.stop(self._handle(place), grace)
            case asked.StageReplica() | asked.NoteSilence() | asked.ForgetReplica():
                await self._note(intent)
            case asked.MarkReady(wish):
                await self._ready(wish)
            case asked.Follow(wish):
                await self._write({"serving": wish.to_json(), "failures": 0})
            case asked.MarkFailed(reason):
                changes = {"provisioning_state": Provisioning.FAILED.value, "reason": reason.to_json()}
                await self._write(changes, EventType.DEPLOYMENT_FAILED, reason.to_json())
            case _:
                await self._table.publish(Key(self._owner.workspace, rules.ENDPOINT, self._owner.endpoint))

    async def remove(self) -> None:
        """The deployment is no more."""

        def forget(tx: Tx) -> None:
            leases.remove(tx, self._lease)
            resources.delete(tx, self._key, _SYSTEM)
            tx.nudge(rules.endpoint_work(self._owner.workspace, self._owner.endpoint))

        await self._floors.store.write(forget)
        owner = self._owner
        folder = self._floors.places.deployment(owner.workspace, owner.endpoint, owner.deployment)
        await asyncio.to_thread(shutil.rmtree, folder, True)  # its logs are not those of a later one of its name

    async def _build(self) -> None:
        if self._state.get("build"):
            return

        def ask(tx: Tx) -> str:
            leases.check(tx, self._lease)
            wanted = Wanted.from_json(self._facts.wish.content.environment)
            leases.wait_for(tx, self._lease.key, f"environment:{wanted.fingerprint}")
            return environments.ask(tx, wanted)

        await self._write({"build": await self._floors.store.write(ask)})

    async def _start(self, wish: Wish) -> None:
        """On record first, then launched; a crash in between leaves a replica that is seen to have vanished."""
        owner, places = self._owner, self._floors.places
        number = int(self._state.get("started", 0)) + 1
        name = f"{wish.generation}-{number}"
        where = (owner.workspace, owner.endpoint, owner.deployment, name)
        place = Place(
            generation=wish.generation,
            number=number,
            token=secrets.token_hex(16),
            socket=str(places.socket(*where)),
            directory=str(places.replica(*where)),
            log=str(places.log(*where)),
            started_at=self._floors.clock.now(),
            workers=wish.content.workers,
        )
        kept = [*routing.places(self._state), place]
        await self._write({"started": number, "replicas": [one.to_json() for one in kept]})
        wanted = Wanted.from_json(wish.content.environment)
        interpreter = self._floors.builder.look(wanted.fingerprint).interpreter
        assert interpreter is not None  # decide starts nothing before the environment is there
        directory = Path(place.directory)
        await asyncio.to_thread(
            _lay_out, place, orders(wish, place, f"{place.directory}/code" if wish.content.script else "")
        )
        if wish.content.code:
            await self._floors.code(owner.workspace, wish.content.code, directory / "code")
        host = await asyncio.to_thread(self._floors.host)
        site = Site(interpreter, str(host), self._floors.environ)
        await self._floors.backend.launch(task(owner, wish, place, site))

    async def _note(self, intent: asked.StageReplica | asked.NoteSilence | asked.ForgetReplica) -> None:
        changes: dict[str, Any] = {}
        kept: list[Place] = []
        for place in routing.places(self._state):
            if (place.generation, place.number) != (intent.place.generation, intent.place.number):
                kept.append(place)
            elif isinstance(intent, asked.StageReplica):
                kept.append(replace(place, stage=intent.stage))
            elif isinstance(intent, asked.NoteSilence):
                kept.append(replace(place, silent_since=intent.since))
        if isinstance(intent, asked.ForgetReplica):
            await asyncio.to_thread(_clear, intent.place)
            if intent.failed:
                now = self._floors.clock.now()
                calm = now - float(self._state.get("failed_at", 0.0)) > CALM
                changes = {"failures": 1 if calm else int(self._state.get("failures", 0)) + 1, "failed_at": now}
        await self._write({**changes, "replicas": [one.to_json() for one in kept]})

    async def _ready(self, wish: Wish) -> None:
        done = Provisioning.SUCCEEDED.value
        changes = {"serving": wish.to_json(), "provisioning_state": done, "reason": None, "failures": 0}
        await self._write(changes, EventType.DEPLOYMENT_READY, {"generation": wish.generation})

    async def _write(
        self, changes: dict[str, Any], event: EventType | None = None, data: dict[str, Any] | None = None
    ) -> None:
        def write(tx: Tx) -> Resource:
            leases.check(tx, self._lease)
            changed = resources.set_state(tx, self._key, changes, expect_revision=self._revision)
            if event is not None:
                tx.emit(Event(event, self._key.workspace, self._key.path, _SYSTEM, data or {}))
            return changed

        changed = await self._floors.store.write(write)
        self._revision = changed.revision
        self._state = dict(changed.state)

    def _handle(self, place: Place) -> Handle:
        return Handle(self._owner.run(place.generation), place.number, place.token, place.directory)


def _endpoints(tx: Tx) -> list[Resource]:
    places = [found.key.name for found in resources.list(tx, resources.Query("", "workspace", view="all", top=10_000))]
    queries = [resources.Query(workspace, rules.ENDPOINT, view="all", top=10_000) for workspace in places]
    return [endpoint for query in queries for endpoint in resources.list(tx, query)]


def _children(tx: Tx, endpoint: Key) -> list[Resource]:
    query = resources.Query(endpoint.workspace, rules.DEPLOYMENT, endpoint.name, view="all", top=1000)
    return resources.list(tx, query)


def _lay_out(place: Place, host: dict[str, Any]) -> None:
    """A replica's directory with its orders; again from the start when called again."""
    directory = Path(place.directory)
    shutil.rmtree(directory, ignore_errors=True)
    for folder in (directory / "home", Path(place.log).parent, Path(place.socket).parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (directory / "host.json").write_text(json.dumps(host))


def _clear(place: Place) -> None:
    """What a replica leaves, but for its log."""
    shutil.rmtree(place.directory, ignore_errors=True)
    for socket in sockets(place):
        Path(socket).unlink(missing_ok=True)
