"""Pipelines while the server is killed again and again, and while they are canceled: each step once, in order, nothing left.

The oracle is a file outside the home, to which every step appends a line when it starts and one when it ends.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, installation, until

SEED = int(os.environ.get("ZAFFRE_TEST_SEED", "20"))
CANCEL_SECONDS = 10.0


@pytest.fixture
def rig(environments: Path) -> Iterator[Installation]:
    with installation(environments, compute_local_nodes="4", jobs_grace="1") as found:
        yield found


def step(oracle: Path, name: str, needs: list[str]) -> dict[str, Any]:
    """Reads what others left, leaves a file, and says so."""
    inputs = {other: f"${{{{parent.jobs.{other}.outputs.o}}}}" for other in needs}
    read = " ".join(f"${{{{inputs.{other}}}}}" for other in needs)
    command = f"echo start {name} >> {oracle}; cat /dev/null {read} > /dev/null && echo {name} > ${{{{outputs.o}}}}; "
    return {
        "command": f"{command} sleep 0.05; echo end {name} >> {oracle}",
        "environment": CURATED,
        "outputs": {"o": {"type": "uri_file"}},
        **({"inputs": inputs} if inputs else {}),
    }


def network(oracle: Path, width: int, depth: int, chance: random.Random) -> dict[str, Any]:
    """Layers, each step of which needs up to three of the layer before."""
    jobs: dict[str, Any] = {}
    for layer in range(depth):
        before = [f"s{layer - 1}_{number}" for number in range(width)] if layer else []
        for number in range(width):
            needs = chance.sample(before, k=min(len(before), chance.randint(1, 3))) if before else []
            jobs[f"s{layer}_{number}"] = step(oracle, f"s{layer}_{number}", needs)
    return jobs


def storm(rig: Installation, oracle: Path, shape: tuple[int, int], kills: int) -> None:
    chance = random.Random(SEED)
    oracle.touch()
    jobs = network(oracle, *shape, chance)
    document = {"type": "pipeline", "settings": {"default_compute": "azureml:local"}, "jobs": jobs}
    rig.call("PUT", "jobs/storm", document).raise_for_status()
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, 1.0))  # the moment of the kill is what is chosen here
        rig.kill()
        rig.start()
    state = rig.ended("storm", 400)
    assert state["status"] == "Completed", rig.call("GET", "jobs/storm/why").json()
    lines = [tuple(line.split()) for line in oracle.read_text().splitlines()]
    assert Counter(lines) == Counter({(word, name): 1 for name in jobs for word in ("start", "end")})
    at = {line: number for number, line in enumerate(lines)}
    for name, said in jobs.items():
        for other in said.get("inputs", {}):
            assert at["end", other] < at["start", name], f"{name} before {other}"
    rows = rig.call("GET", "jobs/storm/why").json()["steps"]
    assert Counter(row["state"] for row in rows) == {"done": len(jobs)}
    assert len(rig.call("GET", "jobs", params={"parent_job_name": "storm", "top": "1000"}).json()["value"]) == len(jobs)
    until(lambda: not rig.commands(), "no process left", 10)


@pytest.mark.timeout(300)
def test_killed_six_times_inside_a_pipeline(rig: Installation, tmp_path: Path) -> None:
    storm(rig, tmp_path / "oracle", (4, 6), 6)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_twenty_times_inside_two_hundred_steps(rig: Installation, tmp_path: Path) -> None:
    storm(rig, tmp_path / "oracle", (10, 20), 20)


@pytest.mark.timeout(300)
def test_a_cancel_that_the_server_does_not_survive_ends_every_step(rig: Installation) -> None:
    """Nested, looped, and deaf to SIGTERM; the server is killed right after it accepted the cancel."""
    deaf = {"command": "trap '' TERM; (setsid sleep 600 &) ; while true; do sleep 0.2; done", "environment": CURATED}
    inner = {"type": "pipeline", "name": "inner", "version": "1", "jobs": {"deaf": deaf}}
    rig.call("PUT", "components/inner/versions/1", inner).raise_for_status()
    jobs = {
        "alone": deaf,
        "within": {"type": "pipeline", "component": "azureml:inner:1"},
        "each": {**deaf, "inputs": {"n": 0}},
        "all": {"type": "parallel_for", "body": "each", "items": [{"n": 1}, {"n": 2}]},
        "after": {"command": "true", "environment": CURATED, "depends_on": ["alone"]},
    }
    document = {"type": "pipeline", "settings": {"default_compute": "azureml:local"}, "jobs": jobs}
    rig.call("PUT", "jobs/stopped", document).raise_for_status()
    left = ["sleep", "600"]
    until(lambda: sum(words.split() == left for words in rig.commands().values()) == 4, "four steps and what they left")
    assert rig.call("POST", "jobs/stopped/cancel").status_code == 202
    rig.kill()
    rig.start()
    begun = time.monotonic()
    until(lambda: not rig.commands(), "no process left", CANCEL_SECONDS)
    state = rig.ended("stopped", CANCEL_SECONDS)
    assert state["status"] == "Canceled", state
    assert time.monotonic() - begun < CANCEL_SECONDS
    children = rig.call("GET", "jobs", params={"parent_job_name": "stopped"}).json()["value"]
    assert {child["state"]["status"] for child in children} == {"Canceled"}
    assert rig.call("GET", "jobs/stopped_after").status_code == 404
