"""What a deployment collects lies in Azure's layout on the datastore, as a data asset, and never in an answer's way."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import Any

import httpx

from zaffre.testing.server import Installation, deployed, until

SCORE = """
import json
from azureml.ai.monitoring import Collector
from azureml.ai.monitoring.context import BasicCorrelationContext
class Frame:
    def __init__(self, rows): self.rows, self.columns = rows, list(rows[0])
    def to_json(self, orient): return json.dumps(self.rows)
def init():
    global inputs, outputs
    inputs, outputs = Collector(name="model_inputs"), Collector(name="model_outputs")
def run(data):
    rows = json.loads(data)["rows"]
    context = inputs.collect(Frame(rows), BasicCorrelationContext(id=json.loads(data).get("id")))
    outputs.collect(Frame([{"y": row["x"] * 2} for row in rows]), context)
    return [row["x"] * 2 for row in rows]
"""
COLLECTOR = {
    "collections": {
        "model_inputs": {"enabled": "True"},
        "model_outputs": {"enabled": True, "data": {"name": "answers", "version": "3", "path": "azureml://datastores/workspaceblobstore/paths/kept/answers"}},
        "request": {"enabled": "true"},
        "response": {"enabled": "true"},
        "off": {"enabled": "false"},
    },
    "rolling_rate": "hour",
    "request_logging": {"capture_headers": ["X-Own"]},
}  # fmt: skip


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in sorted(folder.rglob("*.jsonl")) for line in file.read_text().splitlines()]


def _ask(zaffre: Installation, endpoint: str, body: Any, **headers: str) -> httpx.Response:
    url = zaffre.call("GET", f"online-endpoints/{endpoint}").json()["state"]["scoring_uri"]
    key = zaffre.call("POST", f"online-endpoints/{endpoint}/keys").json()["primary_key"]
    return httpx.post(url, json=body, headers={"Authorization": f"Bearer {key}", **headers}, timeout=30)


def test_inputs_outputs_and_payloads_are_kept_and_registered(zaffre: Installation) -> None:
    deployed(zaffre, "kept", SCORE, data_collector=COLLECTOR)
    answer = _ask(zaffre, "kept", {"rows": [{"x": 1}, {"x": 2}], "id": "mine"}, **{"x-own": "1", "x-request-id": "r-1"})
    assert answer.json() == [2, 4]
    store = zaffre.home / "data" / "default" / "workspaceblobstore"
    folders = {name: store / "modelDataCollector" / "kept" / "blue" / name for name in COLLECTOR["collections"]}
    folders["model_outputs"] = store / "kept" / "answers"
    kept = until(
        lambda: (found := {n: _lines(folders[n]) for n in folders if n != "off"}) and all(found.values()) and found,
        "lines",
    )
    hour = time.strftime("%Y/%m/%d/%H", time.gmtime())
    assert list((folders["model_inputs"] / hour).glob("1-1.jsonl")) or list(folders["model_inputs"].rglob("1-1.jsonl"))
    (inputs,), (outputs,), (request,), (response,) = (
        kept[name] for name in ("model_inputs", "model_outputs", "request", "response")
    )
    assert inputs["data"] == [{"x": 1}, {"x": 2}]
    assert outputs["data"] == [{"y": 2}, {"y": 4}]
    assert {one["correlationid"] for one in (inputs, outputs)} == {"mine"}
    assert {one["xrequestid"] for one in (inputs, outputs, request, response)} == {answer.headers["x-request-id"]}
    assert inputs["type"] == "azureml.inference.model_inputs"
    assert inputs["source"].endswith("/workspaces/default/onlineEndpoints/kept/deployments/blue")
    assert (request["data"]["id"], request["path"], request["method"], request["headers"]) == (
        "mine", "/score", "POST", {"x-own": "1"},
    )  # fmt: skip
    assert response["data"] == [2, 4]
    shown = zaffre.call("GET", "data/kept-blue-model_inputs/versions/1").raise_for_status().json()["spec"]
    assert shown["path"].endswith("modelDataCollector/kept/blue/model_inputs")
    assert zaffre.call("GET", "data/answers/versions/3").status_code == 200
    assert not (folders["off"]).exists()


def test_a_place_that_cannot_be_written_hurts_no_answer(zaffre: Installation) -> None:
    deployed(
        zaffre,
        "full",
        SCORE + "# full\n",
        data_collector={"collections": {"model_inputs": {"enabled": "true"}, "model_outputs": {"enabled": "true"}}},
    )
    folder = zaffre.home / "data" / "default" / "workspaceblobstore" / "modelDataCollector" / "full" / "blue"
    until((folder / "model_inputs").is_dir, "the folders")
    for name in ("model_inputs", "model_outputs"):
        (folder / name).rename(folder / f"{name}.away")
        (folder / name).symlink_to("/dev/full")
    assert stat.S_ISCHR((folder / "model_inputs").stat().st_mode)
    assert [_ask(zaffre, "full", {"rows": [{"x": 1}]}).status_code for _ in range(3)] == [200, 200, 200]
    told = until(
        lambda: (
            "data collection lost" in (text := zaffre.call("GET", "online-endpoints/full/deployments/blue/logs").text)
            and text
        ),
        "the loss in the log",
    )
    assert "answers are not affected" in told


def test_what_cannot_be_collected_is_refused_by_its_field(zaffre: Installation) -> None:
    zaffre.call("PUT", "online-endpoints/refuse", {"name": "refuse"}).raise_for_status()
    code = zaffre.upload("code", {"score.py": b"def init(): pass\ndef run(d): return d\n"})["code"]
    document = {
        "name": "blue", "endpoint_name": "refuse", "instance_type": "x", "instance_count": 1,
        "environment": "azureml://registries/azureml/environments/python/labels/latest",
        "code_configuration": {"code": code, "scoring_script": "score.py"},
        "data_collector": {"collections": {"a": {"enabled": "true", "data": {"path": "/tmp/here"}}}},
    }  # fmt: skip
    answer = zaffre.call("PUT", "online-endpoints/refuse/deployments/blue", document)
    assert answer.status_code == 400
    assert "data_collector.collections.a.data.path" in answer.text
