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
    assert set(recipe.notes) == set(entry.definition.notes)
    assert recipe.requirements
    assert not any(line.startswith(("azureml-defaults", "azureml-mlflow")) for line in recipe.requirements)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("AzureML-sklearn-0.24-ubuntu18.04-py37-cpu", "sklearn-1.0"),
        ("AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu", "lightgbm-3.3"),
        ("AzureML-ACPT-pytorch-1.12-py39-cuda11.6-gpu", "acpt-pytorch-1.13-cuda11.7"),
        ("AzureML-acpt-pytorch-2.8-cuda12.6", "acpt-pytorch-2.8-cuda12.6"),
        ("AzureML-tensorflow-2.16-cuda12", "tensorflow-2.16-cuda12"),
        ("AzureML-AutoML", "ai-ml-automl"),
        ("AzureML-ai-ml-automl", "ai-ml-automl"),
    ],
)
def test_older_names_mean_what_stands_in_for_them(alias, name):
    entry = environments.find(alias)
    assert entry is not None
    assert entry.name == name


def test_no_name_means_two_things():
    every = [name.lower() for entry in environments.entries() for name in (entry.name, *entry.aliases)]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("name", ["sklearn-1.5", "AzureML-sklearn-1.5", "azureml-sklearn-1.5"])
def test_names(name):
    assert environments.curated(name) == environments.curated("sklearn-1.5")


def test_versions_and_labels():
    assert environments.find("sklearn-1.5", version="33") is environments.find("sklearn-1.5", label="latest")
    assert environments.find("sklearn-1.5", version="main") is None
    assert environments.find("sklearn-1.5", label="nightly") is None
    assert environments.curated("sklearn") is None
