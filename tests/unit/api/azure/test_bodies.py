"""What Azure's answers have beside what somebody wrote."""

import hashlib

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
HERE = "http://127.0.0.1:18440"


async def get(inside, path, **headers):
    answer = await inside.owner.get(f"{WS}{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_workspace_tells_where_its_services_are(inside):
    found = await get(inside, "")
    properties = found["properties"]
    assert properties["discoveryUrl"] == f"{HERE}/discovery"
    assert properties["mlFlowTrackingUri"] == f"azureml://127.0.0.1:18440/mlflow/v1.0{WS}"
    assert (found["location"], found["kind"], found["sku"]["name"]) == ("local", "Default", "Basic")
    assert found["identity"]["type"] == "SystemAssigned"
    assert properties["friendlyName"]
    again = await get(inside, "", host="localhost:18440")
    assert again["properties"]["discoveryUrl"] == "http://localhost:18440/discovery"
    assert again["properties"]["workspaceId"] == properties["workspaceId"]


async def test_a_job_has_what_the_official_client_requires(inside):
    await inside.job("b-job", inputs={"n": 3, "x": 0.5}, outputs={"o": {"type": "uri_folder"}})
    properties = (await get(inside, "/jobs/b-job"))["properties"]
    assert properties["status"] in ("NotStarted", "Queued", "Preparing")
    assert properties["jobType"] == "Command"
    assert properties["inputs"]["n"] == {"jobInputType": "literal", "value": "3"}
    assert properties["inputs"]["x"] == {"jobInputType": "literal", "value": "0.5"}
    assert properties["outputs"]["o"]["jobOutputType"] == "uri_folder"
    assert properties["services"]["Tracking"]["endpoint"] == f"azureml://127.0.0.1:18440/mlflow/v1.0{WS}"
    assert properties["services"]["Studio"]["endpoint"] == f"{HERE}/runs/b-job?wsid={WS}"
    assert (properties["displayName"], properties["experimentName"]) == ("b-job", "Default")
    assert (properties["tags"], properties["properties"], properties["isArchived"]) == ({}, {}, False)


async def test_a_compute_may_be_named_as_a_reference(inside):
    body = {
        "location": "local",
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "STANDARD_DS3_V2"}},
    }
    await inside.owner.put(f"{WS}/computes/b-named", json=body)
    job = {"jobType": "Command", "command": "true", "environmentId": "azureml://registries/azureml/environments/python"}
    job |= {"environmentId": f"{job['environmentId']}/labels/latest", "computeId": f"{WS}/computes/azureml:b-named"}
    answer = await inside.owner.put(f"{WS}/jobs/b-referring", json={"properties": job})
    assert answer.status_code == 201, answer.text
    assert answer.json()["properties"]["computeId"] == f"{WS}/computes/b-named"


async def test_a_job_put_back_as_it_was_answered_changes_nothing_but_what_describes_it(inside):
    await inside.job("b-again", tags={"a": "1"})
    body = await get(inside, "/jobs/b-again")
    body["properties"]["tags"]["b"] = "2"
    answer = await inside.owner.put(f"{WS}/jobs/b-again", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["properties"]["tags"] == {"a": "1", "b": "2"}
    body["properties"]["isArchived"] = True
    assert (await inside.owner.put(f"{WS}/jobs/b-again", json=body)).json()["properties"]["isArchived"] is True
    assert "b-again" not in [job["name"] for job in (await get(inside, "/jobs"))["value"]]


async def test_a_cluster_has_its_state_inside(inside):
    body = {
        "location": "local",
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "STANDARD_DS3_V2"}},
    }
    assert (await inside.owner.put(f"{WS}/computes/b-cluster", json=body)).status_code == 201
    properties = (await get(inside, "/computes/b-cluster"))["properties"]
    inner = properties["properties"]
    assert (inner["allocationState"], inner["currentNodeCount"], inner["vmPriority"]) == ("Steady", 0, "Dedicated")
    assert inner["nodeStateCounts"]["idleNodeCount"] == 0
    assert properties["isAttachedCompute"] is False
    assert properties["createdOn"].startswith("20")
    assert "allocationState" not in properties


async def test_a_compute_changes_in_part(inside):
    body = {
        "location": "local",
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "STANDARD_DS3_V2"}},
    }
    await inside.owner.put(f"{WS}/computes/b-scaled", json=body)
    change = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}}
    answer = await inside.owner.patch(f"{WS}/computes/b-scaled", json=change)
    assert answer.status_code == 200, answer.text
    inner = answer.json()["properties"]["properties"]
    assert (inner["scaleSettings"]["maxNodeCount"], inner["vmSize"]) == (9, "STANDARD_DS3_V2")


