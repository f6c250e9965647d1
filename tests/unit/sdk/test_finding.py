"""Local paths inside pipelines: in steps, in the files of their components, in the files those name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zaffre.cli import documents
from zaffre.core import document
from zaffre.core.errors import Invalid, Problem
from zaffre.sdk import locals as local_paths
from zaffre.sdk.finding import Origin
from zaffre.sdk.transport import Transport
from zaffre.sdk.upload import Uploads

PIPELINE = """\
type: pipeline
inputs:
  raw: {type: uri_file, path: raw.csv}
jobs:
  train:
    component: ./parts/train.yml
    inputs:
      data: {type: uri_folder, path: ./folder}
      bound: {path: "${{parent.inputs.raw}}"}
  inline:
    type: command
    code: ./src
    command: python x.py
    environment: {image: i, conda_file: conda.yml}
  whole:
    type: pipeline
    component: file:nested/pipeline.yml
  search:
    type: sweep
    trial: parts/train.yml
  many:
    type: parallel
    task: {type: run_function, code: ./src, entry_script: x.py, environment: file:env.yml}
  written:
    type: pipeline
    component:
      type: pipeline
      jobs:
        deep: {type: spark, code: ./src, entry: {file: x.py}}
  branch: {type: if_else, condition: true, true_block: "${{parent.jobs.inline}}"}
  far: {type: command, component: azureml:far@latest}
"""
TRAIN = """\
$schema: https://x/commandComponent.schema.json
name: train
type: command
code: ../src
additional_includes: [../raw.csv]
environment:
  image: i
  conda_file: ../conda.yml
command: python x.py
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("src", "folder", "parts", "nested", "nested/inner"):
        (tmp_path / name).mkdir()
    (tmp_path / "src" / "x.py").write_text("print()")
    (tmp_path / "folder" / "a").write_text("a")
    (tmp_path / "raw.csv").write_text("1")
    (tmp_path / "conda.yml").write_text("dependencies: [pip]")
    (tmp_path / "env.yml").write_text("name: e\nimage: j\nconda_file: conda.yml\n")
    (tmp_path / "pipeline.yml").write_text(PIPELINE)
    (tmp_path / "parts" / "train.yml").write_text(TRAIN)
    (tmp_path / "nested" / "pipeline.yml").write_text(
        "type: pipeline\njobs:\n  step:\n    type: command\n    component: inner/step.yml\n"
    )
    (tmp_path / "nested" / "inner" / "step.yml").write_text(
        "type: command\ncode: .\nenvironment: azureml:e:1\ncommand: echo\n"
    )
    return tmp_path


@pytest.fixture
def uploads(transport: Transport, tmp_path: Path) -> Uploads:
    return Uploads(transport, "default", tmp_path / "cache")


def origin(folder: Path) -> Origin:
    read = document.load((folder / "pipeline.yml").read_text(), file="pipeline.yml")

    def problem(field: str, message: str) -> Problem:
        line, column = read.place(tuple(field.split(".")))
        return Problem(message, field, read.file, line, column)

    return Origin(folder, problem, local_paths.of_part)


def read(folder: Path) -> dict[str, Any]:
    return document.load((folder / "pipeline.yml").read_text()).data


def test_everything_a_pipeline_names_is_sent_and_put_in_its_place(uploads: Uploads, folder: Path) -> None:
    settled = uploads.settle(read(folder), local_paths.of_part("job", "pipeline"), origin(folder))
    jobs = settled["jobs"]
    assert settled["inputs"]["raw"]["path"].endswith("/raw.csv")
    assert jobs["train"]["inputs"]["data"]["path"].startswith("azureml://")
    assert jobs["train"]["inputs"]["bound"] == {"path": "${{parent.inputs.raw}}"}
    train = jobs["train"]["component"]
    assert train["code"].startswith("azureml:code-")
    assert train["environment"]["conda_file"] == {"dependencies": ["pip"]}
    assert "$schema" not in train
    assert jobs["inline"]["code"].startswith("azureml:code-")
    assert jobs["inline"]["code"] != train["code"], "additional_includes are part of the code"
    assert jobs["inline"]["environment"]["conda_file"] == {"dependencies": ["pip"]}
    nested = jobs["whole"]["component"]["jobs"]["step"]["component"]
    assert nested["code"].startswith("azureml:code-")
    assert jobs["search"]["trial"]["code"] == train["code"]
    assert jobs["many"]["task"]["code"] == jobs["inline"]["code"]
    assert jobs["many"]["task"]["environment"]["conda_file"] == {"dependencies": ["pip"]}
    assert jobs["written"]["component"]["jobs"]["deep"]["code"] == jobs["inline"]["code"]
    assert jobs["far"]["component"] == "azureml:far@latest"


def test_the_command_line_finds_the_same(folder: Path) -> None:
    for kind, type_ in (("job", "pipeline"), ("component", "pipeline"), ("job", "command"), ("component", "parallel")):
        told = [tuple(pair) for pair in documents.local_fields(kind, {"type": type_})]
        assert told == list(local_paths.of_part(kind, type_))


def test_a_step_has_the_type_of_its_component(uploads: Uploads, folder: Path) -> None:
    said = {"jobs": {"a": {"component": "nested/pipeline.yml"}, "b": {"component": "parts/train.yml"}}}
    settled = uploads.settle(said, local_paths.of_part("job", "pipeline"), origin(folder))
    assert settled["jobs"]["a"]["type"] == "pipeline"
    assert settled["jobs"]["b"]["type"] == "command"


def test_mistakes_stand_at_the_lines_of_their_own_files(
    uploads: Uploads, folder: Path, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "raw.csv").unlink()
    (folder / "nested" / "inner" / "step.yml").write_text("type: command\ncommand: echo\ncode: gone\n")
    (folder / "env.yml").write_text("image: [\n")
    with pytest.raises(Invalid) as caught:
        uploads.settle(read(folder), local_paths.of_part("job", "pipeline"), origin(folder))
    places = sorted({(problem.file, problem.line, problem.column) for problem in caught.value.problems})
    assert places == [
        ("env.yml", 2, 1),
        ("nested/inner/step.yml", 3, 1),
        ("parts/train.yml", 5, 23),
        ("pipeline.yml", 3, 25),
    ], caught.value
    assert fake.bodies == [], "nothing was sent"


def test_what_a_server_refuses_is_told_at_the_lines_of_the_component(
    uploads: Uploads, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    here = origin(folder)
    uploads.settle(read(folder), local_paths.of_part("job", "pipeline"), here)
    placed = here.placed(Problem("no", "jobs.train.component.environment.image", hint="do"))
    assert (placed.file, placed.line, placed.column, placed.hint) == ("parts/train.yml", 7, 3, "do")
    deep = here.placed(Problem("no", "jobs.whole.jobs.step.component.command"))
    assert (deep.file, deep.line) == ("nested/inner/step.yml", 4)
    own = Problem("no", "jobs.train.inputs.data")
    assert here.placed(own) is own


def test_a_file_that_names_itself_is_refused(uploads: Uploads, folder: Path) -> None:
    (folder / "nested" / "pipeline.yml").write_text(
        "type: pipeline\njobs: {a: {type: pipeline, component: ./pipeline.yml}}\n"
    )
    said = {"jobs": {"a": {"type": "pipeline", "component": "nested/pipeline.yml"}}}
    with pytest.raises(Invalid, match="is read inside itself again and again"):
        uploads.settle(said, local_paths.of_part("job", "pipeline"), origin(folder))
