"""``azureml.ai.monitoring`` of the environment's own and ours leave the same lines; what is lost is data, never answers."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import client_venvs
from zaffre.agent.scoring.answers import JSON, Answer
from zaffre.agent.scoring.collecting import Event, Sink
from zaffre.agent.scoring.wire import Request
from zaffre.backends.local.archive import scoring_host
from zaffre.testing.serving import until

SCORE = """
import json, sys
import pandas as pd
import azureml.ai.monitoring as package
from azureml.ai.monitoring import Collector
from azureml.ai.monitoring.context import BasicCorrelationContext
def init():
    global inputs, outputs
    inputs = Collector(name="model_inputs")
    outputs = Collector(name="model_outputs", on_error=lambda e: print("told:", e))
    try:
        Collector(name="other")
    except Exception as refused:
        print("refused:", refused)
def run(data):
    asked = json.loads(data)
    context = inputs.collect(pd.DataFrame(asked), BasicCorrelationContext(id="mine"))
    outputs.collect(pd.DataFrame({"y": [1]}), context)
    outputs.collect([1], context)
    return [str(context), package.__file__ if hasattr(package, "__file__") else "ours"]
"""


@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_both_packages_leave_azures_lines(tmp_path, whose):
    python = str(client_venvs.interpreter("inference")) if whose == "theirs" else sys.executable
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "score.py").write_text(SCORE)
    orders = {
        "socket": f"tcp:127.0.0.1:{(port := _free())}", "kind": "score", "code_dir": str(tmp_path / "app"),
        "score_file": "score.py", "collect": _settings(tmp_path),
    }  # fmt: skip
    (tmp_path / "host.json").write_text(json.dumps(orders))
    log = tmp_path / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [python, str(scoring_host(tmp_path)), str(tmp_path / "host.json")], stdout=file, stderr=file
        )
    try:
        until(lambda: b"ready:" in log.read_bytes() or process.poll() is not None, "the host")
        answer = _post(port, {"a": [1.5, 2.0], "b": ["x", None]})
        assert (answer[0] == "mine", "site-packages" in answer[1]) == (True, whose == "theirs"), log.read_text()
        inputs = until(lambda: _lines(tmp_path / "model_inputs"), "inputs")[0]
        outputs = until(lambda: _lines(tmp_path / "model_outputs"), "outputs")[0]
    finally:
        process.terminate()
        process.wait(20)
    assert inputs["data"] == [{"a": 1.5, "b": "x"}, {"a": 2.0, "b": None}]
    assert outputs["data"] == [{"y": 1}]
    assert {one["correlationid"] for one in (inputs, outputs)} == {"mine"}
    assert inputs["collectdatatype"] == "pandas.core.frame.DataFrame"
    assert inputs["agent"].startswith("azureml-ai-monitoring/")
    assert (inputs["type"], inputs["source"], inputs["specversion"]) == (
        "azureml.inference.model_inputs",
        "here",
        "1.0",
    )
    told = log.read_text()
    assert "refused: collection other is not enabled" in told
    assert "told: data type (list) not supported" in told


def _settings(folder: Path, **more: Any) -> dict[str, Any]:
    names = ("model_inputs", "model_outputs", "request", "response")
    collections = {name: {"folder": str(folder / name), "address": f"azureml://x/{name}"} for name in names}
    return {"collections": collections, "source": "here", "instance": "1-1", **more}


def _event(body: bytes = b"[]", at: float = 0.0, collection: str = "model_inputs", kind: str = JSON) -> Event:
    return Event(collection, at, body, kind, {"correlationid": "c"})


@pytest.mark.parametrize(
    ("rate", "folder"),
    [
        ("minute", "2026/01/02/03/04"),
        ("hour", "2026/01/02/03"),
        ("day", "2026/01/02"),
        ("month", "2026/01"),
        ("year", "2026"),
        (None, "2026/01/02/03"),
    ],
)
def test_files_roll(tmp_path, rate, folder):
    sink = Sink(_settings(tmp_path, rolling=rate))
    assert sink.put(_event(at=1767323045.0))
    sink.close()
    assert [str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*.jsonl")] == [f"model_inputs/{folder}/1-1.jsonl"]
    assert _lines(tmp_path)[0]["time"] == "2026-01-02T03:04:05Z"


def test_one_correlation_id_is_kept_everywhere_or_nowhere(tmp_path):
    settings = _settings(tmp_path)
    for one in settings["collections"].values():
        one["rate"] = 0.3
    sink = Sink(settings)
    kept = [[sink.samples(name, f"id-{n}") for name in settings["collections"]] for n in range(2000)]
    assert all(len(set(one)) == 1 for one in kept)
    assert 480 < sum(one[0] for one in kept) < 720


def test_large_and_binary_payloads_lie_beside(tmp_path):
    sink = Sink(_settings(tmp_path, headers=["X-A"]))
    body = os.urandom(1000)
    request = Request("POST", "/score", "a=1", [("x-a", "1"), ("content-type", "image/png")], body, True)
    sink.put_payloads(request, Answer(200, b'"' + b"x" * 5_000_000 + b'"'), "id")
    sink.close()
    for name, content in (("request", body), ("response", b'"' + b"x" * 5_000_000 + b'"')):
        (line,) = _lines(tmp_path / name)
        assert line["datainblob"] == "true"
        assert line["data"].startswith(f"azureml://x/{name}/")
        assert (tmp_path / name / line["data"].removeprefix(f"azureml://x/{name}/")).read_bytes() == content
    (line,) = _lines(tmp_path / "request")
    assert (line["headers"], line["path"]) == ({"x-a": "1"}, "/score?a=1")


def test_a_disk_that_fills_up_leaves_whole_lines_and_says_so_once(tmp_path, capfd):
    sink = Sink(_settings(tmp_path))
    folder = tmp_path / "model_inputs"
    sink.put(_event(b'["' + b"a" * 3000 + b'"]'))
    until(lambda: _lines(folder), "the first line")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        for _ in range(3):
            assert sink.put(_event(b'["' + b"b" * 3000 + b'"]'))
        sink.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, kept)
    again = Sink(_settings(tmp_path))
    again.put(_event(b'["c"]'))
    again.close()
    assert [one["data"][0][0] for one in _lines(folder)] == ["a", "c"]
    assert capfd.readouterr().err.count("data collection lost") == 1


def test_too_much_at_once_is_refused_not_waited_for(tmp_path):
    sink = Sink(_settings(tmp_path))
    sink._thread = object()  # a writer that never writes
    assert [sink.put(_event()) for _ in range(1600)].count(False) == 100


def _free() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _post(port: int, document: Any) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/score", json.dumps(document))
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return json.loads(body)


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in sorted(folder.rglob("*.jsonl")) for line in file.read_text().splitlines()]
