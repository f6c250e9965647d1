"""The conformance runner, on a list and documents of the test's own: it prepares, runs, looks, and counts honestly."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED

ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tests/conformance/run.py"
JOB = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: {command}
inputs:
  words:
    type: uri_file
    path: azureml:words@latest
environment: ENVIRONMENT
compute: azureml:small-cluster
"""
DATA = """\
$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json
name: words
type: uri_file
path: words.txt
"""
SWEEP = """\
$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
type: sweep
sampling_algorithm: random
search_space: {x: {type: choice, values: [1, 2]}}
objective: {goal: minimize, primary_metric: y}
trial: {command: "echo ${{search_space.x}}", environment: ENVIRONMENT}
compute: azureml:small-cluster
limits: {max_total_trials: 1}
"""
REPORTING = r"""python -c 'import mlflow; mlflow.log_metric(\"y\", ${{search_space.x}})'"""
AUTOML = """\
$schema: https://azuremlschemas.azureedge.net/latest/autoMLJob.schema.json
type: automl
task: classification
primary_metric: accuracy
target_column_name: y
training_data: {type: mltable, path: azureml:words@latest}
compute: azureml:small-cluster
limits: {max_trials: 1}
"""
DOCUMENTS = {
    "words.txt": "from far away\n",
    "words.yml": DATA,
    "jobs/good.yml": JOB.format(command='"cat ${{inputs.words}} | tee outputs/copy.txt"'),
    "jobs/unseen.yml": JOB.format(command='"cat ${{inputs.words}}"'),
    "jobs/broken.yml": JOB.format(command='"echo no paper left; exit 3"'),
    "jobs/unknown.yml": JOB.format(command='"true"').replace("azureml:words@", "azureml:nowhere@"),
    "jobs/wrong.yml": JOB.format(command='"true"').replace("compute:", "comput:"),
    "jobs/taken.yml": JOB.format(command='"true"'),
    "jobs/sweep.yml": SWEEP,
    "jobs/tried.yml": SWEEP.replace("echo ${{search_space.x}}", REPORTING).replace("trials: 1", "trials: 2"),
    "jobs/automl.yml": AUTOML,
    "jobs/r.yml": JOB.format(command='"Rscript train.R"'),
}
ENTRIES = [
    {
        "path": "jobs/good.yml",
        "level": "L2",
        "success": 'Completed; std_log.txt has "far away"; outputs/copy.txt exists',
    },
    {"path": "jobs/unseen.yml", "level": "L2", "success": 'log has "nearby"'},
    {"path": "jobs/broken.yml", "level": "L1"},
    {"path": "jobs/unknown.yml", "level": "L1"},
    {"path": "jobs/wrong.yml", "level": "N0"},
    {"path": "jobs/taken.yml", "level": "N0"},
    {"path": "jobs/sweep.yml", "level": "L1", "kind": "job.sweep"},
    {
        "path": "jobs/tried.yml",
        "level": "L2",
        "kind": "job.sweep",
        "success": "2 child trials Completed, best = min y; each has params x,z in range",
    },
    {"path": "jobs/automl.yml", "level": "L1", "kind": "job.automl"},
    {"path": "jobs/r.yml", "level": "L1"},
]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    for name, text in DOCUMENTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.replace("ENVIRONMENT", CURATED))
    entries = [{"kind": "job.command", **entry} for entry in ENTRIES]
    (folder / "list.json").write_text(json.dumps(entries))
    return folder


