"""Azure's spelling: envelopes, containers, list views, pages, and a precise no to what is not built."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
NATIVE = "/api/v1/workspaces/default"
SYSTEM = {"createdAt", "createdBy", "createdByType", "lastModifiedAt", "lastModifiedBy", "lastModifiedByType"}
IMAGE = {"properties": {"image": "python:3.11-slim", "tags": {}, "isAnonymous": False, "isArchived": False}}


async def put(inside, path, body, status=201):
    answer = await inside.owner.put(f"{WS}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def get(inside, path, **params):
    answer = await inside.owner.get(f"{WS}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("path", "body", "type_", "holds"),
    [
        (
            "/environments/e/versions/1",
            IMAGE,
            "environments/versions",
            {"image": "python:3.11-slim", "isArchived": False},
        ),
        (
            "/computes/c1",
            {"location": "local", "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "S"}}},
            "computes",
            {"computeType": "AmlCompute", "provisioningState": "Succeeded"},
        ),
        (
            "/jobs/arm-job",
            {
                "properties": {
                    "jobType": "Command",
                    "command": "echo 1",
                    "environmentId": f"{WS}/environments/e/versions/1",
                }
            },
            "jobs",
            {"jobType": "Command", "command": "echo 1", "experimentName": "Default"},
        ),
        (
            "/onlineEndpoints/arm-endpoint",
            {"location": "local", "properties": {"authMode": "Key"}},
            "onlineEndpoints",
            {"authMode": "Key", "traffic": {}, "mirrorTraffic": {}, "properties": {}},
        ),
    ],
    ids=["environment", "compute", "job", "endpoint"],
)
async def test_envelope(inside, path, body, type_, holds):
    made = await put(inside, path, body)
    found = await get(inside, path)
    assert found["id"] == made["id"] == f"{WS}{path}"
    assert found["name"] == path.rpartition("/")[2]
    assert found["type"] == f"Microsoft.MachineLearningServices/workspaces/{type_}"
    assert set(found["systemData"]) == SYSTEM
    assert found["properties"] | holds == found["properties"]


async def test_endpoint_has_what_the_official_client_requires(inside):
    await inside.owner.put(
        f"{WS}/onlineEndpoints/needed", json={"location": "local", "properties": {"authMode": "Key"}}
    )
    found = await get(inside, "/onlineEndpoints/needed")
    assert found["properties"]["provisioningState"] in ("Creating", "Succeeded")
    assert "openapiUri" not in found["properties"]


@pytest.mark.parametrize("name", ["workspaceblobstore", "workspaceartifactstore"])
async def test_datastore_names_its_type_and_account_and_no_secret(inside, name):
    properties = (await get(inside, f"/datastores/{name}"))["properties"]
    assert properties["datastoreType"] == "AzureBlob"
    assert properties["accountName"]
    assert properties["isDefault"] is (name == "workspaceblobstore")
    assert "secrets" not in properties["credentials"]


async def test_paths_are_folded(inside):
    folded = WS.replace("resourceGroups", "RESOURCEGROUPS").replace("default", "DEFAULT")
    answer = await inside.owner.get(f"{folded}/DataStores/workspaceblobstore")
    assert answer.status_code == 200
    assert answer.json()["id"].endswith("/workspaces/default/datastores/workspaceblobstore")


async def test_workspace(inside):
    found = await get(inside, "")
    assert (found["name"], found["location"]) == ("default", "local")
    assert found["properties"]["provisioningState"] == "Succeeded"
    listed = await inside.owner.get(WS.removesuffix("/default"))
    assert [item["name"] for item in listed.json()["value"]] == ["default"]


async def test_container_knows_latest_and_next_and_can_be_archived(inside):
    await put(inside, "/environments/box/versions/1", IMAGE)
    await put(inside, "/environments/box/versions/7", IMAGE)
    box = await get(inside, "/environments/box")
    assert (box["properties"]["latestVersion"], box["properties"]["nextVersion"]) == ("7", "8")
    assert box["id"] == f"{WS}/environments/box"
    archived = await put(inside, "/environments/box", {"properties": {"isArchived": True}}, 200)
    assert archived["properties"]["isArchived"] is True
    assert "box" not in [item["name"] for item in (await get(inside, "/environments"))["value"]]
    hidden = await get(inside, "/environments", listViewType="ListViewType.ARCHIVED_ONLY")
    assert "box" in [item["name"] for item in hidden["value"]]
    await put(inside, "/environments/box", {"properties": {"isArchived": False}}, 200)
    assert "box" in [item["name"] for item in (await get(inside, "/environments"))["value"]]


async def test_container_without_a_version_is_not_there(inside):
    answer = await inside.owner.put(f"{WS}/environments/nobody", json={"properties": {"isArchived": True}})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ResourceNotFound"


async def test_version_is_archived_by_a_whole_put(inside):
    await put(inside, "/environments/old/versions/1", IMAGE)
    body = await get(inside, "/environments/old/versions/1")
    body["properties"]["isArchived"] = True
    assert (await put(inside, "/environments/old/versions/1", body, 200))["properties"]["isArchived"] is True
    assert (await get(inside, "/environments/old/versions"))["value"] == []


@pytest.mark.parametrize(
    ("said", "count"),
    [("ActiveOnly", 1), ("ListViewType.ACTIVE_ONLY", 1), ("ArchivedOnly", 1), ("ALL", 2), ("All", 2)],
)
async def test_list_views(inside, said, count):
    for version in ("1", "2"):
        await inside.owner.put(f"{WS}/environments/views/versions/{version}", json=IMAGE)
    await inside.owner.post(f"{NATIVE}/environments/views/versions/1/archive")
    found = await get(inside, "/environments/views/versions", listViewType=said)
    assert len(found["value"]) == count


async def test_strange_list_view_is_refused(inside):
    answer = await inside.owner.get(f"{WS}/environments", params={"listViewType": "Sometimes"})
    assert answer.status_code == 400
    assert "ActiveOnly" in answer.json()["error"]["message"]


async def test_pages_keep_their_filters(inside):
    for version in range(5):
        await inside.owner.put(f"{WS}/environments/pages/versions/{version}", json=IMAGE)
    address, seen = f"{WS}/environments/pages/versions?listViewType=All&$top=2&api-version=2023", []
    while address:
        page = (await inside.owner.get(address)).json()
        seen += [item["name"] for item in page["value"]]
        address = page.get("nextLink")
        assert address is None or "listViewType=All" in address
    assert seen == ["4", "3", "2", "1", "0"]


async def test_newest_version_first(inside):
    await put(inside, "/environments/newest/versions/2", IMAGE)
    await put(inside, "/environments/newest/versions/1", IMAGE)
    found = await get(inside, "/environments/newest/versions", **{"$orderBy": "createdtime desc", "$top": "1"})
    assert [item["name"] for item in found["value"]] == ["1"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/diagnose"),
        ("PATCH", "/environments/x/versions/1"),
        ("PATCH", "/jobs/x"),
        ("GET", "/jobs/x/y/z"),
        ("PUT", "/jobs"),
        ("GET", "/workspaces"),
        ("GET", "/registries"),
    ],
)
async def test_what_is_not_built_is_named(inside, method, path):
    answer = await inside.owner.request(method, f"{WS}{path}", json={})
    assert answer.status_code == 501
    error = answer.json()["error"]
    assert error["code"] == "NotImplemented"
    assert f"{method} {WS}{path}" in error["message"]


async def test_unknown_field_of_a_body_is_tolerated_and_a_wrong_one_named(inside):
    body = {"properties": {**IMAGE["properties"], "fromTheFuture": 1, "provisioningState": "Succeeded"}}
    await put(inside, "/environments/lenient/versions/1", body)
    answer = await inside.owner.put(f"{WS}/environments/wrong/versions/1", json={"properties": {"image": 5}})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == "image"
