"""Whom an endpoint lets in, as the routing table says it."""

from types import SimpleNamespace

import pytest

from zaffre.kinds.online.parts.routing import Trust, _auth
from zaffre.kinds.online.parts.routing import endpoint as routed
from zaffre.kinds.online.spec import OnlineEndpoint

TRUST = Trust(("hash",), "PEM")


def endpoint(**spec):
    return SimpleNamespace(spec=spec, key=SimpleNamespace(workspace="default", name="ep"), state={})


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


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ({}, "424"),
        ({"model_errors": "masked"}, "424"),
        ({"model_errors": "pass"}, "pass"),
        ({"properties": {"zaffre.model_errors": "pass"}}, "pass"),
    ],
)
def test_a_models_own_errors_are_masked_unless_the_endpoint_says_otherwise(spec, shown):
    assert OnlineEndpoint.from_yaml({"name": "iris", **spec}).check() == []
    assert routed(endpoint(**spec), [], TRUST).model_errors == shown
