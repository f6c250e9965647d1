"""Secrets are asked for once, and kept while the type of credential stays."""

from __future__ import annotations

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource
from zaffre.kinds.connection import rules
from zaffre.kinds.connection.spec import Connection

KEY = Key("ws", "connection", "c")


def prepared(credentials, before=None):
    spec = Connection.from_yaml({"name": "c", "type": "git", "target": "t", "credentials": credentials})
    existing = Resource(KEY, before, "", {}, 1, False, 0.0, "u", 0.0, "u") if before else None
    return rules.prepare(Draft(KEY, spec, existing, "me", 0.0), None)


def test_secrets_go_to_the_vault():
    made = prepared({"type": "pat", "pat": "p"})
    assert made.sealed == {"pat": "p"}
    assert made.spec.to_stored()["credentials"] == {"type": "pat"}


def test_what_is_not_said_again_is_kept():
    assert prepared({"type": "pat"}, {"credentials": {"type": "pat"}}).sealed is None
    assert prepared({"type": "pat", "pat": "new"}, {"credentials": {"type": "pat"}}).sealed == {"pat": "new"}


def test_without_a_secret_what_was_kept_is_forgotten():
    assert prepared({"type": "none"}, {"credentials": {"type": "pat"}}).sealed == {}


def test_a_secret_that_was_never_said_is_asked_for():
    with pytest.raises(Invalid, match=r"credentials.password: required"):
        prepared({"type": "username_password", "username": "u"}, {"credentials": {"type": "pat"}})
    with pytest.raises(Invalid, match=r"credentials.pat: required"):
        prepared({"type": "pat"})
