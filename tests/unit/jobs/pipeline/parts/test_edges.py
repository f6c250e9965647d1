"""What is wrong between steps that are each right by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.draft import Prepared
from zaffre.jobs.command.spec import CommandJob
from zaffre.jobs.pipeline.parts import edges
from zaffre.jobs.pipeline.parts.network import network

STORE = "azureml://datastores/workspaceblobstore/paths"


def step(command: str, **more: Any) -> dict[str, Any]:
    return {"type": "command", "command": command, "environment": "azureml:e:1", **more}


def wrong(jobs: dict[str, Any], *known: str) -> list[tuple[str, str]]:
    made = {name: Prepared(CommandJob.from_yaml({**jobs[name], "name": "x"})) for name in known}
    return [(problem.field, str(problem)) for problem in edges.wrong(network(jobs), made)]


A = step("echo > ${{outputs.table}}", outputs={"table": {"type": "uri_file"}})


def test_an_output_that_its_step_does_not_have():
    jobs = {"a": A, "b": step("cat ${{inputs.x}}", inputs={"x": "${{parent.jobs.a.outputs.tabel}}"})}
    ((field, told),) = wrong(jobs, "a")
    assert field == "jobs.b.inputs.x"
    assert "step 'a' has no output 'tabel'" in told
    assert 'did you mean "table"' in told
    jobs["b"]["inputs"]["x"] = "${{parent.jobs.a.outputs.zzz}}"
    assert "it has table" in wrong(jobs, "a")[0][1]
    jobs["b"]["inputs"]["x"] = "${{parent.jobs.a.outputs.table}}"
    assert (
        wrong(
            jobs,
            "a",
        )
        == []
    )


def test_what_is_not_known_yet_is_not_refused():
    jobs = {"a": A, "b": step("cat ${{inputs.x}}", inputs={"x": "${{parent.jobs.a.outputs.other}}"})}
    assert wrong(jobs) == []


def test_of_a_loop_its_bodys_outputs_count():
    jobs = {
        "a": A,
        "loop": {"type": "parallel_for", "body": "a", "items": [{}]},
        "b": step("cat ${{inputs.x}}", inputs={"x": "${{parent.jobs.loop.outputs.nope}}"}),
    }
    assert "step 'loop' has no output 'nope'" in wrong(jobs, "a")[0][1]
    jobs["b"]["inputs"]["x"] = "${{parent.jobs.loop.outputs.table}}"
    assert wrong(jobs, "a") == []


def test_a_branch_leaves_nothing():
    jobs = {
        "a": A,
        "fork": {"type": "if_else", "condition": True, "true_block": "a"},
        "b": step("cat ${{inputs.x}}", inputs={"x": "${{parent.jobs.fork.outputs.table}}"}),
    }
    assert "step 'fork' is of type if_else, and has no outputs" in wrong(jobs, "a")[0][1]


@pytest.mark.parametrize(
    ("read", "written", "refused"),
    [
        ("data", "data", True),
        ("data/", "data", True),
        ("data", "data/deeper", False),
        ("data/a.csv", "data", True),
        ("data", "data2", False),
        ("in", "out", False),
    ],
)
def test_a_step_does_not_write_to_its_input(read, written, refused):
    one = step(
        "cp -r ${{inputs.x}} ${{outputs.y}}",
        inputs={"x": {"type": "uri_folder", "path": f"{STORE}/{read}"}},
        outputs={"y": {"type": "uri_folder", "path": f"{STORE}/{written}"}},
    )
    found = wrong({"a": one}, "a")
    assert bool(found) is refused
    if refused:
        assert found[0][0] == "jobs.a.outputs.y.path"
        assert "where its input 'x' lies" in found[0][1]
