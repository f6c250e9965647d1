"""Keys tried one after another, tokens of others, keys of before: refused, slowed, and nothing learnt from it."""

from __future__ import annotations

import hashlib
import http.client
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zaffre.testing.serving import KEY, Rig, ask, endpoint

MODEL = "def init(): pass\ndef run(data): return 1\n"


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    try:
        made.start_router()
        yield made
    finally:
        made.close()


@pytest.fixture
def blue(rig):
    return {"blue": {"replicas": [rig.start_host({}, MODEL).replica("b")]}}


def hashed(*keys):
    return {"key_hashes": [hashlib.sha256(key.encode()).hexdigest() for key in keys]}


def test_guessing_is_slowed_alike_for_right_and_wrong_and_known_and_unknown(rig, blue):
    """H: after a burst no key is even read, so that a right guess looks like a wrong one; who was right before is served."""
    rig.publish({"ws/e": endpoint(blue, auth=hashed(KEY, "the-second"))})
    assert rig.call().status == 200
    seen = [rig.call(key=f"guess-{number}").status for number in range(80)]
    assert seen[:50] == [401] * 50
    assert seen[-1] == 429
    unread = rig.call(key="the-second")  # right, and never shown before
    wrong, unknown = rig.call(key="wrong"), rig.call("/endpoints/ws/none/score", key="wrong")
    assert unread.status == wrong.status == unknown.status == 429
    assert unread.body == wrong.body == unknown.body
    assert unread.headers["retry-after"]
    assert rig.call().status == 200


def test_the_pause_ends_by_itself(rig, blue):
    rig.publish({"ws/e": endpoint(blue)})
    while rig.call(key="guess").status == 401:
        pass
    deadline = time.monotonic() + 20
    while (status := rig.call().status) != 200:
        assert status == 429
        assert time.monotonic() < deadline


def test_asking_without_any_key_costs_nobody_anything(rig, blue):
    rig.publish({"ws/e": endpoint(blue)})
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    assert {ask(connection, "/endpoints/ws/e/score", b"{}", {}).status for _ in range(100)} == {401}
    connection.close()
    assert rig.call().status == 200


def test_an_old_key_is_refused_on_a_connection_that_is_open_and_the_other_stays_good(rig, blue):
    rig.publish({"ws/e": endpoint(blue, auth=hashed(KEY, "second"))})
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)

    def status(key):
        return ask(connection, "/endpoints/ws/e/score", b"{}", {"authorization": f"Bearer {key}"}).status

    assert (status(KEY), status("second")) == (200, 200)
    rig.publish({"ws/e": endpoint(blue, auth=hashed("new", "second"))})
    assert (status(KEY), status("second"), status("new")) == (401, 200, 200)
    rig.publish({"ws/e": endpoint(blue, auth=hashed("new", "newer"))})
    assert (status("second"), status("new"), status("newer")) == (401, 200, 200)
    connection.close()


def test_a_key_opens_its_own_endpoint_alone_also_on_one_connection(rig, blue):
    rig.publish({"ws/e": endpoint(blue), "ws/f": endpoint(blue, auth=hashed("other"))})
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    headers = {"authorization": f"Bearer {KEY}"}
    seen = [ask(connection, f"/endpoints/ws/{name}/score", b"{}", headers).status for name in ("e", "f", "e")]
    connection.close()
    assert seen == [200, 401, 200]
    assert rig.call("/endpoints/ws/e/score?key=" + KEY, key="x").status == 401


@pytest.fixture
def signer():
    return Ed25519PrivateKey.generate()


@pytest.fixture
def tokens(rig, blue, signer):
    """Two endpoints of two workspaces that take tokens of this signer."""
    public = signer.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    made = {}
    for name in ("ws/e", "other/e"):
        audiences = [f"endpoint:{name}", "https://ml.azure.com"]
        auth = {"key_hashes": [], "jwt_public_key": public.decode(), "audiences": audiences}
        made[name] = endpoint(blue, auth=auth)
    rig.publish(made)
    return signer


def status(rig, signer, endpoint_name="ws/e", **claims):
    usual = {"sub": "user:owner", "aud": "https://ml.azure.com", "exp": int(time.time()) + 60}
    token = jwt.encode({**usual, **claims}, signer, algorithm="EdDSA")
    return rig.call(f"/endpoints/{endpoint_name}/score", key=token).status


def test_a_token_of_the_directory_opens_what_its_holder_may_score(rig, tokens):
    acting = {"run": "job-1", "sub": "run:job-1", "ws": "ws", "acts": True}
    assert status(rig, tokens) == 200
    assert status(rig, tokens, **acting) == 200
    assert status(rig, tokens, "other/e", **acting) == 401  # its own workspace only
    assert status(rig, tokens, **{**acting, "acts": False}) == 401
    assert status(rig, tokens, aud="https://management.azure.com") == 401
    assert status(rig, tokens, aud="endpoint:other/e") == 401
    assert status(rig, tokens, "other/e", aud="endpoint:other/e") == 200


def test_a_token_ends_on_a_connection_that_is_open(rig, tokens):
    ends = int(time.time()) + 2
    token = jwt.encode({"sub": "user:owner", "aud": "endpoint:ws/e", "exp": ends}, tokens, algorithm="EdDSA")
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    headers = {"authorization": f"Bearer {token}"}
    assert ask(connection, "/endpoints/ws/e/score", b"{}", headers).status == 200
    deadline = time.monotonic() + 10
    while ask(connection, "/endpoints/ws/e/score", b"{}", headers).status == 200:
        assert time.monotonic() < deadline
    assert time.time() >= ends
    connection.close()
