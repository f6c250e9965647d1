"""Two documents compared."""

from __future__ import annotations

from zaffre.kinds.online.parts.changes import between, marked


def test_every_field_that_differs_by_its_path():
    before = {"traffic": {"blue": 100}, "tags": {"a": 1}, "same": [1]}
    after = {"traffic": {"blue": 90, "green": 10}, "same": [1], "new": {"x": 1}}
    assert between(before, after) == [
        {"field": "new", "from": None, "to": {"x": 1}},
        {"field": "tags", "from": {"a": 1}, "to": None},
        {"field": "traffic.blue", "from": 100, "to": 90},
        {"field": "traffic.green", "from": None, "to": 10},
    ]
    assert between(before, before) == []


def test_what_is_marked_wherever_it_stands():
    assert marked({"a": {"code": "local: /x"}, "b": "azureml:y:1", "c": 1}, "local: ") == ["/x"]
