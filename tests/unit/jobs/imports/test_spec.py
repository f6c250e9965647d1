"""What an import job must say."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.jobs.imports.spec import ImportJob

PATH = "azureml://datastores/workspaceblobstore/paths/imported"
JOB = {
    "type": "import",
    "source": {"type": "database", "connection": "azureml:shop", "query": "table orders"},
    "outputs": {"sink": {"type": "mltable", "path": f"{PATH}/${{{{name}}}}", "name": "orders"}},
}


def with_output(**more):
    return {**JOB, "outputs": {"sink": {**JOB["outputs"]["sink"], **more}}}


def test_it_is_spelt_the_same_way_back():
    made = ImportJob.from_yaml({**JOB, "limits": {"timeout": 60}})
    body = made.to_arm(Scope("s", "g", "w"))["properties"]
    assert (body["jobType"], body["source"]["type"]) == ("Import", "Database")
    assert ImportJob.from_arm({"properties": body}).to_yaml() == made.to_yaml()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({**JOB, "inputs": {"a": 1}}, "an import has a source, and no inputs"),
        ({**JOB, "source": {"type": "database", "connection": "c"}}, "expected one of query, table_name"),
        (
            {**JOB, "source": {"type": "data base", "connection": "c"}},
            'source.type: expected one of "database", "file_system"',
        ),
        ({**JOB, "outputs": {}}, "expected one output, found 0"),
        (with_output(type="uri_file"), "expected mltable or uri_folder, found uri_file"),
        (with_output(path=PATH), "expected a folder of this import alone"),
        (with_output(path="azureml://datastores/workspaceblobstore/paths/"), "expected a folder of this import alone"),
    ],
)
def test_mistakes_are_told(document, said):
    with pytest.raises(Invalid) as caught:
        ImportJob.from_yaml(document)
    assert said in str(caught.value)


def test_a_place_by_default():
    assert ImportJob.from_yaml(with_output(path=None)).outputs["sink"].path is None
