"""The server killed with SIGKILL, again and again: what it had accepted ends once, in the true state, by the same processes.

The oracle is a file outside the home, to which every job appends a line when it starts and one when it ends.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from zaffre.testing.server import FINAL, Installation, deployed, installation, job, until

SEED = int(os.environ.get("ZAFFRE_TEST_SEED", "20"))
KILLS = 20
JOBS = 20
RECOVERY = 5.0
COMMAND = """
attempt=$(basename "$(dirname "$PWD")")
echo "start $AZUREML_RUN_ID $attempt $$" >> "$ORACLE"
for number in $(seq 1 {lines}); do echo "line $number of {lines}"; sleep 0.05; done
until [ -z "$GATE" ] || [ -e "$GATE" ]; do sleep 0.05; done
printf 'no newline at the end'
echo "end $AZUREML_RUN_ID $attempt $$" >> "$ORACLE"
"""


def expected(lines: int) -> str:
    return "".join(f"line {number} of {lines}\n" for number in range(1, lines + 1)) + "no newline at the end"


@pytest.fixture
def rig(environments: Path) -> Iterator[Installation]:
    with installation(environments, compute_local_nodes="4", jobs_grace="1") as found:
        yield found


@pytest.fixture
def bare() -> Iterator[Installation]:
    """With no environment built yet."""
    with installation(compute_local_nodes="4", jobs_grace="1") as found:
        yield found


class Oracle:
    """What really happened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def job(self, lines: int, gate: str = "", **more: Any) -> dict[str, Any]:
        """Writes ``lines`` to its log and ends, once the file ``gate`` is there if it is told of one."""
        told = {"ORACLE": str(self.path), "GATE": gate}
        return job(COMMAND.format(lines=lines), environment_variables=told, **more)

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.path.read_text().splitlines()]

    def check(self, names: list[str]) -> None:
        """Every job started once, as its first attempt, and the process that started it ended it."""
        counted = Counter((word, run) for word, run, *_ in self.lines())
        assert counted == Counter({(word, name): 1 for name in names for word in ("start", "end")})
        ends = {run: (attempt, pid) for word, run, attempt, pid in self.lines() if word == "end"}
        for word, run, attempt, pid in self.lines():
            assert (attempt, pid) == ends[run], (word, run)
            assert attempt == "1"


