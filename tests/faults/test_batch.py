"""An invocation of a batch endpoint loses its server, its driver, its whole machine: each mini-batch is scored exactly once."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from gated_batches import ROWS, Gated

from zaffre.testing.server import CURATED, Installation


class Asked(Gated):
    """An endpoint that was asked."""

    def __init__(self, rig: Installation, folder: Path, name: str) -> None:
        super().__init__(rig, folder, name, job=f"{name}_batchscoring")
        self.endpoint = f"batch-endpoints/{name}"
        document: dict[str, Any] = {
            "endpoint_name": name,
            "code_configuration": {"code": self.code, "scoring_script": "score.py"},
            "environment": CURATED,
            "compute": "local",
            "settings": {
                "mini_batch_size": 1,
                "max_concurrency_per_instance": 2,
                "retry_settings": {"max_retries": 2, "timeout": 100},
                "environment_variables": self.environment,
            },
        }
        for path, body in ((self.endpoint, {}), (f"{self.endpoint}/deployments/only", document)):
            answer = rig.call("PUT", path, body)
            assert answer.status_code == 201, answer.text
        answer = rig.call("POST", f"{self.endpoint}/jobs", {"job_name": name, "inputs": {"data": self.data}})
        assert answer.status_code == 201, answer.text

    def ends_well(self, job: str = "") -> None:
        """Every row once; what was finished before the fault ran once."""
        job = job or self.name
        state = self.rig.ended(job)
        assert state["status"] == "Completed", state
        store = self.rig.home / "data" / "default" / "workspaceblobstore"
        path = store / "azureml" / f"{job}_batchscoring" / "score" / "predictions.csv"
        assert path.read_text().splitlines() == ROWS
        self.nothing_twice()


@pytest.mark.timeout(150)
def test_the_server(zaffre: Installation, tmp_path: Path) -> None:
    asked = Asked(zaffre, tmp_path, "served")
    asked.at_the_gate()
    workers = asked.pids("work")
    zaffre.kill()
    zaffre.start()
    assert asked.pids("work") == workers
    asked.gate.touch()
    asked.ends_well()
    assert max(asked.lines("end").values()) == 1


@pytest.mark.timeout(150)
def test_what_was_answered_is_not_lost(zaffre: Installation, tmp_path: Path) -> None:
    """The server dies the moment it has answered; the endpoint itself goes while the job runs."""
    asked = Asked(zaffre, tmp_path, "answered")
    zaffre.kill()
    zaffre.start()
    asked.at_the_gate()
    assert zaffre.call("DELETE", asked.endpoint).status_code == 204
    asked.gate.touch()
    asked.ends_well()
    assert zaffre.call("GET", f"{asked.endpoint}/jobs").status_code == 404


@pytest.mark.timeout(150)
def test_all_at_once(zaffre: Installation, tmp_path: Path) -> None:
    """As when the power goes, but for the disk."""
    asked = Asked(zaffre, tmp_path, "everything")
    asked.at_the_gate()
    zaffre.kill()
    os.kill(zaffre.agent(asked.job)["agent_pid"], signal.SIGKILL)
    for pid in (*asked.pids("drive"), *asked.pids("work")):
        os.kill(pid, signal.SIGKILL)
    zaffre.start()
    asked.gate.touch()
    asked.ends_well()
    assert zaffre.state(asked.job)["attempt"] == 2


@pytest.mark.timeout(150)
def test_an_invocation_that_was_canceled_is_gone_on_with(zaffre: Installation, tmp_path: Path) -> None:
    """``zaffre job resume``: what was scored before is not scored again."""
    asked = Asked(zaffre, tmp_path, "stopped")
    asked.at_the_gate()
    assert zaffre.call("POST", "jobs/stopped/cancel").status_code == 202
    assert zaffre.ended("stopped")["status"] == "Canceled"
    asked.gate.touch()
    assert zaffre.call("POST", "jobs/stopped/resume", {"name": "resumed"}).status_code == 201
    asked.ends_well("resumed")
    assert "8 mini-batches were finished before, and are not run again" in zaffre.text("resumed_batchscoring")
