"""What a data asset must be, and when it goes."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.assets.data import rules
from zaffre.assets.data.spec import Data
from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource

KEY = Key("w", "data", "x", "", "1")
URI = "azureml://datastores/d/paths/t"


class Seen:
    """A workspace with one folder."""

    def __init__(self, text: str | None) -> None:
        self._text = text

    def local_path(self, workspace: str, uri: str) -> str:
        return "/data/t"

    def pinned(self, workspace: str, uri: str) -> str:
        return uri + "/pinned"

    def path_kind(self, path: str) -> str:
        return "folder"

    def text(self, path: str) -> str | None:
        assert path == "/data/t/MLTable"
        return self._text


def prepared(text: str | None, **more: Any) -> Any:
    spec = Data.from_yaml({"name": "x", "path": URI, "type": "mltable", **more})
    return rules.prepare(Draft(KEY, spec, None, "user:owner", 0.0), Seen(text))  # type: ignore[arg-type]


def test_a_table_that_can_be_followed() -> None:
    found = prepared("paths: [{file: ./a.csv}]\n")
    assert found.spec.path == URI + "/pinned"
    assert found.work == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "a folder with a file named MLTable in it"),
        ("paths: [{file: /a}]", "leads out"),
        ("pats: []", "unknown field"),
    ],
)
def test_one_that_cannot(text: str | None, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        prepared(text)


def test_other_types_are_not_looked_into() -> None:
    assert prepared(None, type="uri_folder").spec.type == "uri_folder"


def test_an_end_is_looked_after() -> None:
    setting = {"condition": "created_greater_than", "value": "30d"}
    assert prepared("paths: [{file: a}]", auto_delete_setting=setting).work == ("data-expiry:w/x",)


@pytest.mark.parametrize(("said", "meant"), [(True, "always"), (False, "never"), ("on_create", "on_create")])
def test_when_expectations_are_held(said: Any, meant: str) -> None:
    assert Data.from_yaml({"path": "p", "verify": said}).verify == meant


def resource(spec: dict[str, Any]) -> Resource:
    return Resource(KEY, spec, "", {"seen": 1}, 1, False, 1_000_000.0, "u", 0.0, "u")


def test_the_end_is_shown() -> None:
    setting = {"condition": "created_greater_than", "value": "2d"}
    shown = rules.describe(resource({"auto_delete_setting": setting}), Seen(None))  # type: ignore[arg-type]
    assert shown["seen"] == 1
    assert shown["expires_at"].startswith("1970-01-14T13:46:40")
    assert rules.describe(resource({}), Seen(None)) == {"seen": 1}  # type: ignore[arg-type]