def test_killed_at_twenty_moments_during_twenty_jobs(bare: Installation, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    oracle = Oracle(tmp_path / "oracle")
    lengths = {f"storm-{number}": chance.choice([1, 5, 20, 60, 150]) for number in range(JOBS)}
    client = threading.Thread(target=_submit_all, args=(bare, oracle, lengths))
    client.start()
    slowest = 0.0
    for _ in range(KILLS):
        _pass(chance.uniform(0.05, 1.2))
        bare.kill()
        begun = time.monotonic()
        bare.start()
        slowest = max(slowest, time.monotonic() - begun)
    client.join(60)
    assert not client.is_alive()
    states = {name: bare.ended(name, 90) for name in lengths}
    assert {name: state["status"] for name, state in states.items()} == dict.fromkeys(lengths, "Completed"), states
    assert {state["attempt"] for state in states.values()} == {1}
    oracle.check(list(lengths))
    assert {name: bare.text(name) for name in lengths} == {name: expected(lines) for name, lines in lengths.items()}
    assert _ends(bare) == Counter(dict.fromkeys(lengths, 1))
    assert len(list((bare.home / "runs").glob("build-*"))) == 1  # one build for twenty jobs
    until(lambda: not bare.commands(), "no process left", 10)
    print(f"seed {SEED}: {KILLS} kills, {JOBS} jobs, ready again within {slowest:.1f} s")


def test_running_jobs_are_adopted_with_their_processes(rig: Installation, tmp_path: Path) -> None:
    oracle = Oracle(tmp_path / "oracle")
    for number in range(3):
        rig.call("PUT", f"jobs/adopted-{number}", oracle.job(60, str(tmp_path / "go"))).raise_for_status()
    before = [rig.agent(f"adopted-{number}") for number in range(3)]
    until(lambda: len(oracle.lines()) == 3, "all three to start")
    rig.kill()
    _pass(0.5)
    rig.start()
    begun = time.monotonic()
    assert [rig.running(f"adopted-{number}")["status"] for number in range(3)] == ["Running"] * 3
    assert time.monotonic() - begun < RECOVERY
    assert [rig.agent(f"adopted-{number}") for number in range(3)] == before
    (tmp_path / "go").touch()
    for number in range(3):
        state = rig.ended(f"adopted-{number}")
        assert state["status"] == "Completed"
        heard = (
            datetime.fromisoformat(state["ended_at"]).timestamp()
            - (rig.attempt(f"adopted-{number}") / "exit.json").stat().st_mtime
        )
        assert heard < 2.0  # it is told of the end, and does not find it at the next look
        assert rig.text(f"adopted-{number}") == expected(60)
    oracle.check([f"adopted-{number}" for number in range(3)])


def test_what_ended_while_the_server_was_dead_is_told_truly(rig: Installation) -> None:
    commands = {"fine": "sleep 1", "broken": "sleep 1; exit 7", "shot": "sleep 1; kill -9 $$"}
    for name, command in commands.items():
        rig.submit(name, command)
        rig.agent(name)
    rig.kill()
    until(lambda: all((rig.attempt(name) / "exit.json").exists() for name in commands), "their ends")
    begun = time.time()
    rig.start()
    states = {name: rig.ended(name) for name in commands}
    assert time.time() - begun < RECOVERY
    codes = {name: (state["status"], state["reason"]["code"]) for name, state in states.items()}
    assert codes == {
        "fine": ("Completed", "Succeeded"),
        "broken": ("Failed", "ExitCode"),
        "shot": ("Failed", "Signaled"),
    }


def test_a_cancel_that_was_accepted_is_carried_out_by_the_next_server(rig: Installation) -> None:
    rig.submit("stubborn", "trap '' TERM; while true; do sleep 0.1; done")
    rig.running("stubborn")
    assert rig.call("POST", "jobs/stubborn/cancel").status_code == 202
    rig.kill()
    rig.start()
    assert rig.ended("stubborn", 20)["status"] == "Canceled"
    assert rig.commands() == {}


def test_agent_and_server_killed_together(rig: Installation) -> None:
    rig.submit("both", 'case "$PWD" in */1/work) exec sleep 600;; esac; echo again')
    agent = rig.agent("both")
    rig.running("both")
    rig.kill()
    os.kill(agent["agent_pid"], signal.SIGKILL)
    rig.start()
    state = rig.ended("both", 20)
    assert (state["status"], state["attempt"]) == ("Completed", 2)
    assert agent["pid"] not in rig.commands()


def test_ten_queued_jobs_keep_their_order(rig: Installation, tmp_path: Path) -> None:
    oracle = Oracle(tmp_path / "oracle")
    one = {"name": "one", "type": "amlcompute", "max_instances": 1}
    rig.call("PUT", "computes/one", one).raise_for_status()
    rig.submit("first", "until [ -e go ]; do sleep 0.05; done", compute="azureml:one")
    rig.running("first")
    names = [f"queued-{number}" for number in range(10)]
    for name in names:
        rig.call("PUT", f"jobs/{name}", oracle.job(1, compute="azureml:one")).raise_for_status()
    until(lambda: {rig.state(name)["status"] for name in names} == {"Queued"}, "all to be queued")
    rig.kill()
    rig.start()
    (rig.attempt("first") / "work" / "go").touch()
    assert {rig.ended(name)["status"] for name in names} == {"Completed"}
    assert [run for word, run, *_ in oracle.lines() if word == "start"] == names
    oracle.check(names)


def test_an_environment_build_is_adopted(bare: Installation) -> None:
    bare.submit("waits", "echo built")
    until(lambda: list((bare.home / "runs").glob("build-*/1/spawned.json")), "the build")
    bare.kill()
    bare.start()
    assert bare.ended("waits", 90)["status"] == "Completed"
    assert len(list((bare.home / "runs").glob("build-*/*"))) == 1


def test_a_deployment_serves_while_the_server_is_dead_and_is_adopted(rig: Installation) -> None:
    score = "import os\ndef init(): pass\ndef run(data): return os.getpid()\n"
    deployed(rig, "serves", score)
    before = _ask(rig, "serves")
    rig.kill()
    assert [_ask(rig, "serves") for _ in range(20)] == [before] * 20
    rig.start()
    until(lambda: rig.call("GET", "online-endpoints/serves/deployments/blue").status_code == 200, "the server")
    assert _ask(rig, "serves") == before
    replica = int(before[1])
    os.kill(replica, signal.SIGKILL)
    after = until(lambda: (found := _ask(rig, "serves"))[0] == 200 and found != before and found, "another replica")
    assert int(after[1]) != replica


def test_an_accepted_submit_outlives_the_server(rig: Installation) -> None:
    for number in range(5):
        rig.submit(f"acked-{number}", "echo there")
        rig.kill()
        rig.start()
    for number in range(5):
        assert rig.ended(f"acked-{number}")["status"] == "Completed"
        assert rig.text(f"acked-{number}") == "there\n"


def test_a_log_is_followed_across_a_restart(rig: Installation) -> None:
    rig.submit("followed", "for n in $(seq 1 60); do echo zeile-$n-äöü; sleep 0.05; done")
    rig.running("followed")
    got, offset, ended = "", 0, False
    killed = False
    while not ended:
        try:
            for event, data, identity in _follow(rig, "followed", offset):
                ended = event == "end"
                if event == "log":
                    got, offset = got + data["data"], identity
                if not killed and "zeile-20-" in got:
                    rig.kill()
                    killed = True
        except httpx.HTTPError:
            rig.start()
    assert killed
    assert got == "".join(f"zeile-{number}-äöü\n" for number in range(1, 61))


def test_a_home_has_one_server(rig: Installation) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "zaffre.server"],
        env=rig.variables(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert "in use by another server" in second.stderr
    assert rig.call("GET", "/readyz").status_code == 200


def _ask(rig: Installation, endpoint: str) -> tuple[int, str]:
    """A request to the router, which needs no server."""
    url = json.loads((rig.home / "server.json").read_text())["router_url"]
    key = rig.keys.get(endpoint) or rig.call("POST", f"online-endpoints/{endpoint}/keys").json()["primary_key"]
    rig.keys[endpoint] = key
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx.post(f"{url}/endpoints/default/{endpoint}/score", json={}, headers=headers, timeout=30)
    return answer.status_code, answer.text


def _submit_all(rig: Installation, oracle: Oracle, lengths: dict[str, int]) -> None:
    """A client that does not give up: a PUT of the same job may be repeated."""
    with httpx.Client(timeout=10) as client:
        for name, lines in lengths.items():
            path = f"/api/v1/workspaces/default/jobs/{name}"
            while True:
                try:
                    url = f"http://127.0.0.1:{rig.port}{path}"
                    answer = client.put(url, json=oracle.job(lines), headers=dict(rig.http.headers))
                except httpx.HTTPError:
                    _pass(0.02)
                    continue
                assert answer.status_code in (200, 201), answer.text
                break


def _ends(rig: Installation) -> Counter[str]:
    """How often each job became final, by the record of events."""
    found: Counter[str] = Counter()
    url = f"http://127.0.0.1:{rig.port}/api/v1/workspaces/default/events"
    try:
        with rig.http.stream("GET", url, timeout=3) as answer:
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    event = json.loads(line[5:])
                    if event["data"].get("to") in FINAL:
                        found[event["subject"].partition("/")[2]] += 1
    except httpx.ReadTimeout:
        pass
    return found


def _follow(rig: Installation, name: str, after: int) -> Iterator[tuple[str, dict[str, Any], int]]:
    url = f"http://127.0.0.1:{rig.port}/api/v1/workspaces/default/jobs/{name}/logs/user_logs/std_log.txt"
    with rig.http.stream("GET", url, params={"follow": "1", "after": str(after)}, timeout=10) as answer:
        text = ""
        for piece in answer.iter_text():
            text += piece
            while (found := re.match(r"(?:id: (\d+)\n)?event: (\w+)\ndata: (.*)\n\n", text)) is not None:
                text = text[found.end() :]
                yield found[2], json.loads(found[3]), int(found[1] or 0)


def _pass(seconds: float) -> None:
    """Let time go by: the moment of a kill is the fault that is injected, nothing is waited for."""
    time.sleep(seconds)
