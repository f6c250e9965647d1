"""JSON Schemas: every document in the repository fits its own, and mistakes do not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from zaffre.core import document, schemas
from zaffre.core.errors import Invalid
from zaffre.core.registry import job_types

ROOT = Path(__file__).parents[3]
OWN = [file for file in sorted((ROOT / "src/zaffre").glob("*/*/examples/*.yml")) if "$schema" in file.read_text()]
SHIPPED = [file for file in sorted((ROOT / "examples").rglob("*.yml")) if "$schema" in file.read_text()]
LIBRARY = [file for file in sorted((ROOT / "src/zaffre/library").rglob("*.yml")) if "$schema" in file.read_text()]


def named(file: Path) -> str:
    """The schema that a document names."""
    return str(yaml.safe_load(file.read_text())["$schema"]).rpartition("/")[2].removesuffix(schemas.SUFFIX)


def wrong(name: str, content: object) -> list[str]:
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schemas.document(name)).iter_errors(content)
    ]


@pytest.mark.parametrize("name", schemas.names())
def test_every_schema_is_one(name):
    found = schemas.document(name)
    Draft202012Validator.check_schema(found)
    assert found["title"] == name
    assert found["description"]


@pytest.mark.parametrize("file", [*OWN, *SHIPPED, *LIBRARY], ids=lambda file: str(file.relative_to(ROOT)))
def test_every_document_of_the_repository_fits(file):
    content = yaml.safe_load(file.read_text())
    assert wrong(named(file), content) == []
    assert content.get("type") is None or wrong(named(file), {**content, "nonsense": 1}) != []


def test_examples_were_found():
    assert len(OWN) > 20
    assert SHIPPED


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"comand": "x"}, "comand"),
        ({"command": ["x"]}, "['x']"),
        ({"environment": 3}, "3"),
        ({"resources": {"instance_count": "many"}}, "many"),
        ({"distribution": {"type": "nonsense"}}, "nonsense"),
        ({"inputs": {"a": {"type": "uri_folderr", "path": "x"}}}, "uri_folderr"),
        ({"limits": {"timeout": "long"}}, "long"),
        ({"tags": {"a": 1}}, "1"),
    ],
)
def test_mistakes_are_refused_by_schema_and_reader_alike(change, told):
    content = {"command": "echo", "environment": "azureml:e:1", "compute": "local", **change}
    assert any(told in each for each in wrong("commandJob", content))
    with pytest.raises(Invalid):
        job_types()["command"].model().from_yaml(document.load(yaml.safe_dump(content)))


@pytest.mark.parametrize(
    "change",
    [
        {"distribution": {"type": "PyTorch"}},
        {"tags": {"a": "x"}},
        {"inputs": {"a": 1, "b": "x", "c": {"value": 3}, "d": {"type": "URI_FOLDER", "path": "x"}}},
        {"outputs": {"o": None, "p": {"type": "uri_file", "version": 3}}},
        {"$schema": "https://example.org/commandJob.schema.json"},
        {"queue_settings": {"job_tier": "Spot"}},
    ],
)
def test_what_the_reader_takes_the_schema_takes(change):
    content = {"command": "echo", "environment": "azureml:e:1", **change}
    job_types()["command"].model().from_yaml(document.load(yaml.safe_dump(content)))
    assert wrong("commandJob", content) == []


def test_fields_have_their_sentences():
    properties = schemas.document("datastore")["properties"]
    assert "folder of the server" in properties["root"]["description"]


def test_a_name_that_is_none():
    with pytest.raises(KeyError):
        schemas.document("nonsense")
