"""Tokens of the kind that Azure's clients carry: ours, for the right ears, in their time; and nothing else opens anything."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = "http://127.0.0.1:18440"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
ARM = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/default"
NATIVE = "/api/v1/workspaces"
STORAGE = "https://storage.azure.com"
LEARNING = "https://ml.azure.0.1:18440"


def given(inside, audience, seconds=3600):
    return inside.server.tokens.for_audience(audience, seconds)[0]


async def shown(inside, token, path=ARM):
    return await inside.client(authorization=f"Bearer {token}").get(path)


def segments(*parts):
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)


def signing_key(inside):
    return serialization.load_pem_private_key((inside.home / "keys" / "signing.pem").read_bytes(), None)


def claims(inside, **more):
    told = jwt.decode(given(inside, HERE), options={"verify_signature": False})
    return {**told, **more}


@pytest.mark.parametrize(("audience", "path", "status"), [
    (HERE, ARM, 200), (HERE, NATIVE, 200), ("https://management.azure.com/", ARM, 200), ("https://localhost:18440", ARM, 200),
    (LEARNING, NATIVE, 200), (LEARNING, ARM, 401),
    (STORAGE, ARM, 401), (STORAGE, NATIVE, 401), (STORAGE, "/metrics", 401),
    ("https://vault.azure.net", ARM, 401), ("https://graph.microsoft.com", NATIVE, 401),
    ("https://localhost:18441", ARM, 401), ("endpoint:default/e", NATIVE, 401),
])  # fmt: skip
async def test_a_token_opens_what_it_is_for(inside, audience, path, status):
    answer = await shown(inside, given(inside, audience), path)
    assert answer.status_code == status, answer.text
    if status == 401:
        assert answer.json()["error"]["code"] == "InvalidAuthenticationTokenAudience"
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("audience", [HERE, LEARNING])
async def test_only_storage_tokens_open_storage(inside, audience):
    answer = await shown(inside, given(inside, audience), "/storage.blob.core.windows.net/azureml/x")
    assert answer.status_code in (401, 403)


async def test_expired_and_unsigned_and_foreign(inside):
    told = claims(inside)
    rs256 = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = signing_key(inside)
    forged = {
        "expired": given(inside, HERE, -60),
        "alg none": f"{segments({'alg': 'none', 'typ': 'JWT'}, told)}.",
        "alg None with a signature": f"{segments({'alg': 'None'}, told)}.{given(inside, HERE).split('.')[2]}",
        "no signature": given(inside, HERE).rpartition(".")[0] + ".",
        "two segments": given(inside, HERE).rpartition(".")[0],
        "another key": jwt.encode(told, Ed25519PrivateKey.generate(), algorithm="EdDSA"),
        "another algorithm": jwt.encode(told, rs256, algorithm="RS256"),
        "claims changed": ".".join([*given(inside, HERE).split(".")[:1], segments(claims(inside, sub="user:other")),
        given(inside, HERE).split(".")[2]]),
        "another subject": jwt.encode({**told, "sub": "user:somebody"}, own, algorithm="EdDSA"),
        "another issuer": jwt.encode({**told, "iss": "https://sts.windows.net/x"}, own, algorithm="EdDSA"),
        "several audiences": jwt.encode({**told, "aud": [HERE, STORAGE]}, own, algorithm="EdDSA"),
        "no end": jwt.encode({k: v for k, v in told.items() if k != "exp"}, own, algorithm="EdDSA"),
        "an end that is no number": jwt.encode({**told, "exp": "9999999999"}, own, algorithm="EdDSA"),
    }  # fmt: skip
    assert (await shown(inside, jwt.encode(told, own, algorithm="EdDSA"))).status_code == 200  # the yardstick
    for how, token in forged.items():
        answer = await shown(inside, token)
        assert (answer.status_code, set(answer.json()["error"])) == (401, {"code", "message", "target", "details"}), how


async def test_a_job_gets_no_token_of_the_owner(inside):
    await inside.job("greedy")
    job = inside.client(authorization=f"Bearer {inside.server.tokens.for_run('greedy', 'default', 3600)}")
    assert (await job.get("/msi/token", params={"resource": HERE})).status_code == 403


@pytest.mark.parametrize("headers", [
    {}, {"x-identity-header": ""}, {"x-identity-header": "wrong"}, {"metadata": "true"},
    {"x-identity-header": "wrong", "metadata": "true"},
])  # fmt: skip
async def test_the_identity_endpoint_wants_the_secret(inside, headers):
    answer = await inside.client().get("/msi/token", params={"resource": HERE}, headers=headers)
    assert answer.status_code == 401
    assert "access_token" not in answer.text


async def test_the_identity_secret_is_no_token_and_opens_no_other_route(inside):
    secret = (inside.home / "keys" / "identity").read_text()
    assert secret != inside.token
    assert (inside.home / "keys" / "identity").stat().st_mode & 0o777 == 0o600
    assert (await inside.client(authorization=f"Bearer {secret}").get(NATIVE)).status_code == 401
    with_header = inside.client(**{"x-identity-header": secret})
    for path in (NATIVE, ARM, "/metrics", "/msi/token/", "/MSI/TOKEN", "/api/v1/../../msi/token"):
        assert (await with_header.get(path)).status_code in (400, 401), path
    assert (await with_header.post("/msi/token")).status_code == 405


async def test_an_azure_token_logs_nobody_in_with_a_browser(inside):
    form = {"secret": given(inside, HERE)}
    answer = await inside.client(origin=HERE).post("/login", data=form)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


async def test_open_answers_tell_nothing_of_the_home(inside):
    secret = (inside.home / "keys" / "identity").read_text()
    nobody = inside.client()
    for path in ("/metadata/endpoints", "/discovery", "/adfs/.well-known/openid-configuration"):
        text = (await nobody.get(path)).text
        assert not [word for word in (secret, inside.token, str(inside.home)) if word in text], path


@pytest.mark.parametrize("tenant", ["a/b", "..", "%2e%2e", "a%2Fb", "x" * 65, "a b", "<script>"])
async def test_a_tenant_is_a_plain_name(inside, tenant):
    answer = await inside.client().get(f"/{tenant}/.well-known/openid-configuration")
    assert answer.status_code in (400, 401)
