"""What an import leaves, and what it tells."""

from __future__ import annotations

import json
import sqlite3

import pyarrow.parquet as pq
import pytest
from storage_servers import LOOPBACK, bucket, s3

from zaffre.core.errors import Invalid, NotFound
from zaffre.core.targets import Database
from zaffre.staging.importing import copied, queried
from zaffre.staging.order import Input, Query, StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.stores import open_store

__all__ = ["bucket", "s3"]
KEYS = {"access_key_id": "k", "secret_access_key": "s"}


@pytest.fixture
def shelf(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as base:
        base.execute("create table t(i, x)")
        base.executemany("insert into t values (?, ?)", [(1, "ü"), (2, None)])
    return str(tmp_path / "a.db")


def asked(shelf, folder, type_="mltable", **more):
    return Query(Database("sqlite", "", 0, "azureml://…/a.db"), str(folder), type_, file=shelf, **more)


def test_a_query_becomes_a_table(shelf, tmp_path, capsys):
    told = queried(asked(shelf, tmp_path / "out", statement="select * from t"), Policy())
    assert told["rows"] == 2 and json.loads(told["schema"]) == {"i": "int64", "x": "string"}
    assert pq.read_table(tmp_path / "out" / "part-00000.parquet").to_pylist()[0] == {"i": 1, "x": "ü"}
    assert "read_parquet" in (tmp_path / "out" / "MLTable").read_text()
    assert "select * from t" in (said := capsys.readouterr().out) and "wrote 2 rows" in said


def test_a_folder_has_no_mltable(shelf, tmp_path):
    queried(asked(shelf, tmp_path / "out", "uri_folder", table="t"), Policy())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["part-00000.parquet"]


@pytest.mark.parametrize("statement", ["delete from t", "pragma user_version", "attach 'x' as y", "select 1; select 2"])
def test_nothing_is_changed_and_nothing_else_opened(shelf, tmp_path, statement):
    with pytest.raises(Invalid, match="SQLite answered"):
        queried(asked(shelf, tmp_path / "out", statement=statement), Policy())
    assert sqlite3.connect(shelf).execute("select count(*) from t").fetchone() == (2,)


@pytest.mark.parametrize("path", ["in", "in/", "in/*", "/in/**"])
def test_a_folder_of_a_bucket_by_each_spelling(bucket, tmp_path, path):
    bucket.put("in/a ü.csv", b"1")
    bucket.put("in/deep/b.csv", b"2")
    bucket.put("other.csv", b"3")
    spec = StoreSpec("s3", container=bucket.name, endpoint=bucket.url)
    told = copied(
        Input("sink", spec, KEYS, path, "uri_folder", str(tmp_path / "out")), open_store(spec, KEYS, Policy(LOOPBACK))
    )
    assert (told["files"], told["bytes"]) == (2, 2)
    assert (tmp_path / "out" / "deep" / "b.csv").read_bytes() == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_there_leaves_nothing(bucket, tmp_path):
    spec = StoreSpec("s3", container=bucket.name, endpoint=bucket.url)
    with pytest.raises(NotFound, match="nothing is at absent"):
        copied(
            Input("sink", spec, KEYS, "absent", "uri_folder", str(tmp_path / "out")),
            open_store(spec, KEYS, Policy(LOOPBACK)),
        )
    assert list(tmp_path.iterdir()) == []
