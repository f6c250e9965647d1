"""A pipeline written in Python is the document that YAML would have been."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from zaffre import Input, Output, command, load_component, load_job
from zaffre.core.errors import Invalid
from zaffre.dsl import approval, do_while, if_else, parallel_for, pipeline
from zaffre.entities import JobResourceConfiguration
from zaffre.sdk import locals as local_paths
from zaffre.sdk.finding import Origin, Search, copy
from zaffre.sweep import Choice, Uniform

TRAIN = """
name: train
version: "1"
type: command
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1, min: 0, max: 1}
  seed: {type: integer, optional: true}
outputs:
  model: {type: mlflow_model}
  report: {type: uri_file}
code: ./src
environment: azureml:e:1
command: python t.py ${{inputs.data}} ${{inputs.rate}} $[[--seed ${{inputs.seed}}]] ${{outputs.model}} ${{outputs.report}}
"""
SCORE = """
name: score
type: command
inputs: {model: {type: mlflow_model}, data: {type: uri_folder}}
outputs: {scores: {type: uri_folder}}
environment: {image: i, conda_file: conda.yml}
command: python s.py ${{inputs.model}} ${{inputs.data}} ${{outputs.scores}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "t.py").write_text("print()")
    (tmp_path / "conda.yml").write_text("dependencies: [pip]")
    (tmp_path / "train.yml").write_text(TRAIN)
    (tmp_path / "score.yml").write_text(SCORE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gathered(job: Any) -> dict[str, Any]:
    """The document with the files it names in it, and every path whole."""
    told = copy(job.to_yaml())
    search = Search(Origin(job._base or Path.cwd(), sorts=local_paths.of_part))
    search.look(told, local_paths.fields(type(job)), Origin(job._base or Path.cwd(), sorts=local_paths.of_part))
    assert search.problems == []
    for local in search.found:
        local.holder[local.key] = str(local.path.resolve())
    return told


def from_yaml(folder: Path, text: str) -> dict[str, Any]:
    (folder / "pipeline.yml").write_text(text)
    return gathered(load_job(folder / "pipeline.yml"))


def test_the_same_pipeline_both_ways(folder: Path) -> None:
    train, score = load_component("train.yml"), load_component("score.yml")

    @pipeline(display_name="both", default_compute="cpu", continue_on_step_failure=True, tags={"a": "b"})
    def both(data: Input(type="uri_folder"), rate: float = 0.2):  # type: ignore[valid-type]
        first = train(data=data, rate=rate)
        first.compute = "gpu"
        first.resources = JobResourceConfiguration(instance_count=2)
        first.set_limits(timeout=60)
        first.environment_variables = {"A": "1"}
        second = score(model=first.outputs.model, data=Input(type="uri_folder", path=data, mode="download"))
        second.name = "the_score"
        second.outputs.scores.mode = "upload"
        return {"scores": second.outputs.scores, "model": first.outputs["model"]}

    made = both(data=Input(type="uri_folder", path="./src"))
    made.outputs.scores.name = "kept"
    made.settings.force_rerun = True
    assert gathered(made) == from_yaml(
        folder,
        """
type: pipeline
display_name: both
tags: {a: b}
inputs:
  data: {type: uri_folder, path: ./src}
  rate: 0.2
outputs:
  scores: {type: uri_folder, mode: upload, name: kept}
  model: {type: mlflow_model}
settings: {default_compute: cpu, continue_on_step_failure: true, force_rerun: true}
jobs:
  first:
    type: command
    component: ./train.yml
    compute: gpu
    resources: {instance_count: 2}
    limits: {timeout: 60}
    environment_variables: {A: "1"}
    inputs: {data: "${{parent.inputs.data}}", rate: "${{parent.inputs.rate}}"}
    outputs: {model: {path: "${{parent.outputs.model}}"}}
  the_score:
    type: command
    component: file:score.yml
    inputs:
      model: ${{parent.jobs.first.outputs.model}}
      data: {type: uri_folder, path: "${{parent.inputs.data}}", mode: download}
    outputs: {scores: {path: "${{parent.outputs.scores}}"}}
""",
    )


def test_a_pipeline_in_a_pipeline_is_a_component_of_it(folder: Path) -> None:
    train = load_component("train.yml")

    @pipeline
    def inner(data: Input(type="uri_folder"), rate: float = 0.3, seed: int | None = None):  # type: ignore[valid-type]
        one = train(data=data, rate=rate, seed=seed)
        return {"model": one.outputs.model}

    @pipeline()
    def outer(data):
        first = inner(data=data)
        again = inner(data=data, rate=0.5)
        score = load_component("score.yml")(model=again.outputs.model, data=data)
        score.after(first)
        return {"scores": score.outputs.scores}

    made = gathered(outer(Input(type="uri_folder", path="azureml:d:1")))
    assert made["inputs"]["data"]["path"] == "azureml:d:1"
    assert list(made["jobs"]) == ["first", "again", "score"]
    component = made["jobs"]["again"]["component"]
    assert component["inputs"] == {
        "data": {"type": "uri_folder"},
        "rate": {"type": "number", "default": 0.3},
        "seed": {"type": "integer", "optional": True},
    }
    assert component["outputs"] == {"model": {"type": "mlflow_model"}}
    assert made["jobs"]["again"]["inputs"] == {"data": "${{parent.inputs.data}}", "rate": 0.5}
    assert component["jobs"]["one"]["inputs"]["rate"] == "${{parent.inputs.rate}}"
    assert made["jobs"]["score"]["depends_on"] == ["first"]
    assert made["jobs"]["score"]["inputs"]["model"] == "${{parent.jobs.again.outputs.model}}"


def test_steps_are_named_by_their_variables_else_by_their_components(folder: Path) -> None:
    train = load_component("train.yml")

    @pipeline
    def many(data):
        for _ in range(2):
            train(data=data)
        Last = train(data=data)  # noqa: N806 - as users name things
        return {"model": Last.outputs.model}

    assert list(many(data=Input(path="azureml:d:1")).to_yaml()["jobs"]) == ["train", "train_1", "last"]


def test_jobs_written_in_python_are_steps_too(folder: Path) -> None:
    count = command(
        command="python c.py ${{inputs.data}} ${{inputs.n}} ${{outputs.out}}",
        environment="azureml:e:1",
        code="./src",
        inputs={"data": Input(type="uri_folder"), "n": 3},
        outputs={"out": Output(type="uri_file")},
        display_name="count",
    )

    @pipeline
    def counting(data):
        one = count(data=data)
        two = count(data=one.outputs.out, n=4)
        return {"out": two.outputs.out}

    made = gathered(counting(data=Input(path="azureml:d:1")))
    assert made["jobs"]["two"] == {
        "type": "command",
        "command": "python c.py ${{inputs.data}} ${{inputs.n}} ${{outputs.out}}",
        "environment": "azureml:e:1",
        "code": str(folder / "src"),
        "display_name": "count",
        "inputs": {"data": "${{parent.jobs.one.outputs.out}}", "n": 4},
        "outputs": {"out": {"type": "uri_file", "path": "${{parent.outputs.out}}"}},
    }
    assert made["outputs"] == {"out": {"type": "uri_file"}}


def test_a_step_becomes_a_sweep(folder: Path) -> None:
    train = load_component("train.yml")

    @pipeline
    def searched(data):
        step = train(data=data, rate=Uniform(0.1, 0.9), seed=Choice([1, 2]))
        best = step.sweep(primary_metric="auc", goal="maximize", max_total_trials=4, max_concurrent_trials=2)
        best.early_termination = {"type": "median_stopping", "evaluation_interval": 1}
        return {"model": best.outputs.model}

    jobs = gathered(searched(data=Input(path="azureml:d:1")))["jobs"]
    assert list(jobs) == ["best"]
    assert jobs["best"]["type"] == "sweep"
    assert jobs["best"]["trial"]["command"].startswith("python t.py")
    assert jobs["best"]["inputs"] == {"data": "${{parent.inputs.data}}"}
    assert jobs["best"]["search_space"] == {
        "rate": {"type": "uniform", "min_value": 0.1, "max_value": 0.9},
        "seed": {"type": "choice", "values": [1, 2]},
    }
    assert jobs["best"]["limits"] == {"max_total_trials": 4, "max_concurrent_trials": 2}
    assert jobs["best"]["objective"] == {"goal": "maximize", "primary_metric": "auc"}


def test_branches_loops_and_people(folder: Path) -> None:
    train, score = load_component("train.yml"), load_component("score.yml")

    @pipeline
    def flowing(data, good: bool = True):
        asked = approval(message="go on?", timeout=60)
        often = train(data=data)
        again = do_while(body=often, condition=often.outputs.report, mapping={}, max_iteration_count=3)
        yes = score(model=again.outputs.model, data=data).after(asked)
        no = score(model=again.outputs.model, data=data)
        chosen = if_else(condition=good, true_block=yes, false_block=[no])
        each = train(data=data)
        many = parallel_for(body=each, items=[{"rate": 0.1}, {"rate": 0.2}], max_concurrency=1)
        last = score(model=Input(path="azureml:m:1", type="mlflow_model"), data=many.outputs.model)
        last.after(chosen)

    jobs = gathered(flowing(data=Input(path="azureml:d:1")))["jobs"]
    assert jobs["asked"] == {"type": "approval", "message": "go on?", "timeout": 60}
    assert jobs["again"] == {
        "type": "do_while",
        "body": "${{parent.jobs.often}}",
        "condition": "${{parent.jobs.often.outputs.report}}",
        "mapping": {},
        "limits": {"max_iteration_count": 3},
    }
    assert jobs["chosen"] == {
        "type": "if_else",
        "condition": "${{parent.inputs.good}}",
        "true_block": "${{parent.jobs.yes}}",
        "false_block": ["${{parent.jobs.no}}"],
    }
    assert jobs["many"]["items"] == [{"rate": 0.1}, {"rate": 0.2}]
    assert jobs["last"]["inputs"]["data"] == "${{parent.jobs.many.outputs.model}}"
    assert jobs["yes"]["depends_on"] == ["asked"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (lambda train, data: train(dta=data), "no input 'dta'; did you mean .data."),
        (lambda train, data: train(data=data).outputs.modl, "no output 'modl'; did you mean .model."),
        (lambda train, data: setattr(train(data=data), "compte", "x"), "did you mean .compute."),
        (lambda train, data: train(data, 1, 2, 3), "takes 3 inputs, found 4"),
        (lambda train, data: [train(data=data)], "expected a dict of outputs"),
        (lambda train, data: {"x": data}, "is no output of a step"),
    ],
)
def test_mistakes_are_told_where_they_are_made(folder: Path, body: Any, told: str) -> None:
    train = load_component("train.yml")

    @pipeline
    def wrong(data):
        return body(train, data)

    with pytest.raises(Invalid, match=told):
        wrong(data=Input(path="azureml:d:1"))


