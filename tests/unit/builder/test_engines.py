"""Which container engine is taken, and how each is asked."""

import pytest

from zaffre.builder import engines
from zaffre.builder.engines import Engine


@pytest.fixture
def programs(tmp_path):
    def install(*names):
        for name in names:
            (tmp_path / name).write_text("#!/bin/sh\n")
            (tmp_path / name).chmod(0o755)
        return str(tmp_path)

    return install


def named(wish, path, **environ):
    found = engines.find(wish, path, {"STORAGE_DRIVER": "vfs", **environ})
    return found.name if found else None


def test_auto_takes_the_first_that_can_work(programs):
    assert named("auto", programs()) is None
    assert named("auto", programs("buildah")) == "buildah"
    assert named("auto", programs("podman")) == "podman"


def test_a_docker_client_without_a_server_is_no_engine(programs, monkeypatch):
    monkeypatch.setattr(engines, "_SOCKETS", ())
    path = programs("docker", "buildah")
    assert named("auto", path) == "buildah"
    assert named("docker", path) is None
    assert named("auto", path, DOCKER_HOST="tcp://somewhere") == "docker"


def test_none_means_none_and_a_named_one_is_meant(programs):
    path = programs("podman", "buildah")
    assert named("none", path) is None
    assert named("buildah", path) == "buildah"
    assert named("podman", programs()) == "podman"


def test_images_are_plain_copies_where_overlays_cannot_be(programs, monkeypatch):
    monkeypatch.setattr(engines.os, "geteuid", lambda: 0)
    for kind, wanted in (("overlay", {"STORAGE_DRIVER": "vfs"}), ("ext4", {})):
        monkeypatch.setattr(engines, "_file_system", lambda _, kind=kind: kind)
        found = engines.find("buildah", programs("buildah"), {})
        assert found is not None
        assert dict(found.environ) == wanted


@pytest.mark.parametrize("name", engines.ENGINES)
def test_commands_are_complete_and_hold_no_variables(name):
    engine = Engine(name, f"/usr/bin/{name}")
    build = engine.build("tag", "/c/Dockerfile", "/c")
    assert build[0] == f"/usr/bin/{name}"
    assert build[-3:] == ["-f", "/c/Dockerfile", "/c"]
    run = engine.run("image", "box", ["/run/1"], ["/bin/sh", "/run/1/x/run.sh", "echo"])
    assert "/run/1:/run/1" in run
    assert run[-2:] == ["/run/1/x/run.sh", "echo"]
    assert "-e" not in run, "variables go by a file that only their owner reads"
    if name != "buildah":
        assert {"--rm", "-i", "--init"} <= set(run), "it must end with the client, and leave nothing"
    assert engine.clear("box")[-1] == "box"


def test_json_both_ways():
    engine = Engine("buildah", "/b", (("STORAGE_DRIVER", "vfs"),))
    assert Engine.from_json(engine.to_json()) == engine
