"""What goes from one thing to another: models of jobs, data elsewhere, code back again, registries; and jobs by the hundred."""

from __future__ import annotations

import pytest

BEGIN = """
import os
from pathlib import Path
from azure.ai.ml import Input, Output, command
from azure.ai.ml.entities import Data, Environment, JobService, JobResourceConfiguration, Model, Registry
from azure.ai.ml.entities import RegistryRegionDetails
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
FOLDER = Path(os.environ["FOLDER"])
PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
"""


@pytest.fixture
def client(azure, tmp_path):
    """Runs a script of the official client; ``FOLDER`` is one of the test's own."""

    def run(script, **more):
        return azure.python(
            BEGIN + script, FOLDER=str(tmp_path), HERE=azure.url, AZUREML_RUN_POLLING_INTERVAL_MIN="1", **more
        )

    return run


MODELS = """
source = FOLDER / "größe"
(source / "teil").mkdir(parents=True)
(source / "main.py").write_text("import teil.ü as m\\nm.save()")
(source / "teil" / "__init__.py").write_text("")
(source / "teil" / "ü.py").write_text('''
import os
from pathlib import Path
def save():
    Path("outputs").mkdir(exist_ok=True)
    Path("outputs/weights.bin").write_bytes(b"w")
    Path(os.environ["AZURE_ML_OUTPUT_kept"], "größe 字.bin").write_bytes(b"k")
    print("geschrieben: größe 字")
''')
job = ml.jobs.create_or_update(command(
    code=str(source), command="python main.py", environment=PYTHON, outputs={"kept": Output(type="uri_folder")},
    display_name="Größe 字", tags={"größe": "字"}, experiment_name="größe",
))
assert (job.display_name, job.tags, job.experiment_name) == ("Größe 字", {"größe": "字"}, "größe"), job
ml.jobs.stream(job.name)
for name, path in (
    ("of-output", f"azureml://jobs/{job.name}/outputs/kept/paths/"),
    ("of-run", f"runs:/{job.name}/outputs/weights.bin"),
    ("of-artifacts", f"azureml://jobs/{job.name}/outputs/artifacts/paths/outputs/"),
):
    made = ml.models.create_or_update(Model(name=name, path=path, type="custom_model"))
    assert made.version == "1" and made.path, made
    ml.models.download(name, "1", download_path=str(FOLDER / name))
found = {path.name for name in ("of-output", "of-run", "of-artifacts") for path in (FOLDER / name).rglob("*.bin")}
assert found == {"größe 字.bin", "weights.bin"}, found

name, version = ml.jobs.get(job.name).code.split("/codes/")[1].split("/versions/")
ml._code.download(name, version, str(FOLDER / "code"))
assert (FOLDER / "code" / "teil" / "ü.py").read_text() == (source / "teil" / "ü.py").read_text()
assert sorted(p.name for p in (FOLDER / "code").rglob("*.py")) == ["__init__.py", "main.py", "ü.py"]
"""


def test_models_of_jobs_and_code_back_again(client):
    assert "geschrieben: größe 字" in client(MODELS)


DATA = """
file = FOLDER / "x.csv"
file.write_text("a,b\\n1,2\\n")
first = ml.data.create_or_update(Data(name="local", path=str(file), type="uri_file"))
same = ml.data.create_or_update(Data(name="by-uri", path=first.path, type="uri_file"))
assert same.path == first.path
away = ml.data.create_or_update(Data(name="away", path="https://example.com/data/x.csv", type="uri_file"))
assert ml.data.get("away", label="latest").path == "https://example.com/data/x.csv"
job = ml.jobs.create_or_update(command(
    command="cat ${{inputs.a}} ${{inputs.b}} > ${{outputs.c}}", environment=PYTHON,
    inputs={"a": Input(type="uri_file", path="azureml:by-uri:1", mode="download"),
            "b": Input(type="uri_file", path="azureml:local@latest")},
    outputs={"c": Output(type="uri_file", name="joined", version="7")},
))
ml.jobs.stream(job.name)
ml.jobs.download(job.name, output_name="c", download_path=FOLDER / "back")
found = [path for path in (FOLDER / "back").rglob("*") if path.is_file()]
assert [path.read_text() for path in found] == ["a,b\\n1,2\\na,b\\n1,2\\n"], found
assert ml.data.get("joined", version="7").type == "uri_file"

image = ml.environments.create_or_update(Environment(name="image", image="python:3.11-slim", version="3"))
assert ml.environments.get("image", version="3").image == "python:3.11-slim"
serverless = command(command="echo serverless", environment=PYTHON)
serverless.resources = JobResourceConfiguration(instance_type="Standard_DS3_v2", instance_count=1)
serverless.services = {"mine": JobService(type="jupyter_lab")}
job = ml.jobs.create_or_update(serverless)
told = ml.jobs.show_services(job.name)["mine"]
assert (told.type, told.status) == ("JupyterLab", "Stopped"), vars(told)  # it ended with its job
ml.jobs.stream(job.name)
assert job.studio_url.startswith(f"{os.environ['HERE']}/runs/{job.name}?"), job.studio_url
"""


@pytest.mark.slow
def test_data_elsewhere_and_jobs_without_a_compute(client):
    assert "serverless" in client(DATA)


REGISTRIES = """
region = RegistryRegionDetails(location="local")
made = ml.registries.begin_create(Registry(name="made-here", location="local", replication_locations=[region])).result()
assert ml.registries.get("made-here").name == "made-here"
assert "made-here" in [one.name for one in ml.registries.list()]
(FOLDER / "m.bin").write_bytes(b"m")
ml.models.create_or_update(Model(name="own", version="2", path=str(FOLDER / "m.bin"), type="custom_model"))
ml.models.share("own", "2", share_with_name="shared", share_with_version="5", registry_name="made-here")
there = MLClient(DefaultAzureCredential(), registry_name="made-here")
assert there.models.get("shared", version="5").version == "5"
there.models.download("shared", "5", download_path=str(FOLDER / "shared"))
assert [path.read_bytes() for path in (FOLDER / "shared").rglob("m.bin")] == [b"m"]
"""


@pytest.mark.slow
def test_a_registry_is_made_and_shared_with(client):
    client(REGISTRIES)


MANY = """
from azure.ai.ml.entities import AmlCompute
jobs = [job for job in ml.jobs.list() if job.experiment_name == "many"]
assert len({job.name for job in jobs}) == 200, len(jobs)
assert [job.name for job in jobs[:2]] == ["many-199", "many-198"], "the newest first"
assert {job.status for job in jobs} == {"Queued"}
ml.jobs.archive("many-7")
assert len([job for job in ml.jobs.list() if job.experiment_name == "many"]) == 199
"""


@pytest.mark.slow
def test_two_hundred_jobs_come_in_pages(azure, client):
    compute = {"type": "amlcompute", "size": "STANDARD_DS3_v2", "max_instances": 1}
    azure.rig.call("PUT", "computes/narrow", compute).raise_for_status()
    azure.rig.submit("blocking", "sleep 600", compute="azureml:narrow")
    azure.rig.running("blocking")
    for number in range(200):
        azure.rig.submit(f"many-{number}", "true", compute="azureml:narrow", experiment_name="many")
    client(MANY)
