"""Jobs, computes, workspaces, connections and endpoints by the official Azure client, unchanged, over TLS."""

from __future__ import annotations

import pytest

BEGIN = """
import os, time
from pathlib import Path
from azure.ai.ml import Input, Output, command
from azure.ai.ml.entities import (
    AmlCompute, CodeConfiguration, ComputeInstance, ManagedOnlineDeployment, ManagedOnlineEndpoint, PatTokenConfiguration,
    Workspace, WorkspaceConnection,
)
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
FOLDER = Path(os.environ["FOLDER"])
PYTHON = "azureml://registries/azureml/environments/python/labels/latest"

def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

def refused(what, *errors):
    try:
        what()
    except errors as error:
        return str(error)
    raise SystemExit("nothing was refused")
"""


@pytest.fixture
def client(azure, tmp_path):
    """Runs a script of the official client; ``FOLDER`` is one of the test's own."""

    def run(script, **more):
        return azure.python(BEGIN + script, FOLDER=str(tmp_path), AZUREML_RUN_POLLING_INTERVAL_MIN="1", **more)

    return run


JOB = """
source = FOLDER / "src"
source.mkdir()
(source / "main.py").write_text('''
import os, sys
from pathlib import Path
data, kept, number = sys.argv[1:]
print("read", Path(data).read_text().strip(), number)
Path("outputs").mkdir(exist_ok=True)
Path("outputs/artifact.txt").write_text("an artifact")
Path(kept, "result.txt").write_text("a result")
''')
(FOLDER / "data.csv").write_text("one,two\\n")
job = command(
    code=str(source),
    command="python main.py ${{inputs.d}} ${{outputs.kept}} ${{inputs.n}}",
    environment=PYTHON,
    inputs={"d": Input(type="uri_file", path=str(FOLDER / "data.csv")), "n": 3},
    outputs={"kept": Output(type="uri_folder", name="kept"), "model": Output(type="custom_model")},
    experiment_name="first",
    display_name="Shown",
    tags={"a": "1"},
)
made = ml.jobs.create_or_update(job)
assert made.display_name == "Shown" and made.experiment_name == "first" and made.tags == {"a": "1"}, made
assert made.inputs["n"]._data == "3", made.inputs["n"]
assert made.studio_url.endswith("default&tid=00000000-0000-0000-0000-000000000000"), made.studio_url
ml.jobs.stream(made.name)
assert ml.jobs.get(made.name).status == "Completed"
print("-- again")
ml.jobs.stream(made.name)

ml.jobs.download(made.name, download_path=FOLDER / "all", all=True)
assert files(FOLDER / "all") == [
    "artifacts/outputs/artifact.txt", "artifacts/user_logs/std_log.txt", "named-outputs/kept/result.txt",
], files(FOLDER / "all")
ml.jobs.download(made.name, download_path=FOLDER / "some", output_name="kept")
assert files(FOLDER / "some") == ["named-outputs/kept/result.txt"]
ml.jobs.download(made.name, download_path=FOLDER / "usual")
assert files(FOLDER / "usual") == ["artifacts/outputs/artifact.txt", "artifacts/user_logs/std_log.txt"]
assert ml.data.get("kept", label="latest").path.endswith(f"azureml/{made.name}/kept")

again = ml.jobs.get(made.name)
again.name = None
again = ml.jobs.create_or_update(again)
assert again.name != made.name
ml.jobs.stream(again.name)
assert ml.jobs.get(again.name).status == "Completed"
assert [job.name for job in ml.jobs.list()][:2] == [again.name, made.name]
"""


def test_a_job_with_code_data_and_outputs(client):
    first, _, second = client(JOB).partition("-- again")
    assert "Streaming user_logs/std_log.txt" in first
    assert first.count("read one,two 3") == 1
    assert second.count("read one,two 3") == 2, "a job that has ended is streamed all the same"


ENDINGS = """
bad = ml.jobs.create_or_update(command(command="echo before; exit 3", environment=PYTHON))
told = refused(lambda: ml.jobs.stream(bad.name), JobException)
assert "exited with code 3" in told and '"code": "UserError"' in told, told
assert ml.jobs.get(bad.name).status == "Failed"
assert ml.jobs.get(bad.name).display_name == bad.name

slow = ml.jobs.create_or_update(command(command="sleep 300", environment=PYTHON, compute="local"))
began = time.monotonic()
ml.jobs.begin_cancel(slow.name).result()
assert ml.jobs.get(slow.name).status == "Canceled"
assert time.monotonic() - began < 25, "the client was not told how soon to ask again"
ml.jobs.begin_cancel(slow.name).result()  # asking twice is asking once
ml.jobs.begin_cancel(bad.name).result()  # one that has ended needs none
assert ml.jobs.get(bad.name).status == "Failed"
assert "There is no job" in refused(lambda: ml.jobs.get("nobody"), ResourceNotFoundError)
assert "no compute 'nowhere'" in refused(
    lambda: ml.jobs.create_or_update(command(command="true", environment=PYTHON, compute="nowhere")), HttpResponseError
)
"""


