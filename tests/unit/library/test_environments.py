"""The curated environments are definitions the builder takes."""

import pytest

from zaffre.builder.parts.recipe import translate
from zaffre.library import environments

NAMES = [entry.name for entry in environments.entries()]


def test_the_first_ones_are_there():
    assert {"sklearn-1.5", "python"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_built_from_its_folder(name):
    entry = environments.find(name)
    assert entry is not None
    assert entry.description
    recipe = translate(entry.definition)
    assert recipe.notes == ()
    assert any(line.startswith("mlflow") for line in recipe.requirements)


@pytest.mark.parametrize("name", ["sklearn-1.5", "AzureML-sklearn-1.5", "azureml-sklearn-1.5"])
def test_names(name):
    assert environments.curated(name) == environments.curated("sklearn-1.5")


def test_versions_and_labels():
    assert environments.find("sklearn-1.5", version="33") is environments.find("sklearn-1.5", label="latest")
    assert environments.find("sklearn-1.5", version="main") is None
    assert environments.find("sklearn-1.5", label="nightly") is None
    assert environments.curated("sklearn") is None