async def test_what_is_not_there_cannot_be_changed(inside):
    answer = await inside.owner.patch(f"{WS}/computes/b-nobody", json={"tags": {"a": "b"}})
    assert answer.status_code == 404


async def test_a_workspace_changes_in_part(inside):
    answer = await inside.owner.patch(WS, json={"tags": {"a": "b"}, "properties": {"description": "Ours"}})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["tags"], answer.json()["properties"]["description"]) == ({"a": "b"}, "Ours")
    answer = await inside.owner.patch(WS, json={"tags": {"a": None}})
    assert (answer.json()["tags"], answer.json()["properties"]["description"]) == ({}, "Ours")


async def uploaded(inside, content=b"def init(): pass"):
    """The name of a code asset with one file."""
    uploads, digest = "/api/v1/workspaces/default/uploads", hashlib.sha256(content)
    file = {"path": "score.py", "size": len(content), "sha256": digest.hexdigest()}
    begun = await inside.owner.post(uploads, json={"target": "code", "name": "c", "files": [file]})
    pack = digest.digest() + len(content).to_bytes(8, "big") + content
    await inside.owner.put(f"{uploads}/{begun.json()['id']}/pack", content=pack)
    return (await inside.owner.post(f"{uploads}/{begun.json()['id']}/commit")).json()["code"].split(":")[1]


async def test_a_deployment_says_how_it_is_scaled(inside):
    await inside.owner.put(f"{WS}/onlineEndpoints/b-ep", json={"location": "local", "properties": {"authMode": "Key"}})
    body = {
        "location": "local",
        "sku": {"name": "Default", "capacity": 1},
        "properties": {
            "endpointComputeType": "Managed",
            "instanceType": "Standard_DS3_v2",
            "environmentId": "azureml://registries/azureml/environments/python/labels/latest",
            "codeConfiguration": {"codeId": f"{WS}/codes/nothing/versions/1", "scoringScript": "score.py"},
        },
    }
    answer = await inside.owner.put(f"{WS}/onlineEndpoints/b-ep/deployments/blue", json=body)
    assert answer.status_code == 400, "the code is not there"
    body["properties"]["codeConfiguration"]["codeId"] = f"{WS}/codes/{await uploaded(inside)}/versions/1"
    answer = await inside.owner.put(f"{WS}/onlineEndpoints/b-ep/deployments/blue", json=body)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert found["properties"]["scaleSettings"] == {"scaleType": "Default"}
    assert (found["sku"]["capacity"], found["properties"]["provisioningState"]) == (1, "Creating")
    assert answer.headers["retry-after"] == "1"


async def test_keys_are_told_and_replaced(inside):
    path = f"{WS}/onlineEndpoints/b-keys"
    await inside.owner.put(path, json={"location": "local", "properties": {"authMode": "Key"}})
    before = (await inside.owner.post(f"{path}/listKeys")).json()
    assert set(before) == {"primaryKey", "secondaryKey"}
    body = {"keyType": "Primary", "keyValue": before["primaryKey"]}
    assert (await inside.owner.post(f"{path}/regenerateKeys", json=body)).status_code == 202
    after = (await inside.owner.post(f"{path}/listKeys")).json()
    assert after["primaryKey"] != before["primaryKey"]
    assert after["secondaryKey"] == before["secondaryKey"]
    own = {"keyType": "Secondary", "keyValue": "a key of my own"}
    assert (await inside.owner.post(f"{path}/regenerateKeys", json=own)).status_code == 202
    assert (await inside.owner.post(f"{path}/listKeys")).json()["secondaryKey"] == "a key of my own"
    assert (await inside.owner.post(f"{path}/token")).status_code == 409


async def test_a_token_where_the_endpoint_takes_tokens(inside):
    path = f"{WS}/onlineEndpoints/b-token"
    await inside.owner.put(path, json={"location": "local", "properties": {"authMode": "AMLToken"}})
    found = (await inside.owner.post(f"{path}/token")).json()
    assert found["tokenType"] == "Bearer"
    assert found["accessToken"].count(".") == 2
    assert found["expiryTimeUtc"] > found["refreshAfterTimeUtc"]
    assert (await inside.owner.post(f"{path}/listKeys")).status_code == 409


async def test_a_connection_is_answered_200_and_its_secret_told_to_who_asks_for_it(inside):
    body = {
        "properties": {
            "category": "PythonFeed",
            "authType": "PAT",
            "target": "https://x.test",
            "credentials": {"pat": "s3"},
        }
    }
    made = await inside.owner.put(f"{WS}/connections/b-feed", json=body)
    assert made.status_code == 200, made.text
    assert "s3" not in made.text
    told = await inside.owner.post(f"{WS}/connections/b-feed/listsecrets")
    assert told.json()["properties"]["credentials"]["pat"] == "s3"