def test_what_is_missing_is_named(folder: Path) -> None:
    train = load_component("train.yml")

    @pipeline
    def wanting(data, rate):
        train(data=data, rate=rate)

    with pytest.raises(Invalid, match="needs the input 'rate'"):
        wanting(data=Input(path="azureml:d:1"))
    with pytest.raises(Invalid, match="write @pipeline above the function"):
        train(data=1)
    with pytest.raises(Invalid, match=r"takes no 'default_compte'; did you mean .default_compute."):
        pipeline(default_compte="x")(wanting)


def test_the_user_guide_says_what_is_true(folder: Path) -> None:
    for name, inputs in (("prepare", "raw: {type: uri_folder}"), ("train", "data: {type: uri_folder}")):
        (folder / name).mkdir()
        outputs = "clean: {type: uri_folder}, model: {type: mlflow_model}"
        also = ", rate: {type: number, default: 0.1}" if name == "train" else ""
        (folder / name / "component.yml").write_text(
            f"name: {name}\ntype: command\ncommand: echo\nenvironment: azureml:e:1\n"
            f"inputs: {{{inputs}{also}}}\noutputs: {{{outputs}}}\n"
        )
    page = (Path(__file__).parents[3] / "docs" / "user" / "pipelines.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```python\n(.*?)```", page[page.index("## In Python") :], re.DOTALL)[:2]
    known: dict[str, Any] = {}
    exec(first.partition("ml_client =")[0], known)
    told = known["job"].to_yaml()
    assert list(told["jobs"]) == ["clean", "fitted"]
    assert told["outputs"] == {"model": {"type": "mlflow_model", "name": "fares"}}
    exec(second, known)
    careful = known["careful"](data=Input(type="uri_folder", path="azureml:d:1")).to_yaml()
    assert careful["jobs"]["if_else"]["true_block"] == "${{parent.jobs.slow}}"
