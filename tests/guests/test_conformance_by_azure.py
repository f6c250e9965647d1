"""The conformance runner with the official client: it reads, sends and runs documents, and the page has a column for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, furnished

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tests/conformance/run.py"
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"
JOB = (
    SCHEMA.format("commandJob")
    + f"""\
command: cat ${{{{inputs.words}}}} | tee outputs/copy.txt
inputs:
  words: {{type: uri_file, path: words.txt}}
environment: {CURATED}
compute: azureml:small-cluster
"""
)
SWEEP = (
    SCHEMA.format("sweepJob")
    + f"""\
type: sweep
sampling_algorithm: random
search_space: {{x: {{type: choice, values: [1, 2]}}}}
objective: {{goal: minimize, primary_metric: y}}
trial: {{command: "echo ${{{{search_space.x}}}}", environment: {CURATED}}}
compute: azureml:small-cluster
limits: {{max_total_trials: 1}}
"""
)
DATA = SCHEMA.format("data") + "name: words\nversion: 1\ntype: uri_file\npath: {}\n"
DOCUMENTS = {
    "words.txt": "from far away\n",
    "other.txt": "from nearby\n",
    "words.yml": DATA.format("words.txt"),
    "again.yml": DATA.format("other.txt"),
    "nowhere.yml": DATA.format("nowhere.txt"),
    "good.yml": JOB,
    "broken.yml": JOB.replace("cat ${{inputs.words}} | tee outputs/copy.txt", "echo no paper left; exit 3"),
    "wrong.yml": JOB.replace("compute:", "comput:"),
    "taken.yml": JOB,
    "sweep.yml": SWEEP,
}
ENTRIES = [
    {"path": "good.yml", "level": "L2", "success": 'Completed; std_log.txt has "far away"; outputs/copy.txt exists'},
    {"path": "broken.yml", "level": "L1"},
    {"path": "wrong.yml", "level": "N0"},
    {"path": "taken.yml", "level": "N0"},
    {"path": "sweep.yml", "level": "L0", "kind": "job.sweep"},
    {"path": "words.yml", "level": "L0", "kind": "asset.data"},
    {"path": "again.yml", "level": "L0", "kind": "asset.data"},
    {"path": "nowhere.yml", "level": "L0", "kind": "asset.data"},
]
PAGE = """\
<!-- documents -->
## Documents of the list

| kind | N0, Zaffre | L0, Zaffre |
|---|---|---|
| component.command |  | 3/3 |
| job.command | 1/2 | 2/2 |
| all | 1/2 | 5/5 |

<!-- by Zaffre -->
### By Zaffre

`what was called then`
<!-- end -->
<!-- /documents -->
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[tuple[str, str], dict[str, Any]], str, str]:
    examples, home = tmp_path_factory.mktemp("examples"), tmp_path_factory.mktemp("installation")
    for name, text in DOCUMENTS.items():
        (examples / name).write_text(text)
    (examples / "list.json").write_text(json.dumps([{"kind": "job.command", **entry} for entry in ENTRIES]))
    (examples / "page.md").write_text(PAGE)
    (home / "home").mkdir(mode=0o700)
    (home / "home/environments").symlink_to(furnished(tmp_path_factory.getbasetemp()))
    words = [
        "--examples",
        examples,
        "--list",
        examples / "list.json",
        "--level",
        "L2",
        "--client",
        "azure",
        "--home",
        home,
    ]
    words += ["--json", examples / "verdicts.json", "--page", examples / "page.md"]
    command = [sys.executable, str(RUNNER), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 1, done.stderr
    told = json.loads((examples / "verdicts.json").read_text())
    found = {(Path(one["path"]).stem, one["level"]): one for one in told}
    return found, done.stdout, (examples / "page.md").read_text()


@pytest.mark.timeout(300)
def test_what_is_sent_is_taken_or_refused_and_what_is_run_is_looked_at(ran: Any) -> None:
    told, _, _ = ran
    assert {name: one["word"] for name, one in told.items()} == {
        ("good", "L0"): "passed",
        ("good", "L2"): "passed",
        ("broken", "L0"): "passed",
        ("broken", "L1"): "failed",
        ("wrong", "N0"): "passed",
        ("taken", "N0"): "failed",
        ("sweep", "L0"): "passed",
        ("words", "L0"): "passed",
        ("again", "L0"): "passed",
        ("nowhere", "L0"): "not prepared",
    }, {name: one["why"] for name, one in told.items()}
    assert "code 3" in told["broken", "L1"]["why"] and "no paper left" in told["broken", "L1"]["why"]


def test_the_page_has_both_clients_beside_each_other(ran: Any) -> None:
    _, _, page = ran
    documents = page.partition("<!-- documents -->")[2].partition("<!-- /documents -->")[0]
    assert (
        "| kind | N0, Zaffre | N0, azure-ai-ml | L0, Zaffre | L0, azure-ai-ml | not prepared, azure-ai-ml |"
        in documents
    )
    assert "| component.command |  |  | 3/3 |  |  |" in documents
    assert "| job.command | 1/2 | 1/2 | 2/2 | 2/2 |  |" in documents
    assert "| asset.data |  |  |  | 2/2 | 1 |" in documents
    assert "`what was called then`" in documents, "the other client's part was written over"
    assert "LEVEL=L0 CLIENT=azure`" in documents
    assert "| job.command | 0/1 | 1/1 |" in page.partition("<!-- runs -->")[2]
    assert "/tmp/" not in page and "127.0.0.1" not in page
