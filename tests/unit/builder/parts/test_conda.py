"""Conda files as users write them."""

import pytest

from zaffre.builder.parts import conda


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        ("*", ""),
        ("=1.21", "==1.21.*"),
        ("=1.21.2", "==1.21.2.*"),
        ("=1.21.*", "==1.21.*"),
        ("==1.21.2", "==1.21.2"),
        (">=1.2,<2", "<2,>=1.2"),
        (">=1.2.*", ">=1.2"),
        ("~=1.5.3", "~=1.5.3"),
        ("!=1.4", "!=1.4"),
        ("1.21", "==1.21"),
    ],
)
def test_version_syntax(text, wanted):
    assert conda.version_of(text) == wanted


@pytest.mark.parametrize("text", ["=", "=1.2=3=4", ">>1", "==abc def"])
def test_version_nonsense(text):
    assert conda.version_of(text) is None


@pytest.mark.parametrize(
    ("entry", "requirement"),
    [
        ("numpy", "numpy"),
        ("numpy=1.21.2", "numpy==1.21.2.*"),
        ("numpy=1.21.2=py38h20f2e39_0", "numpy==1.21.2.*"),
        ("numpy 1.21.2 py38_0", "numpy==1.21.2"),
        ("numpy >=1.21, <1.23", "numpy<1.23,>=1.21"),
        ("scikit-learn ==1.0.1", "scikit-learn==1.0.1"),
        ("conda-forge::numpy=1.21", "numpy==1.21.*"),
        ("conda-forge/linux-64::numpy=1.21", "numpy==1.21.*"),
        ("numpy[version='>=1.21']", "numpy>=1.21"),
        ("pytorch::pytorch=1.13", "torch==1.13.*"),
        ("ray-default=2.9", "ray[default]==2.9.*"),
        ("Pillow", "pillow"),
        ("ruamel_yaml", "ruamel-yaml"),
        ("scikit-image ", "scikit-image"),
    ],
)
def test_packages(entry, requirement):
    found = conda.read({"dependencies": [entry]})
    assert list(found.lines.requirements) == [requirement]
    assert found.lines.problems == []


def test_azure_example():
    found = conda.read(
        {
            "name": "model-env",
            "channels": ["conda-forge"],
            "dependencies": ["python=3.8", "pip=21.2.4", "cudatoolkit=11.3", {"pip": ["mlflow", "pandas==1.3.4"]}],
        }
    )
    assert found.python == "==3.8.*"
    assert list(found.lines.requirements) == ["mlflow", "pandas==1.3.4"]
    assert found.lines.requirements["pandas==1.3.4"] == "conda_file.dependencies[3].pip[1]: pandas==1.3.4"
    assert [note.split(":")[0] for note in found.lines.notes] == ["pip=21.2.4", "cudatoolkit was left out"]


def test_the_last_alternative_is_taken_and_told():
    found = conda.read({"dependencies": ["numpy=1.21|1.22"]})
    assert list(found.lines.requirements) == ["numpy==1.22"]
    assert "numpy=1.21|1.22" in found.lines.notes[0]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"dependencys": []}, "conda_file.dependencys"),
        ({"dependencies": "numpy"}, "conda_file.dependencies"),
        ({"dependencies": [3]}, "conda_file.dependencies[0]"),
        ({"dependencies": [{"conda": ["x"]}]}, "conda_file.dependencies[0].conda"),
        ({"dependencies": [{"pip": "numpy"}]}, "conda_file.dependencies[0].pip"),
        ({"dependencies": ["numpy=>>1"]}, "conda_file.dependencies[0]"),
        ({"dependencies": ["$(id)"]}, "conda_file.dependencies[0]"),
        ({"variables": ["A=1"]}, "conda_file.variables"),
        ({"variables": {"A": True}}, "conda_file.variables.A"),
    ],
)
def test_mistakes_name_their_place(document, field):
    assert [problem.field for problem in conda.read(document).lines.problems] == [field]


def test_an_empty_file_is_an_empty_environment():
    found = conda.read({"name": "x", "dependencies": None})
    assert (found.lines.requirements, found.lines.problems) == ({}, [])
