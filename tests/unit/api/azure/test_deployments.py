"""Workspaces by Azure's resource manager: the template's parameters, and what clients ask on the way."""

import pytest

from zaffre.api.azure.deployments import _workspace
from zaffre.core.errors import Invalid, NotBuilt

GROUP = "/subscriptions/s/resourcegroups/g"
WORKSPACES = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces"


def parameters(**said):
    return {
        "properties": {"template": {"any": "thing"}, "parameters": {name: {"value": one} for name, one in said.items()}}
    }


async def deploy(inside, **said):
    return await inside.owner.put(
        f"{GROUP}/providers/Microsoft.Resources/deployments/made-1?api-version=2020-06-01", json=parameters(**said)
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_workspace_is_made(inside):
    empty = {"isolationMode": "Disabled", "outboundRules": {}}
    answer = await deploy(
        inside, workspaceName="Made", location="local", description="hi", tagValues={"a": "b"}, managedNetwork=empty,
        friendlyName="The made one", publicNetworkAccess="Enabled", storageAccountName="ignored", kind="default",
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert answer.json()["properties"]["provisioningState"] == "Succeeded"
    assert answer.json()["properties"]["duration"] == "PT0S"
    found = (await inside.owner.get(f"{WORKSPACES}/made")).json()
    assert (found["properties"]["description"], found["properties"]["friendlyName"]) == ("hi", "The made one")
    assert found["tags"] == {"a": "b"}
    stores = (await inside.owner.get(f"{WORKSPACES}/made/datastores")).json()["value"]
    assert "workspaceblobstore" in [store["name"] for store in stores]
    whole = f"{GROUP}/providers/Microsoft.Resources/deployments/made-1"
    assert (await inside.owner.get(whole)).json()["name"] == "made-1"
    assert (await inside.owner.get(f"{GROUP}/deployments/made-1/operations")).json() == {"value": []}


@pytest.mark.asyncio(loop_scope="module")
async def test_workspaces_of_a_group_and_of_a_subscription(inside):
    of_group = (await inside.owner.get(WORKSPACES)).json()["value"]
    of_all = (await inside.owner.get("/subscriptions/s/providers/Microsoft.MachineLearningServices/workspaces")).json()
    assert [one["name"] for one in of_all["value"]] == [one["name"] for one in of_group]
    assert "default" in [one["name"] for one in of_group]
    one = await inside.owner.get("/subscriptions/s/providers/Microsoft.MachineLearningServices/workspaces/default")
    assert one.status_code == 501


@pytest.mark.asyncio(loop_scope="module")
async def test_a_group_is_a_part_of_an_address(inside):
    assert (await inside.owner.get(GROUP)).json()["location"] == "local"


@pytest.mark.asyncio(loop_scope="module")
async def test_keys_of_the_storage_are_a_secret(inside):
    found = await inside.owner.post(f"{WORKSPACES}/default/listKeys")
    assert found.json()["userStorageKey"] == inside.server.storage.signer.account_key
    assert found.headers["cache-control"] == "no-store"
    assert (await inside.owner.post(f"{WORKSPACES}/nobody/listKeys")).status_code == 404
    await inside.job("d-mine")
    token = inside.server.tokens.for_run("d-mine", "default", 60)
    async with inside.client(authorization=f"Bearer {token}") as job:
        assert (await job.post(f"{WORKSPACES}/default/listKeys")).status_code == 403
        assert (await job.put(f"{GROUP}/providers/Microsoft.Resources/deployments/x", json={})).status_code == 403


@pytest.mark.asyncio(loop_scope="module")
async def test_another_template_is_not_known(inside):
    answer = await deploy(inside, vaultName="x")
    assert answer.status_code == 501


def test_a_hub_is_a_workspace():
    assert _workspace({"workspaceName": "H", "kind": "hub"})["kind"] == "hub"
    assert "kind" not in _workspace({"workspaceName": "W", "kind": "Default"})


def test_a_feature_store_is_refused_by_its_name():
    with pytest.raises(NotBuilt, match="Feature stores"):
        _workspace({"workspaceName": "f", "kind": "featurestore"})
    with pytest.raises(Invalid, match="expected one of"):
        _workspace({"workspaceName": "f", "kind": "nonsense"})
