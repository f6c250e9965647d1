"""Batch endpoints as users meet them: the command line, the SDK, overrides, schedules, and mistakes."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from zaffre.testing.server import CURATED, Installation, until

SCORE = """
import glob, os
def init():
    global word
    word = open(glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/word.txt")[0]).read() + os.environ.get("EXTRA", "")
def run(mini_batch):
    rows = []
    for path in mini_batch:
        if "fatal" in path: os._exit(7)
        if "bad" in path: raise ValueError("a bad file: " + os.path.basename(path))
        rows.append("%s %s %d" % (word, os.path.basename(path), len(mini_batch)))
    return rows
"""
DEPLOYMENT: dict[str, Any] = {
    "$schema": "https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json",
    "name": "first",
    "endpoint_name": "words",
    "type": "model",
    "model": {"name": "words", "path": "model", "type": "custom_model"},
    "code_configuration": {"code": "src", "scoring_script": "score.py"},
    "environment": CURATED,
    "compute": "azureml:batch-cluster",
    "resources": {"instance_count": 2},
    "settings": {
        "mini_batch_size": 4,
        "output_action": "append_row",
        "output_file_name": "predictions.csv",
        "retry_settings": {"max_retries": 1, "timeout": 30},
        "error_threshold": 3,
        "environment_variables": {"EXTRA": "!"},
    },
}


class Site:
    """A folder, an installation with an endpoint, and the command line."""

    def __init__(self, rig: Installation, folder: Path) -> None:
        self.rig, self.folder = rig, folder

    def zaffre(self, *words: str, code: int = 0) -> str:
        """What a command says, its errors as well."""
        program = Path(sys.executable).with_name("zaffre")
        done = subprocess.run(
            [program, *words],
            cwd=self.folder,
            env=self.rig.variables(),
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout if code == 0 else done.stdout + done.stderr

    def deploy(self, *words: str, code: int = 0, **more: Any) -> str:
        (self.folder / "deployment.yml").write_text(yaml.safe_dump({**DEPLOYMENT, **more}))
        return self.zaffre("batch-deployment", "create", "-f", "deployment.yml", *words, code=code)

    def invoke(self, name: str, *words: str, code: int = 0) -> str:
        return self.zaffre("batch-endpoint", "invoke", "-n", "words", "--job-name", name, "--stream", *words, code=code)

    def rows(self, job: str, file: str = "predictions.csv") -> list[str]:
        path = self.rig.home / "data/default/workspaceblobstore/azureml" / f"{job}_batchscoring" / "score" / file
        return path.read_text().splitlines()


@pytest.fixture(scope="module")
def site(zaffre: Installation, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An endpoint with its first deployment."""
    folder = tmp_path_factory.mktemp("batch")
    for name in ("src", "data", "model"):
        (folder / name).mkdir()
    (folder / "src" / "score.py").write_text(SCORE)
    (folder / "model" / "word.txt").write_text("hi")
    for number in range(10):
        (folder / "data" / f"{number}.txt").write_text(str(number))
    found = Site(zaffre, folder)
    found.zaffre("compute", "create", "-n", "batch-cluster", "--type", "amlcompute", "--max-instances", "3")
    found.zaffre("batch-endpoint", "create", "-n", "words")
    found.deploy("--set-default")
    return found


@pytest.mark.timeout(300)
def test_files_through_a_deployment_and_what_an_invocation_changes(site: Site) -> None:
    said = site.invoke("plain", "--input", "data")
    assert "3 of 3 mini-batches finished, 0 failed" in said
    assert site.rows("plain") == [f"hi! {n}.txt {4 if n < 8 else 2}" for n in range(10)]
    shown = json.loads(site.zaffre("job", "show", "-n", "plain"))
    assert (shown["type"], shown["experiment_name"], shown["tags"]["azureml.deploymentname"]) == (
        "pipeline",
        "words",
        "first",
    )
    where = "azureml://datastores/workspaceblobstore/paths/results"
    site.invoke(
        "other", "--input", "data", "--mini-batch-size", "10", "--instance-count", "1", "--output-path", where,
        "--experiment-name", "mine", "--set", "output_file_name=all.csv", "environment_variables.EXTRA=?",
    )  # fmt: skip
    written = site.rig.home / "data/default/workspaceblobstore/results/all.csv"
    assert written.read_text().splitlines()[0] == "hi? 0.txt 10"
    again = ("--input", "data", "--output-path", where, "--set", "output_file_name=all.csv")
    assert "there are results already at" in site.invoke("refused", *again, code=1)
    site.invoke("replaced", *again, "replace=true")
    assert written.read_text().splitlines()[0] == "hi! 0.txt 4"
    site.invoke("one-file", "--input", "data/3.txt")
    assert site.rows("one-file") == ["hi! 3.txt 1"]
    listed = json.loads(site.zaffre("batch-endpoint", "list-jobs", "-n", "words"))
    assert [job["name"] for job in listed] == ["one-file", "replaced", "other", "plain"]
    mine = json.loads(site.zaffre("batch-deployment", "list-jobs", "-n", "first", "-e", "words", "--query", "[].name"))
    assert mine == [job["name"] for job in listed]


@pytest.mark.timeout(300)
def test_failures_are_counted_told_and_held_against_the_threshold(site: Site) -> None:
    folder = site.folder / "mixed"
    folder.mkdir()
    for name in ("a", "b", "c", "d", "e-bad", "f", "g", "h"):
        (folder / f"{name}.txt").write_text("x")
    told = site.invoke("too-many", "--input", "mixed", code=1)
    assert "4 items failed, and error_threshold allows 3" in told
    assert "ValueError: a bad file: e-bad.txt" in told
    site.invoke("enough", "--input", "mixed", "--mini-batch-size", "1")
    assert len(site.rows("enough")) == 7
    (folder / "i-fatal.txt").write_text("x")
    site.invoke("crashes", "--input", "mixed", "--mini-batch-size", "1")
    assert len(site.rows("crashes")) == 7
    log = site.zaffre("job", "stream", "-n", "crashes_batchscoring")
    assert "the worker process ended with exit code 7" in log


@pytest.mark.timeout(300)
def test_summary_only_keeps_what_the_script_writes(site: Site) -> None:
    script = (
        "import os\n"
        "def run(mini_batch):\n"
        "    for path in mini_batch:\n"
        "        place = os.path.join(os.environ['AZUREML_BI_OUTPUT_PATH'], os.path.basename(path))\n"
        "        open(place, 'w').write('mine')\n"
        "    return mini_batch\n"
    )
    (site.folder / "own").mkdir()
    (site.folder / "own" / "score.py").write_text(script)
    site.deploy(
        name="own",
        code_configuration={"code": "own", "scoring_script": "score.py"},
        settings={"output_action": "summary_only", "mini_batch_size": 5},
    )
    site.invoke("own-files", "-d", "own", "--input", "data")
    folder = site.rig.home / "data/default/workspaceblobstore/azureml/own-files_batchscoring/score"
    assert sorted(file.name for file in folder.iterdir()) == [f"{n}.txt" for n in range(10)]


MISTAKES = [
    (("--input", "nowhere"), "inputs.data.path", "does not exist"),
    (("--input", "azureml:none@latest"), "inputs.data.path", "there is no data 'none@latest'"),
    (("--input", "azureml://datastores/workspaceblobstore/paths/nothing"), "inputs.data.path", "nothing is at"),
    ((), "inputs", "expected one input, the data to score, found none"),
    (("--set", "inputs.a.path=data", "inputs.b.path=data"), "inputs", "found a, b"),
    (("--set", "inputs.a=3"), "inputs.a", "takes data only"),
    (("--input", "data", "--input-type", "mltabel"), "inputs.data.type", 'did you mean "mltable"?'),
    (("--input", "data", "-d", "frist"), "deployment_name", 'did you mean "first"?'),
    (("--input", "data", "--set", "mini_batch_sise=3"), "mini_batch_sise", 'did you mean "mini_batch_size"?'),
    (("--input", "data", "--mini-batch-size", "0"), "mini_batch_size", "greater than or equal to 1"),
    (("--input", "data", "--instance-count", "9"), "resources.instance_count", "has at most 3"),
    (("--input", "data", "--output-path", "azureml://datastores/none/paths/x"), "", "there is no datastore 'none'"),
]


@pytest.mark.parametrize(("words", "field", "told"), MISTAKES)
def test_what_is_wrong_with_an_invocation_is_told_and_starts_nothing(
    site: Site, words: tuple[str, ...], field: str, told: str
) -> None:
    said = site.invoke("never", *words, code=1)
    assert told in said
    assert f"{field}:" in said or not field
    assert "Traceback" not in said
    assert site.rig.call("GET", "jobs/never").status_code == 404


def test_what_is_wrong_with_a_deployment_is_told_at_its_line(site: Site) -> None:
    said = site.deploy(
        code=1,
        name="bad",
        code_configuration={"code": "src", "scoring_script": "scor.py"},
        settings={"logging_level": "loud"},
    )
    assert "settings.logging_level: expected one of debug, info, warning, found 'loud'" in said
    assert "the code has no file 'scor.py'; did you mean \"score.py\"?" in said
    assert "deployment.yml:" in said
    assert "there is no compute 'nope'" in site.deploy(code=1, name="bad", compute="azureml:nope")
    assert "only models of type mlflow_model score without a script" in site.deploy(
        code=1, name="bad", code_configuration=None, environment=None
    )
    assert "leave output_file_name out" in site.deploy(
        code=1, name="bad", settings={"output_action": "summary_only", "output_file_name": "x.csv"}
    )
    assert "the endpoint has first" in site.zaffre(
        "batch-endpoint", "update", "-n", "words", "--set", "defaults.deployment_name=none", code=1
    )


@pytest.mark.timeout(200)
def test_a_deployment_goes_and_its_job_ends_well(site: Site) -> None:
    """A default deployment stays; another may go while its job runs, which has all it needs."""
    assert "is the default of endpoint 'words'" in site.zaffre(
        "batch-deployment", "delete", "-n", "first", "-e", "words", "--yes", code=1
    )
    gate = site.folder / "gate"
    script = (
        "import os, time\n"
        "def run(mini_batch):\n"
        f"    while not os.path.exists({str(gate)!r}): time.sleep(0.01)\n"
        "    return mini_batch\n"
    )
    (site.folder / "slow").mkdir()
    (site.folder / "slow" / "score.py").write_text(script)
    site.deploy(name="slow", code_configuration={"code": "slow", "scoring_script": "score.py"})
    body = {"deployment_name": "slow", "job_name": "goes-on", "inputs": {"d": {"path": _uploaded(site)}}}
    assert site.rig.call("POST", "batch-endpoints/words/jobs", body).status_code == 201
    until(lambda: site.rig.state("goes-on")["status"] == "Running", "a job that runs")
    site.zaffre("batch-deployment", "delete", "-n", "slow", "-e", "words", "--yes")
    gate.touch()
    assert site.rig.ended("goes-on")["status"] == "Completed"
    assert "has no deployment 'slow'" in site.invoke("never", "-d", "slow", "--input", "data", code=1)
    jobs = site.zaffre("batch-deployment", "list-jobs", "-n", "slow", "-e", "words", "--query", "[].name")
    assert json.loads(jobs) == ["goes-on"]


@pytest.mark.timeout(200)
def test_a_job_is_canceled_with_its_step(site: Site) -> None:
    script = "import time\ndef run(mini_batch):\n    time.sleep(600)\n"
    (site.folder / "asleep").mkdir()
    (site.folder / "asleep" / "score.py").write_text(script)
    site.deploy(name="asleep", code_configuration={"code": "asleep", "scoring_script": "score.py"})
    body = {"deployment_name": "asleep", "job_name": "stopped", "inputs": {"d": {"path": _uploaded(site)}}}
    headers = {"Idempotency-Key": "once"}
    made = [site.rig.http.post(_address(site), json=body, headers=headers).raise_for_status().json() for _ in range(2)]
    assert [one["name"] for one in made] == ["stopped", "stopped"]
    until(lambda: site.rig.state("stopped")["status"] == "Running", "a job that runs")
    site.zaffre("job", "cancel", "-n", "stopped")
    assert site.rig.ended("stopped")["status"] == "Canceled"
    assert site.rig.state("stopped_batchscoring")["status"] == "Canceled"


def _address(site: Site) -> str:
    return f"http://127.0.0.1:{site.rig.port}/api/v1/workspaces/default/batch-endpoints/words/jobs"


def _uploaded(site: Site) -> str:
    folder = site.rig.home / "data/default/workspaceblobstore/uploaded"
    folder.mkdir(exist_ok=True)
    (folder / "one.txt").write_text("x")
    return "azureml://datastores/workspaceblobstore/paths/uploaded"


PYTHON = f"""
from zaffre import Input, MLClient, Output
from zaffre.entities import BatchEndpoint, BatchRetrySettings, CodeConfiguration, Model
from zaffre.entities import ModelBatchDeployment, ModelBatchDeploymentSettings

ml = MLClient()
ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="by-python")).result()
made = ml.batch_deployments.begin_create_or_update(
    ModelBatchDeployment(
        name="one", endpoint_name="by-python", model=Model(name="words", path="model", type="custom_model"),
        code_configuration=CodeConfiguration(code="src", scoring_script="score.py"), environment="{CURATED}",
        compute="batch-cluster",
        settings=ModelBatchDeploymentSettings(mini_batch_size=5, retry_settings=BatchRetrySettings(max_retries=1, timeout=30)),
    )
).result()
assert made.settings.mini_batch_size == 5, made
job = ml.batch_endpoints.invoke(endpoint_name="by-python", input=Input(type="uri_folder", path="data"))
ml.jobs.stream(job.name)
assert ml.jobs.get(job.name).status == "Completed"
place = "azureml://datastores/workspaceblobstore/paths/python"
job = ml.batch_endpoints.invoke(
    endpoint_name="by-python", inputs={{"d": Input(type="uri_folder", path="data")}},
    outputs={{"score": Output(type="uri_folder", path=place)}}, params_override=[{{"mini_batch_size": 3}}], job_name="py-two",
)
ml.jobs.stream(job.name)
assert [one.name for one in ml.batch_endpoints.list_jobs("by-python")][0] == "py-two"
assert len(list(ml.batch_deployments.list_jobs("by-python", name="one"))) == 2
assert [one.name for one in ml.batch_deployments.list("by-python")] == ["one"]
ml.batch_endpoints.begin_delete("by-python").result()
print("done")
"""


@pytest.mark.timeout(200)
def test_the_same_in_python(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PYTHON],
        cwd=site.folder,
        env=site.rig.variables(),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    rows = (site.rig.home / "data/default/workspaceblobstore/python/predictions.csv").read_text().splitlines()
    assert rows[0] == "hi 0.txt 3"


@pytest.mark.timeout(200)
def test_a_schedule_asks_whatever_is_the_default_then(site: Site) -> None:
    _uploaded(site)
    document = {
        "name": "nightly",
        "trigger": {"type": "cron", "expression": "0 3 * * *", "start_time": "2099-01-01T00:00:00"},
        "invoke_batch_endpoint": {
            "endpoint_name": "words",
            "inputs": {"d": {"type": "uri_folder", "path": "azureml://datastores/workspaceblobstore/paths/uploaded"}},
            "mini_batch_size": 2,
        },
    }
    (site.folder / "nightly.yml").write_text(yaml.safe_dump(document))
    site.zaffre("schedule", "create", "-f", "nightly.yml")
    site.deploy("--set-default", name="second", settings={"environment_variables": {"EXTRA": "2"}})
    job = json.loads(site.zaffre("schedule", "trigger", "-n", "nightly"))["job_name"]
    assert site.rig.ended(job)["status"] == "Completed"
    assert site.rows(job) == ["hi2 one.txt 1"]
    assert json.loads(site.zaffre("job", "list", "--schedule", "nightly", "--query", "[].name")) == [job]
    site.zaffre("batch-endpoint", "update", "-n", "words", "--set", "defaults.deployment_name=first")
    wrong = {**document, "invoke_batch_endpoint": {**document["invoke_batch_endpoint"], "endpoint_name": "none"}}
    (site.folder / "wrong.yml").write_text(yaml.safe_dump(wrong))
    said = site.zaffre("schedule", "create", "-f", "wrong.yml", "-n", "wrong", code=1)
    assert "invoke_batch_endpoint.endpoint_name: there is no batch endpoint 'none'" in said
