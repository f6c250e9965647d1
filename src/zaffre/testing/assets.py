"""``AssetContract``: resources and versions are kept as given, change by the rules, and are found again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from zaffre.core.errors import Conflict, Invalid, NotFound
from zaffre.core.events import EventType
from zaffre.core.resource import Content, Key, Resource
from zaffre.store import Store, Tx, assets, events, resources
from zaffre.store.resources import Query
from zaffre.testing.clock import ManualClock

ENDPOINT = Key("ws", "online-endpoint", "e")


def content(digest: str = "hash", **spec: Any) -> Content:
    """Content whose hash is ``digest``."""
    return Content(spec, digest)


def model(version: str = "", name: str = "m") -> Key:
    """A model's key."""
    return Key("ws", "model", name, version=version)


class ResourceContract:
    """Things without versions."""

    async def put(self, store: Store, key: Key, what: Content, actor: str = "user:me") -> tuple[Resource, bool]:
        """Shorter to say."""
        return await store.write(lambda tx: resources.put(tx, key, what, actor))

    async def types(self, store: Store) -> list[EventType]:
        """What happened, in order."""
        return [event.type for event in await store.read(lambda tx: events.read(tx, 0))]

    async def test_what_is_put_is_got(self, store: Store, clock: ManualClock) -> None:
        spec = {"tags": {"ключ": "值"}, "nested": {"list": [1, 2.5, None, True, "x"]}}
        stored, created = await self.put(store, ENDPOINT, Content(spec, "hash", {"status": "Creating"}))
        assert created
        assert await store.read(lambda tx: resources.require(tx, ENDPOINT)) == stored
        assert (stored.spec, stored.state, stored.revision) == (spec, {"status": "Creating"}, 1)
        assert stored.created_at == stored.modified_at == clock.now()
        [told] = await store.read(lambda tx: events.read(tx, 0))
        assert (told.type, told.subject, told.actor) == (EventType.RESOURCE_CREATED, "online-endpoint/e", "user:me")

    async def test_equal_content_changes_nothing_and_other_content_updates(
        self, store: Store, clock: ManualClock
    ) -> None:
        first, _ = await self.put(store, ENDPOINT, Content({"a": 1}, "one", {"s": 1, "t": 1}))
        clock.advance(5)
        assert await self.put(store, ENDPOINT, Content({"a": 1}, "one", {"s": 2}), "user:you") == (first, False)
        second, created = await self.put(store, ENDPOINT, Content({"a": 2}, "two", {"s": 2}), "user:you")
        assert not created
        assert (second.spec, second.state, second.revision) == ({"a": 2}, {"s": 2, "t": 1}, 2)
        assert (second.created_by, second.modified_by, second.modified_at) == ("user:me", "user:you", clock.now())
        assert await self.types(store) == [EventType.RESOURCE_CREATED, EventType.RESOURCE_UPDATED]

    async def test_state_is_merged_and_can_expect_a_revision(self, store: Store) -> None:
        await self.put(store, ENDPOINT, Content({}, "hash", {"a": 1}))
        changed = await store.write(lambda tx: resources.set_state(tx, ENDPOINT, {"b": 2}, expect_revision=1))
        assert (changed.state, changed.revision) == ({"a": 1, "b": 2}, 2)
        with pytest.raises(Conflict):
            await store.write(lambda tx: resources.set_state(tx, ENDPOINT, {"b": 3}, expect_revision=1))
        assert (await store.read(lambda tx: resources.require(tx, ENDPOINT))) == changed

    async def test_what_is_not_there_is_said_so(self, store: Store) -> None:
        assert await store.read(lambda tx: resources.get(tx, ENDPOINT)) is None
        acts: tuple[Callable[[Tx], object], ...] = (
            lambda tx: resources.require(tx, ENDPOINT),
            lambda tx: resources.set_state(tx, ENDPOINT, {}),
            lambda tx: resources.set_archived(tx, ENDPOINT, True, "user:me"),
            lambda tx: resources.delete(tx, ENDPOINT, "user:me"),
        )
        for act in acts:
            with pytest.raises(NotFound, match="zaffre online-endpoint list"):
                await store.write(act)

    async def test_keys_differ_by_every_part(self, store: Store) -> None:
        keys = [
            Key("ws", "k", "n"),
            Key("ws2", "k", "n"),
            Key("ws", "k2", "n"),
            Key("ws", "k", "n2"),
            Key("ws", "k", "n", parent="p"),
            Key("ws", "k", "n", version="1"),
        ]
        for number, key in enumerate(keys):
            assert (await self.put(store, key, content(number=number)))[1]
        found = await store.read(lambda tx: [resources.require(tx, key).spec["number"] for key in keys])
        assert found == list(range(len(keys)))

    async def test_lists_are_newest_first_in_pages_and_by_view(self, store: Store) -> None:
        for number in range(5):
            await self.put(store, Key("ws", "compute", f"c{number}"), content())
        await self.put(store, Key("ws", "compute", "child", parent="c0"), content())
        key = Key("ws", "compute", "c3")
        for _ in range(2):
            await store.write(lambda tx: resources.set_archived(tx, key, True, "user:me"))

        async def names(**query: Any) -> list[str]:
            return [
                found.key.name
                for found in await store.read(lambda tx: resources.list(tx, Query("ws", "compute", **query)))
            ]

        assert await names() == ["c4", "c2", "c1", "c0"]
        assert await names(top=2, skip=1) == ["c2", "c1"]
        assert await names(view="archived") == ["c3"]
        assert await names(view="all") == ["c4", "c3", "c2", "c1", "c0"]
        assert await names(parent="c0") == ["child"]
        await store.write(lambda tx: resources.set_archived(tx, key, False, "user:me"))
        assert await names(top=2) == ["c4", "c3"]
        assert (await self.types(store))[-2:] == [EventType.RESOURCE_ARCHIVED, EventType.RESOURCE_RESTORED]

    async def test_lists_filter_by_tag(self, store: Store) -> None:
        for name, tags in (("a", {"team": "x"}), ("b", {"team": "y"}), ("c", {"a.b c": "1"}), ("d", {})):
            await self.put(store, Key("ws", "job", name), Content({"tags": tags}, "hash"))

        async def names(tag: str) -> list[str]:
            query = Query("ws", "job", tag=tag)
            return [found.key.name for found in await store.read(lambda tx: resources.list(tx, query))]

        assert await names("team") == ["b", "a"]
        assert await names("team=x") == ["a"]
        assert await names("a.b c=1") == ["c"]
        assert await names("none") == []
        for bad in ("", "=x", 'a"b'):
            with pytest.raises(Invalid):
                await names(bad)

    async def test_what_is_deleted_can_be_made_anew(self, store: Store) -> None:
        await self.put(store, ENDPOINT, content())
        await store.write(lambda tx: resources.delete(tx, ENDPOINT, "user:me"))
        assert await store.read(lambda tx: resources.get(tx, ENDPOINT)) is None
        assert (await self.put(store, ENDPOINT, content()))[1]


