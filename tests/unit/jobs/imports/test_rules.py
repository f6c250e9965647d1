"""What an import must be before it is accepted."""

from __future__ import annotations

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource
from zaffre.jobs.imports import rules
from zaffre.jobs.imports.spec import ImportJob

LOGIN = {"type": "username_password", "username": "me"}
FILE = "azureml://datastores/d/paths/a.db"


class Shelf:
    """One connection, one asset, one file."""

    def __init__(self, connection):
        self._connection = connection

    def resource(self, key):
        return stored(key, self._connection) if self._connection and key == Key("ws", "connection", "shop") else None

    def asset(self, key, label=""):
        there = stored(Key("ws", "data", "orders", "", "7"), {})
        return there if key.name == "orders" and key.version in ("", "7") else None

    def children(self, workspace, kind, parent):
        return []

    def local_path(self, workspace, uri):
        return "/data/a.db" if "/d/" in uri else None

    def path_kind(self, path):
        return "file"


def stored(key, spec):
    return Resource(key, spec, "hash", {}, 1, False, 0.0, "u", 0.0, "u")


def check(connection, source=None, version=None):
    source = source or {"type": "database", "connection": "azureml:shop", "query": "select 1"}
    output = {"type": "mltable", "name": "orders"} | ({"version": version} if version else {})
    spec = ImportJob.from_yaml({"type": "import", "source": source, "outputs": {"sink": output}})
    rules.check(Draft(Key("ws", "job", "one"), spec, None, "u", 0.0), Shelf(connection))


BUCKET = {"type": "file_system", "connection": "shop", "path": "in"}
POSTGRES = {"type": "azure_postgres_db", "target": "h/d", "credentials": LOGIN}


@pytest.mark.parametrize(
    ("connection", "source"),
    [
        (POSTGRES, None),
        ({"type": "custom", "target": FILE}, None),
        ({"type": "s3", "target": "s3://lake", "credentials": {"type": "access_key"}}, BUCKET),
        ({"type": "s3", "target": "s3://lake"}, BUCKET),
    ],
)
def test_what_leads_somewhere_is_taken(connection, source):
    check(connection, source)
    check(connection, source, "8")


@pytest.mark.parametrize(
    ("connection", "source", "version", "field", "said"),
    [
        (None, None, None, "source.connection", "there is no connection 'shop' in workspace ws"),
        ({"type": "git", "target": "x"}, None, None, "source.connection", "connection shop: "),
        (POSTGRES, BUCKET, None, "source.connection", "leads to no bucket"),
        (
            {**POSTGRES, "credentials": {"type": "pat"}},
            None,
            None,
            "source.connection",
            "expected username_password, none",
        ),
        ({"type": "s3", "target": "s3://l", "credentials": LOGIN}, BUCKET, None, "source.connection", "access_key"),
        (
            {"type": "custom", "target": FILE.replace("/d/", "/x/")},
            None,
            None,
            "source.connection",
            "outside this machine",
        ),
        (POSTGRES, None, "7", "outputs.sink.version", "data orders:7 is there already"),
    ],
)
def test_what_must_fail_is_refused(connection, source, version, field, said):
    with pytest.raises(Invalid) as caught:
        check(connection, source, version)
    assert {one.field for one in caught.value.problems} == {field}
    assert said in str(caught.value)
