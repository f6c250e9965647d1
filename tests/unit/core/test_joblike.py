from __future__ import annotations

import pytest

from zaffre.core.joblike import ComputeRef, JobResources, JobService, compute_name
from zaffre.core.refs import Scope

HERE = Scope("s", "g", "w")


@pytest.mark.parametrize("text", ["cpu", "azureml:cpu", f"azureml:{HERE.id}/computes/cpu"])
def test_a_compute_has_one_id_however_it_is_written(text: str) -> None:
    assert ComputeRef().out(text, HERE) == f"{HERE.id}/computes/cpu"
    assert compute_name(text) == "cpu"


def test_local_is_no_compute_of_the_workspace() -> None:
    assert ComputeRef().out("local", HERE) is None
    assert compute_name("local") == "local"


def test_a_list_of_docker_arguments_has_a_field_of_its_own() -> None:
    listed = JobResources(docker_args=["--ipc", "host"])
    assert listed.to_arm(HERE) == {"dockerArgsList": ["--ipc", "host"], "properties": {}}
    assert JobResources.from_arm(listed.to_arm(HERE)).docker_args == ["--ipc", "host"]
    text = JobResources(docker_args="--ipc host")
    assert text.to_arm(HERE)["dockerArgs"] == "--ipc host"
    assert JobResources.from_arm(text.to_arm(HERE)).docker_args == "--ipc host"


def test_services_keep_their_extras_among_the_properties() -> None:
    board = JobService(type="tensor_board", log_dir="runs", nodes="all", properties={"a": "b"})
    body = board.to_arm(HERE)
    assert body == {
        "jobServiceType": "TensorBoard",
        "properties": {"a": "b", "logDir": "runs"},
        "nodes": {"nodesValueType": "All"},
    }
    assert board.properties == {"a": "b"}
    assert JobService.from_arm(body) == board
