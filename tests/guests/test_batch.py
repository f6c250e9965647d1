"""Batch endpoints by the official Azure client, unchanged, over TLS; and by who has nothing but a token."""

from __future__ import annotations

from pathlib import Path

import pytest

PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
SCORE = """
import glob, os
def init():
    global word
    word = open(glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/word.txt")[0]).read()
def run(mini_batch):
    with open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "of-%d.txt" % len(mini_batch)), "w") as mine: mine.write("x")
    return ["%s,%s,%d" % (word, os.path.basename(path), len(mini_batch)) for path in mini_batch]
"""
HELLO = """
$schema: https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json
name: hello_batch
version: "1"
type: pipeline
inputs:
  data: {type: uri_folder}
  mode: {type: string, default: append}
outputs:
  listed: {type: uri_folder}
jobs:
  main:
    type: command
    inputs: {data: "${{parent.inputs.data}}", mode: "${{parent.inputs.mode}}"}
    outputs: {listed: "${{parent.outputs.listed}}"}
    component:
      type: command
      inputs: {data: {type: uri_folder}, mode: {type: string}}
      outputs: {listed: {type: uri_folder}}
      environment: azureml://registries/azureml/environments/python/labels/latest
      command: ls ${{inputs.data}} > ${{outputs.listed}}/list.txt && echo ${{inputs.mode}} >> ${{outputs.listed}}/list.txt
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a user has in a folder."""
    folder = tmp_path_factory.mktemp("batch")
    for name in ("model", "code", "data"):
        (folder / name).mkdir()
    (folder / "model" / "word.txt").write_text("hi")
    (folder / "code" / "batch_driver.py").write_text(SCORE)
    (folder / "hello.yml").write_text(HELLO)
    for number in range(5):
        (folder / "data" / f"{number}.txt").write_text(str(number))
    return folder


