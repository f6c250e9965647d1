"""Computes changed under their jobs; interrupted jobs; limits; many in line before a server that is killed."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, installation, job, until

BLOCK = "until [ -e go ]; do sleep 0.05; done"
CLIENTS = 8


def compute(zaffre: Installation, name: str, nodes: int, **more: Any) -> str:
    document = {"name": name, "type": "amlcompute", "max_instances": nodes, **more}
    zaffre.call("PUT", f"computes/{name}", document).raise_for_status()
    return f"azureml:{name}"


def go(zaffre: Installation, name: str, attempt: int = 1) -> None:
    (zaffre.attempt(name, attempt) / "work" / "go").touch()


def why(zaffre: Installation, name: str) -> dict[str, Any]:
    return zaffre.call("GET", f"jobs/{name}/why").raise_for_status().json()


def queued(zaffre: Installation, *names: str) -> None:
    until(lambda: {zaffre.state(name)["status"] for name in names} == {"Queued"}, f"{names} to be queued")


def test_why_tells_position_and_holders_and_at_the_end_the_reason(zaffre: Installation) -> None:
    one = compute(zaffre, "why", 1)
    zaffre.submit("why-block", BLOCK, compute=one)
    zaffre.running("why-block")
    for name in ("why-a", "why-b"):
        zaffre.submit(name, "exit 7", compute=one)
        queued(zaffre, name)
    told = why(zaffre, "why-b")
    assert told["waits_for"] == "compute-full"
    assert (told["queue"]["position"], told["queue"]["waiting"]) == (2, 2)
    assert [holder["job"] for holder in told["queue"]["holders"]] == ["why-block"]
    assert "why-block" in zaffre.state("why-b")["waiting_for"]
    assert why(zaffre, "why-block")["waits_for"] is None
    go(zaffre, "why-block")
    zaffre.ended("why-b")
    told = why(zaffre, "why-b")
    assert told["reason"]["code"] == "ExitCode"
    assert told["waited_seconds"] >= 0
    assert "waiting_for" not in zaffre.state("why-b")


def test_a_stopped_compute_lets_what_runs_run_and_starts_nothing(zaffre: Installation) -> None:
    one = compute(zaffre, "halt", 2)
    zaffre.submit("halt-runs", BLOCK, compute=one)
    zaffre.running("halt-runs")
    zaffre.call("POST", "computes/halt/stop").raise_for_status()
    zaffre.submit("halt-waits", "true", compute=one)
    queued(zaffre, "halt-waits")
    assert why(zaffre, "halt-waits")["waits_for"] == "compute-stopped"
    go(zaffre, "halt-runs")
    assert zaffre.ended("halt-runs")["status"] == "Completed"
    assert zaffre.state("halt-waits")["status"] == "Queued"
    refused = zaffre.call("DELETE", "computes/halt")
    assert refused.status_code == 409
    assert "halt-waits" in refused.text
    zaffre.call("POST", "computes/halt/start").raise_for_status()
    assert zaffre.ended("halt-waits")["status"] == "Completed"
    assert zaffre.call("DELETE", "computes/halt").status_code == 204
    assert zaffre.call("POST", "computes/halt/start").status_code == 404


def test_a_new_size_holds_at_once_and_ends_nobody(zaffre: Installation) -> None:
    one = compute(zaffre, "grow", 2)
    names = ["grow-a", "grow-b", "grow-c"]
    for name in names:
        zaffre.submit(name, BLOCK, compute=one)
    zaffre.submit("grow-wide", "true", compute=one, resources={"instance_count": 2})
    zaffre.running("grow-b")
    queued(zaffre, "grow-c")
    compute(zaffre, "grow", 1)
    go(zaffre, "grow-a")
    assert zaffre.ended("grow-a")["status"] == "Completed"
    assert zaffre.state("grow-b")["status"] == "Running", "nobody is thrown out"
    assert zaffre.state("grow-c")["status"] == "Queued", "and nobody comes in beyond the new size"
    assert why(zaffre, "grow-wide")["waits_for"] == "compute-too-small"
    compute(zaffre, "grow", 4)
    for name in ("grow-b", "grow-c"):
        zaffre.running(name)
        go(zaffre, name)
    for name in (*names, "grow-wide"):
        assert zaffre.ended(name)["status"] == "Completed"


def test_nodes_come_with_jobs_and_stay_a_while(zaffre: Installation) -> None:
    one = compute(zaffre, "nodes", 3, min_instances=1, idle_time_before_scale_down=600)

    def states() -> list[str]:
        found = zaffre.call("GET", "computes/nodes/nodes").raise_for_status().json()["value"]
        return [node["node_state"] for node in found]

    assert states() == ["idle"]
    zaffre.submit("nodes-two", BLOCK, compute=one, resources={"instance_count": 2})
    zaffre.running("nodes-two")
    assert states() == ["running", "running"]
    shown = zaffre.call("GET", "computes/nodes").json()["state"]
    assert shown["node_state_counts"]["running_node_count"] == 2
    go(zaffre, "nodes-two")
    zaffre.ended("nodes-two")
    assert states() == ["idle", "idle"]
    used = zaffre.call("GET", "compute-usage").raise_for_status().json()["value"]
    assert any(
        one["name"]["value"] == "nodes_of_nodes" and (one["current_value"], one["limit"]) == (0, 3) for one in used
    )
    arm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
    listed = zaffre.call("POST", f"{arm}/computes/nodes/listNodes").raise_for_status().json()
    assert [node["nodeState"] for node in listed["nodes"]] == ["idle", "idle"]


def test_an_instance_runs_jobs_while_it_is_started(zaffre: Installation) -> None:
    document = {"name": "bench", "type": "computeinstance", "size": "STANDARD_DS3_V2"}
    zaffre.call("PUT", "computes/bench", document).raise_for_status()
    assert zaffre.call("GET", "computes/bench").json()["state"]["state"] == "Running"
    zaffre.call("POST", "computes/bench/stop").raise_for_status()
    zaffre.submit("bench-job", "true", compute="azureml:bench")
    queued(zaffre, "bench-job")
    zaffre.call("POST", "computes/bench/restart").raise_for_status()
    assert zaffre.ended("bench-job")["status"] == "Completed"


def test_a_spot_job_makes_room_for_a_premium_one_and_runs_again(zaffre: Installation, tmp_path: Path) -> None:
    one, oracle = compute(zaffre, "spot", 1), tmp_path / "oracle"
    command = f"echo start >> {oracle}; {BLOCK}; echo end >> {oracle}"
    zaffre.submit("spot-job", command, compute=one, queue_settings={"job_tier": "spot"})
    zaffre.running("spot-job")
    until(oracle.exists, "the command to begin")
    zaffre.submit("premium-job", "true", compute=one, queue_settings={"job_tier": "premium"})
    assert zaffre.ended("premium-job")["status"] == "Completed"
    until(lambda: zaffre.state("spot-job")["attempt"] == 2, "another attempt")
    zaffre.running("spot-job")
    told = why(zaffre, "spot-job")["retried"]
    assert [reason["code"] for reason in told] == ["Interrupted"]
    assert "premium-job" in told[0]["message"]
    until(lambda: oracle.read_text() == "start\nstart\n", "the command to begin again")
    go(zaffre, "spot-job", 2)
    state = zaffre.ended("spot-job")
    assert (state["status"], state["attempt"]) == ("Completed", 2)
    assert oracle.read_text() == "start\nstart\nend\n"


@pytest.mark.parametrize(
    ("name", "args", "code", "command"),
    [
        ("hungry", "--memory 120m", "OutOfMemory", "kept = []\nwhile True: kept.append(bytearray(5_000_000))"),
        (
            "crowd",
            "--pids-limit 30",
            "TooManyProcesses",
            "import subprocess\nfor _ in range(90): subprocess.Popen(['sleep', '90'])",
        ),
    ],
)
def test_a_job_past_its_limits_ends_as_that_and_its_neighbour_lives(
    zaffre: Installation, name: str, args: str, code: str, command: str
) -> None:
    zaffre.submit(f"{name}-neighbour", BLOCK)
    zaffre.running(f"{name}-neighbour")
    script = command.replace("\n", "\n").replace("'", "'\\''")
    zaffre.submit(name, f"python -c '{script}'", resources={"docker_args": f"{args} --ipc=host"})
    state = zaffre.ended(name)
    assert state["reason"]["code"] == code, state
    assert state["reason"]["facts"]["limited_by"]
    assert "--ipc" in state["notes"][0]
    assert zaffre.state(f"{name}-neighbour")["status"] == "Running"
    go(zaffre, f"{name}-neighbour")
    assert zaffre.ended(f"{name}-neighbour")["status"] == "Completed"


def test_a_silent_agent_is_not_responding_until_it_is_back(environments: Path) -> None:
    with installation(environments, compute_local_nodes="1", jobs_grace="1") as zaffre:
        zaffre.submit("silent", BLOCK)
        zaffre.running("silent")
        agent = zaffre.agent("silent")["agent_pid"]
        os.kill(agent, signal.SIGSTOP)
        try:
            claim = zaffre.attempt("silent") / "claim"
            long_ago = claim.stat().st_mtime - 100
            os.utime(claim, (long_ago, long_ago))
            until(lambda: zaffre.state("silent")["status"] == "NotResponding", "silence to be seen", 60)
        finally:
            os.kill(agent, signal.SIGCONT)
        until(lambda: zaffre.state("silent")["status"] == "Running", "it to be found again", 30)
        go(zaffre, "silent")
        assert zaffre.ended("silent")["status"] == "Completed"


@pytest.fixture
def rig(environments: Path) -> Iterator[Installation]:
    with installation(environments, compute_local_nodes="4", jobs_grace="1") as found:
        yield found


@pytest.mark.parametrize("count", [200, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_dead_server_forgets_nobody_in_line_and_starts_nobody_twice(
    rig: Installation, tmp_path: Path, count: int
) -> None:
    oracle, two = tmp_path / "oracle", compute(rig, "line", 2)
    oracle.touch()
    rig.call("POST", "computes/line/stop").raise_for_status()
    names = [f"line-{number:04d}" for number in range(count)]
    document = job(f'echo "$AZUREML_RUN_ID" >> {oracle}; sleep 0.2', compute=two)
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda name: rig.call("PUT", f"jobs/{name}", document).status_code, names))
    assert set(answers) == {201}
    started = rig.call("GET", "jobs", params={"top": 1000}).json()["value"]
    order = [one["name"] for one in reversed(started)] if count <= 1000 else []
    rig.call("POST", "computes/line/start").raise_for_status()
    for number in range(1, 4):
        until(lambda number=number: len(oracle.read_text().split()) >= number * 10, "some to start")
        rig.kill()
        rig.start()
    until(lambda: len(oracle.read_text().split()) >= 60, "more to start")
    rig.call("POST", "computes/line/stop").raise_for_status()
    ran = oracle.read_text().split()
    for name in ran:
        assert rig.ended(name)["status"] == "Completed"
    ran = oracle.read_text().split()
    assert len(ran) == len(set(ran)), "nobody ran twice"
    if order:
        assert sorted(ran) == sorted(order[: len(ran)]), "those who ran are those who came first"
        late = [abs(ran.index(name) - order.index(name)) for name in ran]
        assert max(late) <= 3, "in their order, as far as two at a time can have one"
    counted = re.search(r'zaffre_runs\{status="Queued"\} (\d+)', rig.call("GET", "/metrics").text)
    if counted:
        assert int(counted[1]) == count - len(ran)
    assert rig.state(names[-1])["status"] in ("Queued", "Completed")
    position = why(rig, next(name for name in reversed(names) if name not in ran))["queue"]
    assert position["waiting"] == count - len(ran)
