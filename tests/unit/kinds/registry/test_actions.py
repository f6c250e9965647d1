"""Assets in registries: made there, shared there, used from any workspace, and whole whatever becomes of the source."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")
API = "/api/v1"
WS = f"{API}/workspaces/default"
OTHER = f"{API}/workspaces/elsewhere"
R1 = f"{API}/registries/r1"
MFERP = (
    "/mferp/managementfrontend/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/registries"
)
IMAGE = {"image": "python:3.11-slim"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def prepared(inside):
    blob = inside.server.locations.datastore("default", "workspaceblobstore")
    (blob / "model").mkdir(parents=True)
    (blob / "model" / "weights.bin").write_bytes(b"w" * 100)
    (blob / "t.csv").write_text("a\n1\n")
    owner, store = inside.owner, "azureml://datastores/workspaceblobstore/paths"
    for path, body in (
        (R1, {"location": "local"}),
        (OTHER, {}),
        (f"{WS}/environments/e/versions/1", IMAGE),
        (f"{WS}/data/t/versions/1", {"type": "uri_file", "path": f"{store}/t.csv"}),
        (f"{WS}/models/m/versions/3", {"path": f"{store}/model", "type": "custom_model", "tags": {"a": "b"}}),
        (f"{WS}/components/c/versions/1", {"command": "echo ${{inputs.n}}", "environment": "azureml:e:1",
                                          "inputs": {"n": {"type": "integer"}}}),
        (f"{WS}/components/p/versions/1", {"type": "pipeline", "jobs": {"one": {"component": "azureml:c:1"}}}),
    ):  # fmt: skip
        answer = await owner.put(path, json=body)
        assert answer.status_code in (200, 201), answer.text


async def share(inside, kind, source, into=R1, **names):
    return await inside.owner.post(f"{into}/import", json={"kind": kind, "source": source, **names})


async def test_an_asset_is_made_in_a_registry_as_in_a_workspace(inside):
    put = await inside.owner.put(f"{R1}/environments/base/versions/1", json=IMAGE)
    assert put.status_code == 201, put.text
    assert put.json()["id"] == f"{R1}/environments/base/versions/1"
    assert put.json()["state"]["registry"] == "r1"
    listed = await inside.owner.get(f"{R1}/environments")
    assert "base" in [item["name"] for item in listed.json()["value"]]
    assert (await inside.owner.get(f"{R1}/environments/base/labels/latest")).json()["version"] == "1"
    assert (await inside.owner.get(f"{WS}/environments/base/versions/1")).status_code == 404


async def test_a_registry_that_is_not_there_takes_nothing(inside):
    answer = await inside.owner.put(f"{API}/registries/absent/environments/x/versions/1", json=IMAGE)
    assert answer.status_code == 404
    assert "registry" in answer.text


async def test_shared_files_outlive_their_source(inside):
    shared = await share(inside, "model", "azureml:m:3", name="best", version="7")
    assert shared.status_code == 201, shared.text
    spec = shared.json()["spec"]
    assert (spec["name"], spec["tags"]) == ("best", {"a": "b"})
    assert spec["properties"] == {"shared_from": "azureml://workspaces/default/models/m/versions/3"}
    assert (await inside.owner.delete(f"{WS}/models/m")).status_code == 204
    (inside.server.locations.datastore("default", "workspaceblobstore") / "model" / "weights.bin").unlink()
    files = await inside.owner.get(f"{R1}/models/best/versions/7/files")
    assert files.json()["value"] == [{"path": "weights.bin", "size": 100}]
    sent = await inside.owner.get(f"{R1}/models/best/versions/7/files/weights.bin")
    assert sent.content == b"w" * 100


async def test_sharing_again_changes_nothing_and_another_of_the_name_is_refused(inside):
    first = await share(inside, "data", "azureml:t@latest")
    again = await share(inside, "data", "azureml:t:1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    await inside.owner.put(f"{OTHER}/environments/t/versions/1", json=IMAGE)
    body = {"type": "uri_file", "path": "https://x.example.org/t.csv"}
    await inside.owner.put(f"{OTHER}/data/t/versions/1", json=body)
    refused = await share(inside, "data", "azureml:t:1", workspace="elsewhere")
    assert refused.status_code == 409, refused.text
    assert "share it under another version" in refused.text
    taken = await share(inside, "data", "azureml:t:1", workspace="elsewhere", version="2")
    assert taken.json()["spec"]["path"] == "https://x.example.org/t.csv"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("azureml:t:9", "There is no data 't:9' in workspace default; versions there are: 1."),
        ("azureml://registries/r1/data/nothing/versions/1", "There is no data 'nothing:1' in registry r1."),
    ],
)
async def test_a_missing_version_is_told_with_what_there_is(inside, source, told):
    answer = await share(inside, "data", source)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == told


async def test_a_component_takes_along_what_it_names(inside):
    shared = await share(inside, "component", "azureml:p:1")
    assert shared.status_code == 201, shared.text
    assert shared.json()["spec"]["jobs"]["one"]["component"] == "azureml:c:1"
    inner = (await inside.owner.get(f"{R1}/components/c/versions/1")).json()
    assert inner["spec"]["environment"] == "azureml:e:1"
    assert (await inside.owner.get(f"{R1}/environments/e/versions/1")).status_code == 200


async def test_jobs_of_any_workspace_name_them(inside):
    await share(inside, "component", "azureml:c:1")
    await share(inside, "data", "azureml:t:1")
    made = await inside.owner.put(
        f"{OTHER}/jobs/with-component",
        json={"component": "azureml://registries/r1/components/c/labels/latest", "inputs": {"n": 1}},
    )
    assert made.status_code == 201, made.text
    assert made.json()["spec"]["component"] == "azureml://registries/r1/components/c/versions/1"
    body = {
        "command": "cat ${{inputs.t}}",
        "environment": "azureml://registries/r1/environments/e/versions/1",
        "inputs": {"t": {"type": "uri_file", "path": "azureml://registries/r1/data/t/versions/1"}},
    }
    made = await inside.owner.put(f"{OTHER}/jobs/with-data", json=body)
    assert made.status_code == 201, made.text
    body["inputs"]["t"]["path"] = "azureml://registries/r1/data/t/versions/8"
    refused = await inside.owner.put(f"{OTHER}/jobs/with-none", json=body)
    assert refused.status_code == 400
    assert "versions there are: " in refused.text


async def test_a_workspace_takes_what_a_registry_or_another_workspace_has(inside):
    await share(inside, "data", "azureml:t:1")
    taken = await share(inside, "data", "azureml://registries/r1/data/t/versions/1", into=OTHER, name="mine")
    assert taken.json()["id"] == f"{OTHER}/data/mine/versions/1"
    other = "azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
    taken = await share(inside, "data", f"{other}/data/t/versions/1", into=OTHER, name="theirs")
    assert taken.status_code == 201, taken.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "job", "source": "azureml:x:1"}, "kind"),
        ({"kind": "data"}, "source"),
        ({"kind": "data", "source": "x"}, "source"),
    ],
)
async def test_an_order_that_is_none_is_refused(inside, body, field):
    answer = await inside.owner.post(f"{R1}/import", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == field


async def test_the_built_in_one_shows_environments_and_takes_nothing(inside):
    root = f"{API}/registries/azureml"
    assert (await inside.owner.get(f"{root}/environments")).json()["value"]
    assert (await inside.owner.get(f"{root}/models")).json() == {"value": []}
    assert (await inside.owner.get(f"{root}/models/x/versions")).status_code == 404
    assert (await inside.owner.put(f"{root}/environments/x/versions/1", json=IMAGE)).status_code == 409
    assert (await share(inside, "data", "azureml:t:1", into=root)).status_code == 409


async def test_a_registry_that_holds_something_stays(inside):
    await inside.owner.put(f"{API}/registries/brief", json={})
    await inside.owner.put(f"{API}/registries/brief/environments/e/versions/1", json=IMAGE)
    refused = await inside.owner.delete(f"{API}/registries/brief")
    assert refused.status_code == 409
    await inside.owner.delete(f"{API}/registries/brief/environments/e")
    assert (await inside.owner.delete(f"{API}/registries/brief")).status_code == 204


async def test_the_official_spelling(inside):
    discovered = await inside.owner.get("/registrymanagement/v1.0/registries/R1/discovery")
    assert discovered.json()["primaryRegionResourceProviderUri"].endswith("/")
    body = {"properties": {"image": "python:3.11-slim", "isAnonymous": False}}
    put = await inside.owner.put(f"{MFERP}/r1/environments/wired/versions/1", json=body)
    assert put.status_code == 202, put.text
    told = urlsplit(put.headers["azure-asyncoperation"]).path
    assert (await inside.owner.get(told)).json()["status"] == "Succeeded"
    assert put.json()["id"] == "azureml://registries/r1/environments/wired/versions/1"
    listed = await inside.owner.get(f"{MFERP}/R1/environments/wired/versions?listViewType=ListViewType.ACTIVE_ONLY")
    assert [item["name"] for item in listed.json()["value"]] == ["1"]
    order = {
        "sourceAssetId": "azureml://locations/local/workspaces/default/data/t/versions/1",
        "destinationName": "sent",
    }
    sent = await inside.owner.post(f"{MFERP}/r1/import", json={"properties": order})
    assert (sent.status_code, sent.content) == (200, b""), (
        "a body would tell the client that something is to be uploaded"
    )
    assert (await inside.owner.get(f"{MFERP}/r1/data/sent/versions/1")).status_code == 200
