"""A recipe or an image: what the setting and the machine decide."""

import pytest

from zaffre.builder import planning
from zaffre.builder.containers import Image
from zaffre.builder.engines import Engine
from zaffre.builder.parts.recipe import NeedsEngine, Recipe
from zaffre.builder.planning import Planner
from zaffre.builder.settings import BuilderSettings
from zaffre.core.errors import Invalid
from zaffre.core.ports import EnvironmentDefinition

BUILDAH = Engine("buildah", "/usr/bin/buildah")


def planner(monkeypatch, engine="auto", there=True):
    monkeypatch.setattr(
        planning.engines, "find", lambda wish, path, environ: BUILDAH if there and wish != "none" else None
    )
    return Planner(BuilderSettings(engine=engine, environ={"PATH": "/usr/bin:/bin"}))


def context(tmp_path, text):
    (tmp_path / "Dockerfile").write_text(text)
    return EnvironmentDefinition(context=str(tmp_path), dockerfile="Dockerfile")


READ = "FROM python:3.11\nRUN pip install six\n"
BUILT = "FROM ghcr.io/mine:1\nRUN make\n"


def test_auto_reads_what_it_can(monkeypatch, tmp_path):
    assert isinstance(planner(monkeypatch).plan(context(tmp_path, READ)), Recipe)
    assert planner(monkeypatch).plan(context(tmp_path, BUILT)) == Image(BUILDAH, str(tmp_path), "Dockerfile")


def test_an_engine_that_is_named_builds_every_context(monkeypatch, tmp_path):
    assert isinstance(planner(monkeypatch, "buildah").plan(context(tmp_path, READ)), Image)
    with pytest.raises(Invalid, match="does not answer on this machine"):
        planner(monkeypatch, "buildah", there=False).plan(context(tmp_path, READ))


def test_none_refuses_what_cannot_be_read(monkeypatch, tmp_path):
    with pytest.raises(NeedsEngine, match=r"Dockerfile:1: FROM ghcr.io/mine:1"):
        planner(monkeypatch, "none").plan(context(tmp_path, BUILT))


def test_an_image_alone_is_run_as_it_is(monkeypatch):
    assert planner(monkeypatch).plan(EnvironmentDefinition(image="ghcr.io/x:1")) == Image(BUILDAH, image="ghcr.io/x:1")
    assert isinstance(planner(monkeypatch).plan(EnvironmentDefinition(image="python:3.11")), Recipe)


def test_a_conda_file_never_needs_an_engine(monkeypatch):
    definition = EnvironmentDefinition(image="ghcr.io/x:1", conda={"dependencies": ["six"]})
    assert isinstance(planner(monkeypatch).plan(definition), Recipe)


def test_an_engine_cannot_start_from_an_environment(monkeypatch, tmp_path):
    found = context(tmp_path, "FROM azureml:mine:1\nRUN make\n")
    inner = EnvironmentDefinition(image="python:3.11")
    definition = EnvironmentDefinition(context=found.context, dockerfile="Dockerfile", bases={"azureml:mine:1": inner})
    with pytest.raises(Invalid, match="is an environment, not an image"):
        planner(monkeypatch).plan(definition)


def test_the_whole_context_identifies_an_image(monkeypatch, tmp_path):
    found = planner(monkeypatch)
    image = found.plan(context(tmp_path, BUILT))
    before = found.content(image)
    assert found.content(image) == before
    (tmp_path / "more").write_text("x")
    assert found.content(image) != before


def test_r_without_r(monkeypatch):
    settings = BuilderSettings(engine="none", environ={"PATH": "/nowhere"})
    with pytest.raises(NeedsEngine, match="apt-get install r-base-core"):
        Planner(settings).plan(EnvironmentDefinition(conda={"dependencies": ["r-base", "r-ggplot2"]}))
