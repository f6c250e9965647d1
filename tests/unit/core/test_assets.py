"""Assets by reference, wherever they lie."""

from __future__ import annotations

import pytest

from zaffre.core import assets, refs
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource


def stored(owner, version, path="azureml://datastores/d/paths/x"):
    return Resource(Key(owner, "model", "m", "", version), {"path": path}, "", {}, 1, False, 0.0, "u", 0.0, "u")


class Shelf:
    def __init__(self, *held):
        self.held = held

    def asset(self, key, label=""):
        return next((one for one in self.held if one.key == key), None)

    def children(self, workspace, kind, parent):
        return [one for one in self.held if one.key.workspace == workspace and one.key.kind == kind]


def test_found_in_workspace_another_workspace_and_registry():
    shelf = Shelf(stored("here", "1"), stored("there", "2"), stored("registry.r1", "3"))
    other = "azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/There"
    for text, owner in (
        ("azureml:m:1", "here"),
        (f"{other}/models/m/versions/2", "there"),
        ("azureml://registries/R1/models/m/versions/3", "registry.r1"),
    ):
        assert assets.find("here", "model", refs.asset(text), shelf, "model").key.workspace == owner


def test_a_missing_version_is_told_with_what_there_is():
    shelf = Shelf(stored("registry.r1", "1"), stored("registry.r1", "2"))
    with pytest.raises(Invalid) as caught:
        assets.find("here", "model", refs.asset("azureml://registries/r1/models/m/versions/9"), shelf, "inputs.m.path")
    [problem] = caught.value.problems
    assert problem.field == "inputs.m.path"
    assert problem.message == "there is no model 'm:9' in registry r1"
    assert problem.hint == "versions there are: 1, 2"


def test_a_missing_name_is_told_with_how_to_look():
    for text, command in (
        ("azureml:x:1", "zaffre model list shows"),
        ("azureml://registries/r1/models/x/versions/1", "zaffre model list --registry-name r1 shows"),
    ):
        with pytest.raises(Invalid) as caught:
            assets.find("here", "model", refs.asset(text), Shelf(), "model")
        assert caught.value.problems[0].hint.startswith(command)


@pytest.mark.parametrize(
    ("path", "datastore", "inside"),
    [
        ("azureml://datastores/d/paths/a/b", "d", "a/b"),
        ("azureml://jobs/j/outputs/model/paths/x", "workspaceblobstore", "azureml/j/model/x"),
        ("azureml://jobs/j/outputs/model", "workspaceblobstore", "azureml/j/model"),
        ("azureml://jobs/j/outputs/artifacts/paths/model", "workspaceartifactstore", "ExperimentRun/dcid.j/model"),
        ("runs:/j/model", "workspaceartifactstore", "ExperimentRun/dcid.j/model"),
    ],
)
def test_a_place_of_somebody_elses_is_complete(path, datastore, inside):
    found = refs.parse(assets.place_of(stored("there", "1", path), "here"))
    assert isinstance(found, refs.DatastorePath)
    assert (found.datastore, found.path, found.scope.workspace) == (datastore, inside, "there")
    assert assets.place_of(stored("here", "1", path), "here") == path


def test_the_web_is_everybodys():
    assert assets.place_of(stored("there", "1", "https://x.example.org/a.csv"), "here") == "https://x.example.org/a.csv"
