"""A router that runs already, from before there was HTTPS or on another port of it, gives way to one that is as wanted."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import time

import pytest

from zaffre.server.certificates import Certificates
from zaffre.serving import process
from zaffre.serving.process import Launch
from zaffre.testing.ports import free_port
from zaffre.testing.server import until


@pytest.fixture
def launch(tmp_path):
    """How a router of this test's own is started; with more, with TLS."""
    Certificates(tmp_path / "tls", ("localhost",)).ensure(time.time())
    sockets = [tmp_path / "router.sock", free_port()]

    def made(**more):
        return Launch(tmp_path / "router", sockets[0], sockets[1], dict(os.environ), **more)

    def secured(port):
        folder = tmp_path / "tls"
        return made(tls_port=port, tls_cert=str(folder / "server.pem"), tls_key=str(folder / "server.key"))

    yield made, secured
    asyncio.run(process.stop(tmp_path / "router", grace=5))


def shakes_hands(tmp_path, port):
    context = ssl.create_default_context(cafile=tmp_path / "tls" / "ca.pem")
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as found,
    ):
        return found.version() is not None


async def test_a_router_without_tls_gets_it(tmp_path, launch):
    plain, secured = launch
    first = await process.ensure(plain())
    record = tmp_path / "router" / process.RECORD
    before = {name: value for name, value in json.loads(record.read_text()).items() if name != "tls_port"}
    record.write_text(json.dumps(before))  # as a router of before wrote it
    port = free_port()
    second = await process.ensure(secured(port))
    assert second.pid != first.pid
    await asyncio.to_thread(until, lambda: not first.alive, "the end of the first")
    assert (second.port, second.tls_port) == (first.port, port)
    assert await asyncio.to_thread(shakes_hands, tmp_path, port)
    assert (await process.ensure(secured(port))).pid == second.pid
    assert (await process.ensure(plain())).pid == second.pid, "TLS is not taken away again"


async def test_a_router_goes_on_as_it_is_where_the_port_is_taken(launch):
    plain, secured = launch
    first = await process.ensure(plain())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert (await process.ensure(secured(other.getsockname()[1]))).pid == first.pid
    assert first.alive
