"""A job made from a component: what it lends, and how inputs are held against it."""

from __future__ import annotations

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.io import JobInput
from zaffre.core.resource import Key, Resource
from zaffre.jobs.command.spec import CommandJob
from zaffre.jobs.parallel.spec import ParallelJob
from zaffre.kinds.job.parts.expansion import expand

COMPONENT = {
    "name": "train",
    "command": "train ${{inputs.table}} ${{inputs.trees}} ${{outputs.model}}",
    "environment": "azureml:forest:2",
    "code": "azureml:kept:1",
    "resources": {"instance_count": 2},
    "inputs": {
        "table": {"type": "uri_file"},
        "trees": {"type": "integer", "default": 10, "max": 100},
        "seed": {"type": "integer", "optional": True},
    },
    "outputs": {"model": {"type": "custom_model"}},
}
TABLE = {"type": "uri_file", "path": "azureml:t:1"}


class Shelf:
    def __init__(self, owner="ws", spec=None):
        key = Key(owner, "component", "train", "", "1")
        self.held = Resource(key, spec or COMPONENT, "", {}, 1, False, 0.0, "u", 0.0, "u")

    def asset(self, key, label=""):
        mine = self.held.key
        same = (key.workspace, key.kind, key.name) == (mine.workspace, mine.kind, mine.name)
        return self.held if same and key.version in ("", mine.version) else None

    def local_path(self, workspace, uri):
        return None

    def children(self, workspace, kind, parent):
        return [self.held] if workspace == self.held.key.workspace else []


def expanded(shelf=None, **job):
    spec = CommandJob.from_yaml({"component": "azureml:train@latest", "inputs": {"table": TABLE}, **job})
    draft, furnished = expand(Draft(Key("ws", "job", "one"), spec, None, "me", 0.0), shelf or Shelf())
    return draft.spec, furnished


def test_the_component_lends_what_the_job_does_not_say():
    spec, furnished = expanded(resources={"instance_count": 5})
    assert spec.command.startswith("train ")
    assert (spec.environment, spec.code) == ("azureml:forest:2", "azureml:kept:1")
    assert spec.resources.instance_count == 5
    assert spec.component == "azureml:train:1"
    assert spec.inputs["trees"] == 10
    assert "seed" not in spec.inputs
    assert spec.outputs["model"].type == "custom_model"
    assert furnished == ()


def test_the_draft_that_was_given_is_left_as_it_was():
    spec = CommandJob.from_yaml({"component": "azureml:train:1", "inputs": {"table": TABLE}})
    expand(Draft(Key("ws", "job", "one"), spec, None, "me", 0.0), Shelf())
    assert spec.command is None
    assert set(spec.inputs) == {"table"}


def test_what_a_registry_lends_is_named_completely():
    spec, _ = expanded(Shelf("registry.r1"), component="azureml://registries/r1/components/train/versions/1")
    assert spec.environment == "azureml://registries/r1/environments/forest/versions/2"
    assert spec.code == "azureml://registries/r1/codes/kept/versions/1"
    assert spec.component == "azureml://registries/r1/components/train/versions/1"


def test_what_a_parallel_component_of_a_registry_lends_is_named_completely():
    task = {"type": "run_function", "code": "azureml:kept:1", "entry_script": "s.py", "environment": "azureml:forest:2"}
    component = {"type": "parallel", "name": "train", "task": task, "inputs": {"table": {"type": "uri_file"}}}
    spec = ParallelJob.from_yaml(
        {
            "type": "parallel",
            "component": "azureml://registries/r1/components/train/versions/1",
            "inputs": {"table": TABLE},
        }
    )
    draft, _ = expand(Draft(Key("ws", "job", "one"), spec, None, "me", 0.0), Shelf("registry.r1", component))
    assert draft.spec.environment == "azureml://registries/r1/environments/forest/versions/2"
    assert draft.spec.code == "azureml://registries/r1/codes/kept/versions/1"


def test_texts_stand_for_data_where_data_is_asked_for():
    spec, _ = expanded(inputs={"table": "azureml:t:1", "trees": "20"})
    assert spec.inputs["table"] == JobInput(type="uri_file", path="azureml:t:1")
    assert spec.inputs["trees"] == 20


def test_one_written_out_becomes_an_asset_by_its_content():
    written = {key: value for key, value in COMPONENT.items() if key != "name"}
    spec, [(key, content)] = expanded(component=written)
    again, [(same, _)] = expanded(component={**written, "description": "Said otherwise."})
    assert key.name == "azureml_anonymous"
    assert key == same
    assert spec.component == again.component == f"azureml:azureml_anonymous:{key.version}"
    assert content.spec["command"] == COMPONENT["command"]
    _, [(other, _)] = expanded(component={**written, "command": "train ${{inputs.table}} more"})
    assert other != key


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({"inputs": {}}, "inputs.table: the component needs this input"),
        ({"inputs": {"table": TABLE, "tres": 3}}, 'inputs.tres: the component has no such input; did you mean "trees"'),
        ({"inputs": {"table": TABLE, "trees": 101}}, "inputs.trees: expected at most 100"),
        (
            {"inputs": {"table": TABLE, "trees": TABLE}},
            "inputs.trees: expected a integer, and .* is no small text file that holds one",
        ),
        ({"outputs": {"modle": {}}}, 'outputs.modle: the component has no such output; did you mean "model"'),
        ({"component": "azureml:train:7"}, "component: there is no component 'train:7'.*versions there are: 1"),
        ({"component": "./train.yml"}, "component: './train.yml' is a file of the client"),
    ],
)
def test_mistakes_are_told(job, told):
    with pytest.raises(Invalid, match=told):
        expanded(**job)


def test_data_of_another_type_is_passed_as_it_is_and_told():
    key = Key("ws", "job", "one")
    spec = CommandJob.from_yaml({"component": "azureml:train:1", "inputs": {"table": {**TABLE, "type": "mltable"}}})
    made, _ = expand(Draft(key, spec, None, "me", 1.0), Shelf())
    assert made.spec.inputs["table"].type == "mltable"
    assert made.notes == ("inputs.table: a mltable is given where the component names uri_file; it is passed as it is",)


def test_a_component_of_another_type_is_refused():
    pipeline = {"type": "pipeline", "name": "train", "jobs": {}}
    with pytest.raises(Invalid, match="is a pipeline component; a job of type command needs a command component"):
        expanded(Shelf(spec=pipeline))


def test_a_job_without_a_component_is_left_alone():
    spec = CommandJob.from_yaml({"command": "x", "environment": "azureml:e:1"})
    draft = Draft(Key("ws", "job", "one"), spec, None, "me", 0.0)
    assert expand(draft, Shelf()) == (draft, ())
