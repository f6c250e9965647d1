"""Pipelines from files and from Python: everything local is sent, both ways make the same runs, steps stay out of lists."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from zaffre import Input, MLClient, load_component, load_job
from zaffre.core.errors import Invalid
from zaffre.dsl import pipeline
from zaffre.testing.server import CURATED, Installation

REPEAT = f"""\
name: repeat
version: "1"
type: command
inputs:
  data: {{type: uri_folder}}
  times: {{type: integer, default: 2, min: 1, max: 9}}
  tail: {{type: string, optional: true}}
outputs:
  out: {{type: uri_folder}}
code: ../src
environment: {CURATED}
command: python main.py ${{{{inputs.data}}}} ${{{{outputs.out}}}} ${{{{inputs.times}}}} $[[--tail ${{{{inputs.tail}}}}]]
"""
PIPELINE = """\
type: pipeline
experiment_name: files
inputs:
  raw: {type: uri_folder, path: ./raw}
  often: 3
outputs:
  fin: {type: uri_folder, name: finished}
settings: {default_compute: local}
jobs:
  first:
    component: ./parts/repeat.yml
    inputs: {data: "${{parent.inputs.raw}}", times: "${{parent.inputs.often}}"}
  second:
    type: pipeline
    component: file:parts/twice.yml
    inputs: {data: "${{parent.jobs.first.outputs.out}}"}
    outputs: {out: "${{parent.outputs.fin}}"}
"""
TWICE = """\
name: twice
type: pipeline
inputs: {data: {type: uri_folder}}
outputs: {out: {type: uri_folder}}
jobs:
  one:
    type: command
    component: ./repeat.yml
    inputs: {data: "${{parent.inputs.data}}", tail: "!"}
    outputs: {out: "${{parent.outputs.out}}"}
"""
MAIN = """\
import sys
from pathlib import Path
data, out, times, *tail = sys.argv[1:]
text = Path(data, "text.txt").read_text() * int(times) + (tail[1] if tail else "")
Path(out, "text.txt").write_text(text)
print("wrote", text)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("src", "raw", "parts"):
        (tmp_path / name).mkdir()
    (tmp_path / "src" / "main.py").write_text(MAIN)
    (tmp_path / "raw" / "text.txt").write_text("ab")
    (tmp_path / "parts" / "repeat.yml").write_text(REPEAT)
    (tmp_path / "parts" / "twice.yml").write_text(TWICE)
    (tmp_path / "pipeline.yml").write_text(PIPELINE)
    return tmp_path


@pytest.fixture
def client(zaffre: Installation, monkeypatch: pytest.MonkeyPatch) -> MLClient:
    for name, value in zaffre.variables().items():
        if name.startswith("ZAFFRE_"):
            monkeypatch.setenv(name, value)
    return MLClient()


def cli(rig: Installation, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("zaffre")
    environ = {**os.environ, **rig.variables()}
    return subprocess.run(
        [program, *words], cwd=cwd, env=environ, capture_output=True, text=True, timeout=300, check=False
    )


def text_of(client: MLClient, name: str, output: str, to: Path) -> str:
    client.jobs.download(name, download_path=to, output_name=output)
    return (to / "named-outputs" / output / "text.txt").read_text()


def test_a_pipeline_of_files_of_files_runs(zaffre: Installation, client: MLClient, folder: Path) -> None:
    done = cli(zaffre, folder, "job", "create", "-f", "pipeline.yml", "-n", "of-files", "--stream")
    assert done.returncode == 0, done.stderr
    assert text_of(client, "of-files", "fin", folder / "got") == "ab" * 6 + "!"
    assert client.data.get("finished", label="latest").path.startswith("azureml://")
    children = {job.name: job for job in client.jobs.list(parent_job_name="of-files")}
    assert sorted(children) == ["of-files_first", "of-files_second"]
    assert [job.name for job in client.jobs.list(parent_job_name="of-files_second")] == ["of-files_second_one"]
    listed = {job.name for job in client.jobs.list(max_results=1000)}
    assert "of-files" in listed
    assert not listed & {"of-files_first", "of-files_second", "of-files_second_one"}


def test_the_same_from_python(zaffre: Installation, client: MLClient, folder: Path) -> None:
    again = client.jobs.create_or_update(load_job(folder / "pipeline.yml"))
    assert zaffre.ended(again.name)["status"] == "Completed"
    repeat = load_component(folder / "parts" / "repeat.yml")

    @pipeline
    def twice(data: Input(type="uri_folder")):  # type: ignore[valid-type]
        one = repeat(data=data, tail="!")
        return {"out": one.outputs.out}

    @pipeline(default_compute="local", experiment_name="files")
    def whole(raw: Input(type="uri_folder"), often: int = 3):  # type: ignore[valid-type]
        first = repeat(data=raw, times=often)
        second = twice(data=first.outputs.out)
        return {"fin": second.outputs.out}

    made = client.jobs.create_or_update(whole(raw=Input(type="uri_folder", path=str(folder / "raw"))))
    assert zaffre.ended(made.name)["status"] == "Completed"
    assert text_of(client, made.name, "fin", folder / "python") == "ab" * 6 + "!"
    first = client.jobs.get(f"{made.name}_first")
    assert first.reason["code"] == "Reused", "the same step, whichever way it was written"


def test_registered_components(zaffre: Installation, client: MLClient, folder: Path) -> None:
    registered = client.components.create_or_update(load_component(folder / "parts" / "repeat.yml"))
    twice = client.components.create_or_update(load_component(folder / "parts" / "twice.yml"), version="7")
    assert (registered.name, twice.version) == ("repeat", "7")

    @pipeline(default_compute="local")
    def both(raw):
        first = registered(data=raw, times=1)
        second = twice(data=first.outputs.out)
        return {"fin": second.outputs.out}

    job = both(raw=Input(type="uri_folder", path=str(folder / "raw")))
    assert job.to_yaml()["jobs"]["first"]["component"] == "azureml:repeat:1"
    made = client.jobs.create_or_update(job)
    assert zaffre.ended(made.name)["status"] == "Completed"
    assert text_of(client, made.name, "fin", folder / "got") == "abab!"
    found = client.jobs.get(made.name)
    assert found.jobs["second"]["component"] == "azureml:twice:7"

    document = {
        "type": "pipeline",
        "settings": {"default_compute": "local"},
        "jobs": {
            "whole": {
                "component": "azureml:twice@latest",
                "inputs": {"data": {"type": "uri_folder", "path": "./raw"}},
            }
        },
    }
    (folder / "named.yml").write_text(yaml.safe_dump(document))
    made = client.jobs.create_or_update(load_job(folder / "named.yml"))
    assert zaffre.ended(made.name)["status"] == "Completed", "a step needs no type where its component has one"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"inputs": {"dta": "${{parent.inputs.raw}}"}},
            'jobs.first.inputs.dta: the component has no such input; did you mean "data"',
        ),
        ({"inputs": {"data": "${{parent.inputs.raw}}", "times": 10}}, "jobs.first.inputs.times: expected at most 9"),
    ],
)
def test_mistakes_are_told_before_anything_runs(
    client: MLClient, folder: Path, change: dict[str, Any], told: str
) -> None:
    document = yaml.safe_load(PIPELINE)
    document["jobs"]["first"] |= change
    (folder / "pipeline.yml").write_text(yaml.safe_dump(document))
    with pytest.raises(Invalid) as caught:
        client.jobs.create_or_update(load_job(folder / "pipeline.yml"))
    assert told in str(caught.value)


