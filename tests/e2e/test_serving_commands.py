"""The commands that watch and try a deployment: what would change, numbers, logs, replay of files."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, until

SCORE = """
import json
def init(): print("loaded")
def run(data):
    print("asked")
    return [x * {factor} for x in json.loads(data)]
"""


def command(rig: Installation, *words: str, code: int = 0) -> str:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], env=rig.variables(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout or done.stderr


def told(rig: Installation, *words: str, code: int = 0) -> Any:
    return json.loads(command(rig, *words, code=code))


def write(folder: Path, name: str, factor: float, **more: Any) -> Path:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "score.py").write_text(SCORE.format(factor=factor))
    document = {
        "name": name, "endpoint_name": "watched", "environment": CURATED, "instance_type": "any", "instance_count": 1,
        "code_configuration": {"code": str(folder / name), "scoring_script": "score.py"}, **more,
    }  # fmt: skip
    path = folder / f"{name}.yml"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="module")
def files(zaffre: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("files")
    command(zaffre, "online-endpoint", "create", "-n", "watched", "--set", "record_requests=50")
    command(zaffre, "online-deployment", "create", "-f", str(write(folder, "blue", 2)), "--all-traffic")
    command(zaffre, "online-deployment", "create", "-f", str(write(folder, "green", 2)))
    (folder / "one.json").write_text("[1, 2]")
    yield folder
    command(zaffre, "online-endpoint", "delete", "-n", "watched", "--yes")


def ask(zaffre: Installation, files: Path, count: int = 3) -> None:
    for _ in range(count):
        command(zaffre, "online-endpoint", "invoke", "-n", "watched", "--request-file", str(files / "one.json"))


def test_the_same_again_is_nothing(zaffre: Installation, files: Path) -> None:
    before = told(zaffre, "online-deployment", "show", "-n", "blue", "-e", "watched")
    again = told(zaffre, "online-deployment", "create", "-f", str(files / "blue.yml"))
    assert again == before
    found = told(zaffre, "online-deployment", "create", "-f", str(files / "blue.yml"), "--diff")
    assert found == {"exists": True, "changes": [], "effect": "nothing: it is as the document says"}


def test_what_would_change_is_told_and_nothing_changes(zaffre: Installation, files: Path) -> None:
    update = ("online-deployment", "update", "-n", "blue", "-e", "watched", "--diff")
    counted = told(zaffre, *update, "--set", "instance_count=2")
    assert counted["changes"] == [{"field": "instance_count", "from": 1, "to": 2}]
    assert counted["effect"] == "another number of replicas"
    limited = told(zaffre, *update, "--set", "request_settings.max_queue_wait_ms=100")
    assert limited["effect"] == "at once, with the replicas that run"
    varied = told(zaffre, *update, "--set", "environment_variables.A=b")
    assert varied["effect"].startswith("new replicas start beside the old ones")
    refused = told(zaffre, "online-endpoint", "update", "-n", "watched", "--traffic", "blue=10", "--diff")
    assert refused["effect"] == "refused"
    assert "0 or 100 percent" in refused["problems"][0]
    code = files / "blue" / "score.py"
    text = code.read_text()
    try:
        code.write_text(text + "# more\n")
        found = told(zaffre, "online-deployment", "create", "-f", str(files / "blue.yml"), "--diff")
    finally:
        code.write_text(text)
    assert found["effect"].startswith(f"uploaded first: {files / 'blue'}")
    assert told(zaffre, "online-deployment", "show", "-n", "blue", "-e", "watched")["instance_count"] == 1
    new = told(zaffre, "online-endpoint", "create", "-n", "brand-new", "--diff")
    assert (new["exists"], new["effect"]) == (False, "the endpoint is made")


def test_numbers(zaffre: Installation, files: Path) -> None:
    ask(zaffre, files)
    found = told(
        zaffre, "online-deployment", "metrics", "-n", "blue", "-e", "watched", "--window", "10m", "--step", "5s"
    )
    assert found["window"]["statuses"]["200"] >= 3
    assert found["window"]["error_rate"] == 0
    assert 0 < found["window"]["latency_ms"]["p50"] <= found["window"]["latency_ms"]["p99"]
    assert found["now"]["replicas"] == 1
    assert found["now"]["memory_bytes"] > 1_000_000
    assert found["start_seconds"] > 0
    assert sum(one["requests"] for one in found["series"]) <= found["window"]["requests"]
    wrong = command(zaffre, "online-deployment", "metrics", "-n", "blue", "-e", "watched", "--window", "soon", code=1)
    assert "expected a time such as" in wrong
    assert zaffre.call("GET", "online-endpoints/watched/deployments/none/metrics").status_code == 404


def test_logs_of_both_containers_and_as_they_are_written(zaffre: Installation, files: Path) -> None:
    logs = ("online-deployment", "get-logs", "-n", "blue", "-e", "watched")
    assert "loaded" in command(zaffre, *logs)
    laid_out = command(zaffre, *logs, "--container", "storage-initializer")
    assert "scoring script score.py" in laid_out
    assert "loaded" not in laid_out
    assert "expected inference-server or storage-initializer" in command(zaffre, *logs, "--container", "x", code=1)
    program = Path(sys.executable).with_name("zaffre")
    with subprocess.Popen(
        [program, *logs, "--follow", "--lines", "1"], env=zaffre.variables(), stdout=subprocess.PIPE, text=True
    ) as following:
        seen: list[str] = []
        reader = threading.Thread(target=lambda: seen.extend(iter(following.stdout.readline, "")))
        reader.start()
        try:
            until(lambda: seen, "the last line")
            ask(zaffre, files, 1)
            until(lambda: any("asked" in line for line in seen[1:]), "a line that was written since")
        finally:
            following.terminate()
            reader.join(10)


def test_replay_of_the_routers_recording_of_files_and_of_collected_data(zaffre: Installation, files: Path) -> None:
    ask(zaffre, files)
    test = ("online-deployment", "test", "-n", "green", "-e", "watched")
    kept = files / "kept.jsonl"
    report = told(zaffre, *test, "--replay", "recording", "--save-recording", str(kept))
    assert report["requests"] >= 3
    assert report["requests"] == report["statuses"]["200"] == report["compared"]
    assert (report["different"], report["errors"]) == (0, 0)
    command(zaffre, "online-deployment", "create", "-f", str(write(files, "green", 3)))
    other = told(zaffre, *test, "--replay", str(kept), "--max-different", "50", code=1)
    assert other["different"] == other["compared"]
    assert other["examples"][0]["differences"] == ["[0]: expected 2, found 3", "[1]: expected 4, found 6"]
    broken = files / "broken.jsonl"
    bad = {"request": base64.b64encode(b"[").decode(), "status": 200, "answer": base64.b64encode(b"[]").decode()}
    broken.write_text(json.dumps(bad) + "\n")
    failed = told(zaffre, *test, "--replay", str(broken), code=1)
    assert failed["statuses"] == {"424": 1}
    beside = told(
        zaffre, *test, "--replay", str(kept), "--against", "blue", "--concurrency", "2", "--max-requests", "2"
    )
    assert (beside["compared_with"], beside["requests"], beside["different"]) == ("blue", 2, 2)
    collected = files / "collected"
    collected.mkdir()
    lines = [
        {"type": "azureml.inference.request", "correlationid": "1", "data": [5]},
        {"type": "azureml.inference.response", "correlationid": "1", "data": [15]},
    ]
    (collected / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    same = told(zaffre, *test, "--replay", str(collected))
    assert (same["requests"], same["compared"], same["different"]) == (1, 1, 0)
    (collected / "b.jsonl").write_text("no json\n")
    assert "b.jsonl, line 1: expected JSON" in command(zaffre, *test, "--replay", str(collected), code=1)
    assert "nothing is at" in command(zaffre, *test, "--replay", "/nowhere", code=1)


def test_az_monitor_autoscale(zaffre: Installation, files: Path) -> None:
    """The words of Azure's documentation, one after the other."""

    def az(*words: str, code: int = 0) -> Any:
        spoken = [sys.executable, "-m", "zaffre.cli.az", "monitor", "autoscale", *words]
        done = subprocess.run(spoken, env=zaffre.variables(), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
        return (json.loads(done.stdout) if done.stdout.strip() else None) if code == 0 else done.stderr

    def scaling() -> dict[str, Any]:
        return zaffre.call("GET", "online-endpoints/watched/deployments/blue").json()["state"].get("scaling") or {}

    resource = command(zaffre, "online-deployment", "show", "-n", "blue", "-e", "watched", "--query", "id", "-o", "tsv")
    az(
        "create",
        "--name",
        "calm",
        "--resource",
        resource.strip(),
        "--min-count",
        "2",
        "--max-count",
        "5",
        "--count",
        "2",
    )
    until(lambda: scaling().get("min") == 2, "the bounds of the profile")
    made = az(
        "rule",
        "create",
        "--autoscale-name",
        "calm",
        "--condition",
        "CpuUtilizationPercentage > 70 avg 5m",
        "--scale",
        "out",
        "2",
    )
    assert made["scaleAction"] == {"direction": "Increase", "type": "ChangeCount", "value": "2", "cooldown": "PT5M"}
    az(
        "rule",
        "create",
        "--autoscale-name",
        "calm",
        "--condition",
        "RequestLatency > 70 avg 5m",
        "--scale",
        "in",
        "1",
        "--resource",
    )
    assert [one["metricTrigger"]["metricName"] for one in az("rule", "list", "--autoscale-name", "calm")] == [
        "CpuUtilizationPercentage", "RequestLatency",
    ]  # fmt: skip
    weekend = ("--recurrence", "week", "sat", "sun", "--timezone", "Pacific Standard Time")
    counts = ("--min-count", "2", "--count", "2", "--max-count", "2")
    az("profile", "create", "--name", "weekend", "--autoscale-name", "calm", *counts, *weekend)
    profiles = az("show", "-n", "calm")["properties"]["profiles"]
    assert [one["name"] for one in profiles] == ["default", '{"name": "default", "for": "weekend"}', "weekend"]
    assert profiles[2]["recurrence"]["schedule"]["days"] == ["Saturday", "Sunday"]
    assert "expected such as" in az(
        "rule", "create", "--autoscale-name", "calm", "--condition", "high", "--scale", "out", "1", code=1
    )
    az("update", "--autoscale-name", "calm", "--enabled", "false")
    until(lambda: not scaling(), "the fixed number again")
    az("delete", "-n", "calm")
    assert az("list") == []
