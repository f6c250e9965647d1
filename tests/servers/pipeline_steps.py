"""What tests of pipelines share: the command line, documents of small steps."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from zaffre.testing.server import CURATED, Installation

EXAMPLE = Path(__file__).parents[2] / "examples" / "pipeline"
LOCAL = {"default_compute": "azureml:local"}


def cli(rig: Installation, *words: str, cwd: Path | None = None, code: int = 0) -> str:
    """What ``zaffre …`` writes, to standard output and, where it fails, to standard error."""
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + (done.stderr if code else "")


def answer(rig: Installation, *words: str, cwd: Path | None = None) -> Any:
    return json.loads(cli(rig, *words, "-o", "json", cwd=cwd))


def step(command: str, leaving: str = "", **more: Any) -> dict[str, Any]:
    """A step with one-file outputs."""
    left = {name: {"type": "uri_file"} for name in leaving.split()}
    return {"command": command, "environment": CURATED, **({"outputs": left} if left else {}), **more}


def of(name: str, output: str) -> str:
    return f"${{{{parent.jobs.{name}.outputs.{output}}}}}"


def pipeline(jobs: dict[str, Any], **more: Any) -> dict[str, Any]:
    settings = {**LOCAL, **more.pop("settings", {})}
    return {
        "type": "pipeline",
        "experiment_name": more.pop("experiment", "e2e"),
        "settings": settings,
        "jobs": jobs,
        **more,
    }


def submit(rig: Installation, name: str, document: dict[str, Any], status: str = "Completed") -> dict[str, Any]:
    """A pipeline at its end; why it ended so."""
    answered = rig.call("PUT", f"jobs/{name}", document)
    assert answered.status_code == 201, answered.text
    found = rig.ended(name)
    assert found["status"] == status, rig.call("GET", f"jobs/{name}/why").json()
    return why(rig, name)


def why(rig: Installation, name: str) -> dict[str, Any]:
    return rig.call("GET", f"jobs/{name}/why").raise_for_status().json()


def steps(told: dict[str, Any]) -> dict[str, str]:
    return {row["step"]: "HIT" if row["reused"] else row["state"] for row in told["steps"]}


def refused(rig: Installation, document: dict[str, Any]) -> str:
    answered = rig.call("PUT", "jobs/refused", document)
    assert answered.status_code == 400, answered.text
    return answered.text.replace('\\"', '"')


def tags(rig: Installation, run: str) -> dict[str, str]:
    answered = rig.call("GET", "/mlflow/api/2.0/mlflow/runs/get", params={"run_id": run}).raise_for_status().json()
    return {tag["key"]: tag["value"] for tag in answered["run"]["data"]["tags"]}
