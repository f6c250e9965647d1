"""The ledger of Azure's REST API: requests as the client's generated code has them, and a word for every answer."""

import httpx
import pytest

import azure_coverage as coverage
from azure_coverage import Operation

SOURCE = """
def build_things_get_request(resource_group_name: str, **kwargs):
    _url = "/subscriptions/{subscriptionId}/things/{thingName}"
    _params["api-version"] = "2025-12-01"
    return HttpRequest(method="GET", url=_url, params=_params)

def build_stop_request_initial(x):
    return HttpRequest(method="POST", url="/no")

def build_other_stop_request(**kwargs):
    _url = kwargs.pop("template_url", "/other/{version}/stop")
    return HttpRequest(method="POST", url=_url)

class Things:
    def get(self):
        return "/not/a/request"
"""
ONE = Operation("part", "get", "GET", "/subscriptions/{subscriptionId}/things/{thingName}")


def test_requests_are_read():
    found = [(one.name, one.method, one.path) for one in coverage.read("part", SOURCE)]
    assert found == [
        ("things_get", "GET", "/subscriptions/{subscriptionId}/things/{thingName}"),
        ("other_stop", "POST", "/other/{version}/stop"),
    ]


def test_parameters_get_names():
    assert ONE.asked == "/subscriptions/00000000-0000-0000-0000-000000000000/things/nothing"


@pytest.mark.parametrize(
    ("status", "text", "word"),
    [
        (200, "{}", "implemented"),
        (204, "", "implemented"),
        (404, '{"error":{"code":"ResourceNotFound"}}', "implemented"),
        (404, "Not Found", "missing"),
        (405, '{"error":{"code":"MethodNotAllowed"}}', "missing"),
        (501, '{"error":{"code":"NotImplemented"}}', "refused"),
        (501, "", "missing"),
    ],
)
def test_verdicts(status, text, word):
    assert coverage.verdict(ONE, httpx.Response(status, text=text)) == word


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_no_request_may_be_answered_so(status):
    with pytest.raises(AssertionError, match=str(status)):
        coverage.verdict(ONE, httpx.Response(status, text="x"))


def test_the_installed_client_has_what_we_know():
    known = {(one.method, one.name) for one in coverage.operations()}
    assert {("PUT", "jobs_create_or_update"), ("GET", "get_details"), ("POST", "compute_start")} <= known


def test_the_page_counts():
    text = coverage.page([(ONE, "implemented"), (Operation("part", "put", "PUT", "/x"), "refused")])
    assert "| part | 1 | 1 | 0 |" in text
    assert "| **all** | 1 | 1 | 0 |" in text
    assert "| `put` | `PUT /x` | refused |" in text
