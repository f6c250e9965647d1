"""Whom an endpoint lets in, as the routing table says it."""

from types import SimpleNamespace

import pytest

from zaffre.kinds.online.parts.routing import Trust, _auth

TRUST = Trust(("hash",), "PEM")


def endpoint(**spec):
    return SimpleNamespace(spec=spec, key=SimpleNamespace(workspace="default", name="ep"))


@pytest.mark.parametrize("spec", [{}, {"auth_mode": "key"}])
def test_keys_alone_where_it_takes_keys(spec):
    found = _auth(endpoint(**spec), TRUST)
    assert (found.key_hashes, found.jwt_public_key, found.audiences) == (("hash",), "", ())


@pytest.mark.parametrize(
    ("mode", "audiences"),
    [
        ("aml_token", ("endpoint:default/ep",)),
        ("aad_token", ("endpoint:default/ep", "https://ml.azure.com")),
    ],
)
def test_tokens_alone_where_it_takes_tokens(mode, audiences):
    found = _auth(endpoint(auth_mode=mode), TRUST)
    assert (found.key_hashes, found.jwt_public_key, found.audiences) == ((), "PEM", audiences)
