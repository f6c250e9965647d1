"""Data that goes by itself: at its end, no sooner, and nothing else with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from zaffre.assets.data.reconcile import Expiry
from zaffre.control.loop import RELEASED
from zaffre.core.resource import Content, Key
from zaffre.store import Store, assets, leases, resources
from zaffre.testing.clock import ManualClock

DAY = 86_400.0
ITEM = "data-expiry:w/x"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest_asyncio.fixture
async def store(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path / 'z.db'}", clock)
    yield opened
    await opened.close()


async def made(store: Store, version: str, days: int | None, name: str = "x") -> None:
    setting = {"condition": "created_greater_than", "value": f"{days}d"} if days else None
    content = Content({"auto_delete_setting": setting} if setting else {}, f"{name}{version}", {})
    await store.write(lambda tx: assets.add(tx, Key("w", "data", name, "", version), content, "u"))


async def stepped(store: Store) -> float | None:
    def claim(tx: object) -> list[leases.Lease]:
        leases.add(tx, ITEM, tx.now)  # type: ignore[arg-type,attr-defined]
        return leases.claim(tx, "me", 30, 1, ITEM)  # type: ignore[arg-type]

    (lease,) = await store.write(claim)
    due = await Expiry(store).step(lease)
    if due != RELEASED:
        await store.write(lambda tx: leases.release(tx, lease, due))
    return due


async def versions(store: Store, name: str = "x") -> list[str]:
    query = resources.Query("w", "data", name=name, view=resources.View.ALL)
    found = await store.read(lambda tx: resources.list(tx, query))
    return sorted(one.key.version for one in found)


async def test_versions_go_at_their_own_ends(store: Store, clock: ManualClock) -> None:
    begun = clock.now()
    for version, days in (("1", 1), ("2", 3), ("3", None)):
        await made(store, version, days)
    await made(store, "1", 1, "other")
    assert await stepped(store) == pytest.approx(begun + DAY)
    clock.advance(DAY - 1)
    await stepped(store)
    assert await versions(store) == ["1", "2", "3"]
    clock.advance(2)
    assert await stepped(store) == pytest.approx(begun + 3 * DAY)
    assert await versions(store) == ["2", "3"]
    clock.advance(3 * DAY)
    assert await stepped(store) == RELEASED
    assert await versions(store) == ["3"]
    assert await versions(store, "other") == ["1"]


async def test_a_name_that_is_gone_is_looked_after_no_more(store: Store) -> None:
    assert await stepped(store) == RELEASED
    assert await store.read(leases.depth) == (0, 0)
