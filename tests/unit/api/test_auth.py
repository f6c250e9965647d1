"""Tokens: ours and nobody else's, for their run and their time."""

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zaffre.api.audiences import Audience, Audiences
from zaffre.api.auth import OWNER, Permission, Tokens
from zaffre.core.errors import Forbidden, Unauthenticated, WrongAudience
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


MANAGEMENT = frozenset({Audience.MANAGEMENT})
HERE = "https://localhost:8443"


@pytest.fixture
def introduced(tokens):
    tokens.introduce(Audiences(["localhost:8443"]), "secret")
    return tokens


def test_a_token_for_an_audience_is_the_owner_there_for_its_time(introduced, clock):
    token, until = introduced.for_audience(HERE, 3600)
    assert until == int(clock.now()) + 3600
    told = jwt.decode(token, options={"verify_signature": False})
    assert (told["aud"], told["exp"], told["sub"]) == (HERE, until, "user:owner")
    assert introduced.check(token, MANAGEMENT) == OWNER
    clock.advance(3606)
    with pytest.raises(Unauthenticated, match="expired"):
        introduced.check(token, MANAGEMENT)


@pytest.mark.parametrize(
    "audience", ["https://storage.azure.com", "https://ml.azure.", "https://vault.azure.net", "home"]
)
def test_a_token_for_another_audience_is_refused(introduced, audience):
    token, _ = introduced.for_audience(audience, 3600)
    with pytest.raises(WrongAudience):
        introduced.check(token, MANAGEMENT)


def test_where_no_audience_is_named_none_counts(introduced):
    """Logging in asks for the owner's own token; one that was given to an Azure client does not do."""
    with pytest.raises(WrongAudience):
        introduced.check(introduced.for_audience(HERE, 3600)[0])


def test_the_signature_alone_makes_no_owner(introduced, clock):
    """An endpoint's token is signed with the same key, by whoever asked for it."""
    scoring = introduced.sign("user:owner", HERE, 3600)
    with pytest.raises(Unauthenticated):
        introduced.check(scoring, MANAGEMENT)
    other = {"sub": "user:other", "iss": "zaffre:identity", "aud": HERE, "exp": clock.now() + 60}
    with pytest.raises(Unauthenticated):
        introduced.check(jwt.encode(other, KEY, algorithm="EdDSA"), MANAGEMENT)


@pytest.mark.parametrize("acts", [False, True])
def test_a_run_s_secret_gets_the_run_s_tokens_and_no_more(introduced, clock, acts):
    secret = introduced.secret_of_run("r", "default", 60, acts=acts)
    with pytest.raises(Unauthenticated):
        introduced.check(secret, MANAGEMENT)
    shown = introduced.identified(secret)
    assert shown.permissions == {Permission.IDENTITY}
    shown.require(Permission.IDENTITY, None)
    token, _ = introduced.for_audience(HERE, 3600, shown)
    found = introduced.check(token, MANAGEMENT)
    assert (found.subject, found.run, found.workspace, found.acts) == ("run:r", "r", "default", acts)
    assert (Permission.READ in found.permissions, Permission.WRITE in found.permissions) == (acts, acts)
    assert not {Permission.SECRETS, Permission.DELETE, Permission.IDENTITY} & found.permissions
    with pytest.raises(Forbidden):
        found.require(Permission.READ, "other")
    with pytest.raises(WrongAudience):
        introduced.check(introduced.for_audience("https://storage.azure.com", 3600, shown)[0], MANAGEMENT)
    clock.advance(66)
    with pytest.raises(Unauthenticated, match="expired"):
        introduced.identified(secret)


def test_a_run_s_token_is_no_secret(introduced):
    with pytest.raises(Unauthenticated):
        introduced.identified(introduced.for_run("r", "default", 60))


def test_who_lacks_an_identity_is_told_of_it(introduced):
    plain = introduced.check(introduced.for_run("r", "default", 60))
    with pytest.raises(Forbidden, match=r"identity: .type: user_identity"):
        plain.require(Permission.READ, "default")
    with pytest.raises(Forbidden, match=r"'delete'\.$"):
        plain.require(Permission.DELETE, "default")


@pytest.mark.parametrize("secret", ["", "x", "Secret", "secret ", "owner-token", "é"])
def test_only_the_secret_identifies(introduced, tokens, secret):
    assert introduced.identified("secret") == OWNER
    with pytest.raises(Unauthenticated):
        introduced.identified(secret)


def test_before_it_is_introduced_no_secret_identifies(clock):
    bare = Tokens(KEY, "owner-token", "home", clock)
    for secret in ("", "owner-token"):
        with pytest.raises(Unauthenticated):
            bare.identified(secret)
