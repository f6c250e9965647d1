"""Tokens: ours and nobody else's, for their run and their time."""

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zaffre.api.auth import OWNER, Permission, Tokens
from zaffre.core.errors import Forbidden, Unauthenticated
from zaffre.testing.clock import ManualClock

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def tokens(clock):
    return Tokens(KEY, "owner-token", "home", clock)


def test_owner(tokens):
    assert tokens.check("owner-token") == OWNER
    for permission in Permission:
        OWNER.require(permission, None)


def test_run_token_reaches_its_run_until_it_ends(tokens, clock):
    token = tokens.for_run("r", "default", 60)
    found = tokens.check(token)
    assert (found.subject, found.run, found.workspace) == ("run:r", "r", "default")
    found.require(Permission.OWN_RUN, "default", "r")
    found.require(Permission.TRACK, "default")
    clock.advance(66)
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.check(token)


@pytest.mark.parametrize(("permission", "workspace", "run"), [
    (Permission.OWN_RUN, "default", "other"), (Permission.OWN_RUN, "other", "r"), (Permission.OWN_RUN, None, "r"),
    (Permission.READ, "default", "r"),
    (Permission.WRITE, "default", "r"), (Permission.SECRETS, "default", "r"), (Permission.TRACK, None, None),
    (Permission.OWN_RUN, "default", None),
])  # fmt: skip
def test_run_token_reaches_nothing_else(tokens, permission, workspace, run):
    with pytest.raises(Forbidden):
        tokens.check(tokens.for_run("r", "default", 60)).require(permission, workspace, run)


def claims(clock, **more):
    now = int(clock.now())
    return {"sub": "run:r", "run": "r", "ws": "default", "aud": "home", "iat": now, "exp": now + 60, **more}


FORGED = {
    "alg none": lambda c: jwt.encode(claims(c), "", algorithm="none"),
    "hs256 with the public key": lambda c: _hmac(claims(c)),
    "another key": lambda c: jwt.encode(claims(c), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    "another audience": lambda c: jwt.encode(claims(c, aud="other"), KEY, algorithm="EdDSA"),
    "a scoring token": lambda c: jwt.encode({**claims(c), "aud": "endpoint:default/e"}, KEY, algorithm="EdDSA"),
    "no expiry": lambda c: jwt.encode({k: v for k, v in claims(c).items() if k != "exp"}, KEY, algorithm="EdDSA"),
    "expired": lambda c: jwt.encode(claims(c, exp=int(c.now()) - 10), KEY, algorithm="EdDSA"),
    "no run": lambda c: jwt.encode({k: v for k, v in claims(c).items() if k != "run"}, KEY, algorithm="EdDSA"),
    "a key from elsewhere": lambda c: jwt.encode(claims(c), Ed25519PrivateKey.generate(), algorithm="EdDSA",
    headers={"kid": "../../dev/null"}),
    "the owner's, cut": lambda c: "owner-toke",
    "nothing": lambda c: "",
    "letters": lambda c: "é" * 10,
}  # fmt: skip


def _hmac(told):
    import base64
    import hashlib
    import hmac
    import json

    head = {"alg": "HS256", "typ": "JWT"}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, told)]
    text = b".".join(parts)
    seal = base64.urlsafe_b64encode(hmac.new(PUBLIC, text, hashlib.sha256).digest()).rstrip(b"=")
    return (text + b"." + seal).decode()


@pytest.mark.parametrize("how", FORGED)
def test_forged_tokens_are_refused(tokens, clock, how):
    """F07."""
    with pytest.raises(Unauthenticated):
        tokens.check(FORGED[how](clock))