MODEL = f"""
import glob, os
from azure.ai.ml import Input, Output
from azure.ai.ml.constants import AssetTypes, BatchDeploymentOutputAction
from azure.ai.ml.entities import (
    AmlCompute, BatchEndpoint, BatchRetrySettings, CodeConfiguration, Model, ModelBatchDeployment,
    ModelBatchDeploymentSettings, PipelineJob,
)
from azure.ai.ml.exceptions import ValidationException
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

os.chdir(os.environ["SITE"])
ml.begin_create_or_update(AmlCompute(name="batch-cluster", min_instances=0, max_instances=3)).result()
model = ml.models.create_or_update(Model(name="words", path="model", type=AssetTypes.CUSTOM_MODEL))
made = ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="ep-model", tags={{"a": "b"}})).result()
assert (made.name, made.provisioning_state, made.auth_mode) == ("ep-model", "Succeeded", "aad_token"), vars(made)

def deployment(name, **more):
    settings = dict(
        mini_batch_size=2, instance_count=1, max_concurrency_per_instance=2, output_file_name="predictions.csv",
        output_action=BatchDeploymentOutputAction.APPEND_ROW, logging_level="info",
        retry_settings=BatchRetrySettings(max_retries=1, timeout=30), error_threshold=-1,
    )
    return ModelBatchDeployment(
        name=name, endpoint_name="ep-model", model=model, environment="{PYTHON}", compute="batch-cluster",
        code_configuration=CodeConfiguration(code="code", scoring_script="batch_driver.py"),
        settings=ModelBatchDeploymentSettings(**{{**settings, **more}}), tags={{"t": "1"}},
    )

first = ml.batch_deployments.begin_create_or_update(deployment("first")).result()
assert (first.name, first.endpoint_name, first.provisioning_state) == ("first", "ep-model", "Succeeded"), vars(first)
assert first.model.endswith("/models/words/versions/1"), first.model
assert (first.mini_batch_size, first.output_action, first.output_file_name) == (2, "append_row", "predictions.csv")
assert (first.retry_settings.max_retries, first.retry_settings.timeout) == (1, 30), vars(first.retry_settings)
assert first.resources.instance_count == 1 and first.compute.endswith("/computes/batch-cluster"), first.compute
assert first.code_configuration.scoring_script == "batch_driver.py" and first.tags == {{"t": "1"}}
assert [one.name for one in ml.batch_deployments.list("ep-model")] == ["first"]
endpoint = ml.batch_endpoints.get("ep-model")
endpoint.defaults.deployment_name = "first"
endpoint = ml.batch_endpoints.begin_create_or_update(endpoint).result()
assert endpoint.defaults.deployment_name == "first" and endpoint.tags == {{"a": "b"}}, vars(endpoint)
assert endpoint.scoring_uri.startswith("https://localhost:") and endpoint.scoring_uri.endswith("/jobs"), endpoint.scoring_uri
assert [one.name for one in ml.batch_endpoints.list()] == ["ep-model"]

job = ml.batch_endpoints.invoke(endpoint_name="ep-model", input=Input(type=AssetTypes.URI_FOLDER, path="data"))
status = job.status if hasattr(job, "status") else job.properties.status  # before 1.35 a plain resource
assert job.name and status and job.id.endswith(job.name), vars(job)
ml.jobs.stream(job.name)
whole = ml.jobs.get(job.name)
assert isinstance(whole, PipelineJob) and whole.status == "Completed", whole
assert whole.experiment_name == "ep-model" and whole.tags["azureml.batchrun"] == "true", whole.tags
scoring = list(ml.jobs.list(parent_job_name=job.name))[0]
assert scoring.status == "Completed", scoring
ml.jobs.download(name=scoring.name, download_path="got", output_name="score")
rows = open("got/named-outputs/score/predictions.csv").read().splitlines()
assert rows == ["hi,%d.txt,%d" % (n, 1 if n == 4 else 2) for n in range(5)], rows
ml.jobs.download(name=job.name, download_path="whole", output_name="score")
assert open("whole/predictions.csv").read().splitlines() == rows, os.listdir("whole")

place = "azureml://datastores/workspaceblobstore/paths/mine/here"
job = ml.batch_endpoints.invoke(
    endpoint_name="ep-model",
    deployment_name="first",
    inputs={{"anything": Input(type=AssetTypes.URI_FOLDER, path="data")}},
    outputs={{"score": Output(type=AssetTypes.URI_FOLDER, path=place)}},
    params_override=[{{"mini_batch_size": "5"}}, {{"compute.instance_count": "2"}}, {{"output_file_name": "all.csv"}}],
    job_name="named-job", experiment_name="other",
)
assert job.name == "named-job", job.name
ml.jobs.stream(job.name)
scoring = list(ml.jobs.list(parent_job_name=job.name))[0]
ml.jobs.download(name=scoring.name, download_path="over", output_name="score")
assert open("over/named-outputs/score/all.csv").read().splitlines()[0] == "hi,0.txt,5"
assert ml.jobs.get(job.name).experiment_name == "other"
listed = [one.name for one in ml.batch_endpoints.list_jobs("ep-model")]
assert listed[0] == "named-job" and len(listed) == 2, listed
assert [one.name for one in ml.batch_deployments.list_jobs("ep-model", name="first")] == listed

second = deployment("second", output_action="summary_only", output_file_name=None)
ml.batch_deployments.begin_create_or_update(second).result()
found = ml.batch_deployments.get("second", "ep-model")
assert found.output_action == "summary_only" and found.output_file_name is None, vars(found)
job = ml.batch_endpoints.invoke(
    endpoint_name="ep-model", deployment_name="second", input=Input(type=AssetTypes.URI_FILE, path="data/3.txt")
)
ml.jobs.stream(job.name)
scoring = list(ml.jobs.list(parent_job_name=job.name))[0]
ml.jobs.download(name=scoring.name, download_path="own", output_name="score")
assert os.listdir("own/named-outputs/score") == ["of-1.txt"], os.listdir("own/named-outputs/score")

try:
    ml.batch_endpoints.invoke(endpoint_name="ep-model", deployment_name="third", input=Input(path="data", type="uri_folder"))
    raise SystemExit("a deployment that is not there was asked")
except ValidationException as error:
    assert "third" in str(error), error
try:
    wrong = Input(type="uri_folder", path="azureml://datastores/workspaceblobstore/paths/nothing/here")
    ml.batch_endpoints.invoke(endpoint_name="ep-model", input=wrong)
    raise SystemExit("data that is not there was taken")
except HttpResponseError as error:
    assert "nothing is at" in str(error), error
try:
    ml.batch_deployments.begin_delete("first", "ep-model").result()
    raise SystemExit("a default deployment was deleted")
except HttpResponseError as error:
    assert "is the default" in str(error), error
ml.batch_deployments.begin_delete("second", "ep-model").result()
ml.batch_endpoints.begin_delete("ep-model").result()
try:
    ml.batch_endpoints.get("ep-model")
    raise SystemExit("it is still there")
except ResourceNotFoundError:
    pass
assert ml.jobs.get("named-job").status == "Completed"
print("done")
"""


def test_a_model_is_deployed_asked_and_deleted(azure, site):
    assert azure.python(MODEL, SITE=str(site)).strip().endswith("done")


