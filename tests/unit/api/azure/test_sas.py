"""Grants and their signatures; what must be refused is in tests/attacks/test_storage.py."""

from urllib.parse import parse_qs, urlsplit

import pytest

from zaffre.api.azure.sas import ALL, Grant, Signer, address
from zaffre.core.errors import Forbidden
from zaffre.testing.clock import ManualClock


def query(token):
    return {name: values[0] for name, values in parse_qs(token).items()}


@pytest.mark.parametrize("grant", [Grant("c"), Grant("c", "r", "a"), Grant("c", "rl", "a/b ü/+&=")])
def test_what_is_granted_comes_back(grant):
    signer = Signer(b"k" * 32, ManualClock())
    token = query(signer.token(grant, 60))
    assert signer.check(token, "c", grant.prefix or "any") == grant
    deeper = f"{grant.prefix}/x/y" if grant.prefix else "x"
    assert signer.check(token, "c", deeper) == grant
    url = urlsplit(signer.url("https://h:1", grant, 60))
    assert f"{url.scheme}://{url.netloc}{url.path}" == address("https://h:1", "c", grant.prefix)


def test_a_token_is_of_its_key_and_time():
    clock = ManualClock()
    signer = Signer(b"k" * 32, clock)
    token = query(signer.token(Grant("c"), 60))
    with pytest.raises(Forbidden):
        Signer(b"l" * 32, clock).check(token, "c", "x")
    clock.advance(61)
    with pytest.raises(Forbidden, match="ended"):
        signer.check(token, "c", "x")


def test_grants():
    grant = Grant("c", "r", "a/b")
    assert grant.allows("c", "r", "a/b") and grant.allows("c", "r", "a/b/c")
    for container, letter, path in (
        ("d", "r", "a/b"),
        ("c", "w", "a/b"),
        ("c", "r", "a/bc"),
        ("c", "r", "a"),
        ("c", "r", ""),
    ):
        assert not grant.allows(container, letter, path)
    assert Grant("").allows("any", "d", "x") and Grant("c", ALL).allows("c", "l")
