"""A parallel job loses its worker, its driver, its agent, its server: each mini-batch's result is there exactly once."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from gated_batches import ROWS, Gated

from zaffre.testing.server import CURATED, Installation, until


class Job(Gated):
    """A parallel job."""

    def __init__(self, rig: Installation, folder: Path, name: str) -> None:
        super().__init__(rig, folder, name, job=name)
        document: dict[str, Any] = {
            "type": "parallel",
            "inputs": {"data": self.data},
            "outputs": {"rows": {"type": "uri_file"}},
            "input_data": "${{inputs.data}}",
            "mini_batch_size": "1",
            "max_concurrency_per_instance": 2,
            "environment_variables": self.environment,
            "mini_batch_error_threshold": 0,
            "retry_settings": {"max_retries": 2, "timeout": 100},
            "task": {
                "type": "run_function",
                "code": self.code,
                "entry_script": "score.py",
                "environment": CURATED,
                "append_row_to": "${{outputs.rows}}",
            },
        }
        answer = rig.call("PUT", f"jobs/{name}", document)
        assert answer.status_code == 201, answer.text

    def ends_well(self, attempts: int) -> None:
        """Every row once, nothing that was finished ran again."""
        state = self.rig.ended(self.name)
        assert state["status"] == "Completed", state
        assert state["attempt"] == attempts
        rows = self.rig.call("GET", f"jobs/{self.name}/files/named-outputs/rows").raise_for_status().text
        assert rows.splitlines() == ROWS
        self.nothing_twice()


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
