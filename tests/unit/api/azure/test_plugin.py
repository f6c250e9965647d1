"""MLflow for Azure's plug-in: artifact addresses by the tree that was asked, and nothing else changed."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCOPE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
API = "api/2.0/mlflow"


async def made(inside, tree, name):
    experiment = await inside.owner.post(f"{tree}/{API}/experiments/create", json={"name": name})
    assert experiment.status_code == 200, experiment.text
    id_ = experiment.json()["experiment_id"]
    run = await inside.owner.post(f"{tree}/{API}/runs/create", json={"experiment_id": id_, "start_time": 1})
    assert run.status_code == 200, run.text
    return id_, run.json()["run"]["info"]


async def test_the_plug_ins_tree_has_azures_addresses(inside):
    tree = f"/mlflow/v2.0{SCOPE}"
    id_, info = await made(inside, tree, "plugged")
    run = info["run_id"]
    address = f"azureml://127.0.0.1:18440/mlflow/v2.0{SCOPE}/experiments/{id_}/runs/{run}/artifacts"
    assert info["artifact_uri"] == address
    found = await inside.owner.get(f"{tree}/{API}/runs/get", params={"run_id": run, "run_uuid": run})
    assert found.json()["run"]["info"]["artifact_uri"] == address
    assert int(found.headers["content-length"]) == len(found.content)
    listed = await inside.owner.post(f"{tree}/{API}/runs/search", json={"experiment_ids": [id_]})
    assert [one["info"]["artifact_uri"] for one in listed.json()["runs"]] == [address]
    folded = tree.replace("resourceGroups", "resourcegroups").replace("/default", "/DEFAULT")
    found = await inside.owner.get(f"{folded}/{API}/runs/get", params={"run_id": run})
    assert "/workspaces/DEFAULT/experiments/" in found.json()["run"]["info"]["artifact_uri"]


async def test_logged_models_have_addresses_that_the_plug_in_takes_for_runs(inside):
    tree = f"/mlflow/v2.0{SCOPE}"
    id_, info = await made(inside, tree, "with a model")
    body = {"experiment_id": id_, "name": "m", "source_run_id": info["run_id"]}
    answer = await inside.owner.post(f"{tree}/{API}/logged-models", json=body)
    told = answer.json()["model"]["info"]
    address = f"azureml://127.0.0.1:18440/mlflow/v2.0{SCOPE}/experiments/{id_}/runs/{told['model_id']}/artifacts"
    assert told["artifact_uri"] == address


@pytest.mark.parametrize("tree", ["/mlflow", f"/mlflow/v1.0{SCOPE}"])
async def test_other_trees_have_mlflows_own(inside, tree):
    id_, info = await made(inside, tree, f"plain {tree}")
    assert info["artifact_uri"] == f"mlflow-artifacts:/{id_}/{info['run_id']}/artifacts"


async def test_errors_keep_mlflows_shape(inside):
    answer = await inside.owner.get(
        f"/mlflow/v2.0{SCOPE}/{API}/experiments/get-by-name", params={"experiment_name": "none"}
    )
    assert answer.status_code == 404
    assert answer.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"