def test_a_mistake_in_a_component_stands_at_its_own_line(zaffre: Installation, folder: Path) -> None:
    (folder / "parts" / "repeat.yml").write_text(REPEAT.replace("max: 9", "max: 9, mx: 3"))
    done = cli(zaffre, folder, "job", "create", "-f", "pipeline.yml")
    assert done.returncode == 1
    assert "parts/repeat.yml:6:" in done.stderr, done.stderr
    assert 'did you mean "max"' in done.stderr


def test_data_of_another_type_is_passed_on_with_a_note(zaffre: Installation, client: MLClient, folder: Path) -> None:
    (folder / "parts" / "repeat.yml").write_text(REPEAT.replace("data: {type: uri_folder}", "data: {type: mltable}"))
    made = client.jobs.create_or_update(load_job(folder / "pipeline.yml"))
    state = zaffre.ended(made.name)
    assert state["status"] == "Completed"
    told = "\n".join(state["notes"])
    assert "inputs.data: a uri_folder is given where the component names mltable; it is passed as it is" in told


def test_what_lies_beside_the_outputs_is_there_for_steps_that_were_not_run_again(
    zaffre: Installation, client: MLClient, folder: Path
) -> None:
    def submit(word: str) -> str:
        read = f"echo {word} && cat ${{{{inputs.x}}}}/outputs/kept.txt"
        steps = {
            "left": {
                "command": "echo logged && echo kept > outputs/kept.txt",
                "outputs": {"artifacts": None},
            },
            "read": {"command": read, "inputs": {"x": "${{parent.jobs.left.outputs.artifacts}}"}},
        }
        jobs = {name: {"type": "command", "environment": CURATED, **step} for name, step in steps.items()}
        document = {"type": "pipeline", "experiment_name": "artifacts", "settings": {"default_compute": "local"}}
        (folder / f"{word}.yml").write_text(yaml.safe_dump({**document, "jobs": jobs}))
        made = client.jobs.create_or_update(load_job(folder / f"{word}.yml"))
        assert zaffre.ended(made.name)["status"] == "Completed"
        return made.name

    submit("first")
    again = submit("second")
    left = client.jobs.get(f"{again}_left")
    assert left.reason["code"] == "Reused"
    assert zaffre.text(f"{again}_read").split() == ["second", "kept"]
    assert zaffre.text(f"{again}_left").split() == ["logged"]
    client.jobs.download(f"{again}_left", download_path=folder / "left")
    assert (folder / "left" / "artifacts" / "outputs" / "kept.txt").read_text() == "kept\n"


def test_a_pipeline_component_is_registered_with_all_its_files(zaffre: Installation, folder: Path) -> None:
    done = cli(zaffre, folder, "component", "create", "-f", "parts/twice.yml", "--version", "cli", "-o", "json")
    assert done.returncode == 0, done.stderr
    step = json.loads(done.stdout)["jobs"]["one"]
    assert step["component"]["code"].startswith("azureml:")
