"""Where imported data comes from, and the job that a data import's document becomes."""

from __future__ import annotations

import pytest

from zaffre.core.imports import Database, connection_name, is_own, settled

PATH = "azureml://datastores/workspaceblobstore/paths/imported"
QUERY = {"type": "database", "connection": "azureml:shop", "query": "table orders"}


@pytest.mark.parametrize("said", ["azureml:shop", "shop", "azureml://connections/shop"])
def test_a_connection_by_each_spelling(said):
    assert connection_name(said) == "shop"


@pytest.mark.parametrize(
    ("said", "unclear"),
    [
        ({"query": "select 1"}, False),
        ({"table_name": "a.b"}, False),
        ({"stored_procedure": "p"}, False),
        ({}, True),
        ({"query": "  "}, True),
        ({"query": "select 1", "table_name": "t"}, True),
    ],
)
def test_one_question(said, unclear):
    assert Database.from_yaml({"type": "database", "connection": "c", **said}).unclear() is unclear


@pytest.mark.parametrize(
    ("path", "made"),
    [
        (PATH, f"{PATH}/${{{{name}}}}"),
        (f"{PATH}/", f"{PATH}/${{{{name}}}}"),
        (f"{PATH}/${{{{name}}}}/x", f"{PATH}/${{{{name}}}}/x"),
        ("azureml://datastores/lake", "azureml://datastores/lake/paths/${{name}}"),
    ],
)
def test_each_run_has_a_folder_of_its_own(path, made):
    found = settled({"name": "orders", "path": path, "source": QUERY})["outputs"]["sink"]["path"]
    assert found == made and is_own(found)


def test_a_document_becomes_a_job():
    bucket = {"type": "file_system", "connection": "azureml:lake", "path": "in"}
    made = settled({"name": "orders", "version": "3", "path": PATH, "tags": {"a": "b"}, "source": bucket})
    assert made["outputs"]["sink"] | {"path": ""} == {
        "type": "uri_folder",
        "path": "",
        "name": "orders",
        "version": "3",
    }
    assert made["properties"] == {"azureml.materializationAssetName": "orders"}
    assert (made["type"], made["experiment_name"], made["tags"]) == ("import", "data_import_orders", {"a": "b"})
    assert settled({"name": "orders", "path": PATH, "source": QUERY})["outputs"]["sink"]["type"] == "mltable"


@pytest.mark.parametrize(
    ("path", "own"), [("a/${{name}}", True), ("a/${{ name }}/b", True), ("a/b", False), ("", False)]
)
def test_whether_a_path_is_one_runs_own(path, own):
    assert is_own(path) is own
