"""Only what a process of the attempt listens at is a way into it, however a job names its ports and places."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.control import listeners

TOKEN = "token-of-the-attempt"
LISTEN = """
import socket, sys
kind = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET if sys.argv[1] else socket.AF_UNIX
held = socket.socket(kind)
held.bind((sys.argv[1], 0) if sys.argv[1] else sys.argv[2])
held.listen()
print(held.getsockname()[1] if sys.argv[1] else sys.argv[2], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def listening() -> Iterator[object]:
    started: list[subprocess.Popen[str]] = []

    def start(token: str, host: str = "127.0.0.1", path: str = "") -> str:
        environ = {"ZAFFRE_TASK_TOKEN": token} if token else {}
        process = subprocess.Popen(
            [sys.executable, "-c", LISTEN, host, path],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])
def test_a_port_of_the_attempt(listening, host):
    port = listening(TOKEN, host)
    assert listeners.belongs(port, TOKEN)
    assert not listeners.belongs(port, "token-of-another")
    assert not listeners.belongs(port, "")


def test_a_port_of_somebody_else(listening):
    assert not listeners.belongs(listening(""), TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as ours:
        assert not listeners.belongs(str(ours.getsockname()[1]), TOKEN)


def test_a_port_that_both_could_answer_at(listening):
    """The job listens at every address, somebody else at this one: a connection would be theirs."""
    port = listening(TOKEN, "127.0.0.2")
    with socket.create_server(("127.0.0.1", int(port))):
        assert not listeners.belongs(port, TOKEN)


def test_nobody_listens():
    assert not listeners.belongs("1", TOKEN)
    assert not listeners.belongs("/nowhere", TOKEN)


def test_a_socket_of_the_attempt_and_a_link_to_another(listening, tmp_path):
    own, other, link = (str(tmp_path / name) for name in ("own", "other", "link"))
    listening(TOKEN, "", own)
    listening("", "", other)
    Path(link).symlink_to(other)
    assert listeners.belongs(own, TOKEN)
    assert not listeners.belongs(other, TOKEN)
    assert not listeners.belongs(link, TOKEN)
    assert Path(link).exists()
