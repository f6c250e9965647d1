"""People and their tokens as rows, on either database."""

from __future__ import annotations

import pytest
import pytest_asyncio

from zaffre.core.errors import Conflict, NotFound
from zaffre.core.events import Event, EventType
from zaffre.store import Store, events, people, quotas
from zaffre.store.events import Deeds
from zaffre.store.people import Person, Token
from zaffre.testing.clock import ManualClock

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def store(request, tmp_path):
    shared = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if shared else f"sqlite:///{tmp_path}/home/z.db"
    found = await Store.open(url, ManualClock())
    yield found
    await found.close()


async def issued(store, name, digest):
    token = Token(name, "anna", "reader", "", 1e10)
    return await store.write(lambda tx: people.issue(tx, token, digest, "user:owner"))


async def test_a_role_is_given_changed_and_taken_with_its_tokens(store):
    assert await store.write(lambda tx: people.put(tx, Person("anna", "reader", "w"), "user:owner"))
    assert not await store.write(lambda tx: people.put(tx, Person("anna", "owner", ""), "user:bert"))
    found = await store.read(lambda tx: people.get(tx, "anna"))
    assert (found.role, found.workspace, found.created_by, found.modified_by) == (
        "owner",
        "",
        "user:owner",
        "user:bert",
    )
    await issued(store, "one", "d1")
    await issued(store, "two", "d2")
    await store.write(lambda tx: people.revoke(tx, "two"))
    assert await store.write(lambda tx: people.remove(tx, "anna")) == ["one"]
    assert await store.read(people.every) == []
    assert all(token.revoked_at is not None for token in await store.read(people.issued))
    with pytest.raises(NotFound):
        await store.write(lambda tx: people.remove(tx, "anna"))


async def test_a_token_is_found_by_what_it_hashes_to_and_revoked_once(store):
    await issued(store, "one", "d1")
    assert (await store.read(lambda tx: people.shown(tx, "d1"))).name == "one"
    assert await store.read(lambda tx: people.shown(tx, "d2")) is None
    await store.write(lambda tx: people.used(tx, "one"))
    first = await store.write(lambda tx: people.revoke(tx, "one"))
    assert first.used_at is not None
    assert (await store.write(lambda tx: people.revoke(tx, "one"))).revoked_at == first.revoked_at
    with pytest.raises(Conflict):
        await issued(store, "one", "d3")
    with pytest.raises(NotFound):
        await store.write(lambda tx: people.revoke(tx, "none"))


async def test_quotas_are_set_and_cleared(store):
    for nodes in (3, None, 0):
        await store.write(lambda tx, nodes=nodes: quotas.put(tx, "w", nodes, "user:owner"))
        assert await store.read(quotas.every) == {"w": nodes}
    assert await store.write(lambda tx: quotas.clear(tx, "w"))
    assert not await store.write(lambda tx: quotas.clear(tx, "w"))


async def test_deeds_are_those_of_people_the_newest_first(store):
    told = [("user:anna", "w", "RESOURCE_CREATED"), ("run:x", "w", "RUN_NOTED"), ("system", "w", "RUN_NOTED"),
            ("user:bert", "v", "SECRET_READ"), ("users", "w", "RUN_NOTED"), ("user:anna", "v", "TOKEN_MADE")]  # fmt: skip

    def write(tx):
        for actor, workspace, type_ in told:
            tx.emit(Event(EventType[type_], workspace, "job/x", actor, {}))

    await store.write(write)
    every = await store.read(lambda tx: events.deeds(tx, Deeds(), 9))
    assert [(one.actor, one.workspace) for one in every] == [("user:anna", "v"), ("user:bert", "v"), ("user:anna", "w")]
    for wanted, count in (
        (Deeds(actor="user:anna"), 2),
        (Deeds(workspace="v"), 2),
        (Deeds(types=(EventType.SECRET_READ,)), 1),
        (Deeds(before=every[1].seq), 1),
    ):
        assert len(await store.read(lambda tx, wanted=wanted: events.deeds(tx, wanted, 9))) == count
