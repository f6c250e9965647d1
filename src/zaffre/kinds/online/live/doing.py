"""The intents of one step of a deployment, carried out and recorded.

A step may be repeated at any time by any server: a replica is on record before it is launched, a launch is idempotent
per replica, and every write checks that the work item is still ours.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from zaffre.assets.environment import reconcile as environments
from zaffre.assets.environment.parts.wanted import Wanted
from zaffre.core.events import Event, EventType
from zaffre.core.reasons import Cause, Reason
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.core.tasks import Handle
from zaffre.core.times import iso
from zaffre.kinds.online import rules
from zaffre.kinds.online.live import collected
from zaffre.kinds.online.live.publishing import SYSTEM, Floors, Table
from zaffre.kinds.online.parts import failing, rollout, routing
from zaffre.kinds.online.parts import intents as asked
from zaffre.kinds.online.parts.intents import Facts, Intent
from zaffre.kinds.online.parts.layout import CONTAINERS, INITIALIZER
from zaffre.kinds.online.parts.scaling import Memory
from zaffre.kinds.online.parts.task import Owner, Site, orders, sockets, task
from zaffre.kinds.online.parts.wish import Place, Wish
from zaffre.store import Tx, leases, resources
from zaffre.store.leases import Lease

CALM = 120.0
"""Seconds without a failure after which a deployment counts as well again."""


class Doing:
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
            case asked.Scale(count, memory):
                await self._scale(count, memory)
            case asked.StartReplica(wish):
                await self._start(wish)
            case asked.StopReplica(place, grace):
                await self._floors.backend.stop(self._handle(place), grace)
            case asked.StageReplica() | asked.NoteSilence() | asked.NoteSuccesses() | asked.ForgetReplica():
                await self._note(intent)
            case asked.KeepTrial(progress):
                await self._try(progress)
            case asked.MarkReady() | asked.MarkFailed() | asked.Follow():
                await self._settle(intent)
            case _:
                await self._table.publish(Key(self._owner.workspace, rules.ENDPOINT, self._owner.endpoint))

    async def remove(self) -> None:
        """The deployment is no more."""

        def forget(tx: Tx) -> None:
            leases.remove(tx, self._lease)
            resources.delete(tx, self._key, SYSTEM)
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
            _lay_out,
            place,
            orders(
                wish, place, f"{place.directory}/code" if wish.content.script else "", entered=bool(interpreter.enter)
            ),
        )
        if wish.content.code:
            await self._floors.code(owner.workspace, wish.content.code, directory / "code")
        await asyncio.to_thread(_tell_storage, place, wish, self._floors.clock.now())
        await asyncio.to_thread(collected.make_room, wish.content.collector)
        host = await asyncio.to_thread(self._floors.host)
        site = Site(interpreter, str(host), self._floors.environ)
        await self._floors.backend.launch(task(owner, wish, place, site))

    async def _note(
        self, intent: asked.StageReplica | asked.NoteSilence | asked.NoteSuccesses | asked.ForgetReplica
    ) -> None:
        changes: dict[str, Any] = {}
        kept: list[Place] = []
        for place in routing.places(self._state):
            if place.id != intent.place.id:
                kept.append(place)
            elif not isinstance(intent, asked.ForgetReplica):
                kept.append(_noted(place, intent))
        if isinstance(intent, asked.StageReplica) and intent.stage == "ready":
            changes["start_seconds"] = round(self._floors.clock.now() - intent.place.started_at, 2)
        if isinstance(intent, asked.ForgetReplica):
            await asyncio.to_thread(_clear, intent.place)
            if intent.failed:
                await self._mourn(intent.place, kept)
                return
        await self._write({**changes, "replicas": [one.to_json() for one in kept]})

    async def _mourn(self, place: Place, kept: list[Place]) -> None:
        """A replica that served has ended: how is on record, and it is replaced."""
        now = self._floors.clock.now()
        calm = now - float(self._state.get("failed_at", 0.0)) > CALM
        seen = next((one for one in self._facts.replicas if one.place.id == place.id), None)
        ended = failing.of_serving(place, seen.exit if seen is not None else None, self._facts.logs) | {"at": iso(now)}
        failures = 1 if calm else int(self._state.get("failures", 0)) + 1
        changes = {"failures": failures, "failed_at": now, "last_end": ended}
        replicas = [one.to_json() for one in kept]
        await self._write({**changes, "replicas": replicas}, EventType.REPLICA_ENDED, ended)

    async def _scale(self, count: int, memory: Memory) -> None:
        """Another number from now on; both wishes follow, so that the next of them begins there."""
        serving = rules.wish_in(self._state, "serving")
        wish = self._facts.wish
        if serving is None:
            return
        changes: dict[str, Any] = {"scaling": memory.to_json()}
        if count == serving.count:
            await self._write(changes)
            return
        changes["serving"] = replace(serving, count=count).to_json()
        if wish.generation == serving.generation:
            changes["wish"] = replace(wish, count=count).to_json()
        told = {"from": serving.count, "to": count, "why": memory.why}
        await self._write(changes, EventType.DEPLOYMENT_SCALED, told)

    async def _try(self, progress: rollout.Progress) -> None:
        """The trial of the next revision, as far as it has come; each step of it is told."""
        stored = progress.to_json() | {"generation": self._facts.wish.generation}
        known: dict[str, Any] = self._state.get("trial") or {}
        if len(progress.history) == len(known.get("history") or ()) or progress.status == rollout.BACK:
            await self._write({"trial": stored})
            return
        told = {"traffic": dict(progress.history[-1]["traffic"]), "outcome": progress.status}
        await self._write({"trial": stored}, EventType.TRAFFIC_MOVED, told)

    async def _settle(self, intent: asked.MarkReady | asked.MarkFailed | asked.Follow) -> None:
        """What becomes of a wish."""
        if isinstance(intent, asked.MarkReady):
            await self._ready(intent.wish)
        elif isinstance(intent, asked.MarkFailed):
            await self._failed(intent.reason)
        else:
            await self._write({"serving": intent.wish.to_json(), "failures": 0})

    async def _failed(self, reason: Reason) -> None:
        changes = {"provisioning_state": Provisioning.FAILED.value, "reason": reason.to_json()}
        await self._write(changes, EventType.DEPLOYMENT_FAILED, reason.to_json())
        if reason.cause is Cause.ROLLED_BACK:
            await self._write({}, EventType.TRAFFIC_ROLLED_BACK, reason.to_json())

    async def _ready(self, wish: Wish) -> None:
        done = Provisioning.SUCCEEDED.value
        changes: dict[str, Any] = {"serving": wish.to_json(), "provisioning_state": done, "reason": None, "failures": 0}
        trial: dict[str, Any] | None = self._state.get("trial")
        if trial is not None and trial["status"] == rollout.UNDER_WAY:
            changes["trial"] = trial | {
                "status": rollout.STOPPED,
                "reason": "nothing is to be held against limits any more",
            }
        await self._write(changes, EventType.DEPLOYMENT_READY, {"generation": wish.generation})
        if wish.content.collector:
            workspace = self._owner.workspace
            await self._floors.store.write(lambda tx: collected.register(tx, workspace, wish.content.collector))

    async def _write(
        self, changes: dict[str, Any], event: EventType | None = None, data: dict[str, Any] | None = None
    ) -> None:
        def write(tx: Tx) -> Resource:
            leases.check(tx, self._lease)
            changed = resources.set_state(tx, self._key, changes, expect_revision=self._revision)
            if event is not None:
                tx.emit(Event(event, self._key.workspace, self._key.path, SYSTEM, data or {}))
            return changed

        changed = await self._floors.store.write(write)
        self._revision = changed.revision
        self._state = dict(changed.state)

    def _handle(self, place: Place) -> Handle:
        return Handle(self._owner.run(place.generation), place.number, place.token, place.directory)


def _noted(place: Place, intent: asked.StageReplica | asked.NoteSilence | asked.NoteSuccesses) -> Place:
    """A replica on record, after what was seen of it."""
    match intent:
        case asked.StageReplica(stage=stage):
            return replace(place, stage=stage, successes=0)
        case asked.NoteSilence(since=since):
            return replace(place, silent_since=since, successes=0)
        case asked.NoteSuccesses(count=count, at=at):
            return replace(place, successes=count, success_at=at)


def _lay_out(place: Place, host: dict[str, Any]) -> None:
    """A replica's directory with its orders; again from the start when called again."""
    directory = Path(place.directory)
    shutil.rmtree(directory, ignore_errors=True)
    for folder in (directory / "home", Path(place.log).parent, Path(place.socket).parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (directory / "host.json").write_text(json.dumps(host))


def _tell_storage(place: Place, wish: Wish, now: float) -> None:
    """The log of Azure's storage initialiser: what lies where when the replica starts, and from where it came."""
    content, target = wish.content, orders(wish, place, "")["model_dir"]
    lines = [f"replica {place.id}: {content.kind} host, environment {content.environment.get('name', '')}"]
    if content.model_path:
        size, files = _size(Path(content.model_path))
        lines.append(
            f"model {content.model_name}:{content.model_version}: {files} files, {size} bytes, from {content.model_path}"
        )
        lines.append(f"AZUREML_MODEL_DIR={target} (linked file by file; nothing is copied on one file system)")
    if content.code or content.code_path:
        lines.append(
            f"code {content.code or content.code_path}, scoring script {content.script}: {place.directory}/code"
        )
    stamp = iso(now)
    Path(place.log).with_suffix(CONTAINERS[INITIALIZER]).write_text("".join(f"{stamp} {line}\n" for line in lines))


def _size(path: Path) -> tuple[int, int]:
    """Bytes and files of a model; what cannot be read is told by the agent that lays it out."""
    try:
        found = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
        return sum(one.stat().st_size for one in found), len(found)
    except OSError:
        return 0, 0


def _clear(place: Place) -> None:
    """What a replica leaves, but for its log and the word how it ended, which the router may still be waiting for."""
    try:
        with Path(place.ends).open("ab") as file:
            file.write((Path(place.directory) / "exit.json").read_bytes().replace(b"\n", b" ") + b"\n")
    except OSError:
        pass
    shutil.rmtree(place.directory, ignore_errors=True)
    for socket in sockets(place):
        Path(socket).unlink(missing_ok=True)
