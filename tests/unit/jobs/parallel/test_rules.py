"""A parallel job that is complete only with its component is checked when it is."""

from __future__ import annotations

import pytest
from tests.unit.jobs.parallel.test_spec import JOB, TASK

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key
from zaffre.jobs.parallel import rules
from zaffre.jobs.parallel.spec import ParallelJob


def check(document):
    draft = Draft(Key("ws", "job", "one"), ParallelJob.from_stored(document), None, "u", 0.0)
    rules.check(draft, None)


def test_what_says_everything_is_taken():
    check({**JOB, "component": "azureml:score:1"})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"task": None}, "task"),
        ({"error_threshold": "${{parent.inputs.n}}"}, "error_threshold"),
        ({"mini_batch_size": "${{inputs.word}}"}, "mini_batch_size"),
        ({"retry_settings": {"timeout": "${{inputs.word}}"}}, "retry_settings.timeout"),
        ({"input_data": "${{inputs.none}}"}, "input_data"),
        ({"task": {**TASK, "program_arguments": "--a 'b"}}, "task.program_arguments"),
    ],
)
def test_what_is_missing_is_named(more, field):
    with pytest.raises(Invalid) as caught:
        check({**JOB, "component": "azureml:score:1", **more})
    assert [one.field for one in caught.value.problems] == [field]


def test_a_step_may_leave_amounts_to_its_pipeline():
    document = {**JOB, "error_threshold": "${{parent.inputs.n}}", "mini_batch_size": "${{parent.inputs.m}}"}
    draft = Draft(Key("ws", "job", "one"), ParallelJob.from_stored(document), None, "u", 0.0, ahead=True)
    rules.check(draft, None)
