"""What a job uses becomes MLflow's system metrics, whether the server lives meanwhile or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.testing.server import Installation, installation, until

EXPECTED = {
    "cpu_utilization_percentage", "system_memory_usage_megabytes", "system_memory_usage_percentage",
    "disk_usage_percentage", "disk_usage_megabytes", "disk_available_megabytes",
}  # fmt: skip


@pytest.fixture(scope="module")
def zaffre(environments: Path) -> Iterator[Installation]:
    with installation(environments, jobs_metrics_interval="0.3", jobs_grace="1") as found:
        yield found


def metrics(rig: Installation, run: str) -> dict[str, float]:
    found = rig.call("GET", f"/mlflow/api/2.0/mlflow/runs/get?run_id={run}").json()["run"]["data"].get("metrics", [])
    return {item["key"]: item["value"] for item in found}


def history(rig: Installation, run: str, key: str) -> list[dict]:
    path = f"/mlflow/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key={key}"
    return rig.call("GET", path).json()["metrics"]


def test_they_appear_while_it_runs_and_are_whole_at_the_end(zaffre: Installation) -> None:
    held = "import time; x = bytearray(64_000_000); t = time.time()\nwhile time.time() < t + 2.5: pass"
    zaffre.submit("busy", f'python -c "{held}"')
    until(lambda: metrics(zaffre, "busy"), "the first samples")
    assert zaffre.state("busy")["status"] == "Running"
    assert zaffre.ended("busy")["status"] == "Completed"
    told = metrics(zaffre, "busy")
    assert {f"system/{name}" for name in EXPECTED} <= set(told)
    memory = [point["value"] for point in history(zaffre, "busy", "system/system_memory_usage_megabytes")]
    assert max(memory) > 64
    assert max(point["value"] for point in history(zaffre, "busy", "system/cpu_utilization_percentage")) > 5
    steps = [point["step"] for point in history(zaffre, "busy", "system/disk_usage_megabytes")]
    assert steps == list(range(len(steps)))
    assert len(steps) >= 4


def test_what_a_dead_server_missed_is_there_later(zaffre: Installation) -> None:
    zaffre.submit("orphan", "sleep 4")
    until(lambda: metrics(zaffre, "orphan"), "the first samples")
    before = len(history(zaffre, "orphan", "system/disk_usage_megabytes"))
    zaffre.kill()
    file = zaffre.attempt("orphan") / "vitals.jsonl"
    until(lambda: len(file.read_text().splitlines()) > before + 2, "samples without a server")
    zaffre.start()
    assert zaffre.ended("orphan")["status"] == "Completed"
    steps = [point["step"] for point in history(zaffre, "orphan", "system/disk_usage_megabytes")]
    assert steps == list(range(len(steps))), "each sample once, none missing"
    assert len(steps) > before + 2


def test_a_short_job_has_none(zaffre: Installation) -> None:
    zaffre.submit("short", "true")
    assert zaffre.ended("short")["status"] == "Completed"
    assert metrics(zaffre, "short") == {}
    assert not (zaffre.attempt("short") / "vitals.jsonl").exists()


def test_a_file_that_the_job_writes_itself_does_no_harm(zaffre: Installation) -> None:
    values = '{"cpu_x": 1e400, "loss": 1, "cpu_ok": 5}'
    lines = f'no json\\n{{"at": 1, "step": 0, "values": {values}}}\\n[1]\\n{{"at": -1, "step": 0, "values": {{}}}}\\n'
    zaffre.submit("forged", f"printf '{lines}' >> \"$AZUREML_CR_EXECUTION_WORKING_DIR_PATH/vitals.jsonl\"; sleep 1")
    assert zaffre.ended("forged")["status"] == "Completed"
    told = metrics(zaffre, "forged")
    assert told["system/cpu_ok"] == 5
    assert not {"system/loss", "system/cpu_x", "loss"} & set(told)
