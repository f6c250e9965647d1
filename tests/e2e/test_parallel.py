"""Parallel jobs as users meet them: a document, the command line, files, a table, a component, and mistakes."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from zaffre.testing.server import CURATED, Installation

SCORE = """
import argparse, os

def init():
    global args
    parser = argparse.ArgumentParser()
    parser.add_argument("--word")
    parser.add_argument("--side")
    parser.add_argument("--copies")
    args, _ = parser.parse_known_args()
    print("init", os.environ["GREETING"])

def run(mini_batch, mini_batch_context):
    rows = []
    for path in mini_batch:
        name = os.path.basename(path)
        if name in ("bad.txt",):
            raise ValueError("a bad file: " + name)
        with open(os.path.join(args.copies, name), "w") as copy:
            copy.write(open(args.side).read())
        rows.append("%s %s %d" % (args.word, name, int(open(path).read()) ** 2))
    return rows
"""


def document(**more: Any) -> dict[str, Any]:
    return {
        "type": "parallel",
        "inputs": {
            "images": {"type": "uri_folder", "path": "data"},
            "side": {"type": "uri_file", "path": "side.txt"},
            "word": "two words",
        },
        "outputs": {"rows": {"type": "uri_file"}, "copies": {"type": "uri_folder"}},
        "input_data": "${{inputs.images}}",
        "mini_batch_size": "5",
        "max_concurrency_per_instance": 2,
        "resources": {"instance_count": 2},
        "retry_settings": {"max_retries": 1, "timeout": 30},
        "mini_batch_error_threshold": 0,
        "environment_variables": {"GREETING": "hello"},
        "task": {
            "type": "run_function",
            "code": "src",
            "entry_script": "score.py",
            "environment": CURATED,
            "program_arguments": "--word ${{inputs.word}} --side ${{inputs.side}} --copies ${{outputs.copies}}",
            "append_row_to": "${{outputs.rows}}",
        },
        **more,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """23 files, a side input, a script."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text(SCORE)
    (tmp_path / "data").mkdir()
    for number in range(23):
        (tmp_path / "data" / f"{number:02}.txt").write_text(str(number))
    (tmp_path / "side.txt").write_text("side")
    return tmp_path


def zaffre_cli(rig: Installation, folder: Path, *words: str, code: int = 0) -> str:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=folder, env=rig.variables(), capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def create(rig: Installation, folder: Path, name: str, said: dict[str, Any], code: int = 0) -> str:
    (folder / "job.yml").write_text(yaml.safe_dump(said))
    return zaffre_cli(rig, folder, "job", "create", "-f", "job.yml", "-n", name, "--stream", code=code)


def rows(rig: Installation, name: str) -> list[str]:
    answer = rig.call("GET", f"jobs/{name}/files/named-outputs/rows")
    return answer.raise_for_status().text.splitlines()


@pytest.mark.timeout(200)
def test_files(zaffre: Installation, folder: Path) -> None:
    said = create(zaffre, folder, "files", document())
    assert "5 of 5 mini-batches finished, 0 failed" in said
    assert zaffre.state("files")["status"] == "Completed"
    assert rows(zaffre, "files") == [f"two words {number:02}.txt {number**2}" for number in range(23)]
    listed = [item["path"] for item in zaffre.call("GET", "jobs/files/files").raise_for_status().json()["value"]]
    assert len([path for path in listed if path.startswith("named-outputs/copies/")]) == 23
    assert "artifacts/logs/job_progress_overview.txt" in listed
    assert "artifacts/logs/sys/job_report/processed_mini-batches.csv" in listed
    assert "artifacts/logs/user/stdout/0/process001.stdout.txt" in listed
    run = zaffre.call("GET", "/mlflow/api/2.0/mlflow/runs/get?run_id=files").raise_for_status().json()["run"]
    metrics = {metric["key"]: metric["value"] for metric in run["data"]["metrics"]}
    assert (metrics["Processed Mini-batches"], metrics["Remaining Mini-batches"], metrics["Processed Items"]) == (
        5,
        0,
        23,
    )
    assert not (zaffre.home / "runs" / "files" / "kept").exists()


