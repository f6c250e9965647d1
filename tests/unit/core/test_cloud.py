"""What Azure's libraries are told, and whether a proxy stands between."""

import pytest

from zaffre.core.cloud import around_proxies, unproxied, variables

HERE = "https://localhost:8443"


def test_what_is_told():
    assert variables(HERE) == {
        "ARM_CLOUD_METADATA_URL": "https://localhost:8443/metadata/endpoints?api-version=2019-05-01",
        "AZUREML_CURRENT_CLOUD": "Zaffre",
        "IDENTITY_ENDPOINT": "https://localhost:8443/msi/token",
        "REGISTRY_DISCOVERY_ENDPOINT_URL": "https://localhost:8443/",
    }


def test_a_proxy_is_gone_round():
    told = around_proxies({"all_proxy": "http://proxy:1", "no_proxy": "internal, .example.com"}, HERE)
    assert told["NO_PROXY"] == told["no_proxy"] == "internal,.example.com,localhost,127.0.0.1,::1"
    assert around_proxies({"NO_PROXY": "internal", "HTTP_PROXY": "http://proxy:1"}, HERE) == {}
    assert unproxied({"all_proxy": "http://proxy:1", **told}, "localhost")


@pytest.mark.parametrize(("environ", "directly"), [
    ({}, True),
    ({"HTTP_PROXY": "http://p"}, True),
    ({"HTTPS_PROXY": "http://p"}, False),
    ({"all_proxy": "socks5://p"}, False),
    ({"https_proxy": "http://p", "no_proxy": "localhost"}, True),
    ({"https_proxy": "http://p", "NO_PROXY": "*"}, True),
    ({"https_proxy": "http://p", "no_proxy": "calhost,other"}, False),
])  # fmt: skip
def test_whether_a_proxy_is_in_the_way(environ, directly):
    assert unproxied(environ, "localhost") is directly
