"""Parallel jobs in Python, as azure.ai.ml's users write them."""

from __future__ import annotations

import pytest

from zaffre import Input, Output
from zaffre.parallel import ParallelJob, RunFunction, parallel_run_function


def made(**more):
    given = {
        "name": "score",
        "inputs": {"images": Input(type="uri_folder", path="./images"), "word": "a"},
        "outputs": {"rows": Output(type="uri_file")},
        "input_data": "${{inputs.images}}",
        "mini_batch_size": "5",
        "instance_count": 2,
        "max_concurrency_per_instance": 2,
        "retry_settings": {"max_retries": 2, "timeout": 60},
        "task": RunFunction(
            code="./src",
            entry_script="score.py",
            environment="azureml:plain-python:3.11",
            program_arguments="--word ${{inputs.word}}",
            append_row_to="${{outputs.rows}}",
        ),
    }
    return parallel_run_function(**{**given, **more})


def test_the_same_as_the_document():
    job = made()
    assert isinstance(job, ParallelJob)
    told = job.to_yaml()
    assert told["task"] == {
        "type": "run_function",
        "code": "./src",
        "entry_script": "score.py",
        "environment": "azureml:plain-python:3.11",
        "program_arguments": "--word ${{inputs.word}}",
        "append_row_to": "${{outputs.rows}}",
    }
    assert told["resources"] == {"instance_count": 2}
    assert (told["type"], told["mini_batch_size"], told["input_data"]) == ("parallel", "5", "${{inputs.images}}")
    assert (job.code, job.environment) == ("./src", "azureml:plain-python:3.11")
    assert job.check() == []


def test_a_mistake_is_told():
    wrong = made(input_data="${{inputs.image}}").check()
    assert [(one.field, one.hint) for one in wrong] == [("input_data", 'did you mean "images"?')]
    with pytest.raises(ValueError, match="max_concurency_per_instance"):
        made(max_concurency_per_instance=2)
