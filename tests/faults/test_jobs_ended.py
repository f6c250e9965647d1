"""How a command can end: the true status, the true reason, a sentence to act on, and no process left."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, until

IGNORES_SIGTERM = "trap '' TERM; echo deaf; while true; do sleep 0.1; done"
LEAVES_CHILDREN = """
(setsid sh -c 'trap "" TERM HUP; while true; do sleep 0.2; done' >/dev/null 2>&1 &)
python - <<'PY'
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3):
            os.close(number)
        time.sleep(600)
    os._exit(0)
os.wait()
PY
(nohup env -i sleep 601 >/dev/null 2>&1 &)
echo started
"""


def test_an_exit_code_is_told(zaffre: Installation) -> None:
    zaffre.submit("three", "echo working; echo 'it broke' >&2; exit 3")
    state = zaffre.ended("three")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "ExitCode")
    assert state["reason"]["facts"]["code"] == 3
    assert "zaffre job stream -n three" in state["reason"]["message"]
    assert zaffre.text("three") == "working\nit broke\n"
    assert state["attempt"] == 1  # the command failed, not the platform: no second attempt


def test_a_command_that_failed_while_nobody_looked_has_run(zaffre: Installation) -> None:
    assert zaffre.process is not None
    server = zaffre.process.pid
    threading.Timer(1.5, os.kill, (server, signal.SIGCONT)).start()
    zaffre.submit("unseen", f"kill -STOP {server}; exit 3")
    state = zaffre.ended("unseen")
    assert state["reason"]["facts"]["code"] == 3
    assert datetime.fromisoformat(state["started_at"]) <= datetime.fromisoformat(state["ended_at"])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_signal_that_zaffre_did_not_send_is_named(zaffre: Installation, number: signal.Signals) -> None:
    name = f"killed-{number.name.lower()}"
    zaffre.submit(name, "exec sleep 600")
    pid = zaffre.agent(name)["pid"]
    zaffre.running(name)
    os.kill(pid, number)
    state = zaffre.ended(name)
    assert (state["status"], state["reason"]["code"]) == ("Failed", "Signaled")
    assert state["reason"]["facts"]["signal"] == number.name
    assert state["attempt"] == 1


def test_a_command_that_ignores_sigterm_is_canceled_all_the_same(zaffre: Installation) -> None:
    zaffre.submit("deaf", IGNORES_SIGTERM)
    until(lambda: zaffre.running("deaf") and "deaf" in zaffre.text("deaf"), "its first line")
    begun = time.monotonic()
    assert zaffre.call("POST", "jobs/deaf/cancel").status_code == 202
    assert zaffre.state("deaf")["status"] in ("CancelRequested", "Canceled")
    state = zaffre.ended("deaf")
    assert (state["status"], state["reason"]["code"]) == ("Canceled", "Canceled")
    assert state["cancel_by"]
    assert time.monotonic() - begun < 10
    assert zaffre.call("POST", "jobs/deaf/cancel").status_code == 202  # twice is once
    assert zaffre.state("deaf")["status"] == "Canceled"


def test_what_a_command_leaves_behind_ends_with_it(zaffre: Installation) -> None:
    zaffre.submit("orphans", LEAVES_CHILDREN)
    assert zaffre.ended("orphans")["status"] == "Completed"
    assert _carrying(zaffre.home / "runs" / "orphans") == []


def test_a_cancel_reaches_children_of_children(zaffre: Installation) -> None:
    zaffre.submit("family", LEAVES_CHILDREN + "\nsleep 600")
    until(lambda: zaffre.running("family") and "started" in zaffre.text("family"), "its children")
    zaffre.call("POST", "jobs/family/cancel").raise_for_status()
    assert zaffre.ended("family")["status"] == "Canceled"
    assert _carrying(zaffre.home / "runs" / "family") == []


def test_a_time_limit_ends_it(zaffre: Installation) -> None:
    zaffre.submit("slow", IGNORES_SIGTERM, limits={"timeout": 1})
    state = zaffre.ended("slow")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "TimedOut")
    assert "limits.timeout (1 s)" in state["reason"]["message"]


def test_a_late_success_beats_a_cancel(zaffre: Installation) -> None:
    zaffre.submit("quick", "true")
    assert zaffre.ended("quick")["status"] == "Completed"
    zaffre.call("POST", "jobs/quick/cancel")
    assert zaffre.state("quick")["status"] == "Completed"


def test_a_killed_agent_costs_one_attempt(zaffre: Installation) -> None:
    zaffre.submit("unwatched", 'case "$PWD" in */1/work) exec sleep 600;; esac; echo second')
    agent = zaffre.agent("unwatched")
    os.kill(agent["agent_pid"], signal.SIGKILL)
    state = zaffre.ended("unwatched")
    assert (state["status"], state["attempt"]) == ("Completed", 2)
    assert agent["pid"] not in zaffre.commands()
    assert zaffre.text("unwatched") == "second\n"
    assert zaffre.text("unwatched", "user_logs/attempts/1/std_log.txt") == ""


def test_agents_killed_again_and_again_are_told(zaffre: Installation) -> None:
    zaffre.submit("doomed", "exec sleep 600")
    for attempt in (1, 2):
        os.kill(zaffre.agent("doomed", attempt)["agent_pid"], signal.SIGKILL)
    state = zaffre.ended("doomed")
    assert (state["status"], state["reason"]["code"], state["attempt"]) == ("Failed", "AgentLost", 2)


def test_a_killed_nursery_is_replaced(zaffre: Installation) -> None:
    zaffre.submit("before", "sleep 2; echo whole")
    zaffre.running("before")
    os.kill(zaffre.nursery(), signal.SIGKILL)
    zaffre.submit("after", "echo also")
    assert zaffre.ended("after")["status"] == "Completed"
    assert zaffre.ended("before")["status"] == "Completed"
    assert (zaffre.text("before"), zaffre.text("after")) == ("whole\n", "also\n")


def test_a_missing_output_or_one_of_the_wrong_kind_is_named(zaffre: Installation) -> None:
    outputs = {"model": {"type": "uri_file"}}
    zaffre.submit("wrong-kind", "mkdir -p ${{outputs.model}}", outputs=outputs)
    state = zaffre.ended("wrong-kind")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "OutputFailed")
    assert "model" in state["reason"]["message"]


def test_an_output_that_is_no_model_is_not_registered(zaffre: Installation) -> None:
    outputs = {"model": {"type": "mlflow_model", "name": "hollow"}}
    zaffre.submit("hollow", "echo nothing > ${{outputs.model}}/readme.txt", outputs=outputs)
    state = zaffre.ended("hollow")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "PublishFailed")
    assert "MLmodel" in state["reason"]["message"]
    assert zaffre.call("GET", "models/hollow/labels/latest").status_code == 404


def test_a_version_that_is_taken_is_told_with_the_output_that_wants_it(zaffre: Installation) -> None:
    outputs = {"table": {"type": "uri_folder", "name": "fixed", "version": "1"}}
    zaffre.submit("fixed-1", "echo 1 > ${{outputs.table}}/x", outputs=outputs)
    assert zaffre.ended("fixed-1")["status"] == "Completed"
    zaffre.submit("fixed-2", "echo 2 > ${{outputs.table}}/x", outputs=outputs)
    state = zaffre.ended("fixed-2")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "PublishFailed")
    assert "Output table" in state["reason"]["message"]
    assert zaffre.call("GET", "data/fixed/versions/1").json()["spec"]["path"].endswith("fixed-1/table")


def test_a_command_that_stops_itself_is_canceled(zaffre: Installation) -> None:
    zaffre.submit("stopped", "echo here; kill -STOP $$")
    until(lambda: zaffre.running("stopped") and zaffre.text("stopped"), "its line")
    zaffre.call("POST", "jobs/stopped/cancel").raise_for_status()
    assert zaffre.ended("stopped", 15)["status"] == "Canceled"


def test_an_environment_that_was_removed_is_built_again(zaffre: Installation) -> None:
    conda = {"dependencies": ["python=3.11", "pip"]}
    environment = {"image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", "conda_file": conda}
    zaffre.submit("built", "echo $VIRTUAL_ENV", environment=environment)
    assert zaffre.ended("built")["status"] == "Completed"
    build = zaffre.state("built")["build"]
    (built,) = [one for one in (zaffre.home / "environments").glob(f"{build.split('-')[1]}*/ready.json")]
    built.unlink()
    zaffre.submit("rebuilt", "echo again", environment=environment)
    assert zaffre.ended("rebuilt")["status"] == "Completed"
    assert zaffre.state("rebuilt")["build"] != build


def test_an_input_that_went_away_is_named(zaffre: Installation) -> None:
    folder = zaffre.home / "data" / "default" / "workspaceblobstore" / "going"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    where = {"type": "uri_folder", "path": "azureml://datastores/workspaceblobstore/paths/going"}
    zaffre.call("PUT", "computes/one", {"name": "one", "type": "amlcompute", "max_instances": 1}).raise_for_status()
    zaffre.submit("holds", "until [ -e go ]; do sleep 0.1; done", compute="azureml:one")
    zaffre.submit("reads", "ls ${{inputs.x}}", compute="azureml:one", inputs={"x": where})
    zaffre.running("holds")
    (folder / "a.txt").unlink()
    folder.rmdir()
    (zaffre.attempt("holds") / "work" / "go").touch()
    state = zaffre.ended("reads")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "InputMissing")
    assert str(folder) in state["reason"]["message"]


def test_a_log_is_kept_byte_for_byte(zaffre: Installation) -> None:
    command = f"{sys.executable} -c \"import os; os.write(1, bytes(range(256)) * 1000 + b'no end of line')\""
    zaffre.submit("bytes", command)
    zaffre.ended("bytes")
    answer = zaffre.call("GET", "jobs/bytes/logs/user_logs/std_log.txt")
    assert answer.content == bytes(range(256)) * 1000 + b"no end of line"


def _carrying(directory: Path) -> list[Any]:
    """Processes that work below ``directory``, whatever they did to their environment."""
    found: list[Any] = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if place.readlink().is_relative_to(directory):
                found.append((place, (place.parent / "cmdline").read_bytes()))
        except OSError:
            continue
    return found
