"""Who gets a node: asked by a run that is ready, and when one lets go of its nodes. Always within one transaction.

Transactions that write exclude each other, so what is read here about lines and nodes holds until it is committed.
"""

from __future__ import annotations

import secrets
from typing import Any

from zaffre.control import gpus as devices
from zaffre.control.gpus import Gpus
from zaffre.control.rooms import Room, Rooms, idle_nodes
from zaffre.control.scheduler import Holding, Verdict, Waiting, make_room, place
from zaffre.core import queues as ranks
from zaffre.core.status import RunStatus, Signal
from zaffre.store import Tx, leases, queues, resources, runs
from zaffre.store.leases import Lease
from zaffre.store.queues import Place
from zaffre.store.runs import Run

HEAD = 32
"""So many at the head of a line are looked at again soon, and as many not yet in it are waited for."""
HEAD_SECONDS = 60.0
LINE_SECONDS = 3600.0
"""Nobody further back can start before somebody in front has moved, which tells them; this is in case it was not told."""
_CALLED_AT_ONCE = 64


class Admission:
    """The scheduler's hands: facts for ``place`` from the store, and what it decides into the store."""

    def __init__(self, rooms: Rooms, gpus: Gpus) -> None:
        self.rooms = rooms
        self.gpus = gpus

    def admit(self, tx: Tx, lease: Lease, run: Run) -> Run | None:
        """Give the run its nodes and its next attempt, or leave it in the line; then its nodes are nobody else's."""
        room = self.rooms.of(tx, run.workspace, run.compute)
        free = self._free(tx, run.compute, room)
        verdict, line = self._verdict(tx, run.name, run.compute, free)
        given = self.gpus.take(tx, run, run.attempt + 1) if run.name in verdict.start else None
        if run.name in verdict.start and given is None:
            leases.wait_for(tx, lease.key, devices.TOPIC)
        if given is None:
            if run.status is not RunStatus.QUEUED:
                runs.apply(tx, lease, Signal.QUEUE, run=run)
            if not room.stopped and line and line[0].name == run.name and run.name not in verdict.start:
                self._interrupt(tx, line[0], run.compute, room, free)
            return None
        _use(tx, room, run.slots)
        facts: dict[str, Any] | None = {"gpus": given} if given or run.facts.get("gpus") else None
        token = secrets.token_hex(16)
        return runs.apply(tx, lease, Signal.START, run=run, attempt=run.attempt + 1, token=token, facts=facts)

    def patience(self, tx: Tx, run: Run) -> float:
        """In how many seconds one who waits is looked at without having been told anything."""
        head = queues.waiting(tx, run.compute, HEAD)
        return HEAD_SECONDS if any(other.name == run.name for other in head) else LINE_SECONDS

    def released(self, tx: Tx, run: Run) -> None:
        """``run`` has let go of what it held, if it held anything: call up whoever is next."""
        room = self.rooms.of(tx, run.workspace, run.compute)
        called = self.call_up(tx, run.workspace, run.compute)
        if run.attempt and called < run.slots:
            _leave_idle(tx, room, run.slots - called)
        if run.facts.get("gpus"):
            leases.nudge_waiting(tx, devices.TOPIC)
        if self.rooms.quota(run.workspace) is not None:
            for line in self.rooms.lines(tx, run.workspace):
                if line != run.compute:
                    self.call_up(tx, run.workspace, line)

    def call_up(self, tx: Tx, workspace: str, line: str) -> int:
        """Wake those whose turn it is; how many nodes they will take."""
        room = self.rooms.of(tx, workspace, line)
        verdict, places = self._verdict(tx, "", line, self._free(tx, line, room))
        for name in verdict.start:
            tx.nudge(runs.key(name))
        return sum(one.slots for one in places if one.name in verdict.start)

    def call_up_all(self, tx: Tx) -> None:
        """When a server starts, with other settings perhaps than the one before: whose turn is it anywhere?"""
        for line, workspace in queues.lines(tx):
            self.call_up(tx, workspace, line)

    def _free(self, tx: Tx, line: str, room: Room) -> int:
        return 0 if room.stopped else max(0, room.slots - queues.occupied(tx, line))

    def _verdict(self, tx: Tx, me: str, line: str, free: int) -> tuple[Verdict, list[Place]]:
        """Who starts, and the line they were chosen from: those in it, and with ``me`` also those about to be."""
        without: set[str] = set()
        while True:
            places = self._line(tx, me, line, free, without)
            quota = (
                {one.workspace: self.rooms.left(tx, one.workspace) for one in places} if self.rooms.has_quota else {}
            )
            limited = {workspace: left for workspace, left in quota.items() if left is not None}
            verdict = place([Waiting(one.name, one.slots, one.workspace) for one in places], free, limited)
            if line != ranks.LOCAL or verdict.held <= without:
                return verdict, places
            without |= verdict.held  # others may stand behind those who have to wait for their own workspace

    def _line(self, tx: Tx, me: str, line: str, free: int, without: set[str]) -> list[Place]:
        """In order. Each takes a node at least, so whoever stands behind that many others cannot start."""
        most = min(free + 1, _CALLED_AT_ONCE)
        if me:
            found = {one.name: one for one in queues.standing(tx, line, most, most + HEAD)}
        else:
            found = {one.name: one for one in queues.waiting(tx, line, most)} if free else {}
        if without:
            found |= {one.name: one for one in queues.waiting(tx, line, most, sorted(without))}
        if me and me not in found:
            mine = queues.place(tx, me)
            found |= {me: mine} if mine is not None else {}
        return sorted(found.values(), key=lambda one: (-one.priority, one.id))

    def _interrupt(self, tx: Tx, me: Place, line: str, room: Room, free: int) -> None:
        """A premium run at the head of the line takes the nodes of spot runs: each is told, ends, and stands in line again."""
        if not ranks.is_premium(me.priority):
            return
        held = [
            one
            for one in queues.holding(tx, line)
            if (room.spot or ranks.is_spot(one.priority)) and not ranks.is_premium(one.priority)
        ]
        asked = [one for one in held if _asked(runs.require(tx, one.name))]
        coming = free + sum(one.slots for one in asked)
        running = [one for one in held if one not in asked and one.status in (RunStatus.STARTING, RunStatus.RUNNING)]
        spot = [Holding(one.name, one.slots, one.id) for one in running]
        for name in make_room(me.slots, coming, spot):
            run = runs.require(tx, name)
            runs.tell(tx, run, {"interrupted": {"by": me.name, "attempt": run.attempt}})


def interrupted_by(run: Run) -> str | None:
    """The run that the present attempt has to make room for."""
    return str(run.facts["interrupted"]["by"]) if _asked(run) else None


def _asked(run: Run) -> bool:
    told: dict[str, Any] = run.facts.get("interrupted") or {}
    return run.attempt > 0 and run.status.holds_slot and told.get("attempt") == run.attempt


def _use(tx: Tx, room: Room, slots: int) -> None:
    """Nodes that stood idle run something again, the one that was freed last first."""
    if room.compute is None or not room.compute.state.get("idle_nodes"):
        return
    kept = [[since, count] for since, count in idle_nodes(room.compute, tx.now)]
    while kept and slots:
        taken = min(slots, int(kept[-1][1]))
        kept[-1][1] -= taken
        slots -= taken
        if not kept[-1][1]:
            kept.pop()
    resources.set_state(tx, room.compute.key, {"idle_nodes": kept})


def _leave_idle(tx: Tx, room: Room, slots: int) -> None:
    if room.compute is not None:
        kept = [[since, count] for since, count in idle_nodes(room.compute, tx.now)]
        resources.set_state(tx, room.compute.key, {"idle_nodes": [*kept, [tx.now, slots]][-_CALLED_AT_ONCE:]})
