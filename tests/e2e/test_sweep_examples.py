"""The examples that search: the commands of their pages, and what these promise."""

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

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def zaffre() -> Iterator[Installation]:
    """With an environment of its own, which both examples share."""
    with installation(compute_local_nodes="2") as found:
        yield found


def commands(example: str) -> list[list[str]]:
    """What the page of an example has a reader type."""
    (block,) = re.findall(r"```bash\n(.*?)```", (EXAMPLES / example / "README.md").read_text(), re.DOTALL)
    return [shlex.split(line, comments=True)[1:] for line in block.strip().splitlines()]


def typed(rig: Installation, example: str, *words: str) -> str:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words],
        cwd=EXAMPLES / example,
        env=rig.variables(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def answer(rig: Installation, example: str, *words: str) -> Any:
    return json.loads(typed(rig, example, *words, "-o", "json"))


def metrics(rig: Installation, run: str) -> dict[str, float]:
    url = f"http://127.0.0.1:{rig.port}/mlflow/api/2.0/mlflow/runs/get"
    data = rig.http.get(url, params={"run_id": run}).raise_for_status().json()["run"]["data"]
    return {one["key"]: one["value"] for one in data["metrics"]}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_sweep(zaffre: Installation, tmp_path: Path) -> None:
    create, show, children, download, tpe = commands("sweep")
    assert "best so far: digits_" in typed(zaffre, "sweep", *create)
    best, trials = answer(zaffre, "sweep", *show)
    assert trials["ended"] == 8
    assert best["accuracy"] > 0.9
    assert len(answer(zaffre, "sweep", *children[:-2])) == 8
    typed(zaffre, "sweep", *download[:-1], str(tmp_path))
    assert (registered := answer(zaffre, "sweep", "model", "list", "-n", "digits-best"))[0]["version"] == "1", (
        registered
    )
    assert "best so far: digits-tpe_" in typed(zaffre, "sweep", *tpe)
    done = subprocess.run(
        [sys.executable, "sweep.py"],
        cwd=EXAMPLES / "sweep",
        env=zaffre.variables(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("best: ")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_search_beats_the_network_made_by_hand(zaffre: Installation) -> None:
    start, search, show = commands("nas")
    typed(zaffre, "nas", *start)
    by_hand = metrics(zaffre, "hand-made")
    typed(zaffre, "nas", *search)
    best, front = answer(zaffre, "nas", *show)
    found = metrics(zaffre, best["job"])
    assert best["accuracy"] > by_hand["accuracy"] + 0.01, (best, by_hand)
    assert best["job"] in json.loads(front)
    assert found["thousands"] == best["thousands"]
    trials = answer(zaffre, "nas", "job", "list", "--parent-job-name", "nas")
    assert {trial["status"] for trial in trials} <= {"Completed", "Canceled"}
    assert any(trial["status"] == "Canceled" for trial in trials)  # stopped early
