"""The OpenAPI document is valid, whole, and says of each route what holds."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def described(inside):
    return (await inside.owner.get("/api/v1/openapi.json")).json()


async def test_document_is_valid(inside):
    document = await described(inside)
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_every_route_is_in_it_and_nothing_else(inside):
    document = await described(inside)
    told = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    real = {(route.method, re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)) for route in inside.server.routes()}
    assert told == real


async def test_operations_have_names_of_their_own(inside):
    document = await described(inside)
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


async def test_permissions_bodies_and_answers_are_told(inside):
    document = await described(inside)
    paths = document["paths"]
    put = paths["/api/v1/workspaces/{ws}/data/{name}/versions/{version}"]["put"]
    assert put["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Data")
    assert put["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Resource")
    assert put["x-permission"] == "write"
    own = paths["/api/v1/workspaces/{ws}/jobs/{name}"]["get"]
    assert own["x-permission"] == "own-run"
    assert {p["name"] for p in paths["/api/v1/workspaces/{ws}/jobs"]["get"]["parameters"]} == {
        "ws",
        "list_view",
        "top",
        "skip",
        "cursor",
        "tag",
        "filter",
        "parent_job_name",
    }
    assert paths["/livez"]["get"]["security"] == []


async def test_an_answer_is_as_it_says(inside):
    from jsonschema import Draft202012Validator

    document = await described(inside)
    found = (await inside.owner.get("/api/v1/workspaces")).json()
    schema = {"$ref": "#/components/schemas/ResourceList", "components": document["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(found)] == []
    assert list(Draft202012Validator(schema).iter_errors({"value": [{"id": 5}]})) != []
