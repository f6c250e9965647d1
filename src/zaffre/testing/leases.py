"""``LeaseContract``: work items are claimed by one, lost by those who oversleep, and never forgotten."""

from __future__ import annotations

import asyncio

import pytest

from zaffre.store import Store, Tx, leases
from zaffre.store.leases import Lease, StaleLease
from zaffre.testing.clock import ManualClock

TTL = 30.0


class LeaseContract:
    """Part of ``StoreContract``."""

    async def claim(self, store: Store, owner: str = "one", limit: int = 10, key: str | None = None) -> list[Lease]:
        """Shorter to say."""
        return await store.write(lambda tx: leases.claim(tx, owner, TTL, limit, key))

    async def test_only_what_is_due_is_claimed_the_longest_due_first(self, store: Store, clock: ManualClock) -> None:
        def write(tx: Tx) -> None:
            for key, due in (("a", tx.now - 1), ("b", tx.now + 5), ("c", tx.now - 9), ("d", None), ("e", tx.now)):
                leases.add(tx, key, due)

        await store.write(write)
        assert [lease.key for lease in await self.claim(store, limit=2)] == ["c", "a"]
        assert [lease.key for lease in await self.claim(store)] == ["e"]
        clock.advance(5)
        assert [lease.key for lease in await self.claim(store)] == ["b"]

    async def test_one_of_many_claims_an_item(self, store: Store, second: Store) -> None:
        await store.write(lambda tx: [leases.add(tx, f"run:{number}", tx.now) for number in range(50)])
        stores = [store, second] * 20
        claimed = await asyncio.gather(*(self.claim(each, f"owner{n}", 3) for n, each in enumerate(stores)))
        keys = [lease.key for found in claimed for lease in found]
        assert sorted(keys) == sorted(f"run:{number}" for number in range(50))

    async def test_a_lease_that_ran_out_is_claimed_by_another_and_is_stale_then(
        self, store: Store, second: Store, clock: ManualClock
    ) -> None:
        await store.write(lambda tx: leases.add(tx, "a", tx.now))
        [first] = await self.claim(store)
        clock.advance(TTL - 1)
        assert await self.claim(second, "two") == []
        clock.advance(1)
        [other] = await self.claim(second, "two")
        assert other.token != first.token
        assert not await store.write(lambda tx: leases.renew(tx, first, TTL))
        for act in (leases.remove, leases.check):
            with pytest.raises(StaleLease):
                await store.write(lambda tx, act=act: act(tx, first))
        await store.write(lambda tx: leases.release(tx, first, None))
        await second.write(lambda tx: leases.check(tx, other))

    async def test_a_renewed_lease_holds_on(self, store: Store, clock: ManualClock) -> None:
        await store.write(lambda tx: leases.add(tx, "a", tx.now))
        [lease] = await self.claim(store)
        for _ in range(5):
            clock.advance(TTL - 1)
            assert await store.write(lambda tx: leases.renew(tx, lease, TTL))
            assert await self.claim(store, "two") == []

    async def test_one_that_overslept_keeps_what_nobody_took(self, store: Store, clock: ManualClock) -> None:
        await store.write(lambda tx: leases.add(tx, "a", tx.now))
        [lease] = await self.claim(store)
        clock.advance(TTL * 10)
        assert await store.write(lambda tx: leases.renew(tx, lease, TTL))
        assert await self.claim(store, "two") == []

    async def test_a_released_item_is_due_when_it_was_said_to_be(self, store: Store, clock: ManualClock) -> None:
        await store.write(lambda tx: leases.add(tx, "a", tx.now))
        [lease] = await self.claim(store)
        await store.write(lambda tx: leases.release(tx, lease, tx.now + 60))
        assert await self.claim(store) == []
        clock.advance(60)
        [lease] = await self.claim(store)
        await store.write(lambda tx: leases.release(tx, lease, None))
        clock.advance(1e6)
        assert await self.claim(store) == []
        await store.write(lambda tx: leases.nudge(tx, "a"))
        assert [lease.key for lease in await self.claim(store)] == ["a"]

    @pytest.mark.parametrize("how", ["nudge", "add"])
    async def test_a_nudge_while_it_is_held_makes_it_due_on_release(self, store: Store, how: str) -> None:
        heard: list[str] = []
        await store.write(lambda tx: leases.add(tx, "a", tx.now))
        [lease] = await self.claim(store)
        if how == "nudge":
            await store.write(lambda tx: tx.nudge("a"))
        else:
            await store.write(lambda tx: leases.add(tx, "a", tx.now))
        assert await self.claim(store) == []
        await asyncio.sleep(0)
        store.on_nudge(heard.append)
        await store.write(lambda tx: leases.release(tx, lease, tx.now + 1000))
        await asyncio.sleep(0)
        assert heard == ["a"]
        [lease] = await self.claim(store)
        await store.write(lambda tx: leases.release(tx, lease, tx.now + 1000))
        assert await self.claim(store) == []

    async def test_one_key_can_be_claimed_if_it_is_due(self, store: Store) -> None:
        await store.write(lambda tx: (leases.add(tx, "a", tx.now), leases.add(tx, "b", tx.now + 1)))
        assert await self.claim(store, key="b") == []
        assert [lease.key for lease in await self.claim(store, key="a")] == ["a"]
        assert await self.claim(store, key="a") == []

    async def test_next_due_is_when_a_claim_can_succeed(self, store: Store, clock: ManualClock) -> None:
        assert await store.read(leases.next_due) is None
        now = clock.now()
        await store.write(
            lambda tx: (leases.add(tx, "a", now), leases.add(tx, "b", now + 100), leases.add(tx, "c", None))
        )
        assert await store.read(leases.next_due) == now
        [lease] = await self.claim(store)
        assert await store.read(leases.next_due) == now + TTL
        await store.write(lambda tx: leases.remove(tx, lease))
        assert await store.read(leases.next_due) == now + 100

    async def test_items_that_wait_for_a_topic_are_nudged_once(self, store: Store) -> None:
        await store.write(lambda tx: [leases.add(tx, key, None) for key in "abc"])
        await store.write(lambda tx: [leases.wait_for(tx, key, "environment:1") for key in "ab"])
        await store.write(lambda tx: leases.nudge_waiting(tx, "environment:1"))
        claimed = await self.claim(store)
        assert {lease.key for lease in claimed} == {"a", "b"}
        await store.write(lambda tx: [leases.release(tx, lease, None) for lease in claimed])
        await store.write(lambda tx: leases.nudge_waiting(tx, "environment:1"))
        assert await self.claim(store) == []

    async def test_one_leads_at_a_time_and_each_change_raises_the_epoch(
        self, store: Store, second: Store, clock: ManualClock
    ) -> None:
        async def lead(each: Store, owner: str) -> int | None:
            return await each.write(lambda tx: leases.lead(tx, "loop", owner, TTL))

        assert await lead(store, "one") == 1
        assert await lead(second, "two") is None
        clock.advance(TTL - 1)
        assert await lead(store, "one") == 1
        clock.advance(TTL - 1)
        assert await lead(second, "two") is None
        clock.advance(1)
        assert await lead(second, "two") == 2
        assert await lead(store, "one") is None
        clock.advance(TTL)
        assert await lead(store, "one") == 3
