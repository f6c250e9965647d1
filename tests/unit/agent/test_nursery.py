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
from typing import Any

import pytest

STEP = {
    "name": "s", "argv": ["/bin/true"], "environ": {}, "log": "/dev/null", "cause": "c", "report": "r", "order": "",
    "litter": "",
}  # fmt: skip


class Nursery:
    """A nursery of its own process, and the server's end of its socket."""

    def __init__(self, log: Path) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.channel.settimeout(10)
        with theirs, log.open("ab") as errors:
            command = [sys.executable, "-m", "zaffre.agent", "nursery", str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), stderr=errors)

    def ask(self, number: int, directory: Path, argv: list[str] | None = None, **more: Any) -> int:
        directory.mkdir()
        task = {
            "run": directory.name, "attempt": 1, "token": directory.name, "directory": str(directory),
            "argv": argv or ["/bin/true"], "cwd": str(directory), "environ": {}, "intakes": [], "deposits": [], "timeout": None,
            "ranks": [{"log": str(directory / "log"), "environ": {}}], "grace": 1.0, "memory": None, "log_limit": 1000,
            **more,
        }  # fmt: skip
        (directory / "task.json").write_text(json.dumps({"protocol": 1, "boot_id": "", "task": task}))
        self.channel.send(json.dumps({"id": number, "directory": str(directory)}).encode())
        answer = json.loads(self.channel.recv(4096))
        assert answer["id"] == number
        return int(answer["pid"])

    def agents(self) -> set[int]:
        """Those that are there now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(child) for child in children.split()}

    def until_again(self, folder: Path) -> int:
        """Ask until one agent has had two tasks and waits for the next; who that is."""
        before = None
        for number in range(1, 90):
            directory = folder / f"before{number}"
            agent = self.ask(number, directory)
            until(lambda directory=directory: ended(directory), "its end")
            if agent == before and until(lambda agent=agent: waits(agent), "it to wait"):
                return agent
            before = agent
        raise AssertionError("no agent had two tasks")


class Gate:
    """Holds a command up until it is opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.command = ["/bin/sh", "-c", f"until [ -e {path} ]; do sleep 0.02; done; echo through"]

    def open(self) -> None:
        self._path.touch()


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


def ending(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "exit.json").read_text())["exit"]
    return found


