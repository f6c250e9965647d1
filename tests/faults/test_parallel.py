"""A parallel job loses its worker, its driver, its agent, its server: each mini-batch's result is there exactly once.

The oracle is a file outside the home, to which ``run()`` appends a line when it begins and one when it ends.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, processes, until

FILES = 24
SCORE = """
import os, time
def run(mini_batch, mini_batch_context):
    index = mini_batch_context.minibatch_index
    with open(os.environ["ORACLE"], "a") as told: told.write("start %d\\n" % index)
    while index >= 8 and not os.path.exists(os.environ["GATE"]): time.sleep(0.01)
    with open(os.environ["ORACLE"], "a") as told: told.write("end %d\\n" % index)
    return [os.path.basename(path) for path in mini_batch]
"""


class Job:
    """A job of 24 mini-batches, of which the first eight are processed and the others wait at a gate."""

    def __init__(self, rig: Installation, folder: Path, name: str) -> None:
        self.rig, self.name = rig, name
        self.oracle, self.gate = folder / "oracle", folder / "gate"
        code = rig.upload("code", {"score.py": f"# {name}\n{SCORE}".encode()})["code"]
        for number in range(FILES):
            file = rig.home / "data" / "default" / "workspaceblobstore" / name / f"{number:02}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x")
        path = f"azureml://datastores/workspaceblobstore/paths/{name}"
        document: dict[str, Any] = {
            "type": "parallel",
            "inputs": {"data": {"type": "uri_folder", "path": path}},
            "outputs": {"rows": {"type": "uri_file"}},
            "input_data": "${{inputs.data}}",
            "mini_batch_size": "1",
            "max_concurrency_per_instance": 2,
            "environment_variables": {"ORACLE": str(self.oracle), "GATE": str(self.gate)},
            "mini_batch_error_threshold": 0,
            "retry_settings": {"max_retries": 2, "timeout": 100},
            "task": {
                "type": "run_function",
                "code": code,
                "entry_script": "score.py",
                "environment": CURATED,
                "append_row_to": "${{outputs.rows}}",
            },
        }
        answer = rig.call("PUT", f"jobs/{name}", document)
        assert answer.status_code == 201, answer.text

    def at_the_gate(self) -> None:
        """Eight are done and on the ledger, two have begun."""
        until(lambda: self.finished() >= set(range(8)), "eight mini-batches")
        until(lambda: len(self.lines("start")) >= 10, "two more that have begun")

    def finished(self) -> set[int]:
        ledger = self.rig.home / "runs" / self.name / "kept" / "ledger.jsonl"
        lines = ledger.read_text().splitlines(keepends=True) if ledger.exists() else []
        told = [json.loads(line) for line in lines if line.endswith("\n")]
        return {line["batch"] for line in told if line["what"] == "done"}

    def lines(self, what: str) -> Counter[int]:
        text = self.oracle.read_text() if self.oracle.exists() else ""
        words = [line.split() for line in text.splitlines()]
        return Counter(int(index) for word, index in words if word == what)

    def pids(self, verb: str) -> list[int]:
        """The processes that drive, or work."""
        mark = f"/runs/{self.name}/"
        found = processes(self.rig.home)
        return sorted(pid for pid, words in found.items() if f".pyz {verb} " in words and mark in words)

    def ends_well(self, attempts: int) -> None:
        """Every row once, nothing that was finished ran again."""
        state = self.rig.ended(self.name)
        assert state["status"] == "Completed", state
        assert state["attempt"] == attempts
        rows = self.rig.call("GET", f"jobs/{self.name}/files/named-outputs/rows").raise_for_status().text
        assert rows.splitlines() == [f"{number:02}" for number in range(FILES)]
        ends = self.lines("end")
        assert [ends[index] for index in range(8)] == [1] * 8, ends
        assert set(ends) == set(range(FILES))


@pytest.mark.timeout(150)
def test_a_worker(zaffre: Installation, tmp_path: Path) -> None:
    job = Job(zaffre, tmp_path, "worker")
    job.at_the_gate()
    os.kill(job.pids("work")[0], signal.SIGKILL)
    until(lambda: sum(job.lines("start").values()) >= 11, "another worker with the same mini-batch")
    job.gate.touch()
    job.ends_well(attempts=1)
    assert max(job.lines("end").values()) == 1
    assert "killed by SIGKILL" in zaffre.text("worker")


@pytest.mark.timeout(150)
def test_the_driver(zaffre: Installation, tmp_path: Path) -> None:
    job = Job(zaffre, tmp_path, "driver")
    job.at_the_gate()
    (driver,) = job.pids("drive")
    os.kill(driver, signal.SIGKILL)
    until(lambda: job.pids("drive") not in ([], [driver]), "another driver")
    job.gate.touch()
    job.ends_well(attempts=2)
    assert "8 mini-batches were finished before, and are not run again" in zaffre.text("driver")


@pytest.mark.timeout(150)
def test_the_agent(zaffre: Installation, tmp_path: Path) -> None:
    job = Job(zaffre, tmp_path, "agent")
    job.at_the_gate()
    workers = job.pids("work")
    os.kill(zaffre.agent("agent")["agent_pid"], signal.SIGKILL)
    until(lambda: not set(workers) & set(job.pids("work")), "the end of its workers")
    job.gate.touch()
    job.ends_well(attempts=2)


@pytest.mark.timeout(150)
def test_the_server(zaffre: Installation, tmp_path: Path) -> None:
    job = Job(zaffre, tmp_path, "server")
    job.at_the_gate()
    workers = job.pids("work")
    zaffre.kill()
    zaffre.start()
    assert job.pids("work") == workers
    job.gate.touch()
    job.ends_well(attempts=1)
    assert max(job.lines("end").values()) == 1


@pytest.mark.timeout(150)
def test_all_at_once(zaffre: Installation, tmp_path: Path) -> None:
    """As when the power goes, but for the disk."""
    job = Job(zaffre, tmp_path, "everything")
    job.at_the_gate()
    zaffre.kill()
    os.kill(zaffre.agent("everything")["agent_pid"], signal.SIGKILL)
    for pid in (*job.pids("drive"), *job.pids("work")):
        os.kill(pid, signal.SIGKILL)
    zaffre.start()
    job.gate.touch()
    job.ends_well(attempts=2)


@pytest.mark.timeout(150)
def test_a_cancel_ends_all_of_it(zaffre: Installation, tmp_path: Path) -> None:
    job = Job(zaffre, tmp_path, "canceled")
    job.at_the_gate()
    zaffre.call("POST", "jobs/canceled/cancel").raise_for_status()
    state = zaffre.ended("canceled", 10)
    assert state["status"] == "Canceled", state
    assert job.pids("work") == job.pids("drive") == []
    assert zaffre.call("GET", "jobs/canceled/files/named-outputs/rows").status_code == 404
