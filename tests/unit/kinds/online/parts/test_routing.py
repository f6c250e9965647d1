"""Whom an endpoint lets in, as the routing table says it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from zaffre.kinds.online.parts import rollout
from zaffre.kinds.online.parts.routing import Trust, _auth
from zaffre.kinds.online.parts.routing import endpoint as routed
from zaffre.kinds.online.parts.wish import Content, Place, Wish
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


def test_a_revision_on_trial_is_an_entry_beside_its_deployment_until_the_trial_is_over():
    one, two = (Wish(number, Content("score", {})) for number in (1, 2))
    kept = [Place(number, number, "t", f"/s/{number}", "/d", "/l", "ready").to_json() for number in (1, 2)]
    trial = rollout.Progress({"blue": 100}, {"blue~2": 100})
    state = {"serving": one.to_json(), "wish": two.to_json(), "replicas": kept}
    found = endpoint(traffic={"blue": 100}, rollout={"steps": [30], "guardrails": {"prediction_drift": 0.2}})

    def entries(progress, generation=2):
        blue = SimpleNamespace(
            key=SimpleNamespace(name="blue"), state=state | {"trial": progress.to_json() | {"generation": generation}}
        )
        return routed(found, [blue], TRUST)

    tried = entries(trial)
    assert {name: [one.id for one in entry.replicas] for name, entry in tried.deployments.items()} == {
        "blue": ["1-1"], "blue~2": ["2-2"],
    }  # fmt: skip
    assert (tried.deployments["blue"].revision, tried.deployments["blue"].revision_share) == ("blue~2", 30)
    assert {entry.sample for entry in tried.deployments.values()} == {rollout.USUAL_SAMPLE}
    assert tried.traffic == {"blue": 100}
    for over in (entries(replace(trial, status=rollout.BACK)), entries(trial, generation=1)):
        assert list(over.deployments) == ["blue"]
        assert over.deployments["blue"].revision == ""
