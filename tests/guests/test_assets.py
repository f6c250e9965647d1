"""Data, models, environments, components and code by the official client, unchanged, over TLS: files included."""

from __future__ import annotations

import hashlib

import pytest

BEGIN = """
import os
from pathlib import Path
from azure.ai.ml import Input, Output, command, load_component
from azure.ai.ml.entities import BuildContext, Data, Environment, Model
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
FOLDER = Path(os.environ["FOLDER"])
"""


@pytest.fixture
def client(azure, tmp_path):
    """Runs a script of the official client; ``FOLDER`` is one of the test's own."""

    def run(script, **more):
        return azure.python(BEGIN + script, FOLDER=str(tmp_path), **more)

    return run


def stored(azure, uri):
    """The file or folder that a datastore URI of the default workspace means."""
    datastore, _, path = uri.partition("datastores/")[2].partition("/paths/")
    return azure.rig.home / "data/default" / datastore / path


DATA = """
folder = FOLDER / "folder"
(folder / "deep").mkdir(parents=True)
(folder / "a b+c%20.txt").write_text("one")
(folder / "deep" / "ü-字.csv").write_text("x,y\\n1,2\\n")
(folder / "empty").write_bytes(b"")
made = ml.data.create_or_update(Data(name="folder", path=str(folder), type="uri_folder", tags={"a": "b"}))
assert made.version == "1" and made.tags == {"a": "b"}, made
assert ml.data.create_or_update(Data(name="folder", path=str(folder), type="uri_folder")).version == "2"
assert ml.data.get("folder", label="latest").version == "2"
assert [one.version for one in ml.data.list("folder")] == ["2", "1"]
assert {one.name: one.type for one in ml.data.list()}["folder"] == "uri_folder"
file = FOLDER / "grüße 1.csv"
file.write_text("a,b\\n1,2\\n")
one = ml.data.create_or_update(Data(name="file", version="7", path=str(file), type="uri_file"))
assert ml.data.create_or_update(Data(name="file", path=str(file), type="uri_file")).version == "8"
try:
    ml.data.create_or_update(Data(name="file", version="7", path=str(folder), type="uri_folder"))
    raise SystemExit("a version was changed")
except Exception as error:
    assert "7" in str(error), error
table = FOLDER / "table"
table.mkdir()
(table / "rows.csv").write_text("a,b\\n1,2\\n")
(table / "MLTable").write_text('''
paths:
  - file: ./rows.csv
transformations:
  - read_delimited:
      delimiter: ","
''')
kept = ml.data.create_or_update(Data(name="table", path=str(table), type="mltable"))
from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri
download_artifact_from_aml_uri(made.path, str(FOLDER / "back"), ml.datastores)
assert (FOLDER / "back" / "deep" / "ü-字.csv").read_text() == "x,y\\n1,2\\n"
print(made.path, one.path, kept.path, sep="\\n")
"""


def test_data_files_folders_and_tables(azure, client):
    folder, file, table = client(DATA).split("\n")[:3]
    assert {str(path.relative_to(stored(azure, folder))) for path in stored(azure, folder).rglob("*")} == {
        "a b+c%20.txt", "deep", "deep/ü-字.csv", "empty",
    }  # fmt: skip
    assert (stored(azure, folder) / "deep/ü-字.csv").read_text() == "x,y\n1,2\n"
    assert (stored(azure, folder) / "empty").read_bytes() == b""
    assert stored(azure, file).read_text() == "a,b\n1,2\n" and stored(azure, file).name == "grüße 1.csv"
    assert (stored(azure, table) / "MLTable").exists()
    preview = azure.rig.call("GET", "data/table/versions/1/preview")
    assert preview.status_code == 200 and "a" in preview.text, preview.text


ARCHIVE = """
file = FOLDER / "x.txt"
file.write_text("x")
for _ in range(2):
    ml.data.create_or_update(Data(name="kept", path=str(file), type="uri_file", description="d"))
names = lambda view="ACTIVE_ONLY": {one.name for one in ml.data.list(list_view_type=view)}
versions = lambda view="ACTIVE_ONLY": [one.version for one in ml.data.list("kept", list_view_type=view)]
ml.data.archive("kept", version="2")
assert versions() == ["1"] and versions("ARCHIVED_ONLY") == ["2"] and versions("ALL") == ["2", "1"]
ml.data.restore("kept", version="2")
assert versions() == ["2", "1"]
ml.data.archive("kept")
assert "kept" not in names() and "kept" in names("ARCHIVED_ONLY")
ml.data.restore("kept")
assert "kept" in names()
ml.models.create_or_update(Model(name="filed", path=str(file), type="custom_model"))
ml.models.archive("filed", version="1")
assert list(ml.models.list("filed")) == []
ml.models.restore("filed", version="1")
assert [one.version for one in ml.models.list("filed")] == ["1"]
ml.environments.create_or_update(Environment(name="filed", image="python:3.11", conda_file={
    "name": "e", "channels": ["conda-forge"], "dependencies": ["python=3.11", "pip", {"pip": ["rich"]}]}))
ml.environments.archive("filed", version="1")
assert list(ml.environments.list("filed")) == []
ml.environments.restore("filed", version="1")
assert [one.version for one in ml.environments.list("filed")] == ["1"]
for missing in (lambda: ml.data.get("nothing", version="1"), lambda: ml.models.get("nothing", label="latest")):
    try:
        missing()
        raise SystemExit("it is there")
    except Exception as error:
        assert "nothing" in str(error) or "not found" in str(error).lower(), repr(error)
"""