class AssetContract(ResourceContract):
    """Part of ``StoreContract``: resources, and things with versions."""

    async def add(self, store: Store, key: Key, what: Content) -> tuple[Resource, bool]:
        """Shorter to say."""
        return await store.write(lambda tx: assets.add(tx, key, what, "user:me"))

    async def test_versions_are_numbered_past_the_highest(self, store: Store) -> None:
        given = [
            (await self.add(store, model(version), content(str(number))))[0].key.version
            for number, version in enumerate(("", "", "7", "", "3", "", "beta", "20240101T00", "9" * 30, ""))
        ]
        assert given == ["1", "2", "7", "8", "3", "9", "beta", "20240101T00", "9" * 30, "10"]

    async def test_versions_asked_for_at_once_differ(self, store: Store, second: Store) -> None:
        added = await asyncio.gather(
            *(self.add(each, model(), content(f"{number}")) for number in range(10) for each in (store, second))
        )
        assert sorted(int(asset.key.version) for asset, _ in added) == list(range(1, 21))

    async def test_a_version_is_made_once(self, store: Store) -> None:
        first, created = await self.add(store, model("1"), content("hash", path="a"))
        assert created
        assert await self.add(store, model("1"), content("hash", path="a")) == (first, False)
        with pytest.raises(Conflict, match="path, type") as caught:
            await self.add(store, model("1"), content("other", path="b", type="mlflow_model", tags={"x": "y"}))
        assert caught.value.target == "path"
        assert await store.read(lambda tx: resources.get(tx, first.key)) == first

    async def test_tags_and_description_of_a_version_may_change(self, store: Store) -> None:
        await self.add(store, model("1"), content("one", path="a", tags={"x": "1"}))
        changed, created = await self.add(store, model("1"), content("two", path="a", description="new"))
        assert not created
        assert (changed.spec, changed.spec_hash) == ({"path": "a", "description": "new"}, "two")

    async def test_latest_is_what_was_made_last_and_is_not_archived(self, store: Store) -> None:
        for version in ("2", "1", "3"):
            await self.add(store, model(version), content(version))
        assert await self.latest(store) == "3"
        await store.write(lambda tx: assets.set_archived(tx, model("3"), True, "user:me"))
        assert await self.latest(store) == "1"
        await store.write(lambda tx: assets.set_archived(tx, model("3"), False, "user:me"))
        assert await self.latest(store) == "3"

    async def latest(self, store: Store) -> str | None:
        """The version that is latest."""
        found = await store.read(lambda tx: assets.latest(tx, "ws", "model", "m"))
        return None if found is None else found.key.version

    async def test_references_are_resolved_or_refused(self, store: Store) -> None:
        for version in ("1", "2"):
            await self.add(store, model(version), content(version))

        async def resolve(name: str, version: str | None = None, label: str | None = None) -> str:
            return (await store.read(lambda tx: assets.resolve(tx, "ws", "model", name, version, label))).key.version

        assert await resolve("m", "1") == "1"
        assert await resolve("m") == await resolve("m", label="latest") == "2"
        for name, version, label, said in (
            ("m", "3", None, "m:3"),
            ("n", None, None, "zaffre model list"),
            ("m", None, "stable", "stable"),
        ):
            with pytest.raises(NotFound, match=said):
                await resolve(name, version, label)

    async def test_content_is_found_by_its_hash(self, store: Store) -> None:
        await self.add(store, model("1"), content("same"))
        second, _ = await self.add(store, model("5", "n"), content("same"))
        assert await store.read(lambda tx: assets.by_hash(tx, "ws", "model", "same")) == second
        assert await store.read(lambda tx: assets.by_hash(tx, "ws", "data", "same")) is None

    async def test_containers_tell_of_their_versions(self, store: Store) -> None:
        await self.add(store, model("", "a"), content("1"))
        await self.add(store, model("4", "b"), content("2"))
        await self.add(store, model("", "a"), content("3"))

        async def listed(**query: Any) -> list[tuple[str, str, str]]:
            found = await store.read(lambda tx: assets.containers(tx, Query("ws", "model", **query)))
            return [(each.name, each.latest_version, each.next_version) for each in found]

        assert await listed() == [("b", "4", "5"), ("a", "2", "3")]
        await store.write(lambda tx: assets.set_archived(tx, model(name="a"), True, "user:me"))
        assert await listed() == [("b", "4", "5")]
        assert await listed(view="archived") == [("a", "2", "3")]
        newest, _ = await store.read(lambda tx: assets.newest(tx, Query("ws", "model", view="all")))
        assert [(each.key.name, each.key.version) for each in newest] == [("b", "4"), ("a", "2")]
        assert await store.read(lambda tx: assets.container(tx, "ws", "model", "zzz")) is None

    async def test_deleting_a_version_does_not_free_its_number_deleting_the_name_does(self, store: Store) -> None:
        def write(tx: Tx) -> tuple[str, int, str]:
            for digest in "abc":
                assets.add(tx, model(), content(digest), "user:me")
            assets.delete(tx, model("3"), "user:me")
            following, _ = assets.add(tx, model(), content("d"), "user:me")
            assets.delete(tx, model(), "user:me")
            left = len(resources.list(tx, Query("ws", "model", view="all")))
            again, _ = assets.add(tx, model(), content("e"), "user:me")
            return following.key.version, left, again.key.version

        assert await store.write(write) == ("4", 0, "1")
        for key in (model("9"), model(name="none")):
            with pytest.raises(NotFound):
                await store.write(lambda tx, key=key: assets.delete(tx, key, "user:me"))
