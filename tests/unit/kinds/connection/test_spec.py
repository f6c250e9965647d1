"""Connections: every type in both spellings, secrets apart."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.kinds.connection.parts.sorts import SORTS
from zaffre.kinds.connection.spec import Connection

SECRET: dict[str, dict[str, Any]] = {
    "pat": {"pat": "s3cret"},
    "sas": {"sas_token": "s3cret"},
    "username_password": {"username": "u", "password": "s3cret"},
    "managed_identity": {"client_id": "c", "resource_id": "r"},
    "service_principal": {"client_id": "c", "client_secret": "s3cret", "tenant_id": "t"},
    "access_key": {"access_key_id": "a", "secret_access_key": "s3cret"},
    "api_key": {"key": "s3cret"},
    "account_key": {"account_key": "s3cret"},
    "aad": {},
    "none": {},
}


def written(type_: str, credential: str) -> dict[str, Any]:
    sort = SORTS[type_]
    target = {sort.target: "https://service.example.org"} if sort.target else {}
    further = dict.fromkeys(sort.fields, "x")
    return {"name": "c", "type": type_, **target, **further, "credentials": {"type": credential, **SECRET[credential]}}


PAIRS = [(type_, credential) for type_, sort in SORTS.items() for credential in sort.credentials]


@pytest.mark.parametrize(("type_", "credential"), PAIRS)
def test_arm_says_the_same(type_, credential):
    made = Connection.from_yaml(written(type_, credential))
    body = made.to_arm(Scope())
    again = Connection.from_arm({**body, "name": "c"})
    assert again.check() == []
    assert again.type == type_
    assert again.to_arm(Scope()) == body
    assert again.sealed() == made.sealed()


@pytest.mark.parametrize(("type_", "credential"), PAIRS)
def test_what_is_stored_and_shown_has_no_secret(type_, credential):
    made = Connection.from_yaml(written(type_, credential))
    assert "s3cret" not in str(made.to_stored())
    assert set(made.sealed().values()) <= {"s3cret"}
    shown = Connection.from_yaml(made.to_stored())
    assert shown.credential.type == credential
    assert shown.sealed() == {}
    assert shown.address == made.address


def test_a_key_may_be_said_shortly():
    made = Connection.from_yaml({"name": "o", "type": "azure_open_ai", "azure_endpoint": "e", "api_key": "k"})
    assert made.sealed() == {"key": "k"}
    assert made.to_arm(Scope())["properties"]["credentials"] == {"key": "k"}
    assert made.to_stored()["credentials"] == {"type": "api_key"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("type: gitt\ntarget: t", 'type: expected .*did you mean "git"'),
        ("type: git", "target: required for git"),
        ("type: git\ntarget: t\nendpoint: u", "endpoint: a connection of type git has no such field"),
        ("type: git\ntarget: t\ncredentials: {type: sas, sas_token: s}", "credentials.type: git takes"),
        (
            "type: git\ntarget: t\ncredentials: {type: pat, pta: s}",
            'credentials.pta: unknown field; did you mean "pat"',
        ),
        (
            "type: s3\ntarget: t\ncredentials:\n  type: access_key\n  access_key_id:",
            "credentials: expected a text in access_key_id",
        ),
        ("type: azure_blob\nurl: u", "account_name: required for azure_blob"),
        ("type: git\ntarget: t\napi_key: k", "api_key: a connection of type git has no such field"),
    ],
)
def test_mistakes_are_told_with_their_place(text, told):
    with pytest.raises(Invalid, match=told) as caught:
        Connection.from_yaml(document.load(f"name: c\n{text}\n", file="c.yml"))
    assert all(problem.file for problem in caught.value.problems)


def test_one_lake_is_addressed_by_its_parts():
    lake = {"type": "lake_house", "name": "l"}
    parts = {"endpoint": "host", "one_lake_workspace_name": "w", "artifact": lake}
    assert (
        Connection.from_yaml({"name": "c", "type": "azure_one_lake", **parts}).address == "https://host/w/l.Lakehouse"
    )