def test_archive_restore_and_what_is_not_there(client):
    client(ARCHIVE)


MODELS = """
import random
big = FOLDER / "m" / "big.bin"
big.parent.mkdir()
big.write_bytes(random.Random(1).randbytes(80 * 1024 * 1024))
(FOLDER / "m" / "note.txt").write_text("small")
made = ml.models.create_or_update(Model(name="big", path=str(FOLDER / "m"), type="custom_model", description="d"))
assert made.version == "1", made
assert ml.models.get("big", label="latest").version == "1"
ml.models.download("big", "1", download_path=str(FOLDER / "back"))
print(made.path)
"""
FLAVORS = """
saved = FOLDER / "flow"
saved.mkdir()
flavor = "    loader_module: mlflow.sklearn\\n    python_version: 3.11.0\\n"
(saved / "MLmodel").write_text("flavors:\\n  python_function:\\n" + flavor)
(saved / "model.pkl").write_bytes(b"0")
made = ml.models.create_or_update(Model(name="flow", path=str(saved), type="mlflow_model"))
assert made.flavors["python_function"]["loader_module"] == "mlflow.sklearn", made.flavors
ml.models.archive("flow", version="1")
ml.models.restore("flow", version="1")
again = ml.models.create_or_update(Model(name="remote", path=made.path, type="mlflow_model"))
assert again.flavors == made.flavors
tagged = ml.models.get("flow", version="1")
tagged.tags = {"a": "b"}
assert ml.models.create_or_update(tagged).tags == {"a": "b"}
"""


def test_a_large_model_comes_back_whole(azure, client, tmp_path):
    path = client(MODELS, patience=250).strip().split("\n")[-1]
    wanted = hashlib.sha256((tmp_path / "m/big.bin").read_bytes()).hexdigest()
    assert hashlib.sha256((stored(azure, path) / "big.bin").read_bytes()).hexdigest() == wanted
    back = next((tmp_path / "back").rglob("big.bin"))
    assert hashlib.sha256(back.read_bytes()).hexdigest() == wanted
    assert back.with_name("note.txt").read_text() == "small"
    assert not list((azure.rig.home / "storage/blocks").glob("[0-9a-f]*")), "committed blocks stay"


def test_models_of_mlflow_tell_their_flavors(client):
    client(FLAVORS)


ENVIRONMENTS = """
context = FOLDER / "context"
context.mkdir()
steps = ["FROM python:3.11-slim", "COPY requirements.txt .", "RUN pip install -r requirements.txt", ""]
(context / "Dockerfile").write_text("\\n".join(steps))
(context / "requirements.txt").write_text("rich\\n")
built = ml.environments.create_or_update(Environment(name="built", build=BuildContext(path=str(context))))
assert built.build.path, built
shown = ml.environments.get("built", version=built.version)
ml.environments.archive("built", version=built.version)
ml.environments.restore("built", version=built.version)
print(shown.build.path)
conda = FOLDER / "conda.yml"
conda.write_text("name: e\\nchannels: [conda-forge]\\ndependencies:\\n  - python=3.11\\n  - pip:\\n    - rich\\n")
plain = Environment(name="conda", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", conda_file=str(conda))
assert ml.environments.create_or_update(plain).version == "1"
found = ml.environments.get("conda", label="latest")
assert found.conda_file["dependencies"][0] == "python=3.11", found.conda_file
assert {"built", "conda"} <= {one.name for one in ml.environments.list()}
"""


def test_environments_with_a_context_and_with_conda(azure, client):
    path = client(ENVIRONMENTS).strip().split("\n")[-1]
    assert (stored(azure, path) / "requirements.txt").read_text() == "rich\n", path


COMPONENTS = """
code = FOLDER / "src"
(code / "inner").mkdir(parents=True)
(code / "main.py").write_text("print(1)")
(code / "inner" / "Ähm.py").write_text("x = 1")
(code / "skipped.log").write_text("no")
(code / ".amlignore").write_text("*.log\\n")
(FOLDER / "c.yml").write_text('''
type: command
name: adder
inputs: {x: {type: uri_file, optional: true}, n: {type: integer, default: 3}}
outputs: {y: {type: uri_folder}}
command: python main.py ${{inputs.n}} ${{outputs.y}}
code: ./src
environment: azureml://registries/azureml/environments/python/labels/latest
''')
made = ml.components.create_or_update(load_component(FOLDER / "c.yml"))
assert made.version and made.code, made
again = ml.components.create_or_update(load_component(FOLDER / "c.yml"))
assert again.code == made.code, "the same code twice"
assert ml.components.get("adder").version == again.version
assert {one.name for one in ml.components.list()} >= {"adder"}
ml.components.archive("adder", version=made.version)
ml.components.restore("adder", version=made.version)
other = load_component(FOLDER / "c.yml")
other.name = "subtractor"
assert ml.components.create_or_update(other).code == made.code
name, version = made.code.split("/codes/")[1].split("/versions/")
shown = ml._code.get(name, version)
assert (shown.name, shown.version) == (name, version) and shown.path, shown
print(name, version)
"""


