"""The example of batch endpoints, word for word: its commands in order, and what they leave."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from zaffre.testing.server import Installation, until

EXAMPLE = Path(__file__).parents[2] / "examples" / "batch"


@pytest.mark.timeout(500)
def test_the_example(zaffre: Installation, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "batch")
    (block,) = re.findall(r"```bash\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    program = Path(sys.executable).with_name("zaffre")
    said = {}
    for line in block.strip().splitlines():
        done = subprocess.run(
            [program, *shlex.split(line)[1:]],
            cwd=folder,
            env=zaffre.variables(),
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        said[line] = done.stdout
    assert "100 of 100 mini-batches finished, 0 failed; 0 items failed" in "".join(said.values())
    by_file = pd.read_csv(folder / "scored/named-outputs/score/predictions.csv", sep=" ", header=None)
    truth = by_file[0].str.extract(r"-is-(\d)\.pgm")[0].astype(int)
    assert len(by_file) == len(set(by_file[0])) == 10_000
    assert (truth == by_file[1]).mean() > 0.9
    by_row = pd.read_csv(folder / "rows/named-outputs/score/predictions.csv", names=["row", "prediction", "file"])
    assert list(by_row.row) == list(range(597))  # in three mini-batches
    assert set(by_row.file) == {"data"}
    assert set(by_row.prediction) == set(range(10))
    counts = pd.read_csv(folder / "counted/named-outputs/counts/counts.csv")
    assert counts.iloc[:, 1].min() >= 60
    assert (zaffre.home / "data/default/workspaceblobstore/counted/latest/counts.csv").exists()
    scheduled = json.loads(said["zaffre schedule trigger -n digits-nightly"])["job_name"]
    assert scheduled in said["zaffre batch-endpoint list-jobs -n digits -o table"]
    until(lambda: zaffre.state(scheduled)["status"] == "Completed", "the scheduled invocation", 120)
