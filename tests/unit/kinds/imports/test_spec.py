"""A data import's document."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.registry import kinds

DOCUMENT = {
    "name": "orders",
    "type": "mltable",
    "path": "azureml://datastores/workspaceblobstore/paths/imported",
    "source": {"type": "database", "connection": "azureml:shop", "query": "table orders"},
}


def read(**more):
    return kinds()["data-import"].model().from_yaml({**DOCUMENT, **more})


def test_a_document_is_read():
    assert read().source.query == "table orders"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"source": {"type": "database", "connection": "c", "querry": "x"}}, 'did you mean "query"'),
        ({"source": {"type": "database", "connection": "c", "query": "x", "table_name": "t"}}, "expected one of query"),
        ({"type": "uri_table"}, "type: expected"),
    ],
)
def test_mistakes_are_told(more, said):
    with pytest.raises(Invalid) as caught:
        read(**more)
    assert said in str(caught.value)


@pytest.mark.parametrize("field", ["name", "path", "source"])
def test_what_it_needs(field):
    with pytest.raises(Invalid, match=f"{field}: required, but missing"):
        kinds()["data-import"].model().from_yaml({key: DOCUMENT[key] for key in DOCUMENT if key != field})
