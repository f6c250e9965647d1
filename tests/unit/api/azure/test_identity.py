"""Tokens as App Service and OAuth 2 give them out."""

import base64

import jwt
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = "http://127.0.0.1:18440"
TOKEN = "/adfs/oauth2/v2.0/token"


@pytest.fixture
def secret(inside):
    return (inside.home / "keys" / "identity").read_text()


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


async def test_a_managed_identity_gets_what_it_asked_for(inside, secret):
    query = {"api-version": "2019-08-01", "resource": "https://storage.azure.com/"}
    answer = await inside.client().get("/msi/token", params=query, headers={"x-identity-header": secret})
    told = answer.json()
    assert set(told) == {"access_token", "expires_on", "resource", "token_type", "client_id"}
    assert claims(told["access_token"])["aud"] == told["resource"] == "https://storage.azure.com"
    assert claims(told["access_token"])["exp"] == int(told["expires_on"])
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("resource", ["", "x" * 301, "a\tb"])
async def test_a_resource_must_be_one(inside, secret, resource):
    answer = await inside.client().get(
        "/msi/token", params={"resource": resource}, headers={"x-identity-header": secret}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("how", ["post", "basic"])
@pytest.mark.parametrize(
    "path", [TOKEN, "/adfs/oauth2/token", "/7d5a0000-1111-2222-3333-444455556666/oauth2/v2.0/token"]
)
async def test_a_client_secret_gets_a_token(inside, secret, how, path):
    form = {"grant_type": "client_credentials", "client_id": "any", "scope": f"{HERE}/.default"}
    headers = {}
    if how == "basic":
        headers["authorization"] = "Basic " + base64.b64encode(f"any:{secret}".encode()).decode()
    else:
        form["client_secret"] = secret
    told = (await inside.client().post(path, data=form, headers=headers)).json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
    assert claims(told["access_token"])["aud"] == HERE
    bearer = {"authorization": f"Bearer {told['access_token']}"}
    assert (await inside.client().get("/api/v1/workspaces", headers=bearer)).status_code == 200


@pytest.mark.parametrize(("form", "error", "status"), [
    ({"client_secret": "wrong"}, "invalid_client", 401),
    ({"client_secret": ""}, "invalid_client", 401),
    ({"grant_type": "password"}, "unsupported_grant_type", 400),
    ({"scope": ""}, "invalid_scope", 400),
])  # fmt: skip
async def test_refusals_are_in_the_words_of_oauth(inside, secret, form, error, status):
    whole = {"grant_type": "client_credentials", "client_secret": secret, "scope": "https://x/.default", **form}
    answer = await inside.client().post(TOKEN, data=whole)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "access_token" not in answer.text


@pytest.mark.parametrize("path", ["/adfs/.well-known/openid-configuration", "/t/v2.0/.well-known/openid-configuration"])
async def test_the_configuration_leads_to_the_token(inside, path):
    told = (await inside.client().get(path)).json()
    tenant = path.split("/")[1]
    assert told["token_endpoint"] == f"{HERE}/{tenant}/oauth2/v2.0/token"
    assert told["issuer"].startswith(HERE)
    assert told["authorization_endpoint"].startswith(HERE)


async def test_a_form_too_large_is_refused(inside):
    answer = await inside.client().post(TOKEN, content=b"a=" + b"x" * 9000)
    assert answer.status_code == 400
