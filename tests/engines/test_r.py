"""R scripts as command jobs: this machine's R, packages from a repository made here, a library for each environment."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uv

from zaffre.builder import Builder, BuilderSettings
from zaffre.builder.parts.recipe import NeedsEngine
from zaffre.core.ports import EnvironmentDefinition
from zaffre.testing.server import Installation, installation

SHOW = "Rscript -e 'library(tinyr); cat(tinyr::said(), \"\\n\")'"
CONDA = {"image": "r-base:4.2.2", "conda_file": {"dependencies": ["r-base=4.2", "r-tinyr"]}}


def _package(folder: Path, name: str, version: str, imports: str = "") -> Path:
    root = folder / f"{name}-{version}" / name
    (root / "R").mkdir(parents=True)
    (root / "DESCRIPTION").write_text(
        f"Package: {name}\nVersion: {version}\nTitle: Small\nDescription: For tests.\nAuthor: Me\n"
        f"Maintainer: Me <me@example.org>\nLicense: GPL-2\n{f'Imports: {imports}' if imports else ''}"
        f"{chr(10) if imports else ''}"
    )
    used = f", {imports}::said()" if imports else ""
    (root / "R/said.R").write_text(f"said <- function() paste('{name} {version}'{used})\n")
    (root / "NAMESPACE").write_text("export(said)\n")
    subprocess.run(
        ["R", "CMD", "build", "--no-manual", str(root)], cwd=folder, check=True, capture_output=True, timeout=100
    )
    return folder / f"{name}_{version}.tar.gz"


@pytest.fixture(scope="session")
def cran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository: the newest of each package, older ones in its archive."""
    work = tmp_path_factory.mktemp("packages")
    root = tmp_path_factory.mktemp("cran")
    sources = root / "src/contrib"
    (sources / "Archive/tinyr").mkdir(parents=True)
    shutil.copy(_package(work, "tinyr", "1.0"), sources / "Archive/tinyr")
    shutil.copy(_package(work, "tinyr", "2.0"), sources)
    shutil.copy(_package(work, "TinyUser", "1.0", imports="tinyr"), sources)
    subprocess.run(
        ["Rscript", "-e", f'tools::write_PACKAGES("{sources}")'], check=True, capture_output=True, timeout=100
    )
    return root


@pytest.fixture(scope="module")
def rig(cran: Path) -> Iterator[Installation]:
    with installation(environments_r_repository=f"file://{cran}", environments_engine="none") as found:
        yield found


def run(rig: Installation, name: str, command: str, environment: Any) -> str:
    rig.submit(name, command, environment=environment)
    state = rig.ended(name, 200)
    assert state["status"] == "Completed", (state, rig.text(name))
    return rig.text(name)


def context(rig: Installation, dockerfile: str, **files: str) -> dict[str, Any]:
    content = {
        "Dockerfile": dockerfile.encode(),
        **{name.replace("__", "."): text.encode() for name, text in files.items()},
    }
    return {"build": {"path": rig.upload("data", content, "context")["path"]}}


def test_a_conda_file_with_r(rig: Installation) -> None:
    assert run(rig, "conda", SHOW, CONDA) == "tinyr 2.0 \n"
    assert any("R 4." in note for note in rig.state("conda")["notes"])


def test_a_dockerfile_with_install_lines_and_python_beside_it(rig: Installation) -> None:
    environment = context(rig, "FROM rocker/r-ver:4\nRUN R -e \"install.packages(c('tinyuser'))\"\nENV WHO=me\n")
    out = run(
        rig,
        "dockerfile",
        "Rscript -e 'cat(TinyUser::said(), Sys.getenv(\"WHO\"))'; python -c 'import mlflow'",
        environment,
    )
    assert out == "TinyUser 1.0 tinyr 2.0 me"


def test_renv_lock_pins_an_older_version(rig: Installation) -> None:
    lock = (
        '{"R": {"Version": "4.2.2", "Repositories": []}, "Packages": {"tinyr": {"Package": "tinyr", "Version": "1.0"}}}'
    )
    environment = context(rig, "FROM r-base\nCOPY renv.lock .\nRUN Rscript -e 'renv::restore()'\n", renv__lock=lock)
    assert run(rig, "renv", SHOW, environment) == "tinyr 1.0 \n"
    assert run(rig, "renv-not", SHOW, CONDA) == "tinyr 2.0 \n", "each environment has a library of its own"


def test_what_a_command_installs_stays_in_its_run(rig: Installation, cran: Path) -> None:
    environment = {"image": "r-base:latest"}
    out = run(rig, "installs", f"Rscript -e 'install.packages(\"tinyr\", quiet = TRUE)' && {SHOW}", environment)
    assert out.endswith("tinyr 2.0 \n")
    rig.submit("installs-not", SHOW, environment=environment)
    assert rig.ended("installs-not", 60)["status"] == "Failed"


def test_a_package_that_is_nowhere_is_named_and_remembered(rig: Installation) -> None:
    environment = context(rig, "FROM r-base\nRUN R -e 'install.packages(\"nowhere\")'\n")
    rig.submit("nowhere", "true", environment=environment)
    state = rig.ended("nowhere", 100)
    assert (state["status"], state["reason"]["code"]) == ("Failed", "EnvironmentFailed")
    assert "nowhere is not in" in state["reason"]["message"]
    assert "zaffre environment forget" in state["reason"]["message"]
    rig.submit("nowhere-again", "true", environment=environment)
    assert rig.ended("nowhere-again", 5)["reason"]["code"] == "EnvironmentFailed"


def test_a_repository_that_is_down_is_not_remembered(cran: Path, tmp_path: Path) -> None:
    gone = tmp_path / "cran"
    with installation(environments_r_repository=f"file://{gone}", environments_engine="none") as rig:
        rig.submit("down", SHOW, environment=CONDA)
        assert rig.ended("down", 200)["reason"]["code"] == "EnvironmentFailed"
        shutil.copytree(cran, gone)
        assert run(rig, "up", SHOW, CONDA) == "tinyr 2.0 \n"


def test_without_r_it_is_refused_with_what_to_do(tmp_path: Path) -> None:
    settings = BuilderSettings(uv=uv.find_uv_bin(), engine="none", environ={"PATH": str(tmp_path)})
    definition = EnvironmentDefinition(image="r-base:4.2.2")
    with pytest.raises(NeedsEngine) as refused:
        Builder(tmp_path, settings).fingerprint(definition)
    assert "apt-get install r-base-core" in str(refused.value)
    here = replace(settings, environ={"PATH": "/usr/bin:/bin"})
    assert Builder(tmp_path, here).fingerprint(definition)


def test_the_library_is_listed(rig: Installation) -> None:
    run(rig, "listed", "true", CONDA)
    told = rig.call("POST", "environments:inspect", {"job": "listed"}).raise_for_status().json()
    assert [(each["name"], each["version"]) for each in told["packages"] if each["name"].startswith("R:")] == [
        ("R:tinyr", "2.0")
    ]
