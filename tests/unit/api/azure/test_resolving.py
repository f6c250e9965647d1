"""Where data lies, asked by many ids at once."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCOPE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
PATH = f"/data/v1.0{SCOPE}/dataversion/batchGetResolvedUris"
ROOT = "azureml://locations/local/workspaces/default/data"


async def asked(inside, *ids):
    answer = await inside.owner.post(PATH, json={"values": list(ids)})
    assert answer.status_code == 200, answer.text
    return answer.json()["values"]


async def test_a_registered_asset(inside):
    folder = inside.home / "data/default/workspaceblobstore/things"
    folder.mkdir(parents=True)
    body = {"type": "uri_folder", "path": "azureml://datastores/workspaceblobstore/paths/things"}
    made = await inside.owner.put("/api/v1/workspaces/default/data/things/versions/3", json=body)
    assert made.status_code == 201, made.text
    id_ = f"{ROOT}/things/versions/3"
    uri = "azureml://subscriptions/s/resourcegroups/g/workspaces/default/datastores/workspaceblobstore/paths/things"
    assert await asked(inside, id_) == {id_: {"uri": uri, "type": "uri_folder"}}


@pytest.mark.parametrize(
    "id_",
    [
        f"{ROOT}/nothing/versions/1",
        f"{ROOT}/azureml_nobody_output_data_o/versions/1",
        "azureml://registries/azureml/data/x/versions/1",
        "azureml://nonsense",
        "x",
        "",
    ],
)
async def test_what_is_not_there_is_left_out(inside, id_):
    assert await asked(inside, id_) == {}


@pytest.mark.parametrize("values", [None, "x", {"a": 1}, ["x"] * 1001])
async def test_a_wrong_list_is_refused(inside, values):
    answer = await inside.owner.post(PATH, json={"values": values})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == "values"
