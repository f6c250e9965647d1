"""Secrets beside resources, and the logins they make for package indexes."""

from __future__ import annotations

import pytest

from zaffre.control.sealed import Feed, Sealed
from zaffre.core.errors import NotFound
from zaffre.core.resource import Content, Key
from zaffre.server.clock import SystemClock
from zaffre.store import Store, resources
from zaffre.store.secrets import Vault


def connection(tx, sealed, name, target, credentials, secrets):
    key = Key("ws", "connection", name)
    spec = {"name": name, "type": "python_feed", "target": target, "credentials": credentials}
    resources.put(tx, key, Content(spec, name), "me")
    sealed.keep(tx, key, secrets)
    return key


@pytest.fixture
async def store(tmp_path):
    opened = await Store.open(f"sqlite:///{tmp_path / 'z.db'}", SystemClock())
    yield opened
    await opened.close()


async def test_kept_opened_forgotten(store, tmp_path):
    sealed = Sealed(Vault(tmp_path / "keys" / "secrets.key"))
    key = Key("ws", "connection", "c")
    await store.write(lambda tx: sealed.keep(tx, key, {"pat": "p"}))
    assert await store.read(lambda tx: sealed.open(tx, key)) == {"pat": "p"}
    await store.write(lambda tx: sealed.keep(tx, key, {}))
    assert await store.read(lambda tx: sealed.open(tx, key)) == {}
    with pytest.raises(NotFound, match="connection"):
        await store.read(lambda tx: sealed.whole(tx, key))


async def test_feeds_hold_for_their_address_and_what_lies_below(store, tmp_path):
    sealed = Sealed(Vault(tmp_path / "keys" / "secrets.key"))
    up = {"type": "username_password", "username": "u"}

    def fill(tx):
        connection(tx, sealed, "wide", "https://f.example.org/", {"type": "pat"}, {"pat": "token"})
        connection(tx, sealed, "narrow", "https://f.example.org/team/simple", up, {"password": "secret"})
        connection(tx, sealed, "open", "https://open.example.org/", {"type": "none"}, {})

    await store.write(fill)
    asked = [
        "https://f.example.org/team/simple/",
        "https://f.example.org/other/simple",
        "https://f.example.org/team/simplest",
        "https://f.example.org.evil.net/team/simple",
        "http://f.example.org/team/simple",
        "https://open.example.org/simple",
    ]
    found = await store.read(lambda tx: sealed.feeds(tx, "ws", asked))
    assert found == (
        Feed(asked[0], "u", "secret"),
        Feed(asked[1], "token", "token"),
        Feed(asked[2], "token", "token"),
    )
    assert "secret" not in repr(found)
    assert await store.read(lambda tx: sealed.feeds(tx, "elsewhere", asked)) == ()
