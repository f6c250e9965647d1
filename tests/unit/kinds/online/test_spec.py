from __future__ import annotations

import pytest

from zaffre.assets.model.spec import Model
from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.kinds.online.spec import OnlineDeployment, OnlineEndpoint

HERE = Scope("s", "g", "w", "local")
BLUE = "name: blue\nendpoint_name: ep1\nmodel: azureml:m:1\n"


def deployment(text: str) -> OnlineDeployment:
    return OnlineDeployment.from_yaml(document.load(text, file="d.yml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: Ab", "name: expected 3 to 32 lower-case"),
        ("name: abc\ntraffic: {a: 90, b: 20}", "e.yml:2:10: traffic: expected at most 100 percent together, found 110"),
        ("name: abc\nmirror_traffic: {a: 60}", "mirror_traffic: expected at most 50"),
        ("name: abc\nmirror_traffic: {a: 1, b: 1}", "mirror_traffic: expected one deployment"),
        ("name: abc\ntraffic: {a: -1}", "traffic.a: expected 0 to 100"),
        ("name: abc\nauth_mode: keyy", 'auth_mode: expected "key", "aml_token" or "aad_token", found the text "keyy"'),
        ("{}", "name: required, but missing"),
    ],
)
def test_wrong_endpoints(text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        OnlineEndpoint.from_yaml(document.load(text, file="e.yml"))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BLUE, "instance_type: required for a managed deployment"),
        (BLUE + "type: kubernetes\negress_public_network_access: enabled", "known to managed deployments only"),
        (BLUE + "instance_type: x\nresources: {limits: {cpu: '1'}}", 'known to "type: kubernetes" only'),
        ("name: blue\ninstance_type: x", "endpoint_name: required, but missing"),
        (BLUE.replace("azureml:m:1", "m") + "instance_type: x", "d.yml:3:8: model: expected azureml:NAME:VERSION"),
        (BLUE + "instance_type: x\nscale_settings: {type: default, max: 2}", "scale_settings.max: unknown field"),
    ],
)
def test_wrong_deployments(text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        deployment(text)
    assert message in str(caught.value)


def test_a_deployment_comes_back_from_arm_with_its_endpoint() -> None:
    spec = deployment(BLUE + "instance_type: x\ninstance_count: 2\nenvironment_variables: {A: b}\n")
    body = {"id": f"{HERE.id}/onlineEndpoints/ep1/deployments/blue", "name": "blue", **spec.to_arm(HERE)}
    found = OnlineDeployment.from_arm(body, scope=HERE)
    assert (found.name, found.endpoint_name, found.instance_count, found.model) == ("blue", "ep1", 2, "azureml:m:1")
    assert found.to_arm(HERE) == spec.to_arm(HERE)


def test_a_private_connection_is_said_twice() -> None:
    body = deployment(BLUE + "instance_type: x\nprivate_network_connection: true\n").to_arm(HERE)
    assert body["properties"]["privateNetworkConnection"] is True
    assert body["properties"]["properties"] == {"private-network-connection": True}


def test_models_may_be_written_inline() -> None:
    spec = deployment("name: b1\nendpoint_name: ep1\ninstance_type: x\nmodel: {path: model/}\n")
    assert isinstance(spec.model, Model)
    assert [(file.field, file.purpose) for file in spec.local_files()] == [("model.path", "model")]
