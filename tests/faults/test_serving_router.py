"""The router in the hands of the control plane: lost while its port is taken, alone while the server is gone, keys replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import socket

import pytest
from online_platform import deployed, eventually

from zaffre.core.resource import Key
from zaffre.kinds.online.actions import Actions
from zaffre.kinds.online.live.publishing import Table
from zaffre.kinds.online.rules import ENDPOINT
from zaffre.serving import process
from zaffre.store import resources


@pytest.fixture
async def platform(platform):
    """With a deployment that answers."""
    await deployed(platform)
    await answering(platform)
    return platform


async def answering(platform):
    async def scored():
        try:
            return (await platform.call()).status == 200
        except OSError:
            return False

    await eventually(scored, "an answer")


async def endpoint_state(platform):
    return (await platform.store.read(lambda tx: resources.get(tx, Key("ws", ENDPOINT, "iris")))).state


async def lost(platform):
    """The router ends, and its end has been seen."""
    home = platform.home / "router"
    os.kill(process.find(home).pid, signal.SIGKILL)

    async def gone():
        return process.find(home) is None

    await eventually(gone, "the router's end")


async def taken(port):
    """The port, as soon as the kernel has closed it for the process that ended."""

    async def bound():
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            return None

    return await eventually(bound, "the port to be free")


async def test_a_port_that_was_taken_meanwhile_is_told_and_got_back(platform):
    await platform.disengage()  # or the router is there again before the port is taken
    await lost(platform)
    with await taken(platform.port):
        await platform.engage()
        await platform.endpoint(traffic={"blue": 100}, tags={"a": "b"})

        async def told():
            return (await endpoint_state(platform)).get("reason")

        reason = await eventually(told, "the reason")
        assert str(platform.port) in reason["message"]
        assert "in use" in reason["message"]
    await answering(platform)

    async def well():
        state = await endpoint_state(platform)
        return state["provisioning_state"] == "Succeeded" and not state["reason"]

    await eventually(well, "the endpoint to be well again")


async def test_the_router_started_by_hand_serves_while_the_server_is_gone(platform):
    """Nobody but whoever starts the process is needed: no server, no database."""
    await platform.disengage()
    try:
        await lost(platform)
        key = await platform.key()
        await process.ensure(platform.floors.router._launch())  # what a unit file would run
        calls = (asyncio.to_thread(platform._call, key) for _ in range(5))
        assert [reply.status for reply in await asyncio.gather(*calls)] == [200] * 5
    finally:
        await platform.engage()


async def test_a_regenerated_key_holds_when_the_answer_comes(platform):
    """Old key refused, new one taken, by the time that the caller is told so; the other key is untouched."""
    table = Table(platform.floors)
    actions = Actions(platform.store, platform.clock, platform.keys, table)

    def status(key):
        return platform._call(key).status

    for which, other in (("primary", "secondary"), ("secondary", "primary")):
        before = await actions.keys("ws", "iris", "user")
        assert await asyncio.to_thread(status, before[which]) == 200
        await actions.regenerate("ws", "iris", which)
        after = await actions.keys("ws", "iris", "user")
        found = [await asyncio.to_thread(status, key) for key in (before[which], after[which], after[other])]
        assert found == [401, 200, 200]
