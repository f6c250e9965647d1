"""Scripts in jobs that ask Azure's libraries who they are: the documented code works there too, with the job's own rights."""

from __future__ import annotations

import pytest

BEGIN = """
import os
from pathlib import Path
from azure.ai.ml import Input, command
from azure.ai.ml.entities import Data, ManagedIdentityConfiguration, UserIdentityConfiguration
from azure.ai.ml.exceptions import JobException
PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
def submitted(code, **more):
    source = Path(os.environ["FOLDER"], "src")
    source.mkdir(exist_ok=True)
    (source / "main.py").write_text(code)
    return ml.jobs.create_or_update(command(
        code=str(source), command=f"{sys.executable} main.py", environment=PYTHON, experiment_name="who", **more))
"""
INSIDE = """
import os, sys, warnings
warnings.simplefilter("ignore")
from azure.ai.ml import MLClient, command
from azure.ai.ml.entities import Data
from azure.ai.ml.identity import AzureMLOnBehalfOfCredential
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
e = os.environ
ids = (e["AZUREML_ARM_SUBSCRIPTION"], e["AZUREML_ARM_RESOURCEGROUP"], e["AZUREML_ARM_WORKSPACE_NAME"])
def refused(what):
    try:
        what()
    except HttpResponseError as error:
        return error.status_code
    raise SystemExit("nothing was refused")
"""


@pytest.fixture
def client(azure, tmp_path):
    """Runs a script of the official client; ``FOLDER`` is one of the test's own."""

    def run(script):
        return azure.python(
            BEGIN + f"INSIDE = {INSIDE!r}\n" + script, FOLDER=str(tmp_path), AZUREML_RUN_POLLING_INTERVAL_MIN="1"
        )

    return run


@pytest.mark.parametrize(("identity", "credential"), [
    ("UserIdentityConfiguration()", "DefaultAzureCredential()"),
    pytest.param("UserIdentityConfiguration()", "AzureMLOnBehalfOfCredential()", marks=pytest.mark.slow),
    pytest.param(
        "ManagedIdentityConfiguration()", 'ManagedIdentityCredential(client_id=e["DEFAULT_IDENTITY_CLIENT_ID"])',
        marks=pytest.mark.slow,
    ),
])  # fmt: skip
def test_a_job_with_an_identity_works_in_its_workspace(azure, client, identity, credential):
    told = client(f"""
job = submitted(INSIDE + '''
ml = MLClient({credential}, *ids)
print("workspace", ml.workspaces.get().name)
print("me", ml.jobs.get(e["AZUREML_RUN_ID"]).experiment_name)
open("rows.csv", "w").write("a,b\\\\n1,2\\\\n")
made = ml.data.create_or_update(Data(name="of-a-job", path="rows.csv", type="uri_file"))
print("made", made.name)
inner = ml.jobs.create_or_update(command(
    command="echo inner", experiment_name="inner",
    environment="azureml://registries/azureml/environments/python/labels/latest"))
print("submitted", inner.experiment_name)
print("refused", refused(lambda: ml.workspaces.get_keys()), refused(lambda: ml.data._operation and ml.connections.get("x")))
''', identity={identity})
ml.jobs.stream(job.name)
assert ml.jobs.get(job.name).status == "Completed"
print("--", job.name)
""")
    log, _, name = told.partition("-- ")
    lines = set(log.splitlines())
    assert {"workspace default", "me who", "made of-a-job", "submitted inner"} <= lines, log
    assert any(line.startswith("refused 403") for line in lines), log
    _no_secret_stays(azure, name.strip())


def test_a_job_without_an_identity_is_told_what_it_lacks(azure, client):
    told = client("""
job = submitted(INSIDE + '''
ml = MLClient(DefaultAzureCredential(), *ids)
try:
    ml.jobs.get(e["AZUREML_RUN_ID"])
except HttpResponseError as error:
    print("lacks", error.status_code, "user_identity" in error.message)
''')
ml.jobs.stream(job.name)
""")
    assert "lacks 403 True" in told


def _no_secret_stays(azure, run):
    """What the job was given stands in its own private files alone: in no log, no record and no database."""
    home = azure.rig.home
    task = next((home / "runs" / run).rglob("task.json"))
    secret = next(word for word in task.read_text().split('"') if word.count(".") == 2 and word.startswith("ey"))
    assert task.stat().st_mode & 0o077 == 0
    places = [*(home / "logs").rglob("*"), home / "server.log", *home.glob("*.db*"), *(home / "data").rglob("*")]
    assert [path for path in places if path.is_file() and secret.encode() in path.read_bytes()] == []
