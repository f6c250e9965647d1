"""What a client is told before it has a token."""

import warnings

import pytest

from zaffre.api.audiences import Audience, Audiences
from zaffre.api.azure.metadata import cloud

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = "http://127.0.0.1:18440"


async def test_the_cloud_is_one_that_the_official_client_takes(inside):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure.ai.ml._azure_environments import _convert_arm_to_cli

    nobody = inside.client()
    told = (await nobody.get("/metadata/endpoints?api-version=2019-05-01")).json()
    found = _convert_arm_to_cli(told)
    assert list(found) == ["Zaffre"]
    assert found["Zaffre"]["resource_manager"] == HERE
    assert found["Zaffre"]["storage_endpoint"] == "core.windows.net"
    audiences = Audiences(["127.0.0.1:18440"])
    assert audiences.named(found["Zaffre"]["aml_resource_id"]) is Audience.LEARNING
    assert (await nobody.get("/metadata/endpoints?api-version=2022-09-01")).json() == told[0]


async def test_addresses_are_those_that_were_asked(inside):
    headers = {"host": "localhost:18440"}
    told = (await inside.client().get("/metadata/endpoints", headers=headers)).json()[0]
    assert told["resourceManager"] == "http://localhost:18440"
    found = (await inside.client().get("/discovery", headers=headers)).json()
    assert found["api"] == found["history"] == "http://localhost:18440"


@pytest.mark.parametrize(
    ("address", "login"), [("https://localhost:8443", "https://localhost/"), ("https://[::1]:8443", "https://[::1]/")]
)
async def test_the_login_endpoint_has_no_port(address, login):
    """Which azureml-mlflow refuses."""
    assert cloud(address)["authentication"]["loginEndpoint"] == login


async def test_a_registry_tells_where_it_is(inside):
    assert (await inside.client().get("/registrymanagement/v1.0/registries/mine/discovery")).status_code == 401
    at = "/registrymanagement/v1.0/registries/Mine/discovery"
    assert (await inside.owner.get(at)).status_code == 404
    made = await inside.owner.put(
        "/api/v1/registries/mine", json={"location": "local", "replication_locations": [{"location": "local"}]}
    )
    assert made.status_code == 201, made.text
    told = (await inside.owner.get(at)).json()
    assert (told["registryName"], told["primaryRegionResourceProviderUri"]) == ("mine", f"{HERE}/")