def claim(directory: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((directory / "claim").read_text())
    except (OSError, ValueError):
        return {}
    return found


def waits(agent: int) -> bool:
    """It has let go of every file of its last task, and sleeps: it said that it is free before that."""
    held = [os.readlink(one) for one in Path(f"/proc/{agent}/fd").iterdir()]
    sleeps = Path(f"/proc/{agent}/stat").read_text().rpartition(")")[2].split()[0] == "S"
    return sleeps and not any(one.endswith("/claim") for one in held)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_spare_becomes_the_next_agent(nursery: Nursery, tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    first = nursery.ask(1, tmp_path / "first", gate.command)
    spare = until(lambda: nursery.agents() - {first}, "a spare")
    assert nursery.ask(2, tmp_path / "second") in spare
    until(lambda: ended(tmp_path / "second"), "the second to end")
    assert ending(tmp_path / "second")["exit_code"] == 0
    gate.open()
    until(lambda: ended(tmp_path / "first"), "the first to end")


def test_an_agent_takes_one_task_after_the_other(nursery: Nursery, tmp_path: Path) -> None:
    first = nursery.until_again(tmp_path)
    gate = Gate(tmp_path / "gate")
    assert nursery.ask(100, tmp_path / "next", gate.command) == first
    assert until(lambda: claim(tmp_path / "next"), "the claim")["agent_pid"] == first  # type: ignore[index]
    gate.open()
    until(lambda: ended(tmp_path / "next"), "the next to end")
    assert ending(tmp_path / "next")["exit_code"] == 0
    assert (tmp_path / "next" / "log").read_text() == "through\n"
    assert not (tmp_path / "next" / "agent.log").exists()


@pytest.mark.parametrize(
    "more",
    [
        {"pids": 1000},
        {"scratch": "scratch"},
        {"merged": "merged"},
        {"before": [STEP]},
    ],
)
def test_what_is_more_than_plain_has_an_agent_of_its_own(
    nursery: Nursery, tmp_path: Path, more: dict[str, Any]
) -> None:
    for name in ("scratch", "merged"):
        if name in more:
            more = {name: str(tmp_path / "place")}
    agent = nursery.ask(1, tmp_path / "first", **more)
    until(lambda: ended(tmp_path / "first") and is_gone(agent), "the agent to go")


def test_a_stop_meant_for_the_task_before_does_not_reach_the_next(nursery: Nursery, tmp_path: Path) -> None:
    agent = nursery.until_again(tmp_path)
    gate = Gate(tmp_path / "gate")
    assert nursery.ask(100, tmp_path / "next", gate.command) == agent
    until((tmp_path / "next" / "spawned.json").exists, "the command")
    os.kill(agent, signal.SIGTERM)
    gate.open()
    until(lambda: ended(tmp_path / "next"), "the end")
    assert (ending(tmp_path / "next")["exit_code"], ending(tmp_path / "next")["stopped"]) == (0, False)


def test_its_own_stop_reaches_the_next(nursery: Nursery, tmp_path: Path) -> None:
    agent = nursery.until_again(tmp_path)
    gate = Gate(tmp_path / "gate")
    assert nursery.ask(100, tmp_path / "next", gate.command) == agent
    until((tmp_path / "next" / "spawned.json").exists, "the command")
    (tmp_path / "next" / "stop.json").write_text('{"grace": 5.0}')
    os.kill(agent, signal.SIGTERM)
    until(lambda: ended(tmp_path / "next"), "the end")
    assert ending(tmp_path / "next")["stopped"] is True


def test_nothing_of_a_task_lives_when_its_agent_goes_on(nursery: Nursery, tmp_path: Path) -> None:
    agent = nursery.ask(1, tmp_path / "first", ["/bin/sh", "-c", f"sleep 1000 & echo $! > {tmp_path}/left"])
    until(lambda: ended(tmp_path / "first"), "the first to end")
    assert is_gone(int((tmp_path / "left").read_text()))
    until(lambda: nursery.ask(int(time.monotonic_ns()), tmp_path / str(time.monotonic_ns())) == agent, "it again")


def test_a_burst_is_answered_one_by_one(nursery: Nursery, tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    pids = [nursery.ask(number, tmp_path / str(number), gate.command) for number in range(8)]
    assert len({*pids}) == 8
    gate.open()
    until(lambda: all(ended(tmp_path / str(number)) for number in range(8)), "all to end")


def test_a_killed_spare_costs_nothing(nursery: Nursery, tmp_path: Path) -> None:
    waiting = nursery.until_again(tmp_path)
    os.kill(waiting, signal.SIGKILL)
    until(lambda: is_gone(waiting), "it to go")
    assert nursery.ask(100, tmp_path / "second") != waiting
    until(lambda: ended(tmp_path / "second"), "the second to end")


def test_those_who_wait_go_with_their_nursery(nursery: Nursery, tmp_path: Path) -> None:
    waiting = nursery.until_again(tmp_path)
    nursery.process.kill()
    nursery.process.wait()
    until(lambda: is_gone(waiting), "it to go")


def test_a_task_goes_on_without_its_nursery_and_its_agent_goes_then(nursery: Nursery, tmp_path: Path) -> None:
    agent = nursery.until_again(tmp_path)
    gate = Gate(tmp_path / "gate")
    assert nursery.ask(100, tmp_path / "next", gate.command) == agent
    until((tmp_path / "next" / "spawned.json").exists, "the command")
    nursery.process.kill()
    nursery.process.wait()
    gate.open()
    until(lambda: ended(tmp_path / "next") and is_gone(agent), "the end")
    assert ending(tmp_path / "next")["exit_code"] == 0


def test_all_end_with_the_server(nursery: Nursery, tmp_path: Path) -> None:
    waiting = nursery.until_again(tmp_path)
    nursery.channel.close()
    assert nursery.process.wait(10) == 0
    until(lambda: is_gone(waiting), "it to go")
