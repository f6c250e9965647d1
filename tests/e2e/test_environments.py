"""What jobs run in: curated, inline, registered, from a conda file; a layer for each ``pip install``; no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pipeline_steps import pipeline, step

from zaffre.testing.index import Index, Wheel
from zaffre.testing.server import CURATED, Installation, installation, until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
SHOW = "python -c 'import tinyplug; print(tinyplug.VERSION)'"


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    wheels = [Wheel("tinyplug", version, script="tiny") for version in ("1.0", "2.0")]
    with Index(*wheels, Wheel("tinyneeds", "1.0", requires=("tinyplug==1.0",))) as found:
        yield found


@pytest.fixture(scope="module")
def rig(environments: Path, index: Index) -> Iterator[Installation]:
    """A server whose packages come from the index of the test, beside those of the machine."""
    with installation(environments, {"UV_INDEX": index.url, "PIP_EXTRA_INDEX_URL": index.url}) as found:
        yield found


def _conda(*pip: str) -> dict[str, Any]:
    return {"image": IMAGE, "conda_file": {"dependencies": ["python=3.11", "pip", {"pip": [*pip]}]}}


def _run(rig: Installation, name: str, command: str, **more: Any) -> str:
    rig.submit(name, command, **more)
    state = rig.ended(name, 100)
    assert state["status"] == "Completed", state
    return rig.text(name)


def test_inline_environments_are_built_once_for_all_who_wait(rig: Installation) -> None:
    before = _builds(rig)
    for number in range(4):
        rig.submit(f"inline-{number}", SHOW, environment=_conda("tinyplug==1.0"))
    assert {rig.ended(f"inline-{number}", 100)["status"] for number in range(4)} == {"Completed"}
    assert {rig.text(f"inline-{number}") for number in range(4)} == {"1.0\n"}
    assert len(_builds(rig) - before) == 1
    assert _run(rig, "inline-again", "tiny", environment=_conda("tinyplug==1.0")).startswith("1.0 ")
    assert len(_builds(rig) - before) == 1


def test_registered_environments_by_version_and_label(rig: Installation) -> None:
    for version in ("1", "2"):
        document = {"name": "tiny", "version": version, **_conda(f"tinyplug=={version}.0")}
        rig.call("PUT", f"environments/tiny/versions/{version}", document).raise_for_status()
    assert _run(rig, "first", SHOW, environment="azureml:tiny:1") == "1.0\n"
    assert _run(rig, "latest", SHOW, environment="azureml:tiny@latest") == "2.0\n"
    assert rig.state("latest")["environment"] == "azureml:tiny:2"  # pinned when it was submitted


def test_two_jobs_that_install_different_versions_at_once_never_meet(rig: Installation, tmp_path: Path) -> None:
    meet = 'touch "$HERE/$AZUREML_RUN_ID"; until [ $(ls "$HERE" | wc -l) -ge 2 ]; do sleep 0.05; done'
    for version in ("1.0", "2.0"):
        rig.submit(
            f"installs-{version[0]}",
            f"pip install --quiet tinyplug=={version} && {meet} && {SHOW} && tiny",
            environment_variables={"HERE": str(tmp_path)},
        )
    for version in ("1.0", "2.0"):
        name = f"installs-{version[0]}"
        assert rig.ended(name, 100)["status"] == "Completed", rig.text(name)
        assert [line.split()[0] for line in rig.text(name).splitlines()[-2:]] == [version, version]
    assert _run(rig, "untouched", "python -c 'import tinyplug' || echo absent").endswith("absent\n")


def test_a_conflict_is_told_in_the_resolvers_words(rig: Installation) -> None:
    rig.submit("torn", "true", environment=_conda("tinyneeds==1.0", "tinyplug==2.0"))
    state = rig.ended("torn", 100)
    assert (state["status"], state["reason"]["code"]) == ("Failed", "EnvironmentFailed")
    for word in ("tinyneeds", "tinyplug==1.0", "tinyplug==2.0"):
        assert word in state["reason"]["message"]
    rig.submit("torn-again", "true", environment=_conda("tinyneeds==1.0", "tinyplug==2.0"))
    assert rig.ended("torn-again", 5)["reason"]["code"] == "EnvironmentFailed"  # remembered: no second build


def test_an_index_that_fails_is_asked_again_by_the_next_job(rig: Installation, index: Index) -> None:
    environment = _conda("tinyneeds==1.0")
    index.broken = True
    try:
        rig.submit("unlucky", "true", environment=environment)
        state = rig.ended("unlucky", 100)
    finally:
        index.broken = False
    assert (state["status"], state["reason"]["code"]) == ("Failed", "EnvironmentFailed")
    build = state["build"]
    assert f"zaffre job stream -n {build}" in state["reason"]["message"]
    assert rig.call("GET", f"jobs/{build}").json()["state"]["status"] == "Failed"
    assert "error" in rig.text(build)
    assert _run(rig, "lucky", SHOW, environment=environment) == "1.0\n"


def test_what_was_relaxed_is_listed_on_the_job(rig: Installation) -> None:
    conda = {"dependencies": ["python=3.6", "pip", {"pip": ["tinyplug==1.0"]}]}
    _run(rig, "relaxed", SHOW, environment={"image": IMAGE, "conda_file": conda})
    assert any("3.6" in note for note in rig.state("relaxed")["notes"])


def test_without_a_network_what_is_cached_still_runs(environments: Path, index: Index) -> None:
    """The curated environment is there; a new one is made from what the installer has in its cache."""
    dead = "http://127.0.0.1:9"
    environ = {name: dead for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY")}
    environ |= {"NO_PROXY": "127.0.0.1", "UV_OFFLINE": "1", "UV_INDEX": index.url}
    with installation(environments, environ) as rig:
        assert _run(rig, "offline", "echo there", environment=CURATED) == "there\n"
    with installation(environ=environ) as rig:
        rig.submit("offline-built", "python -c 'import mlflow; print(\"built\")'")
        state = rig.ended("offline-built", 100)
        assert state["status"] == "Completed", state
        assert rig.text("offline-built") == "built\n"


def test_a_build_that_is_canceled_is_told_to_the_job_that_waits(rig: Installation, index: Index) -> None:
    index.open.clear()
    try:
        rig.submit("waiting", "true", environment=_conda("tinyplug==2.0", "tinyneeds"))
        build = until(lambda: rig.state("waiting").get("build"), "its build")
        until(lambda: rig.call("GET", f"jobs/{build}").json()["state"]["status"] == "Running", "the build to run")
        assert rig.call("POST", f"jobs/{build}/cancel").status_code == 202
        assert rig.ended(build, 30)["status"] == "Canceled"
        state = rig.ended("waiting", 30)
    finally:
        index.open.set()
    assert (state["status"], state["reason"]["code"]) == ("Failed", "EnvironmentFailed")
    assert "Canceled" in state["reason"]["message"]


def test_a_pipeline_says_that_the_environment_of_a_step_is_being_built(rig: Installation, index: Index) -> None:
    index.open.clear()
    try:
        jobs = {"prep": step("true", environment=_conda("tinyplug==2.0", "tinyplug"))}
        rig.call("PUT", "jobs/preparing", pipeline(jobs)).raise_for_status()

        def told() -> str:
            return str(rig.call("GET", "jobs/preparing/why").json()["message"])

        until(lambda: "prep waits: Environment " in told() and "is being built by" in told(), "word of the build")
    finally:
        index.open.set()
    rig.ended("preparing", 60)


def _builds(rig: Installation) -> set[str]:
    return {path.name for path in (rig.home / "runs").glob("build-*")}
