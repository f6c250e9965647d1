"""Starting and stopping, against a program that behaves as the real server does towards its home."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.core.errors import Unavailable
from zaffre.sdk import addresses, connect
from zaffre.sdk.local_server import LocalServer
from zaffre.sdk.settings import Settings

PROGRAM = (sys.executable, str(Path(__file__).with_name("fake_server.py")))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    local = LocalServer(tmp_path / "zaffre-home", PROGRAM)
    yield local
    local.stop()


def starts(server: LocalServer) -> list[str]:
    return (server.home / "starts").read_text().splitlines()


def test_starts_once_and_is_found_again(server: LocalServer) -> None:
    address = server.ensure()
    assert server.ensure() == address
    assert len(starts(server)) == 1
    assert address.local and address.token == "secret-token"
    assert server.home.stat().st_mode & 0o777 == 0o700
    assert connect.line(Settings(server.home)).call("GET", "/api/v1/workspaces/default/jobs") == {"value": []}


def test_of_many_callers_at_once_one_starts_it(server: LocalServer) -> None:
    found: list[str] = []
    callers = [threading.Thread(target=lambda: found.append(server.ensure().url)) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(set(found)) == 1 and len(found) == 5
    assert len(starts(server)) == 1


def test_stops_what_runs_and_says_whether_anything_did(server: LocalServer) -> None:
    server.ensure()
    pid = server.pid()
    assert pid is not None
    assert server.stop() is True
    assert server.pid() is None and not server.is_ready()
    assert server.stop() is False


def test_starts_again_after_a_stop(server: LocalServer) -> None:
    server.ensure()
    server.stop()
    assert server.ensure(port=4711).url == addresses.known(server.home)["server_url"]
    assert [line.split()[1:] for line in starts(server)] == [[], ["4711"]]


def test_a_server_that_does_not_come_up_shows_why(server: LocalServer) -> None:
    server.home.mkdir()
    (server.home / "refuse").touch()
    with pytest.raises(Unavailable, match="the database is from a later version"):
        server.ensure()


def test_a_number_that_is_another_process_now_is_not_killed(server: LocalServer) -> None:
    server.home.mkdir()
    (server.home / "server.json").write_text('{"server_url": "http://127.0.0.1:9", "pid": 1}')
    assert server.pid() is None
    assert server.stop() is False


def test_a_server_named_by_address_is_never_started(tmp_path: Path) -> None:
    line = connect.line(Settings(tmp_path / "home", url="http://127.0.0.1:9", token="t"))
    with pytest.raises(Unavailable, match="ZAFFRE_URL"):
        line.call("GET", "/api/v1/workspaces")
    assert not (tmp_path / "home").exists()
