from collections.abc import Iterator

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zaffre.serving.keys import Gate, hash_of
from zaffre.serving.table import Auth


class Clock:
    time = 1000.0

    def now(self):
        return self.time

    def monotonic(self):
        return self.time


@pytest.mark.parametrize(
    ("header", "admitted"),
    [
        (b"Bearer one", True),
        (b"bearer  two ", True),
        (b"Bearer three", False),
        (b"Basic one", False),
        (b"one", False),
        (b"", False),
        (b"Bearer ", False),
        (b"Bearer " + b"x" * 10_000, False),
        (b"Bearer \xff\xfe", False),
    ],
)
def test_keys_are_known_by_their_hashes(header, admitted):
    gate = Gate(Auth((hash_of("one"), hash_of("two"))), Clock())
    assert gate.admits(header) is admitted


@pytest.fixture(scope="module")
def signer() -> Iterator[tuple[Ed25519PrivateKey, str]]:
    key = Ed25519PrivateKey.generate()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    yield key, key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def test_a_token_ends_also_when_it_was_checked_before(signer):
    key, public = signer
    clock = Clock()
    gate = Gate(Auth((), public, ("a",)), clock)
    token = b"Bearer " + jwt.encode({"sub": "u", "aud": "a", "exp": 1010}, key, algorithm="EdDSA").encode()
    assert gate.admits(token)
    assert gate.admits(token)
    clock.time = 1010.0
    assert not gate.admits(token)


@pytest.mark.parametrize("missing", ["sub", "aud", "exp"])
def test_a_token_must_say_for_whom_by_whom_and_until_when(signer, missing):
    key, public = signer
    claims = {"sub": "u", "aud": "a", "exp": 2000}
    del claims[missing]
    gate = Gate(Auth((), public, ("a",)), Clock())
    assert not gate.admits(b"Bearer " + jwt.encode(claims, key, algorithm="EdDSA").encode())


def test_without_a_public_key_no_token_is_a_key(signer):
    key, _ = signer
    token = jwt.encode({"sub": "u", "aud": "a", "exp": 2000}, key, algorithm="EdDSA")
    assert not Gate(Auth((hash_of("one"),)), Clock()).admits(b"Bearer " + token.encode())
    unsigned = jwt.encode({"sub": "u", "aud": "a", "exp": 2000}, "", algorithm="none")
    assert not Gate(Auth((), signer[1], ("a",)), Clock()).admits(b"Bearer " + unsigned.encode())


def test_a_job_s_token_is_a_key_only_where_the_job_was_given_an_identity(signer):
    key, public = signer
    for claims, admitted in (({}, True), ({"run": "r", "acts": True}, True), ({"run": "r"}, False),
                             ({"run": "r", "acts": "yes"}, False),
                             ({"role": "reader"}, False), ({"role": "contributor"}, True)):  # fmt: skip
        token = jwt.encode({"sub": "u", "aud": "a", "exp": 2000, **claims}, key, algorithm="EdDSA").encode()
        assert Gate(Auth((), public, ("a",)), Clock()).admits(b"Bearer " + token) is admitted, claims
