"""Pipelines: every step by the model that fits it, and what they name of each other."""

from __future__ import annotations

import pytest

from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.jobs.command.spec import CommandJob
from zaffre.jobs.pipeline.spec import ComponentStep, DoWhile, IfElse, ParallelFor, PipelineComponent, PipelineJob

PIPELINE = """\
type: pipeline
inputs: {table: {type: uri_file, path: "azureml:t:1"}, n: 3}
outputs: {model: {}}
jobs:
  prepare:
    command: cp ${{inputs.table}} ${{outputs.clean}}
    environment: azureml:e:1
    inputs: {table: "${{parent.inputs.table}}"}
    outputs: {clean: {type: uri_folder}}
  train:
    type: command
    component: azureml:train:1
    inputs: {data: "${{parent.jobs.prepare.outputs.clean}}", n: "${{parent.inputs.n}}"}
    outputs: {model: "${{parent.outputs.model}}"}
    limits: {timeout: "${{parent.inputs.n}}"}
  check: {type: if_else, condition: "${{parent.jobs.train.outputs.ok}}", true_block: "${{parent.jobs.report}}"}
  again:
    type: do_while
    body: "${{parent.jobs.turn}}"
    mapping: {model: "${{parent.jobs.turn.inputs.data}}"}
    limits: {max_iteration_count: 3}
  many: {type: parallel_for, body: "${{parent.jobs.each}}", items: [{n: 1}, {n: 2}]}
  report: {component: "azureml:report:1"}
  turn: {component: "azureml:train:1", inputs: {data: "${{parent.jobs.prepare.outputs.clean}}"}}
  each: {component: "azureml:train:1", inputs: {data: "${{parent.jobs.prepare.outputs.clean}}"}}
"""


def pipeline(before="", after=""):
    return PipelineJob.from_yaml(document.load(PIPELINE.replace(before, after), file="p.yml"))


def test_each_step_by_its_own_model():
    made = pipeline()
    kinds = {name: type(made.step(name)) for name in made.jobs}
    assert kinds == {
        "prepare": CommandJob, "train": ComponentStep, "check": IfElse, "again": DoWhile, "many": ParallelFor,
        "report": ComponentStep, "turn": ComponentStep, "each": ComponentStep,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("parent.inputs.table", "parent.inputs.tabel", r'p.yml:8:.*jobs.prepare.inputs.table: .*did you mean "table"'),
        ("parent.jobs.prepare.", "parent.jobs.prepared.", "jobs.train.inputs.data: the pipeline has no job 'prepared'"),
        ("parent.outputs.model", "parent.outputs.mode", "jobs.train.outputs.model: the pipeline has no output"),
        ("inputs.table}} ${{", "inputs.tabl}} ${{", "jobs.prepare.command: .*names an unknown input"),
        ("  train:", "  Train:", "jobs.Train: expected lower-case"),
        ("type: if_else", "type: if", "jobs.check.type: expected one of"),
        (', true_block: "${{parent.jobs.report}}"', "", "jobs.check.true_block: expected true_block"),
        ("    component: azureml:train:1\n", "", "jobs.train.command: required"),
        ("max_iteration_count: 3", "max_count: 3", "jobs.again.limits.max_count: unknown field"),
    ],
)
def test_mistakes_are_told_at_their_place(before, after, told):
    assert before in PIPELINE
    with pytest.raises(Invalid, match=told):
        pipeline(before, after)


def test_a_component_written_out_in_a_step_is_checked():
    inline = 'component: {command: "echo ${{inputs.nope}}", environment: "azureml:e:1"}'
    with pytest.raises(Invalid, match=r"jobs.train.component.command: .*unknown input"):
        pipeline("component: azureml:train:1", inline)


def test_steps_or_a_component_not_both():
    with pytest.raises(Invalid, match="component: jobs and component exclude each other"):
        PipelineJob.from_yaml(
            {"type": "pipeline", "component": "azureml:p:1", "jobs": {"a": {"component": "azureml:x:1"}}}
        )


def test_a_component_checks_its_steps_too():
    with pytest.raises(Invalid, match=r"jobs.a.inputs.x: the pipeline has no input 'y'"):
        PipelineComponent.from_yaml(
            {
                "type": "pipeline",
                "name": "p",
                "jobs": {"a": {"component": "azureml:x:1", "inputs": {"x": "${{parent.inputs.y}}"}}},
            }
        )
