"""Definitions → recipes."""

import pytest

from zaffre.builder.parts.recipe import Recipe, translate
from zaffre.core.errors import Invalid
from zaffre.core.ports import EnvironmentDefinition

AZURE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"


def test_order_case_and_repetition_do_not_matter():
    one = translate(
        EnvironmentDefinition(image=AZURE, conda={"dependencies": ["pip", {"pip": ["Six", "attrs>=1,<2"]}]})
    )
    two = translate(
        EnvironmentDefinition(
            image=AZURE, conda={"name": "x", "dependencies": [{"pip": ["attrs<2,>=1", "six", "six"]}]}
        )
    )
    assert one == two
    assert one.requirements == ("attrs<2,>=1", "six")


def test_the_file_decides_the_python_before_the_image():
    recipe = translate(EnvironmentDefinition(image="python:3.12", conda={"dependencies": ["python=3.10"]}))
    assert recipe.python == "==3.10.*"
    assert translate(EnvironmentDefinition(image="python:3.12", pip=("six",))).python == "==3.12.*"
    assert translate(EnvironmentDefinition(image="python:3.12")).python == "==3.12.*"
    assert translate(EnvironmentDefinition(image=AZURE)).python == ""


def test_variables_of_a_conda_file_reach_its_jobs_but_not_those_of_the_platform():
    variables = {"LEGACY": "1", "THREADS": 2, "PATH": "/opt", "MLFLOW_TRACKING_URI": "x"}
    recipe = translate(EnvironmentDefinition(image=AZURE, conda={"dependencies": ["pip"], "variables": variables}))
    assert recipe.environ == {"LEGACY": "1", "THREADS": "2"}
    assert any("MLFLOW_TRACKING_URI was left out" in note for note in recipe.notes)
    assert recipe.to_json() != translate(EnvironmentDefinition(image=AZURE, conda={"dependencies": ["pip"]})).to_json()


def test_an_image_that_is_not_used_is_told():
    recipe = translate(EnvironmentDefinition(image="pytorch/pytorch:latest", conda={"dependencies": ["numpy"]}))
    assert "pytorch/pytorch:latest" in recipe.notes[0]


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (EnvironmentDefinition(image="pytorch/pytorch"), "pytorch/pytorch needs a container engine"),
        (EnvironmentDefinition(dockerfile="Dockerfile", context="/x"), "there is no Dockerfile in the build context"),
        (EnvironmentDefinition(context="/x"), "there is no Dockerfile in the build context"),
        (EnvironmentDefinition(), "none was given"),
        (EnvironmentDefinition(pip=("-e .", "numpy=1")), "pip_requirements[1]"),
    ],
)
def test_refusals(definition, words):
    with pytest.raises(Invalid) as refused:
        translate(definition)
    assert words in str(refused.value)


def test_all_mistakes_at_once():
    with pytest.raises(Invalid) as refused:
        translate(EnvironmentDefinition(conda={"dependencies": [1, {"pip": ["-e ."]}]}))
    assert len(refused.value.problems) == 2


def test_json_both_ways():
    recipe = translate(EnvironmentDefinition(image=AZURE, pip=("six", "--pre", "--index-url https://example.com/x")))
    again = Recipe.from_json(recipe.to_json(), recipe.sources)
    assert (again, again.sources) == (recipe, recipe.sources)
