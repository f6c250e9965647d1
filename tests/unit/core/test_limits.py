"""What a job asks for, as Docker's arguments and as properties."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.limits import Limits, asked

GIB = 1024**3


def of(docker_args=None, **more):
    return asked(SimpleNamespace(docker_args=docker_args, **more))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("--memory 2g --cpus=1.5 --pids-limit 100", Limits(2 * GIB, 1.5, 100)),
        ("-m 512m", Limits(512 * 1024**2)),
        (["--memory=1GiB", "--cpus", "2"], Limits(GIB, 2.0)),
        ("--pids-limit -1", Limits()),
        ("--gpus all", Limits(gpus=1_000_000)),
        ("--memory 1073741824", Limits(GIB)),
        ("--memory 1g --memory 2g", Limits(2 * GIB)),
        ("", Limits()),
        (None, Limits()),
    ],
)
def test_docker_arguments(given, expected):
    assert of(given).limits == expected


def test_properties_say_the_same_and_docker_has_the_last_word():
    assert of(properties={"memory": "1g", "Pids": 7, "other": "x"}).limits == Limits(GIB, None, 7)
    assert of("-m 2g", properties={"memory": "1g"}).limits.memory == 2 * GIB


def test_what_means_nothing_here_is_told():
    found = of("--ipc=host -e A=B --privileged --memory 1g", shm_size="2g")
    assert found.limits == Limits(GIB)
    assert "--ipc, -e, --privileged" in found.notes[0]
    assert "shm_size" in found.notes[1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"docker_args": "--memory lots"}, "512m"),
        ({"docker_args": "--memory 1m"}, "4m or more"),
        ({"docker_args": "--memory"}, "512m"),
        ({"docker_args": "--cpus 0"}, "processors"),
        ({"docker_args": "--cpus nan"}, "processors"),
        ({"docker_args": "--pids-limit 1"}, "processes"),
        ({"docker_args": "--memory '1g"}, "No closing quotation"),
        ({"properties": {"memory": "-1"}}, "512m"),
        ({"shm_size": "huge"}, "512m"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(given, told):
    with pytest.raises(Invalid) as caught:
        asked(SimpleNamespace(**given))
    problem = caught.value.problems[0]
    assert problem.field.startswith(f"resources.{next(iter(given))}")
    assert told in problem.message


def test_no_shell_is_asked():
    assert of("-m 1g ; rm -rf $(pwd)").limits == Limits(GIB)


def test_json_and_back():
    limits = Limits(1, 2.0, None, 3)
    assert Limits.from_json(limits.to_json()) == limits
    assert Limits.from_json(None) == Limits()