def test_jobs_that_fail_and_jobs_that_are_stopped(client):
    assert "before" in client(ENDINGS)


DESCRIBED = """
made = ml.jobs.create_or_update(command(command="true", environment=PYTHON, tags={"a": "1"}, properties={"p": "1"}))
listed = lambda: [job.name for job in ml.jobs.list()]
assert made.name in listed()
ml.jobs.archive(made.name)
assert made.name not in listed()
assert made.name in [job.name for job in ml.jobs.list(list_view_type="ArchivedOnly")]
ml.jobs.restore(made.name)
assert made.name in listed()
if hasattr(ml.jobs, "update"):  # since 1.31
    told = ml.jobs.update(made.name, display_name="Other", description="said", tags={"b": "2"}, properties={"q": "2"})
else:
    told = ml.jobs.get(made.name)
    told.display_name, told.description, told.tags["b"], told.properties["q"] = "Other", "said", "2", "2"
    told = ml.jobs.create_or_update(told)
assert (told.display_name, told.description, told.tags) == ("Other", "said", {"a": "1", "b": "2"}), told
assert told.properties["p"] == "1" and told.properties["q"] == "2", told.properties
found = ml.jobs.get(made.name)
found.tags["c"] = "3"
assert ml.jobs.create_or_update(found).tags == {"a": "1", "b": "2", "c": "3"}
assert ml.jobs.show_services(made.name) in (None, {})
assert [job.name for job in ml.jobs.list(parent_job_name=made.name)] == []
"""


def test_what_describes_a_job_changes(client):
    client(DESCRIBED)


COMPUTES = """
cluster = AmlCompute(name="cpu-cluster", size="STANDARD_DS3_v2", min_instances=0, max_instances=3, tags={"a": "b"})
made = ml.compute.begin_create_or_update(cluster).result()
assert (made.provisioning_state, made.max_instances, made.tier, made.location) == ("Succeeded", 3, "dedicated", "local"), made
assert made.created_on or not hasattr(ml.jobs, "update"), "a release that has jobs.update reads it; older ones never do"
made.max_instances = 4
assert ml.compute.begin_update(made).result().max_instances == 4
job = ml.jobs.create_or_update(command(command="true", environment=PYTHON, compute="cpu-cluster", instance_count=2))
ml.jobs.stream(job.name)
assert ml.jobs.get(job.name).compute == "cpu-cluster"
assert isinstance(list(ml.compute.list_nodes("cpu-cluster")), list)
assert "STANDARD_DS3_V2" in [size.name.upper() for size in ml.compute.list_sizes()]
assert list(ml.compute.list_usage())

assert ml.compute.begin_create_or_update(ComputeInstance(name="mine")).result().state == "Running"
for verb, state in (("stop", "Stopped"), ("start", "Running"), ("restart", "Running")):
    getattr(ml.compute, f"begin_{verb}")("mine").result()
    assert ml.compute.get("mine").state == state
assert {"mine", "cpu-cluster"} <= {compute.name for compute in ml.compute.list()}
ml.compute.begin_delete("mine").result()
refused(lambda: ml.compute.get("mine"), ResourceNotFoundError)
"""


def test_computes(client):
    client(COMPUTES)


WORKSPACES = """
from azure.ai.ml.constants import Scope
from azure.ai.ml.entities import FeatureStore
here = ml.workspaces.get("default")
assert here.mlflow_tracking_uri.startswith("azureml://localhost:") and here.mlflow_tracking_uri.endswith("/default"), here
assert here.location == "local"
made = ml.workspaces.begin_create(Workspace(name="second", description="hi", display_name="Two", tags={"a": "b"})).result()
assert (made.name, made.description, made.display_name, made.tags["a"]) == ("second", "hi", "Two", "b"), made
assert {"default", "second"} <= {one.name for one in ml.workspaces.list(scope=Scope.SUBSCRIPTION)}
assert {"default", "second"} <= {one.name for one in ml.workspaces.list()}
assert ml.workspaces.begin_update(Workspace(name="second", description="ho")).result().description == "ho"
assert ml.workspaces.get_keys("second").user_storage_key
there = MLClient(DefaultAzureCredential(), ml.subscription_id, ml.resource_group_name, "second")
assert there.datastores.get_default().name == "workspaceblobstore"
ml.workspaces.begin_delete("second", delete_dependent_resources=False).result()
refused(lambda: ml.workspaces.get("second"), ResourceNotFoundError)
features = FeatureStore(name="features", location="local")
told = refused(lambda: ml.feature_stores.begin_create(features).result(), HttpResponseError)
assert "Feature stores are not built" in told, told

secret = PatTokenConfiguration(pat="s3")
feed = WorkspaceConnection(name="feed", type="python_feed", target="https://x.test", credentials=secret)
assert ml.connections.create_or_update(feed).name == "feed"
assert [one.name for one in ml.connections.list()] == ["feed"]
assert ml.connections.get("feed").target == "https://x.test"
ml.connections.delete("feed")
assert list(ml.schedules.list()) == []
"""


def test_workspaces_connections_and_what_is_not_built(client):
    client(WORKSPACES)


