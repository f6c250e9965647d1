"""The example of a rollout, word for word: replay warns, the guardrail takes the traffic back, what is right arrives."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zaffre.testing.server import Installation

EXAMPLE = Path(__file__).parents[2] / "examples" / "rollout"


@pytest.fixture
def shell(zaffre: Installation, tmp_path: Path):
    """Commands in a copy of the example, with what earlier ones set."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    bin_ = Path(sys.executable).parent
    known: dict[str, str] = {}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        environ = {**zaffre.variables(), **known, "PATH": f"{bin_}:{os.environ['PATH']}"}
        if found := re.match(r"(\w+)=\$\((.*)\)$", command):
            done = subprocess.run(
                ["bash", "-c", found[2]], cwd=folder, env=environ, capture_output=True, text=True, check=True
            )
            known[found[1]] = done.stdout.strip()
            return done
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environ, capture_output=True, text=True, timeout=200, check=False
        )

    return run


@pytest.mark.timeout(300)
def test_the_example(shell, zaffre: Installation) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    begun, replayed, shifted, arrived = [block.strip().splitlines() for block in blocks]
    for line in begun:
        done = shell(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        if line.startswith("python ask.py"):
            assert done.stdout.startswith("blue 200")

    done = shell(replayed[0])
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["statuses"] == {"424": report["requests"]}
    assert len(report["failed"]) == 5

    uri = shell("zaffre online-endpoint show -n cultivar --query scoring_uri -o tsv").stdout.strip()
    key = shell("zaffre online-endpoint get-credentials -n cultivar --query primaryKey -o tsv").stdout.strip()
    asking = subprocess.Popen([sys.executable, str(EXAMPLE / "ask.py"), "120", uri, key])
    try:
        assert shifted[0] == "python ask.py 60 $URI $KEY &"
        done = shell(shifted[1])
        assert done.returncode == 1, done.stdout
        assert "guardrails.error_rate allows 2 %" in done.stderr
        assert "rollout:" in shell(shifted[2]).stdout
        spec = zaffre.call("GET", "online-endpoints/cultivar").json()["spec"]
        assert spec["traffic"] == {"blue": 100}
        for line in arrived[:3]:
            done = shell(line)
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert json.loads(done.stdout)["window"]["requests"] > 20
    finally:
        asking.kill()
        asking.wait()
    for line in arrived[3:]:
        done = shell(line)
        assert done.returncode == 0, f"{shlex.quote(line)}\n{done.stdout}\n{done.stderr}"
