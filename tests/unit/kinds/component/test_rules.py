"""What a component names must be there, and is pinned."""

from __future__ import annotations

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.ports import EnvironmentDefinition
from zaffre.core.resource import Key, Resource
from zaffre.jobs.command.spec import CommandComponent
from zaffre.kinds.component import rules


def stored(kind, name, version, spec):
    return Resource(Key("ws", kind, name, "", version), spec, "", {"files": []}, 1, False, 0.0, "u", 0.0, "u")


class Shelf:
    held = (stored("environment", "e", "3", {"image": "python:3.11"}), stored("code", "k", "1", {}))

    def asset(self, key, label=""):
        found = [one for one in self.held if (one.key.kind, one.key.name) == (key.kind, key.name)]
        return next((one for one in found if not key.version or one.key.version == key.version), None)

    def children(self, workspace, kind, parent):
        return [one for one in self.held if one.key.kind == kind]

    def curated(self, name, version=""):
        return EnvironmentDefinition(image="python")


def prepared(**changes):
    spec = CommandComponent.from_yaml({"name": "c", "command": "x", "environment": "azureml:e@latest", **changes})
    return rules.prepare(Draft(Key("ws", "component", "c", "", "1"), spec, None, "me", 0.0), Shelf()).spec


def test_what_moves_is_pinned():
    made = prepared(code="azureml:k@latest")
    assert (made.environment, made.code) == ("azureml:e:3", "azureml:k:1")


def test_what_is_written_out_stays():
    assert prepared(environment={"image": "python:3.11"}).environment.image == "python:3.11"
    assert prepared(code="git+https://example.org/r.git").code == "git+https://example.org/r.git"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"environment": "azureml:e:9"}, "environment: there is no environment 'e:9'.*versions there are: 3"),
        ({"code": "azureml:other:1"}, "code: there is no code 'other:1'"),
        ({"code": "./src"}, "code: './src' has not been uploaded"),
    ],
)
def test_what_is_not_there_is_told(change, told):
    with pytest.raises(Invalid, match=told):
        prepared(**change)
