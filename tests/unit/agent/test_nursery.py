"""The nursery and its spare: whoever becomes the agent, a request is answered once and runs once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


class Nursery:
    """A nursery of its own process, and the server's end of its socket."""

    def __init__(self, log: Path) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.channel.settimeout(10)
        with theirs, log.open("ab") as errors:
            command = [sys.executable, "-m", "zaffre.agent", "nursery", str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), stderr=errors)

    def ask(self, number: int, directory: Path) -> int:
        directory.mkdir()
        task = {
            "run": directory.name, "attempt": 1, "token": directory.name, "directory": str(directory),
            "argv": ["/bin/true"], "cwd": str(directory), "environ": {}, "intakes": [], "deposits": [], "timeout": None,
            "ranks": [{"log": str(directory / "log"), "environ": {}}], "grace": 1.0, "memory": None, "log_limit": 1000,
        }  # fmt: skip
        (directory / "task.json").write_text(json.dumps({"protocol": 1, "boot_id": "", "task": task}))
        self.channel.send(json.dumps({"id": number, "directory": str(directory)}).encode())
        answer = json.loads(self.channel.recv(4096))
        assert answer["id"] == number
        return int(answer["pid"])

    def spare(self) -> int | None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if len(children) == 1 else None


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(tmp_path / "nursery.log")
    try:
        yield made
    finally:
        made.channel.close()
        made.process.kill()
        made.process.wait()


def until(true: Callable[[], object], what: str) -> object:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.01)
    raise AssertionError(what)


def ended(directory: Path) -> bool:
    return (directory / "exit.json").exists()


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_spare_becomes_the_next_agent(nursery: Nursery, tmp_path: Path) -> None:
    first = nursery.ask(1, tmp_path / "first")
    until(lambda: ended(tmp_path / "first") and is_gone(first), "the first to end")
    spare = until(nursery.spare, "a spare")
    assert spare != first
    assert nursery.ask(2, tmp_path / "second") == spare
    until(lambda: ended(tmp_path / "second"), "the second to end")
    assert json.loads((tmp_path / "second" / "exit.json").read_text())["exit"]["exit_code"] == 0


def test_a_burst_is_answered_one_by_one(nursery: Nursery, tmp_path: Path) -> None:
    pids = [nursery.ask(number, tmp_path / str(number)) for number in range(8)]
    assert len({*pids}) == 8
    until(lambda: all(ended(tmp_path / str(number)) for number in range(8)), "all to end")


def test_a_killed_spare_costs_nothing(nursery: Nursery, tmp_path: Path) -> None:
    first = nursery.ask(1, tmp_path / "first")
    until(lambda: is_gone(first), "the first to end")
    os.kill(int(str(until(nursery.spare, "a spare"))), signal.SIGKILL)
    nursery.ask(2, tmp_path / "second")
    until(lambda: ended(tmp_path / "second"), "the second to end")


def test_a_spare_goes_with_its_nursery(nursery: Nursery, tmp_path: Path) -> None:
    first = nursery.ask(1, tmp_path / "first")
    until(lambda: is_gone(first), "the first to end")
    spare = int(str(until(nursery.spare, "a spare")))
    nursery.process.kill()
    nursery.process.wait()
    until(lambda: is_gone(spare), "the spare to go")


def test_all_end_with_the_server(nursery: Nursery, tmp_path: Path) -> None:
    first = nursery.ask(1, tmp_path / "first")
    until(lambda: is_gone(first), "the first to end")
    spare = int(str(until(nursery.spare, "a spare")))
    nursery.channel.close()
    assert nursery.process.wait(10) == 0
    until(lambda: is_gone(spare), "the spare to go")
