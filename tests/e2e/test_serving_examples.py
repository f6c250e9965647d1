"""The examples of serving, word for word: their commands in order, and what they answer."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zaffre.testing.server import Installation

EXAMPLES = Path(__file__).parents[2] / "examples" / "serving"
PATIENCE = 400


def _said(zaffre: Installation, tmp_path: Path, name: str) -> dict[str, str]:
    """Command → what it said, for every line of every block of the example's README, in one shell each block."""
    folder = shutil.copytree(EXAMPLES / name, tmp_path / name)
    program = Path(sys.executable).parent
    environ = {**zaffre.variables(), "PATH": f"{program}:{os.environ['PATH']}"}
    said: dict[str, str] = {}
    for block in re.findall(r"```bash\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL):
        kept = ""
        for line in block.strip().splitlines():
            if re.match(r"[A-Z]+=", line):
                kept += line + "\n"
                continue
            done = subprocess.run(
                ["bash", "-euc", kept + line],
                cwd=folder,
                env=environ,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
            said[line] = done.stdout
    return said


def _of(said: dict[str, str], *words: str) -> str:
    (found,) = [text for line, text in said.items() if all(word in line for word in words)]
    return found


@pytest.mark.timeout(PATIENCE + 60)
def test_a_scoring_script(zaffre: Installation, tmp_path: Path) -> None:
    said = _said(zaffre, tmp_path, "script")
    assert json.loads(_of(said, "invoke", "--local")) == ["Adelie", "Gentoo"]
    assert json.loads(_of(said, "invoke -n penguins")) == ["Adelie", "Gentoo"]
    assert "shared by 2 workers" in _of(said, "get-logs", "--local")
    assert "modelDataCollector/penguins/blue/model_inputs" in _of(said, "data show")


@pytest.mark.timeout(PATIENCE + 60)
def test_a_custom_server(zaffre: Installation, tmp_path: Path) -> None:
    said = _said(zaffre, tmp_path, "custom-server")
    assert json.loads(_of(said, "invoke")) == {"text": "Guten Tag, Ada!"}
    assert _of(said, "curl").split() == ["en", "de", "es"]
    replicas = zaffre.call("GET", "online-endpoints/greeter/deployments/blue").json()["state"]["replicas"]
    assert [one["stage"] for one in replicas] == ["ready", "ready"]
    zaffre.call("DELETE", "online-endpoints/greeter")


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE + 300)
def test_r_and_plumber(zaffre: Installation, tmp_path: Path) -> None:
    if subprocess.run(["Rscript", "-e", "library(plumber)"], capture_output=True, check=False).returncode:
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        words = ["apt-get", "install", "-y", "--no-install-recommends", "r-base-core", "r-cran-plumber"]
        done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=280, check=False)
        assert done.returncode == 0, done.stderr
    said = _said(zaffre, tmp_path, "r-plumber")
    assert json.loads(_of(said, "invoke")) == [21.74, 61.07]
