"""What must fail is not accepted: every mistake is named at its field, with what to do instead."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, installation, job

STORE = "azureml://datastores/workspaceblobstore/paths"


@pytest.fixture(scope="module")
def zaffre(environments: Path) -> Iterator[Installation]:
    """A server that has no container engine, whatever this machine has."""
    with installation(environments, environments_engine="none") as found:
        yield found


def _refusal(zaffre: Installation, document: dict[str, Any], status: int = 400) -> dict[str, str]:
    name = f"refused-{zlib.crc32(json.dumps(document).encode())}"
    answer = zaffre.call("PUT", f"jobs/{name}", document)
    assert answer.status_code == status, answer.text
    assert zaffre.call("GET", f"jobs/{name}").status_code == 404
    error = answer.json()["error"]
    return {one["target"]: f"{one['message']}; {one.get('hint', '')}" for one in error.get("details") or [error]}


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        pytest.param(
            job("ls ${{inputs.x}}", inputs={"x": {"type": "uri_folder", "path": f"{STORE}/nowhere"}}),
            "inputs.x.path",
            ["nothing is at", "nowhere"],
            id="missing path",
        ),
        pytest.param(
            job("ls ${{inputs.x}}", inputs={"x": {"type": "uri_file", "path": "azureml:absent:3"}}),
            "inputs.x.path",
            ["no data", "absent:3", "zaffre data list"],
            id="missing asset",
        ),
        pytest.param(
            job("ls ${{inputs.x}}", inputs={"x": {"type": "uri_file", "path": "./here"}}),
            "inputs.x.path",
            ["client's machine"],
            id="a path of the client",
        ),
        pytest.param(
            job("ls", inputs={"x": {"type": "uri_thing", "path": "azureml:a:1"}}),
            "inputs.x.type",
            ["uri_folder", "uri_thing"],
            id="wrong type",
        ),
        pytest.param(job("ls", inputs={"x": [1, 2]}), "inputs.x", ["found"], id="an input of no type"),
        pytest.param(job("ls", inptus={"x": 1}), "inptus", ["inputs"], id="unknown field"),
        pytest.param(job("ls ${{inputs.datta}}", inputs={"data": 1}), "command", ["datta", "data"], id="unknown input"),
        pytest.param(job("ls ${{secrets.key}}"), "command", ["unknown expression", "secrets.key"], id="unknown name"),
        pytest.param(job("ls $[[ --x ${{inputs.x}}"), "command", ["not closed"], id="unclosed"),
        pytest.param(
            job("ls", compute="azureml:cluster"),
            "compute",
            ["cluster", "zaffre compute create -n cluster --type amlcompute"],
            id="unknown compute",
        ),
        pytest.param(
            job("ls", environment="azureml:absent@latest"), "environment", ["absent", "list"], id="environment"
        ),
        pytest.param(
            job("ls", environment="azureml://registries/azureml/environments/absent/versions/1"),
            "environment",
            ["absent", "--registry-name azureml"],
            id="curated environment",
        ),
        pytest.param(
            job("ls", environment={"image": "ghcr.io/somebody/thing:1"}),
            "environment",
            ["container engine"],
            id="an image that needs an engine",
        ),
        pytest.param(
            job("ls", outputs={"o": {"type": "uri_folder", "path": "/etc"}}),
            "outputs.o.path",
            ["datastore"],
            id="an output outside",
        ),
        pytest.param(
            job("ls", outputs={"o": {"type": "uri_folder", "path": f"{STORE}/../../x"}}),
            "outputs.o.path",
            ["inside a datastore"],
            id="an output that climbs out",
        ),
        pytest.param(
            job("ls", outputs={"o": {"path": "azureml://datastores/absent/paths/x"}}),
            "outputs.o.path",
            ["no datastore", "absent"],
            id="an output in no datastore",
        ),
        pytest.param(
            job("ls", inputs={"x": {"path": "azureml://datastores/absent/paths/x"}}),
            "inputs.x.path",
            ["no datastore", "absent"],
            id="an input of no datastore",
        ),
        pytest.param(job("ls", code="azureml:absent:1"), "code", ["no code", "absent:1"], id="code"),
        pytest.param(job("ls", limits={"timeout": "soon"}), "limits.timeout", ["soon"], id="no duration"),
        pytest.param({"type": "command", "environment": CURATED}, "command", ["missing"], id="no command"),
        pytest.param({"type": "comand", "command": "ls"}, "type", ["command"], id="job type"),
    ],
)
def test_a_mistake_is_named(zaffre: Installation, document: dict[str, Any], field: str, words: list[str]) -> None:
    told = _refusal(zaffre, document)
    assert field in told, told
    assert all(word in told[field] for word in words), told[field]


def test_all_mistakes_are_told_at_once(zaffre: Installation) -> None:
    inputs = {"x": {"type": "uri_file", "path": "azureml:absent:1"}}
    told = _refusal(zaffre, job("ls", inputs=inputs, compute="nowhere", environment="azureml:none:1"))
    assert {"inputs.x.path", "compute", "environment"} <= set(told)


def test_a_type_that_is_not_built_is_refused_by_name(zaffre: Installation) -> None:
    data = {"type": "mltable", "path": "azureml://datastores/workspaceblobstore/paths/t"}
    automl = {"type": "automl", "task": "regression", "training_data": data, "target_column_name": "y"}
    answer = zaffre.call("PUT", "jobs/refused", {**automl, "primary_metric": "r2_score"})
    assert answer.status_code == 501, answer.text
    assert "automl" in answer.json()["error"]["message"]


def test_a_file_is_no_folder(zaffre: Installation) -> None:
    place = zaffre.home / "data" / "default" / "workspaceblobstore" / "table.csv"
    place.write_text("1,2\n")
    document = job("ls", inputs={"x": {"type": "uri_folder", "path": f"{STORE}/table.csv"}})
    told = _refusal(zaffre, document)
    assert "uri_file" in told["inputs.x.path"]


def test_another_job_of_the_same_name_is_a_conflict(zaffre: Installation) -> None:
    zaffre.submit("taken", "echo one")
    answer = zaffre.call("PUT", "jobs/taken", job("echo two"))
    assert answer.status_code == 409
    assert "command" in answer.json()["error"]["message"]
    assert zaffre.ended("taken")["status"] == "Completed"
    assert zaffre.text("taken") == "one\n"


def test_an_unsolvable_environment_shows_the_conflict(zaffre: Installation) -> None:
    conda = {"dependencies": ["python=3.11", {"pip": ["mlflow-skinny==2.0.0", "protobuf==6.30.0"]}]}
    environment = {"image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", "conda_file": conda}
    zaffre.submit("unsolvable", "true", environment=environment)
    state = zaffre.ended("unsolvable", 100)
    assert (state["status"], state["reason"]["code"]) == ("Failed", "EnvironmentFailed")
    assert "protobuf" in state["reason"]["message"]
    assert "mlflow-skinny" in state["reason"]["message"]


@pytest.mark.parametrize("path", ["jobs/none", "jobs/none/logs", "jobs/none/files", "jobs/none/logs/user_logs/x"])
def test_a_job_that_is_not_there_is_not_found(zaffre: Installation, path: str) -> None:
    answer = zaffre.call("GET", path)
    assert answer.status_code == 404
    assert "none" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["%2e%2e/%2e%2e/%2e%2e/zaffre.db", "..%2f..%2ftoken", "user_logs/%2e%2e/%2e%2e/x", "/etc/passwd"]
)
def test_no_path_leads_out_of_a_job(zaffre: Installation, path: str) -> None:
    zaffre.submit("confined", "echo inside")
    zaffre.ended("confined")
    for side in ("logs", "files/artifacts"):
        answer = zaffre.call("GET", f"jobs/confined/{side}/{path}")
        assert answer.status_code in (400, 404), answer.text
