"""The task of a parallel job: the driver under the user's interpreter, its outputs in a folder that outlives attempts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.jobs.parallel.test_spec import JOB, TASK

from zaffre.agent.parallel import settings
from zaffre.core.limits import Limits
from zaffre.core.ports import Interpreter
from zaffre.core.site import PlacedInput, PlacedOutput, Site
from zaffre.core.tasks import Step
from zaffre.jobs.parallel.parts import sharing
from zaffre.jobs.parallel.parts.task import task
from zaffre.jobs.parallel.spec import ParallelJob

RUN = Path("/home/runs/one")


def site(attempt=2, **more):
    given = {
        "inputs": {
            "data": PlacedInput("/data/images", is_path=True),
            "table": PlacedInput("azureml://x"),
            "word": PlacedInput("two words"),
        },
        "outputs": {"rows": PlacedOutput("/out/rows.csv", is_file=True), "files": PlacedOutput("/out/files")},
        "limits": Limits(cpus=1.5),
        "parallel": "/home/agent/parallel-1.pyz",
    }
    python = Interpreter("/env", "/env/bin/python", ("/env/bin",))
    return Site("one", attempt, "t", RUN / str(attempt), Path("/art"), python, {"A": "1"}, **{**given, **more})


def spec(**more):
    outputs = {"rows": {"type": "uri_file"}, "files": {}}
    return ParallelJob.from_yaml({**JOB, "outputs": outputs, **more})


def told(made):
    found = settings.read(made.argv[-1])
    assert json.loads(made.argv[-1])["kept"] == made.argv[-2]
    return found


def test_the_driver_is_told_everything():
    arguments = "--w ${{inputs.word}} --o ${{outputs.files}} --allowed_failed_percent 30 --error_threshold 4"
    made = task(
        spec(
            task={**TASK, "program_arguments": arguments, "append_row_to": "${{outputs.rows}}"},
            resources={"instance_count": 3},
            max_concurrency_per_instance=2,
            retry_settings={"max_retries": 1, "timeout": 7},
            environment_variables={"B": "${{inputs.word}}"},
        ),
        site(),
    )
    assert made.argv[:4] == ("/env/bin/python", "/home/runs/one/kept/parallel-2.pyz", "drive", "/home/runs/one/kept")
    said = told(made)
    assert said.arguments[:4] == ["--w", "two words", "--o", "/home/runs/one/kept/out/files"]
    assert (said.nodes, said.per_node, said.processes, said.cpus) == (3, 2, 6, 1.5)
    assert (said.retries, said.timeout, said.percent_allowed, said.items_allowed) == (1, 7.0, 30.0, 4)
    assert (said.source, said.files, said.size) == ("/home/runs/one/2/in/data/images", 10, 0)
    assert said.rows_to == "/home/runs/one/2/out/rows/rows.csv"
    assert said.outputs[1] == ["folder", "/home/runs/one/kept/out/files", "/home/runs/one/2/out/files"]
    assert made.environ["B"] == "two words"
    assert made.environ["AZURE_ML_OUTPUT_files"] == "/home/runs/one/kept/out/files"
    assert (made.intakes[0].source, made.intakes[0].copy) == ("/home/agent/parallel-1.pyz", True)
    assert made.own is not None
    assert (made.own.cause, made.own.report) == ("MiniBatchesFailed", "/home/runs/one/2/parallel.json")


def test_every_attempt_finds_the_same_folder():
    kept = {told(task(spec(), site(attempt=number))).kept for number in (1, 2, 3)}
    assert kept == {"/home/runs/one/kept"}


@pytest.mark.parametrize(
    ("to", "wanted"),
    [
        ("${{outputs.files}}", "/home/runs/one/2/out/files/parallel_run_step.txt"),
        ("${{outputs.files}}/a/b.csv", "/home/runs/one/2/out/files/a/b.csv"),
        (None, ""),
    ],
)
def test_where_the_rows_go(to, wanted):
    assert told(task(spec(task={**TASK, "append_row_to": to}), site())).rows_to == wanted


def test_an_option_that_is_no_number_changes_nothing():
    made = task(spec(task={**TASK, "program_arguments": "--error_threshold few --allowed_failed_percent x"}), site())
    assert (told(made).items_allowed, told(made).percent_allowed) == (-1, 100.0)


def test_what_the_job_says_goes_before_its_arguments():
    made = task(spec(error_threshold=9, task={**TASK, "program_arguments": "--error_threshold 4"}), site())
    assert told(made).items_allowed == 9


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"input_data": "${{inputs.data}}"}, None),
        ({"mini_batch_size": "10kb"}, {"size": 10240, "rows": 0, "count": 0, "keys": []}),
        ({"mini_batch_size": "7"}, {"size": 7, "rows": 0, "count": 7, "keys": []}),
        ({"mini_batch_size": "7rows"}, {"size": 0, "rows": 7, "count": 0, "keys": []}),
        ({"mini_batch_size": "7", "partition_keys": ["a"]}, {"size": 0, "rows": 0, "count": 0, "keys": ["a"]}),
    ],
)
def test_a_table_is_shared_out_before(more, wanted):
    found = sharing.wanted(spec(**{"input_data": "${{inputs.table}}", **more}))
    assert found == (wanted and {"input": "table", **wanted})


def test_the_step_before_and_no_source():
    step = Step("table", ("x",), {}, "/log", "InputFailed", "/report")
    made = task(spec(input_data="${{inputs.table}}"), site(shared_out=step))
    assert made.before == (step,)
    assert told(made).source == ""
