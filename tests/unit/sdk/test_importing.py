"""A data import's document, checked here and sent as the job that does it."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.sdk import importing

DOCUMENT = {
    "name": "orders",
    "path": "azureml://datastores/workspaceblobstore/paths/imported",
    "source": {"type": "database", "connection": "azureml:shop", "query": "table orders"},
}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"auto_delete_setting": {"condition": "created_greater_than", "value": "30d"}},
            "auto_delete_setting: an import cannot",
        ),
        ({"datastore": "lake"}, "datastore: an import cannot set it"),
        ({"source": {"type": "database", "connection": "c"}}, "expected one of query, table_name and stored_procedure"),
        ({"nmae": "x"}, 'did you mean "name"'),
    ],
)
def test_what_must_fail_is_never_sent(more, said):
    with pytest.raises(Invalid) as caught:
        importing.submit(None, {**DOCUMENT, **more})
    assert said in str(caught.value)
