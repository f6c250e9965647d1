"""The example of parallel scoring, word for word: its commands in order, and what they leave."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from zaffre.testing.server import Installation

EXAMPLE = Path(__file__).parents[2] / "examples" / "parallel"


@pytest.mark.timeout(500)
def test_the_example(zaffre: Installation, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "parallel")
    (block,) = re.findall(r"```bash\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    program = Path(sys.executable).with_name("zaffre")
    said = []
    for line in block.strip().splitlines():
        words = shlex.split(line)[1:]
        done = subprocess.run(
            [program, *words],
            cwd=folder,
            env=zaffre.variables(),
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        said.append(done.stdout)
    assert "60 of 60 mini-batches finished, 0 failed; 0 items failed" in said[1]
    by_file = pd.read_csv(
        folder / "scored" / "files" / "named-outputs" / "predictions" / "predictions", sep=" ", header=None
    )
    truth = by_file[0].str.extract(r"-is-(\d)\.pgm")[0].astype(int)
    assert len(by_file) == 597
    assert (truth == by_file[1]).mean() > 0.9
    by_row = pd.read_csv(folder / "scored" / "rows" / "named-outputs" / "predictions" / "predictions", sep=" ")
    assert list(by_row.columns) == ["digit", "target", "predicted"]
    assert list(by_row.digit) == list(range(1200, 1797))
    assert (by_row.target == by_row.predicted).mean() > 0.9
