"""The README's first screen, word for word: five commands, then the same in Python, on one installation."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, installation

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "examples" / "quickstart"


@pytest.fixture(scope="module")
def zaffre() -> Iterator[Installation]:
    """With environments of its own: the quickstart's are large, and are built once for both stories."""
    with installation() as found:
        yield found


def _commands() -> list[str]:
    """The block of the README that begins with ``zaffre data create``."""
    (block,) = re.findall(r"```bash\n(zaffre data create.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return block.strip().splitlines()


def _zaffre(rig: Installation, *words: str) -> str:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=QUICKSTART, env=rig.variables(), capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.timeout(300)
def test_the_five_commands(zaffre: Installation) -> None:
    commands = [shlex.split(line)[1:] for line in _commands()]
    assert len(commands) == 5
    said = [_zaffre(zaffre, *words) for words in commands]
    assert "model saved" in said[1]
    assert _labels(said[-1]) == [0, 1, 2]
    assert _answer(zaffre, "model", "list", "-n", "quickstart-model")[0]["version"] == "1"
    (job,) = _answer(zaffre, "job", "list")
    assert job["status"] == "Completed"
    assert job["registered"] == {"model": "azureml:quickstart-model:1"}
    run = _tracked(zaffre, job["name"])
    metrics = {metric["key"]: metric["value"] for metric in run["data"]["metrics"]}
    assert metrics["test_accuracy"] > 0.9
    assert run["info"]["status"] == "FINISHED"
    assert run["info"]["run_id"] == job["name"]


@pytest.mark.timeout(300)
def test_the_same_in_python(zaffre: Installation) -> None:
    done = subprocess.run(
        [sys.executable, "quickstart.py"],
        cwd=QUICKSTART,
        env=zaffre.variables(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert _labels(done.stdout.rpartition("cultivars:")[2]) == [0, 1, 2]
    versions = [model["version"] for model in _answer(zaffre, "model", "list", "-n", "quickstart-model")]
    assert sorted(versions) == ["1", "2"]


def _labels(text: str) -> list[int]:
    found = json.loads(text)
    if isinstance(found, str):
        found = json.loads(found)
    return found["predictions"] if isinstance(found, dict) else found


def _answer(rig: Installation, *words: str) -> Any:
    return json.loads(_zaffre(rig, *words, "-o", "json"))


def _tracked(rig: Installation, run: str) -> dict[str, Any]:
    answer = rig.call("GET", f"/mlflow/api/2.0/mlflow/runs/get?run_id={run}")
    assert answer.status_code == 200, answer.text
    return answer.json()["run"]