def test_components_share_code_of_the_same_content(azure, client):
    name, version = client(COMPONENTS).split()[-2:]
    found = azure.rig.call("GET", f"codes/{name}/versions/{version}").json()
    assert found["state"]["files"] == 3, found
    codes = azure.rig.call("GET", "codes", params={"list_view": "all"}).json()["value"]
    assert len([one for one in codes if one["spec"].get("properties")]) == 1, "one upload"
    assert not list((azure.rig.home / "storage/uploads").iterdir()), "an upload that was taken stays"


MANY = """
file = FOLDER / "x.txt"
file.write_text("x")
first = ml.data.create_or_update(Data(name="many", version="0", path=str(file), type="uri_file"))
from concurrent.futures import ThreadPoolExecutor
def make(number):
    ml.data.create_or_update(Data(name="many", version=str(number), path=first.path, type="uri_file"))
    ml.data.create_or_update(Data(name=f"many-{number}", version="1", path=first.path, type="uri_file"))
with ThreadPoolExecutor(8) as pool:
    list(pool.map(make, range(1, 200)))
assert len({one.version for one in ml.data.list("many")}) == 200
ml.data.archive("many", version="5")
assert len([one.version for one in ml.data.list("many")]) == 199
assert len({one.name for one in ml.data.list() if one.name.startswith("many-")}) == 199
"""


def test_lists_of_many_come_in_pages(client):
    client(MANY, patience=250)


DATASTORES = """
store = ml.datastores.get_default(include_secrets=True)
assert store.name == "workspaceblobstore" and store.credentials.sas_token, store
assert {one.name for one in ml.datastores.list()} >= {"workspaceblobstore", "workspaceartifactstore"}
plain = ml.datastores.get("workspaceartifactstore")
ml.datastores.create_or_update(ml.datastores.get_default())
from azure.ai.ml.entities import AccountKeyConfiguration, AzureBlobDatastore
ml.datastores.create_or_update(AzureBlobDatastore(
    name="mine", account_name="acct", container_name="c", credentials=AccountKeyConfiguration(account_key="a2V5")))
mine = ml.datastores.get("mine", include_secrets=True)
assert mine.account_name == "acct" and mine.endpoint == "core.windows.net" and mine.credentials.account_key == "a2V5", mine
ml.datastores.delete("mine")
try:
    ml.datastores.get("mine")
    raise SystemExit("still there")
except ResourceNotFoundError:
    pass
"""


def test_datastores_and_what_opens_them(client):
    client(DATASTORES)


REGISTRY = """
shared = MLClient(DefaultAzureCredential(), registry_name="shared")
(FOLDER / "m").mkdir()
(FOLDER / "m" / "weights.bin").write_bytes(b"12345")
(FOLDER / "m" / "ü.txt").write_text("text")
made = shared.models.create_or_update(Model(name="rm", version="1", path=str(FOLDER / "m"), type="custom_model"))
assert made.name == "rm" and made.version == "1", made
shared.models.download("rm", "1", download_path=str(FOLDER / "back"))
assert next((FOLDER / "back").rglob("weights.bin")).read_bytes() == b"12345"
assert next((FOLDER / "back").rglob("ü.txt")).read_text() == "text"
assert shared.models.get("rm", label="latest").version == "1"
assert [one.version for one in shared.models.list("rm")] == ["1"]
data = shared.data.create_or_update(Data(name="rd", version="1", path=str(FOLDER / "m" / "weights.bin"), type="uri_file"))
assert shared.data.get("rd", version="1").type == "uri_file"
env = shared.environments.create_or_update(Environment(name="re", version="1", image="python:3.11"))
assert shared.environments.get("re", version="1").image == "python:3.11"
(FOLDER / "src").mkdir()
(FOLDER / "src" / "main.py").write_text("print(1)")
(FOLDER / "c.yml").write_text('''
type: command
name: shared_adder
version: "1"
command: python main.py
code: ./src
environment: azureml://registries/shared/environments/re/versions/1
''')
made = shared.components.create_or_update(load_component(FOLDER / "c.yml"))
assert shared.components.get("shared_adder", version="1").command == "python main.py"
"""


def test_a_registry_of_one_s_own(azure, client):
    made = azure.rig.call("PUT", "/api/v1/registries/shared", {"description": "ours"})
    assert made.status_code == 201, made.text
    client(REGISTRY)
    found = azure.rig.call("GET", "/api/v1/registries/shared/models/rm/versions/1").json()
    assert found["spec"]["path"].startswith("azureml://datastores/workspaceblobstore/paths/LocalUpload/"), found
