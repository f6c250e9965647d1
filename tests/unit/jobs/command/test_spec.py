from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.refs import Scope
from zaffre.jobs.command.spec import CommandJob

HERE = Scope("s", "g", "w")
HELLO = "command: echo hello\nenvironment: azureml:e:1\n"


def job(text: str) -> CommandJob:
    return CommandJob.from_yaml(document.load(text, file="job.yml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("command: echo\n", "job.yml:1:1: environment: required, but missing"),
        ("environment: azureml:e:1\n", "job.yml:1:1: command: required, but missing"),
        (HELLO + "comput: c\n", 'job.yml:3:1: comput: unknown field; did you mean "compute"?'),
        (HELLO + "name: -x\n", "job.yml:3:7: name: expected 1 to 255"),
        (HELLO + "inputs: {a-b: 1}\n", "job.yml:3:15: inputs.a-b: expected letters"),
        (HELLO + "tags: {a: 1}\n", "job.yml:3:11: tags.a: expected text, found the number 1"),
        (HELLO + "limits: {timeout: soon}\n", "limits.timeout: expected a whole number"),
        (HELLO + "distribution: {}\n", "job.yml:3:15: distribution: expected a mapping with a known type"),
        ("command: x\nenvironment: e\n", "job.yml:2:14: environment: expected azureml:NAME:VERSION"),
        (
            "command: x\nenvironment: {imag: y}\n",
            'job.yml:2:15: environment.imag: unknown field; did you mean "image"?',
        ),
        (
            "command: x\nenvironment: {dependencies: [python]}\n",
            "job.yml:2:14: environment: expected an environment, found a conda file",
        ),
        (
            "command: run ${{inputs.datta}}\nenvironment: azureml:e:1\ninputs: {data: 1}\n",
            'job.yml:1:10: command: ${{inputs.datta}} (at character 5) names an unknown input; did you mean "data"?',
        ),
    ],
)
def test_mistakes_are_placed(text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        job(text)
    assert str(caught.value).startswith(message) or message in str(caught.value)


def test_local_compute_is_a_mark_in_arm_and_leaves_the_job_as_it_was() -> None:
    local = job(HELLO + "compute: local\nresources: {properties: {a: 1}}\n")
    before = local.to_yaml()
    body = local.to_arm(HERE)
    assert "computeId" not in body["properties"]
    assert body["properties"]["resources"]["properties"] == {"a": 1, "IsLocal": {"IsLocal": True}}
    assert local.to_yaml() == before
    assert CommandJob.from_arm(body, scope=HERE) == local


def test_an_arm_body_with_a_servers_own_facts_is_read() -> None:
    body = job(HELLO).to_arm(HERE)
    body["properties"] |= {"status": "Running", "provisioningState": "Succeeded", "jobType": "command"}
    found = CommandJob.from_arm({"id": f"{HERE.id}/jobs/j1", "name": "j1", **body}, scope=HERE)
    assert (found.name, found.type, found.environment) == ("j1", "command", "azureml:e:1")


def test_inline_environments_are_completed_from_files() -> None:
    text = "command: x\nenvironment:\n  image: python\n  conda_file: env/conda.yml\ncode: src\n"
    spec = job(text)
    assert {file.field: (str(file.path), file.purpose) for file in spec.local_files()} == {
        "environment.conda_file": ("env/conda.yml", "yaml"),
        "code": ("src", "code"),
    }
    spec.inline(lambda path: {"read": str(path)})
    assert spec.to_yaml()["environment"]["conda_file"] == {"read": "env/conda.yml"}


def test_the_model_is_light_to_import() -> None:
    heavy = ("yaml", "asyncio", "sqlalchemy", "httpx", "mlflow", "azure")
    program = f"import sys, zaffre.jobs.command.spec; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
references = st.builds("azureml:{}:{}".format, names, st.integers(1, 99))
inputs = st.builds(
    JobInput,
    type=st.sampled_from(["uri_file", "uri_folder", "mltable", "mlflow_model"]),
    path=references | st.just("azureml://datastores/d/paths/p/") | st.just("https://x/y"),
    mode=st.sampled_from([None, "ro_mount", "download", "direct"]),
)
outputs = st.builds(
    JobOutput,
    type=st.sampled_from(["uri_file", "uri_folder", "custom_model"]),
    mode=st.sampled_from([None, "rw_mount", "upload", "direct"]),
    name=st.none() | names,
)
optional_text = st.none() | st.text(max_size=10)
documents = st.fixed_dictionaries(
    {"command": st.just("echo"), "environment": references},
    optional={
        "inputs": st.dictionaries(names, st.text(max_size=9) | inputs.map(lambda item: item.to_yaml()), max_size=3),
        "outputs": st.dictionaries(names, outputs.map(lambda item: item.to_yaml()), max_size=3),
        "compute": st.builds("azureml:{}".format, names) | st.just("local"),
        "code": references,
        "description": st.text(max_size=10),
        "tags": st.dictionaries(names, optional_text, max_size=2),
        "limits": st.fixed_dictionaries({"timeout": st.integers(1, 10**7)}),
        "resources": st.fixed_dictionaries({"instance_count": st.integers(1, 9)}),
        "distribution": st.sampled_from(
            [
                {"type": "pytorch", "process_count_per_instance": 2},
                {"type": "mpi"},
                {"type": "tensorflow", "worker_count": 2},
                {"type": "ray", "port": 1},
            ]
        ),
        "identity": st.sampled_from([{"type": "managed", "client_id": "c"}, {"type": "user_identity"}]),
        "queue_settings": st.fixed_dictionaries({"priority": st.sampled_from(["low", "high"])}),
        "services": st.just({"n": {"type": "jupyter_lab", "nodes": "all", "port": 1}}),
        "environment_variables": st.dictionaries(names, st.text(max_size=5), max_size=2),
    },
)


@given(documents)
def test_every_job_survives_yaml_and_arm(document_: dict[str, object]) -> None:
    spec = CommandJob.from_yaml(document_)
    assert CommandJob.from_yaml(spec.to_yaml()) == spec
    assert CommandJob.from_stored(spec.to_stored()) == spec
    body = spec.to_arm(HERE)
    again = CommandJob.from_arm(body, scope=HERE)
    assert again.to_arm(HERE) == body
    assert filled(again.to_yaml()) == filled(spec.to_yaml())


def filled(data: object) -> object:
    """Without empty mappings, which ARM bodies do not tell from absent ones."""
    if not isinstance(data, dict):
        return data
    return {key: value for key, item in data.items() if (value := filled(item)) != {}}
