"""Build contexts read without an engine, environments that start from one another, and what one may ask about them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.index import Index, Wheel
from zaffre.testing.server import Installation, installation

SHOW = "python -c 'import tinyplug, os; print(tinyplug.VERSION, os.environ.get(\"MODE\"))'"
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    wheels = [Wheel("tinyplug", version) for version in ("1.0", "2.0")]
    with Index(*wheels, Wheel("tinyneeds", "1.0", requires=("tinyplug==1.0",))) as found:
        yield found


@pytest.fixture(scope="module")
def rig(environments: Path, index: Index) -> Iterator[Installation]:
    """A server without an engine, whose packages come from the index of the test beside those of the machine."""
    environ = {"UV_INDEX": index.url, "PIP_EXTRA_INDEX_URL": index.url}
    with installation(environments, environ, environments_engine="none") as found:
        yield found


def zaffre(rig: Installation, *words: str, code: int = 0) -> str:
    """The command line against the installation."""
    environ = {
        **rig.variables(),
        "ZAFFRE_URL": f"http://127.0.0.1:{rig.port}",
        "ZAFFRE_TOKEN": (rig.home / "token").read_text(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "zaffre", *words], env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stdout + done.stderr


def put(rig: Installation, name: str, version: str, **spec: Any) -> None:
    document = {"name": name, "version": version, **spec}
    rig.call("PUT", f"environments/{name}/versions/{version}", document).raise_for_status()


def conda(*pip: str) -> dict[str, Any]:
    return {"image": IMAGE, "conda_file": {"dependencies": ["python=3.11", "pip", {"pip": [*pip]}]}}


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def test_a_job_with_a_build_context_from_the_command_line(rig: Installation, tmp_path: Path) -> None:
    write(
        tmp_path,
        job_yml="command: >-\n  " + SHOW + "\nenvironment:\n  build:\n    path: ctx\ncompute: local\n",
        ctx__Dockerfile="FROM python:3.11-slim\nENV MODE=read\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
        ctx__requirements_txt="tinyplug==1.0\n",
        ctx__big_bin="not needed" * 1000,
    )
    (tmp_path / "ctx/.dockerignore").write_text("*.bin\n")
    out = zaffre(rig, "job", "create", "-f", str(tmp_path / "job.yml"), "--stream", "--name", "contexted")
    assert "1.0 read" in out
    uploaded = [path.name for path in (rig.home / "data").rglob("*") if path.is_file()]
    assert "requirements.txt" in uploaded
    assert "big.bin" not in uploaded


def test_a_line_that_needs_an_engine_is_refused_with_its_place(rig: Installation, tmp_path: Path) -> None:
    write(
        tmp_path,
        job_yml="command: 'true'\nenvironment:\n  build:\n    path: ctx\ncompute: local\n",
        ctx__Dockerfile="FROM python:3.11\n\nRUN curl -fsSL https://x.example | sh\n",
    )
    told = zaffre(rig, "job", "create", "-f", str(tmp_path / "job.yml"), code=1)
    assert "Dockerfile:3: RUN" in told
    assert "docker, podman or buildah" in told
    assert "job.yml:2" in told


def test_from_a_registered_and_a_curated_environment(rig: Installation) -> None:
    put(rig, "inner", "1", **conda("tinyplug==1.0"))
    for name, image in (("registered", "azureml:inner:1"), ("latest", "azureml:inner@latest")):
        path = rig.upload("data", {"Dockerfile": f"FROM {image}\nENV MODE=outer\n".encode()}, "ctx")["path"]
        rig.submit(name, SHOW, environment={"build": {"path": path}})
        assert rig.ended(name, 200)["status"] == "Completed", rig.state(name)
        assert rig.text(name) == "1.0 outer\n"
    curated = b"FROM mcr.microsoft.com/azureml/curated/python:7\nRUN pip install tinyplug==2.0\n"
    path = rig.upload("data", {"Dockerfile": curated}, "ctx")["path"]
    rig.submit(
        "curated", "python -c 'import mlflow, tinyplug; print(tinyplug.VERSION)'", environment={"build": {"path": path}}
    )
    assert rig.ended("curated", 200)["status"] == "Completed", rig.state("curated")
    assert rig.text("curated") == "2.0\n"


def test_environments_that_start_from_one_another(rig: Installation) -> None:
    for name, other in (("hen", "egg"), ("egg", "hen")):
        path = rig.upload("data", {"Dockerfile": f"FROM azureml:{other}:1\nRUN true\n".encode()}, name)["path"]
        put(rig, name, "1", build={"path": path})
    answer = rig.call("PUT", "jobs/which-first", {"type": "command", "command": "true", "environment": "azureml:hen:1"})
    assert answer.status_code == 400
    assert "azureml:hen:1 FROM azureml:egg:1 FROM azureml:hen:1" in answer.text
    path = rig.upload("data", {"Dockerfile": b"FROM azureml:ghost:1\n"}, "ghost")["path"]
    answer = rig.call(
        "PUT", "jobs/ghostly", {"type": "command", "command": "true", "environment": {"build": {"path": path}}}
    )
    assert answer.status_code == 400
    assert "ghost:1" in answer.text


def test_the_line_of_the_conda_file_stands_in_the_error(rig: Installation, tmp_path: Path) -> None:
    lines = "name: torn\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n"
    write(
        tmp_path,
        env_yml=f"name: torn\nversion: '1'\nimage: {IMAGE}\nconda_file: conda.yml\n",
        conda_yml=f"{lines}      - tinyneeds==1.0\n      - tinyplug==2.0\n",
    )
    made = json.loads(zaffre(rig, "environment", "create", "-f", str(tmp_path / "env.yml"), "-o", "json"))
    assert "zaffre" not in json.dumps(made.get("properties") or {}), "the lines are no part of the environment"
    rig.submit("torn", "true", environment="azureml:torn:1")
    message = rig.ended("torn", 100)["reason"]["message"]
    assert "conda.yml:8: tinyneeds==1.0" in message
    assert "conda.yml:9: tinyplug==2.0" in message
    fingerprint = message.partition("--fingerprint ")[2].split()[0]
    rig.submit("torn-again", "true", environment="azureml:torn:1")
    assert rig.ended("torn-again", 5)["reason"]["code"] == "EnvironmentFailed"
    assert (
        json.loads(zaffre(rig, "environment", "forget", "--fingerprint", fingerprint, "-o", "json"))["forgotten"]
        is True
    )
    builds = {path.name for path in (rig.home / "runs").glob("build-*")}
    rig.submit("torn-anew", "true", environment="azureml:torn:1")
    rig.ended("torn-anew", 100)
    assert {path.name for path in (rig.home / "runs").glob("build-*")} - builds


def test_lock_show_and_diff(rig: Installation, tmp_path: Path) -> None:
    put(rig, "asked", "1", **conda("tinyplug==1.0", "tinyneeds"))
    put(rig, "asked", "2", **conda("tinyplug==2.0"))
    lock = zaffre(rig, "environment", "lock", "-n", "asked", "-v", "1")
    assert "tinyplug==1.0" in lock
    assert "--hash=sha256:" in lock
    shown = json.loads(zaffre(rig, "environment", "show", "-n", "asked", "-v", "1", "-o", "json"))
    built = shown["built"]
    assert (built["phase"], built["made_as"]) == ("ready", "python")
    assert built["size"] > 1000
    assert built["python"].endswith("/bin/python")
    [plug] = [each for each in built["packages"] if each["name"] == "tinyplug"]
    assert (plug["version"], plug["asked_by"]) == ("1.0", "conda_file.dependencies[2].pip[0]: tinyplug==1.0")
    rig.submit("uses-it", "true", environment="azureml:asked:1")
    assert rig.ended("uses-it", 100)["status"] == "Completed"
    told = json.loads(zaffre(rig, "environment", "diff", "--from", "job:uses-it", "--to", "asked:2", "-o", "json"))
    assert [each["name"] for each in told["removed"]] == ["tinyneeds"]
    assert [(each["name"], each["from"], each["to"]) for each in told["changed"]] == [("tinyplug", "1.0", "2.0")]
    assert told["added"] == []
    write(
        tmp_path,
        env_yml=f"image: {IMAGE}\nconda_file: conda.yml\n",
        conda_yml="dependencies:\n  - python=3.11\n  - pip:\n      - tinyplug==2.0\n",
    )
    text = zaffre(rig, "environment", "diff", "--from", "asked:1", "--to", str(tmp_path / "env.yml"))
    assert "- tinyneeds 1.0" in text
    assert "~ tinyplug 1.0 -> 2.0" in text
    again = json.loads(zaffre(rig, "environment", "show", "-n", "asked", "-v", "1", "-o", "json"))
    assert "uses-it" in again["built"]["used_by"]


def test_what_cannot_be_built_is_shown_as_such(rig: Installation) -> None:
    put(rig, "foreign", "1", image="pytorch/pytorch:latest")
    shown = json.loads(zaffre(rig, "environment", "show", "-n", "foreign", "-v", "1", "-o", "json"))
    assert shown["built"]["phase"] == "cannot_build"
    assert "container engine" in shown["built"]["message"]
    assert "container engine" in zaffre(rig, "environment", "lock", "-n", "foreign", "-v", "1", code=1)


def test_the_sdk_asks_the_same(rig: Installation) -> None:
    put(rig, "bysdk", "1", **conda("tinyplug==1.0"))
    code = (
        "from zaffre import MLClient\n"
        "client = MLClient.from_config() if False else MLClient()\n"
        "print('tinyplug==1.0' in client.environments.lock('bysdk', '1'))\n"
        "print(client.environments.inspect('bysdk', '1')['phase'])\n"
        "print(client.environments.diff('bysdk:1', 'bysdk@latest')['changed'])\n"
    )
    environ = {
        **os.environ,
        "ZAFFRE_URL": f"http://127.0.0.1:{rig.port}",
        "ZAFFRE_TOKEN": (rig.home / "token").read_text(),
    }
    environ["ZAFFRE_HOME"] = str(rig.home)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stdout.split() == ["True", "ready", "[]"], done.stderr
