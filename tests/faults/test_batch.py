"""An invocation of a batch endpoint loses its server, its driver, its whole machine: each mini-batch is scored exactly once.

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


class Asked:
    """An endpoint asked about 24 files, of which the first eight are scored and the others wait at a gate."""

    def __init__(self, rig: Installation, folder: Path, name: str) -> None:
        self.rig, self.name, self.step = rig, name, f"{name}_batchscoring"
        self.oracle, self.gate = folder / "oracle", folder / "gate"
        code = rig.upload("code", {"score.py": f"# {name}\n{SCORE}".encode()})["code"]
        for number in range(FILES):
            file = rig.home / "data" / "default" / "workspaceblobstore" / name / f"{number:02}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x")
        self.endpoint = f"batch-endpoints/{name}"
        document: dict[str, Any] = {
            "endpoint_name": name,
            "code_configuration": {"code": code, "scoring_script": "score.py"},
            "environment": CURATED,
            "compute": "local",
            "settings": {
                "mini_batch_size": 1,
                "max_concurrency_per_instance": 2,
                "retry_settings": {"max_retries": 2, "timeout": 100},
                "environment_variables": {"ORACLE": str(self.oracle), "GATE": str(self.gate)},
            },
        }
        for path, body in ((self.endpoint, {}), (f"{self.endpoint}/deployments/only", document)):
            answer = rig.call("PUT", path, body)
            assert answer.status_code == 201, answer.text
        data = {"type": "uri_folder", "path": f"azureml://datastores/workspaceblobstore/paths/{name}"}
        answer = rig.call("POST", f"{self.endpoint}/jobs", {"job_name": name, "inputs": {"data": data}})
        assert answer.status_code == 201, answer.text

    def at_the_gate(self) -> None:
        until(lambda: self.finished() >= set(range(8)), "eight mini-batches")
        until(lambda: len(self.lines("start")) >= 10, "two more that have begun")

    def finished(self) -> set[int]:
        ledger = self.rig.home / "runs" / self.step / "kept" / "ledger.jsonl"
        lines = ledger.read_text().splitlines(keepends=True) if ledger.exists() else []
        told = [json.loads(line) for line in lines if line.endswith("\n")]
        return {line["batch"] for line in told if line["what"] == "done"}

    def lines(self, what: str) -> Counter[int]:
        text = self.oracle.read_text() if self.oracle.exists() else ""
        words = [line.split() for line in text.splitlines()]
        return Counter(int(index) for word, index in words if word == what)

    def pids(self, verb: str) -> list[int]:
        found = processes(self.rig.home)
        return sorted(
            pid for pid, words in found.items() if f".pyz {verb} " in words and f"/runs/{self.step}/" in words
        )

    def ends_well(self, job: str = "") -> None:
        """Every row once; what was finished before the fault ran once."""
        job = job or self.name
        state = self.rig.ended(job)
        assert state["status"] == "Completed", state
        path = (
            self.rig.home / "data/default/workspaceblobstore/azureml" / f"{job}_batchscoring" / "score/predictions.csv"
        )
        assert path.read_text().splitlines() == [f"{number:02}" for number in range(FILES)]
        ends = self.lines("end")
        assert [ends[index] for index in range(8)] == [1] * 8, ends
        assert set(ends) == set(range(FILES))


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
    os.kill(zaffre.agent(asked.step)["agent_pid"], signal.SIGKILL)
    for pid in (*asked.pids("drive"), *asked.pids("work")):
        os.kill(pid, signal.SIGKILL)
    zaffre.start()
    asked.gate.touch()
    asked.ends_well()
    assert zaffre.state(asked.step)["attempt"] == 2


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
