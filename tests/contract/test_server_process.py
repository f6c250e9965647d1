"""The server process: its help, its refusals, and that a home has one server."""

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request

import pytest

from zaffre.server import main
from zaffre.server.certificates import LIVES, Certificates
from zaffre.server.clock import SystemClock
from zaffre.server.settings import SETTINGS


def command(*arguments):
    return [sys.executable, "-m", "zaffre.server", *arguments]


def environ(home, **more):
    return {**os.environ, "ZAFFRE_HOME": str(home), **more}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server(tmp_path):
    home = tmp_path / "home"
    process = subprocess.Popen(
        command(), env=environ(home, ZAFFRE_SERVER_PORT=str(free_port())), stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not _ready(home):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield home, process
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def _ready(home):
    try:
        url = json.loads((home / "server.json").read_text())["server_url"]
        return urllib.request.urlopen(f"{url}/readyz", timeout=2).status == 200
    except (OSError, ValueError):
        return False


def test_help_names_every_setting():
    done = subprocess.run(command("--help"), capture_output=True, text=True, check=True, timeout=60)
    assert [setting.name for setting in SETTINGS if setting.name not in done.stdout] == []


@pytest.mark.parametrize(("variable", "value"), [("ZAFFRE_SERVER_PORT", "abc"), ("ZAFFRE_SERVER_HOST", "0.0.0.0")])
def test_wrong_setting_ends_it_with_one_line(tmp_path, variable, value):
    done = subprocess.run(
        command(),
        env=environ(tmp_path / "h", **{variable: value}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "h" / "zaffre.db").exists()


def test_second_server_of_a_home_says_so_and_leaves(server):
    home, process = server
    before = (home / "server.json").read_text()
    done = subprocess.run(command(), env=environ(home), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"process {process.pid}" in done.stderr
    assert (home / "server.json").read_text() == before
    assert _ready(home)


def exchange(home, data, patience=10.0):
    """What comes back for bytes on a fresh connection, until the server closes it."""
    port = json.loads((home / "server.json").read_text())["ports"]["server"]
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        answer = b""
        try:
            line.sendall(data(port) if callable(data) else data)
            while piece := line.recv(65536):
                answer += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answer


def request(port, *headers, line=b"GET /livez HTTP/1.1", body=b""):
    return b"\r\n".join([line, b"Host: 127.0.0.1:%d" % port, *headers, b"Connection: close", b"", body])


def test_request_heads_have_an_end(server):
    """H04: headers without end are cut off, and the next client is served."""
    home, _ = server
    cases = {
        "one long header": lambda port: request(port, b"X: " + b"x" * 200_000),
        "many headers": lambda port: request(port, *(b"X-%d: y" % number for number in range(20_000))),
        "a header that never ends": lambda port: b"GET / HTTP/1.1\r\nX: " + b"x" * 5_000_000,
        "a long path": lambda port: request(port, line=b"GET /" + b"x" * 200_000 + b" HTTP/1.1"),
    }
    for name, data in cases.items():
        answer = exchange(home, data)
        assert b" 200 " not in answer[:20], name
        assert b" 400 " in answer[:20] or not answer, name
    assert b" 200 " in exchange(home, request)[:20]


@pytest.mark.parametrize("headers", [
    [b"Content-Length: 5", b"Transfer-Encoding: chunked"], [b"Transfer-Encoding: xchunked"], [b"Content-Length: +5"],
    [b"Content-Length: 5", b"Content-Length: 6"], [b"X: a\0b"], [b" X: folded"], [b"Host: evil.com"],
])  # fmt: skip
def test_ambiguous_requests_are_refused(shared, headers):
    answer = exchange(
        shared, lambda port: request(port, *headers, line=b"POST /api/v1/workspaces HTTP/1.1", body=b"0\r\n\r\n")
    )
    assert b" 400 " in answer[:20], answer[:200]


def test_upgrades_are_no_way_in(shared):
    upgrade = (b"Upgrade: websocket", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")

    def data(port):
        return request(port, *upgrade, line=b"GET /api/v1/workspaces/default/events HTTP/1.1").replace(
            b"Connection: close", b"Connection: Upgrade"
        )

    answer = _first(shared, data)
    assert b" 401 " in answer[:20]
    assert b"101" not in answer[:20]


def _first(home, data):
    port = json.loads((home / "server.json").read_text())["ports"]["server"]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(data(port))
        return line.recv(65536)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    home = tmp_path_factory.mktemp("shared") / "home"
    process = subprocess.Popen(
        command(), env=environ(home, ZAFFRE_SERVER_PORT=str(free_port())), stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not _ready(home):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield home
    process.terminate()
    process.wait(20)


async def test_a_server_that_runs_for_long_shows_a_new_certificate(tmp_path, monkeypatch):
    """Who connects after the renewal sees it; the listener stays."""
    monkeypatch.setattr(main, "_LOOK_EVERY", 0.01)
    made = Certificates(tmp_path / "tls", ("localhost", "127.0.0.1"))
    made.ensure(time.time() - LIVES + 86_400)  # a day to go
    trusting, shown = ssl.create_default_context(cafile=made.authority), set()
    context = made.context()
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]

    async def look():
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        shown.add(writer.get_extra_info("peercert")["serialNumber"])
        writer.close()

    async with listening:
        await look()
        renewing = asyncio.create_task(main._renew(made, context, SystemClock()))
        try:
            async with asyncio.timeout(20):
                while len(shown) == 1:
                    await look()
        finally:
            renewing.cancel()
    assert len(shown) == 2
