"""What these tests need of the machine: buildah and R (``make test-engines`` installs them), and a base image made here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.builder import engines
from zaffre.builder.engines import Engine
from zaffre.testing.server import Installation, installation

BASE = "localhost/zaffre-test-base:1"
PROGRAMS = ("sh", "bash", "cat", "sleep", "id", "env", "ls", "mkdir", "rm", "touch", "seq", "kill", "head", "sha256sum")
PYTHON = "/usr/bin/python3.11"


@pytest.fixture(scope="session")
def engine() -> Engine:
    found = engines.find("buildah", os.environ["PATH"], os.environ)
    assert found is not None, "buildah is missing: make test-engines installs it"
    return found


@pytest.fixture(scope="session")
def image(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image with a shell, a few programs and Debian's Python, from the files of this machine."""
    root = tmp_path_factory.mktemp("image")
    _root_file_system(root / "root")
    (root / "Dockerfile").write_text(
        "FROM scratch\nCOPY root/ /\nENV PATH=/usr/local/bin:/usr/bin:/bin GREETING=hello\nWORKDIR /\n"
    )
    _call(engine, engine.build(BASE, str(root / "Dockerfile"), str(root)))
    shutil.rmtree(root)
    yield BASE
    listed = _call(engine, [engine.program, "images", "--format", "{{.Name}}:{{.Tag}}"])
    ours = [name for name in listed.split() if name.startswith(f"localhost/{engines.PREFIX}")]
    _call(engine, [engine.program, "rmi", "-f", *ours])


@pytest.fixture(scope="module")
def rig(image: str) -> Iterator[Installation]:
    """A server that takes buildah for what it cannot read."""
    assert image
    with installation(environments_engine="auto", compute_local_nodes="4", jobs_grace="2") as found:
        yield found


@pytest.fixture
def containers(engine: Engine):
    """The names of what jobs left in the engine's storage."""

    def listed() -> list[str]:
        found = _call(engine, [engine.program, "containers", "--format", "{{.ContainerName}}"]).split()
        return [name for name in found if name.startswith(engines.PREFIX)]

    return listed


def _root_file_system(root: Path) -> None:
    files = [str(Path(found).resolve()) for name in PROGRAMS if (found := shutil.which(name, path="/usr/bin:/bin"))]
    files += [PYTHON, *(str(path) for path in Path("/usr/lib/python3.11/lib-dynload").glob("*.so"))]
    told = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    files += sorted(set(re.findall(r"(/\S+\.so[\d.]*)\s", told)))
    for name in set(files):
        target = root / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(name).resolve(), target)
    leave = shutil.ignore_patterns("test", "tests", "__pycache__", "idlelib", "tkinter", "lib2to3", "ensurepip")
    shutil.copytree("/usr/lib/python3.11", root / "usr/lib/python3.11", ignore=leave, dirs_exist_ok=True)
    for link, target in (
        ("usr/bin/sh", Path(shutil.which("sh") or "/bin/sh").resolve().name),
        ("usr/bin/python", "python3.11"),
    ):
        (root / link).unlink(missing_ok=True)
        (root / link).symlink_to(target)
    if not (root / "bin").exists():
        (root / "bin").symlink_to("usr/bin")
    for folder in ("tmp", "etc", "root", "proc", "sys", "dev", "run", "var/tmp"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")


def _call(engine: Engine, argv: list[str]) -> str:
    environ = {**os.environ, **dict(engine.environ)}
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout
