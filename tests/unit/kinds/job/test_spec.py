from __future__ import annotations

import pytest

from zaffre.core import document
from zaffre.core.errors import Invalid, NotBuilt
from zaffre.core.refs import Scope
from zaffre.jobs.command.spec import CommandJob
from zaffre.kinds.job.spec import Job

HERE = Scope("s", "g", "w")
HELLO = {"command": "echo", "environment": "azureml:e:1"}


def test_the_type_finds_the_model() -> None:
    spec = Job.from_yaml(HELLO)
    assert isinstance(spec, CommandJob)
    assert Job.from_stored(spec.to_stored()) == spec
    assert isinstance(Job.from_arm(spec.to_arm(HERE), scope=HERE), CommandJob)
    assert isinstance(Job.from_yaml(document.load("type: Command\ncommand: x\nenvironment: azureml:e:1")), CommandJob)


def test_types_of_azure_that_are_not_built_are_said_to_be_so() -> None:
    with pytest.raises(NotBuilt, match="'data_transfer' are not built"):
        Job.from_yaml({"type": "data_transfer"})
    assert Job.from_yaml({"type": "pipeline", "jobs": {}}).type == "pipeline"  # read; refused when it is submitted
    with pytest.raises(NotBuilt):
        Job.from_arm({"properties": {"jobType": "AutoML"}})


def test_unknown_types_are_refused() -> None:
    with pytest.raises(
        Invalid, match=r'type: expected one of .*command.*, found the text "comand"; did you mean "command"'
    ):
        Job.from_yaml({"type": "comand"})


def test_there_is_a_schema() -> None:
    assert Job.model_json_schema()["oneOf"]