def run(examples: Path, *words: str) -> subprocess.CompletedProcess[str]:
    programs = examples / "programs"  # what the jobs call, and no R
    if not programs.is_dir():
        programs.mkdir()
        for name in ("cat", "tee"):
            (programs / name).symlink_to(shutil.which(name) or name)
    command = [sys.executable, str(RUNNER), "--examples", str(examples), "--alone", *words]
    environ = {**os.environ, "PATH": str(programs)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def ran(
    examples: Path, environments: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[subprocess.CompletedProcess[str], dict[tuple[str, str], dict[str, Any]]]:
    verdicts, installation = examples / "verdicts.json", tmp_path_factory.mktemp("installation")
    (installation / "home").mkdir(mode=0o700)
    (installation / "home/environments").symlink_to(environments)
    words = (
        "--list",
        examples / "list.json",
        "--level",
        "L2",
        "--json",
        verdicts,
        "--home",
        installation,
        "--page",
        examples / "page.md",
    )
    done = run(examples, *map(str, words))
    told = json.loads(verdicts.read_text())
    return done, {(Path(one["path"]).stem, one["level"]): one for one in told}


def test_what_was_seen_passes_and_what_was_not_fails_with_its_reason(ran: Any) -> None:
    done, told = ran
    words = {name: one["word"] for name, one in told.items()}
    assert words == {
        ("good", "L0"): "passed",
        ("good", "L2"): "passed",
        ("unseen", "L0"): "passed",
        ("unseen", "L2"): "failed",
        ("broken", "L0"): "passed",
        ("broken", "L1"): "failed",
        ("unknown", "L0"): "passed",
        ("unknown", "L1"): "not prepared",
        ("wrong", "N0"): "passed",
        ("taken", "N0"): "failed",
        ("sweep", "L0"): "passed",
        ("sweep", "L1"): "failed",
        ("tried", "L0"): "passed",
        ("tried", "L2"): "passed",
        ("automl", "L0"): "passed",
        ("automl", "L1"): "not built",
        ("r", "L0"): "passed",
        ("r", "L1"): "not prepared",
    }
    assert done.returncode == 1
    assert "'nearby'" in told["unseen", "L2"]["why"]
    assert "code 3" in told["broken", "L1"]["why"] and "no paper left" in told["broken", "L1"]["why"]
    assert "logged a value of the metric y" in told["sweep", "L1"]["why"]
    assert "azureml:nowhere" in told["unknown", "L1"]["why"]
    assert told["r", "L1"]["why"] == "needs r-base (apt-get install r-base-core)"
    assert "must be refused" in told["taken", "N0"]["why"]
    assert told["good", "L2"]["seconds"] > 0


def test_the_table_counts_by_level_and_kind(ran: Any) -> None:
    rows = [line.split() for line in ran[0].stdout.splitlines()]
    assert ["job.command", "1/2", "5/5"] in rows
    assert ["all", "1/2", "8/8"] in rows
    assert ["kind", "L1", "L2", "not", "built", "not", "prepared"] in rows
    assert ["job.command", "0/1", "1/2", "2"] in rows


def test_the_page_tells_the_same_and_names_no_folder_of_this_machine(ran: Any, examples: Path) -> None:
    page = (examples / "page.md").read_text()
    assert "| job.command | 1/2 | 5/5 |" in page
    assert "| job.command | 0/1 | 1/2 |  | 2 |" in page
    assert "- `jobs/broken.yml`: Failed: ExitCode" in page
    assert str(examples) not in page and "/tmp/" not in page and "127.0.0.1" not in page


def test_a_list_that_cannot_be_read_is_refused_with_its_entry(examples: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "list.json"
    wrong.write_text(json.dumps([{"path": "x.yml", "kind": "job.command", "level": "L7"}]))
    done = run(examples, "--list", str(wrong))
    assert (done.returncode, done.stdout) == (2, "")
    assert "entry 1: level 'L7'" in done.stderr
    wrong.write_text(json.dumps([{"path": "x.yml", "kind": "job.command", "level": "L0"}]))
    done = run(examples, "--list", str(wrong))
    assert done.returncode == 2 and "x.yml" in done.stderr


def test_a_page_is_made_of_verdicts_of_several_runs_and_only_of_all(ran: Any, examples: Path, tmp_path: Path) -> None:
    told = json.loads((examples / "verdicts.json").read_text())
    for name, part in (("first", told[::2]), ("second", told[1::2])):
        (tmp_path / name).write_text(json.dumps(part))
    page = tmp_path / "page.md"
    words = ("--list", str(examples / "list.json"), "--page", str(page), "--verdicts")
    done = run(examples, *words, str(tmp_path / "first"))
    assert "verdicts of the list are in none of the files" in done.stderr
    assert not page.exists()
    done = run(examples, *words, str(tmp_path / "first"), str(tmp_path / "second"))
    assert done.returncode == ran[0].returncode
    rows = [line for line in (examples / "page.md").read_text().splitlines() if line.startswith("| ")]
    assert [line for line in page.read_text().splitlines() if line.startswith("| ")] == rows