@pytest.mark.timeout(200)
def test_a_failure_says_which_and_why(zaffre: Installation, folder: Path) -> None:
    (folder / "data" / "bad.txt").write_text("1")
    create(zaffre, folder, "failed", document(), code=1)
    reason = zaffre.state("failed")["reason"]
    assert reason["code"] == "MiniBatchesFailed"
    assert "1 mini-batch failed, and mini_batch_error_threshold allows 0: number 4" in reason["message"]
    assert "after 2 tries: ValueError: a bad file: bad.txt" in reason["message"]
    assert 'score.py", line 18, in run' in reason["message"]
    assert zaffre.call("GET", "jobs/failed/files/named-outputs/rows").status_code == 404
    create(zaffre, folder, "allowed", document(mini_batch_error_threshold=1))
    assert len(rows(zaffre, "allowed")) == 20


@pytest.mark.timeout(200)
def test_a_component_says_the_rest(zaffre: Installation, folder: Path) -> None:
    said = document()
    component = {
        "$schema": "https://azuremlschemas.azureedge.net/latest/parallelComponent.schema.json",
        "name": "squares",
        "version": "1",
        **said,
        "inputs": {
            "images": {"type": "uri_folder"},
            "side": {"type": "uri_file"},
            "word": {"type": "string", "default": "w"},
        },
        "outputs": {"rows": {"type": "uri_file"}, "copies": {"type": "uri_folder"}},
    }
    (folder / "component.yml").write_text(yaml.safe_dump(component))
    zaffre_cli(zaffre, folder, "component", "create", "-f", "component.yml")
    data = {key: said["inputs"][key] for key in ("images", "side")}
    create(zaffre, folder, "named", {"type": "parallel", "component": "azureml:squares:1", "inputs": data})
    assert rows(zaffre, "named")[2] == "w 02.txt 4"
    create(zaffre, folder, "file", {"type": "parallel", "component": "component.yml", "inputs": {**data, "word": "v"}})
    assert rows(zaffre, "file")[2] == "v 02.txt 4"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"input_data": "${{inputs.image}}"}, "there is no input 'image' (did you mean \"images\"?)"),
        ({"mini_batch_size": "10 files"}, "mini_batch_size: expected a number of files such as 10"),
        ({"error_threshold": -2}, "error_threshold: expected at least -1, found -2"),
    ],
)
def test_mistakes_are_refused_before_anything_runs(
    zaffre: Installation, folder: Path, more: dict[str, Any], said: str
) -> None:
    told = create(zaffre, folder, "wrong", document(**more), code=1)
    assert said.partition(" (")[0] in told
    assert "job.yml:" in told
    assert zaffre.call("GET", "jobs/wrong").status_code == 404


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("name", "script", "said"),
    [
        ("norun", "def score(batch): pass\n", "score.py has no function run()"),
        ("table", SCORE, "the job's environment has no pandas"),
        ("nofile", "", "there is no file none.py in the code folder"),
        ("crash", "import os\ndef run(batch):\n    os._exit(3)\n", "the worker process ended with exit code 3"),
    ],
)
def test_what_cannot_work_says_why(zaffre: Installation, folder: Path, name: str, script: str, said: str) -> None:
    (folder / "src" / "score.py").write_text(script or SCORE)
    wanted = document()
    if name == "nofile":
        wanted["task"]["entry_script"] = "none.py"
    if name == "table":
        (folder / "data" / "MLTable").write_text(
            "paths:\n  - pattern: ./*.txt\ntransformations:\n  - read_delimited:\n      header: no_header\n"
        )
        wanted["inputs"]["images"] = {"type": "mltable", "path": "data", "mode": "direct"}
    create(zaffre, folder, name, wanted, code=1)
    assert said in zaffre.state(name)["reason"]["message"]


@pytest.mark.timeout(200)
def test_a_table_that_cannot_be_read_is_the_inputs_failure(zaffre: Installation, folder: Path) -> None:
    (folder / "data" / "MLTable").write_text(
        "paths:\n  - pattern: ./*.txt\ntransformations:\n  - read_delimited:\n      header: no_header\n"
    )
    wanted = document(partition_keys=["Store"])
    wanted["inputs"]["images"] = {"type": "mltable", "path": "data", "mode": "direct"}
    create(zaffre, folder, "keys", wanted, code=1)
    reason = zaffre.state("keys")["reason"]
    assert (reason["code"], reason["facts"]["name"]) == ("InputFailed", "images")
    assert "partition_keys: the table has no column 'Store'" in reason["message"]
