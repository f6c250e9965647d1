"""People, tokens, quotas and the audit log from the command line: what is sent, and what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from zaffre.sdk.transport import Transport

Zaffre = Callable[..., Any]


@pytest.fixture
def sent(fake: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was asked of the server, which has one of everything."""
    asked: list[tuple[Any, ...]] = []

    def call(self: Transport, method: str, path: str, body: Any = None, **options: Any) -> Any:
        asked.append((method, path, body, options.get("query")))
        return {"value": [{"name": "one"}]} if method == "GET" else {"name": "one", "token": "zaffre_x"}

    monkeypatch.setattr(Transport, "call", call)
    return asked


@pytest.mark.parametrize(("words", "expected"), [
    (("person", "set", "-n", "a b", "--role", "reader", "-w", "team"),
     ("PUT", "/api/v1/people/a%20b", {"role": "reader", "workspace": "team"}, None)),
    (("person", "remove", "-n", "anna"), ("DELETE", "/api/v1/people/anna", None, None)),
    (("token", "create", "-n", "t", "--person", "anna", "--days", "3"),
     ("POST", "/api/v1/tokens", {"name": "t", "days": 3, "person": "anna"}, None)),
    (("token", "revoke", "-n", "t"), ("DELETE", "/api/v1/tokens/t", None, None)),
    (("quota", "set", "--nodes", "0", "-w", "team"), ("PUT", "/api/v1/quotas/team", {"nodes": 0}, None)),
    (("quota", "set"), ("PUT", "/api/v1/quotas/default", {"nodes": None}, None)),
    (("quota", "clear"), ("DELETE", "/api/v1/quotas/default", None, None)),
    (("audit", "--person", "anna", "-r", "500", "--before", "7"),
     ("GET", "/api/v1/audit", None, {"top": 200, "before": 7, "actor": "user:anna"})),
])  # fmt: skip
def test_what_is_asked_of_the_server(zaffre: Zaffre, sent: list[Any], words: tuple[str, ...], expected: Any) -> None:
    assert zaffre(*words).code == 0
    assert sent == [expected]


@pytest.mark.parametrize("group", ["person", "token", "quota"])
def test_lists_are_answered(zaffre: Zaffre, sent: list[Any], group: str) -> None:
    assert json.loads(zaffre(group, "list", "-o", "json").out) == [{"name": "one"}]


def test_a_new_token_is_the_answer_and_said_to_be_shown_once(zaffre: Zaffre, sent: list[Any]) -> None:
    ran = zaffre("token", "create", "-n", "t", "-o", "json")
    assert json.loads(ran.out)["token"] == "zaffre_x"
    assert "shown this once" in ran.error


@pytest.mark.parametrize(("words", "said"), [
    (("person", "set", "-n", "a"), "which role"), (("person", "set", "--role", "reader"), "-n NAME"),
    (("token", "create"), "-n NAME"), (("token", "revoke"), "-n NAME"),
])  # fmt: skip
def test_what_is_missing_is_said(zaffre: Zaffre, sent: list[Any], words: tuple[str, ...], said: str) -> None:
    ran = zaffre(*words)
    assert (ran.code, said in ran.error) == (1, True)
    assert not sent
