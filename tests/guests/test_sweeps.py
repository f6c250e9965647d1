"""Sweeps by the official Azure client, unchanged, over TLS."""

from __future__ import annotations

import pytest

SCRIPT = """
import os
from pathlib import Path
from azure.ai.ml import Output, command

from azure.ai.ml.sweep import BanditPolicy, Choice, SweepJob
FOLDER = Path(os.environ["FOLDER"])
PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
source = FOLDER / "src"
source.mkdir()
(source / "main.py").write_text('''
import json, os, sys, time, urllib.request
from pathlib import Path
rate, kind, kept = sys.argv[1:]
where = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric"
heads = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
value = {"a": 2, "b": 1, "c": 3}[kind]
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "loss", "value": value, "timestamp": int(time.time() * 1000)}
urllib.request.urlopen(urllib.request.Request(where, json.dumps(body).encode(), heads)).read()
Path("outputs").mkdir(exist_ok=True)
Path("outputs/kind.txt").write_text(kind)
Path(kept, "kept.txt").write_text(kind)
''')
job = command(
    code=str(source),
    command="python main.py ${{inputs.rate}} ${{inputs.kind}} ${{outputs.kept}}",
    environment=PYTHON,
    inputs={"rate": 0.5, "kind": "a"},
    outputs={"kept": Output(type="uri_folder")},
    experiment_name="swept",
)
swept = job(rate=0.25, kind=Choice(values=["a", "b", "c"])).sweep(
    primary_metric="loss", goal="Minimize", sampling_algorithm="grid", max_total_trials=5, max_concurrent_trials=2,
    early_termination_policy=BanditPolicy(slack_factor=0.5, evaluation_interval=1, delay_evaluation=10), timeout=600,
)
made = ml.jobs.create_or_update(swept)
assert isinstance(made, SweepJob), made
ml.jobs.stream(made.name)
ended = ml.jobs.get(made.name)
assert ended.status == "Completed", ended.status
assert ended.properties["best_child_run_id"] == made.name + "_1", ended.properties
assert float(ended.properties["score"]) == 1.0
assert ended.limits.max_total_trials == 5 and ended.objective.primary_metric == "loss"
assert ended.search_space["kind"].values == ["a", "b", "c"], ended.search_space
children = {child.name: child for child in ml.jobs.list(parent_job_name=made.name)}
assert sorted(children) == [f"{made.name}_{number}" for number in range(3)], children
child = ml.jobs.get(made.name + "_2")
assert child.type == "command", child
assert child.tags["hyperparameters"] == '{"kind": "c"}', child.tags
ml.jobs.download(made.name, download_path=FOLDER / "all", all=True)
files = sorted(str(path.relative_to(FOLDER / "all")) for path in (FOLDER / "all").rglob("*") if path.is_file())
assert "artifacts/outputs/kind.txt" in files and "named-outputs/kept/kept.txt" in files, files
assert (FOLDER / "all/named-outputs/kept/kept.txt").read_text() == "b"
print("done")
"""


@pytest.mark.timeout(400)
def test_a_sweep_by_the_official_client(azure, tmp_path):
    said = azure.python(SCRIPT, FOLDER=str(tmp_path), AZUREML_RUN_POLLING_INTERVAL_MIN="1")
    assert "done" in said