ENDPOINTS = """
code = FOLDER / "score"
code.mkdir()
(code / "score.py").write_text('''
import json
def init():
    print("it begins")
def run(data):
    return {"got": json.loads(data)}
''')
(FOLDER / "request.json").write_text('{"data": [1, 2]}')
endpoint = ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="first-one", auth_mode="key")).result()
assert endpoint.scoring_uri.startswith("https://localhost:"), endpoint.scoring_uri
blue = ManagedOnlineDeployment(
    name="blue", endpoint_name="first-one", environment=PYTHON, instance_type="Standard_DS3_v2", instance_count=1,
    code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
)
made = ml.online_deployments.begin_create_or_update(blue).result()
assert (made.provisioning_state, made.instance_count) == ("Succeeded", 1), made
endpoint = ml.online_endpoints.get("first-one")
endpoint.traffic = {"blue": 100}
assert ml.online_endpoints.begin_create_or_update(endpoint).result().traffic == {"blue": 100}
request = str(FOLDER / "request.json")
assert ml.online_endpoints.invoke("first-one", request_file=request) == '{"got": {"data": [1, 2]}}'
assert ml.online_endpoints.invoke("first-one", request_file=request, deployment_name="blue") == '{"got": {"data": [1, 2]}}'
assert "it begins" in ml.online_deployments.get_logs("blue", "first-one", lines=50)
assert [one.name for one in ml.online_deployments.list("first-one")] == ["blue"]
before = ml.online_endpoints.get_keys("first-one").primary_key
ml.online_endpoints.begin_regenerate_keys("first-one", key_type="primary").result()
assert ml.online_endpoints.get_keys("first-one").primary_key != before

(code / "score.py").write_text("raise SystemExit('it does not begin')")
for mode in ("aml_token", "aad_token"):
    name = mode.replace("_", "-")
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode=mode)).result()
    assert ml.online_endpoints.get_keys(name).access_token if mode == "aml_token" else True
token_made = ManagedOnlineDeployment(
    name="blue", endpoint_name="aad-token", environment=PYTHON, instance_type="Standard_DS3_v2", instance_count=1,
    code_configuration=blue.code_configuration,
)
ml.online_deployments.begin_create_or_update(token_made).result()
assert ml.online_endpoints.invoke("aad-token", request_file=request, deployment_name="blue").startswith('{"got"')
broken = ManagedOnlineDeployment(
    name="broken", endpoint_name="first-one", environment=PYTHON, instance_type="Standard_DS3_v2", instance_count=1,
    code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
)
told = refused(lambda: ml.online_deployments.begin_create_or_update(broken).result(), HttpResponseError)
assert "NotReady" in told, told
told = refused(lambda: ml.online_deployments.begin_delete("blue", "first-one").result(), ResourceExistsError)
assert "100 % of the traffic" in told, told
ml.online_endpoints.begin_delete("first-one").result()
refused(lambda: ml.online_endpoints.get("first-one"), ResourceNotFoundError)
"""


def test_an_online_endpoint(client):
    client(ENDPOINTS)


SERVICES = """
import socket
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
from azure.ai.ml.entities import JupyterLabJobService
job = command(
    command=f"python -m http.server {port} --bind 127.0.0.1",
    environment=PYTHON,
    services={"lab": JupyterLabJobService()},
)
job.distribution = {"type": "pytorch", "process_count_per_instance": 1}
made = ml.jobs.create_or_update(job)
for _ in range(300):
    shown = ml.jobs.show_services(made.name)
    if shown and shown["lab"].status == "Failed":
        break
    time.sleep(0.1)
assert shown["lab"].type == "JupyterLab", shown
assert "jupyterlab" in shown["lab"].error, shown
ml.jobs.begin_cancel(made.name).wait()
"""


def test_services(client):
    client(SERVICES)


HASTE = """
code = FOLDER / "score"
code.mkdir()
(code / "score.py").write_text("def init(): pass\\ndef run(data): return 1\\n")
ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="hasty", auth_mode="key")).result()

def deployment(name, count=1, **variables):
    return ManagedOnlineDeployment(
        name=name, endpoint_name="hasty", environment=PYTHON, instance_type="Standard_DS3_v2", instance_count=count,
        code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"), environment_variables=variables,
    )

for round in range(3):
    for name in ("blue", "green"):
        ml.online_deployments.begin_create_or_update(deployment(name))
    for number in range(4):
        for name in ("blue", "green"):
            ml.online_deployments.begin_create_or_update(deployment(name, 1 + number % 2, N=str(number)))
    for name in ("blue", "green"):
        ml.online_deployments.begin_delete(name, "hasty").result()
ml.online_endpoints.begin_delete("hasty").result()
refused(lambda: ml.online_endpoints.get("hasty"), ResourceNotFoundError)
"""


def test_deployments_changed_in_haste_are_no_failure_of_the_server(azure, client):
    """What a user changes while a step is under way makes the step look again: no error, and no pause after it."""
    before = len(azure.rig.log())
    client(HASTE)
    assert "step failed" not in azure.rig.log()[before:], azure.rig.log()[before:][-3000:]
