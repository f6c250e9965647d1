"""The releases that the guests' tests run: pinned whole, and the newest is the one that is installed beside the tests."""

import importlib.metadata

import pytest
from packaging.requirements import Requirement

import client_venvs


def pinned(name):
    lines = (client_venvs.PINS / f"{name}.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_the_newest_is_what_the_default_suite_runs():
    assert client_venvs.version("newest", "azure-ai-ml") == importlib.metadata.version("azure-ai-ml")


def test_the_older_one_is_another():
    newest, older = (client_venvs.version(name, "azure-ai-ml").split(".") for name in ("newest", "older"))
    assert [int(part) for part in older] < [int(part) for part in newest]
    assert client_venvs.RELEASES["older"].until, "with what was there in its time"


@pytest.mark.parametrize("name", sorted(client_venvs.RELEASES))
def test_every_release_is_pinned_whole(name):
    found = pinned(name)
    assert all(str(one.specifier).startswith("==") for one in found)
    for wanted in map(Requirement, client_venvs.RELEASES[name].wants):
        here = wanted.marker is None or wanted.marker.evaluate()
        same = [one for one in found if one.name == wanted.name and (one.marker is None or one.marker.evaluate())]
        versions = [str(one.specifier)[2:] for one in same]
        assert not here or any(wanted.specifier.contains(version) for version in versions), (wanted, versions)
