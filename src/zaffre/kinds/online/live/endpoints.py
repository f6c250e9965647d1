"""Endpoints made true: keys, address, their part of the routing table, and traffic that moves in steps."""

from __future__ import annotations

from typing import Any

from zaffre.core.errors import Unavailable
from zaffre.core.reasons import Cause, Reason
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.kinds.online import rules
from zaffre.kinds.online.live.moving import Moving
from zaffre.kinds.online.live.publishing import SYSTEM, Floors, Table, children
from zaffre.kinds.online.parts import routing
from zaffre.store import Tx, leases, resources
from zaffre.store.leases import Lease

AGAIN_SECONDS = 2.0
"""Until it is tried again to start the router."""


class Endpoints:
    """The stepper of ``online-endpoint:…``: keys, address, its part of the table, and traffic that moves in steps."""

    def __init__(self, floors: Floors, table: Table) -> None:
        self._floors = floors
        self._table = table
        self._moving = Moving(floors)

    async def step(self, lease: Lease) -> float | None:
        """Make the endpoint what its specification says; the Unix time of the next look, if there is to be one."""
        workspace, _, name = lease.key.partition(":")[2].partition("/")
        key = Key(workspace, rules.ENDPOINT, name)
        found = await self._floors.store.read(lambda tx: resources.get(tx, key))
        if found is None:
            await self._floors.store.write(lambda tx: leases.remove(tx, lease))
            return None
        if found.state.get("provisioning_state") == Provisioning.DELETING.value:
            return await self._delete(lease, key)
        await self._floors.store.write(lambda tx: self._floors.keys.ensure(tx, workspace, name))
        try:
            await self._table.follow(key)
        except Unavailable as error:
            return await self._without_router(lease, found, error)
        if routing.moves(found.state) is not None:
            return await self._move(lease, found)
        await self._settle(lease, found)
        return None

    async def _without_router(self, lease: Lease, found: Resource, error: Unavailable) -> float:
        """The router does not start, its port being another program's perhaps: say so, and try again soon."""
        reason = Reason(Cause.LAUNCH_FAILED, {"message": error.message}).to_json()

        def note(tx: Tx) -> None:
            leases.check(tx, lease)
            resources.set_state(tx, found.key, {"reason": reason}, expect_revision=found.revision)

        if found.state.get("reason") != reason:
            await self._floors.store.write(note)
        return self._floors.clock.now() + AGAIN_SECONDS

    async def _move(self, lease: Lease, found: Resource) -> float:
        """One look at a shift of traffic; what it changes holds when this returns."""
        due, changed = await self._moving.step(lease, found, self._address(found.key))
        if changed:
            await self._table.follow(found.key)
        return due

    async def _settle(self, lease: Lease, found: Resource) -> None:
        """What it came to; a shift that went back stays on record until something else is asked for."""
        reason: dict[str, Any] | None = found.state.get("reason")
        if reason is not None and reason.get("code") == Cause.LAUNCH_FAILED.value:
            reason = None  # that the router did not start is over
        ended = Provisioning.FAILED if reason else Provisioning.SUCCEEDED
        state = {**self._address(found.key), "provisioning_state": ended.value, "reason": reason}

        def settle(tx: Tx) -> None:
            leases.check(tx, lease)
            resources.set_state(tx, found.key, state, expect_revision=found.revision)

        if any(found.state.get(name) != value for name, value in state.items()):
            await self._floors.store.write(settle)

    def _address(self, key: Key) -> dict[str, Any]:
        url = f"{self._floors.router.url}/endpoints/{key.workspace}/{key.name}"
        return {"scoring_uri": f"{url}/score", "openapi_uri": f"{url}/swagger.json"}

    async def _delete(self, lease: Lease, key: Key) -> float | None:
        """Deployments first; the endpoint goes when they are gone."""

        def clear(tx: Tx) -> bool:
            leases.check(tx, lease)
            below = children(tx, key)
            for child in below:
                if child.state.get("provisioning_state") != Provisioning.DELETING.value:
                    resources.set_state(tx, child.key, {"provisioning_state": Provisioning.DELETING.value})
                work = rules.deployment_work(key.workspace, key.name, child.key.name)
                leases.add(tx, work, tx.now)
            if not below:
                self._floors.keys.forget(tx, key.workspace, key.name)
                resources.delete(tx, key, SYSTEM)
                leases.remove(tx, lease)
            return not below

        gone = await self._floors.store.write(clear)
        await self._table.publish(key)
        return None if gone else self._floors.clock.now() + 0.5