PIPELINE = """
import os
from azure.ai.ml import Input, load_component
from azure.ai.ml.entities import AmlCompute, BatchEndpoint, PipelineComponentBatchDeployment

os.chdir(os.environ["SITE"])
ml.begin_create_or_update(AmlCompute(name="batch-cluster", min_instances=0, max_instances=3)).result()
component = ml.components.create_or_update(load_component("hello.yml"))
ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="ep-pipeline")).result()
settings = {"continue_on_step_failure": False, "default_compute": "batch-cluster"}
made = ml.batch_deployments.begin_create_or_update(
    PipelineComponentBatchDeployment(
        name="hello", description="says hello", endpoint_name="ep-pipeline", component=component, settings=settings
    )
).result()
assert made.name == "hello" and made.component.endswith("/components/hello_batch/versions/1"), vars(made)
endpoint = ml.batch_endpoints.get("ep-pipeline")
endpoint.defaults.deployment_name = "hello"
ml.batch_endpoints.begin_create_or_update(endpoint).result()
ml.batch_deployments.get("hello", "ep-pipeline")

inputs = {"data": Input(type="uri_folder", path="data"), "mode": Input(type="string", default="overwrite")}
job = ml.batch_endpoints.invoke(endpoint_name="ep-pipeline", inputs=inputs)
ml.jobs.stream(job.name)
ml.jobs.download(name=job.name, download_path="listed", output_name="listed")
assert open("listed/named-outputs/listed/list.txt").read().split() == [*["%d.txt" % n for n in range(5)], "overwrite"]

if os.environ.get("FROM_JOB"):
    ml.batch_deployments.begin_create_or_update(
        PipelineComponentBatchDeployment(
            name="again", endpoint_name="ep-pipeline", job_definition=job.name, settings={"default_compute": "batch-cluster"}
        )
    ).result()
    other = ml.batch_endpoints.invoke(endpoint_name="ep-pipeline", deployment_name="hello", inputs=inputs)
    ml.jobs.stream(other.name)
    for number, source in enumerate((other.name, job.name)):
        ml.batch_deployments.begin_create_or_update(
            PipelineComponentBatchDeployment(name="more%d" % number, endpoint_name="ep-pipeline", job_definition=source)
        ).result()
    made = [ml.batch_deployments.get("more%d" % number, "ep-pipeline") for number in (0, 1)]
    again = ml.batch_endpoints.invoke(
        endpoint_name="ep-pipeline", deployment_name="again", inputs={"data": Input(type="uri_folder", path="data")}
    )
    ml.jobs.stream(again.name)
    assert ml.jobs.get(again.name).status == "Completed"
ml.batch_endpoints.begin_delete("ep-pipeline").result()
print("done")
"""


def test_a_pipeline_component_is_deployed_and_asked(azure, site):
    assert azure.python(PIPELINE, SITE=str(site), FROM_JOB="1").strip().endswith("done")


REST = """
import json, os, ssl, time, uuid, urllib.request
from azure.ai.ml.entities import BatchEndpoint, Data, PipelineComponentBatchDeployment
from azure.ai.ml import load_component
os.chdir(os.environ["SITE"])
component = ml.components.create_or_update(load_component("hello.yml"))
ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="ep-rest")).result()
ml.batch_deployments.begin_create_or_update(
    PipelineComponentBatchDeployment(name="only", endpoint_name="ep-rest", component=component, settings={})
).result()
data = ml.data.create_or_update(Data(name="five", version="1", path="data", type="uri_folder"))
uri = ml.batch_endpoints.get("ep-rest").scoring_uri
token = DefaultAzureCredential().get_token(os.environ["SCOPE"]).token

def ask(method, address, body=None, **headers):
    head = {"Authorization": "Bearer " + token, "Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, json.dumps(body).encode() if body else None, head, method=method)
    trusted = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
    return json.load(urllib.request.urlopen(request, context=trusted))

place = "azureml:/subscriptions/%s/resourceGroups/local/providers/" % ml.subscription_id
place += "Microsoft.MachineLearningServices/workspaces/default"
five = "azureml://locations/local/workspaces/default/data/five/versions/labels/latest"
body = {"properties": {
    "InputData": {
        "data": {"JobInputType": "UriFolder", "Uri": five},
        "mode": {"JobInputType": "Literal", "Value": "rest"},
    },
    "OutputData": {"listed": {"JobOutputType": "UriFolder", "Uri": place + "/datastores/workspaceblobstore/paths/rest/one/"}},
}}
once = {"repeatability_request-id": str(uuid.uuid4())}
made = ask("POST", uri, body, **once)
assert ask("POST", uri, body, **once)["name"] == made["name"]
suffix = made["id"].rpartition("/")[2]
until = time.monotonic() + 60
while (found := ask("GET", uri + "/" + suffix))["properties"]["status"] not in ("Completed", "Failed", "Canceled"):
    assert time.monotonic() < until, found
    time.sleep(0.2)
assert found["properties"]["status"] == "Completed", found
assert [one["name"] for one in ask("GET", uri)["value"]] == [made["name"]]
plain = {"properties": {**body["properties"], "OutputData": {}}}
leaked = ask("POST", uri, plain, **{"azureml-model-deployment": "blue"})
assert leaked["properties"]["deploymentName"] == "only", leaked
old = {"properties": {"dataset": {"dataInputType": "DataUrl", "Path": "azureml:five:1"}}}
assert ask("POST", uri, old)["name"]
print("done")
"""


def test_the_scoring_address_takes_a_token_and_every_spelling(azure, site):
    said = azure.python(REST, SITE=str(site), SCOPE="https://ml.azure.com/.default")
    assert said.strip().endswith("done")
    assert (azure.rig.home / "data" / "default" / "workspaceblobstore" / "rest" / "one" / "list.txt").exists()
