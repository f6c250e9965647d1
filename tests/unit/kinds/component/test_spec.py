"""A component is read by the model of its type."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.jobs.command.spec import CommandComponent
from zaffre.jobs.pipeline.spec import PipelineComponent
from zaffre.kinds.component.spec import Component, types

COMMAND = {"name": "c", "command": "x", "environment": "azureml:e:1"}


def test_the_type_decides_and_command_is_meant_without_one():
    assert isinstance(Component.from_yaml(COMMAND), CommandComponent)
    assert isinstance(Component.from_yaml({"name": "p", "type": "Pipeline", "jobs": {}}), PipelineComponent)
    stored = Component.from_yaml(COMMAND).to_stored()
    assert isinstance(Component.from_stored(stored), CommandComponent)
    body = Component.from_yaml(COMMAND).to_arm(Scope()) | {"name": "c", "version": "1"}
    assert Component.from_arm(body).name == "c"


def test_types_that_make_no_component_are_told():
    assert set(types()) == {"command", "parallel", "pipeline", "spark"}
    with pytest.raises(Invalid, match=r'type: expected one of .*did you mean "pipeline"'):
        Component.from_yaml({"name": "p", "type": "pipelines"})


def test_there_is_a_schema_of_each():
    assert len(Component.model_json_schema()["oneOf"]) == len(types())
