"""Rows by the values of columns: all of one value together, in a group that no other value is in."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.core.errors import Invalid
from zaffre.tables.partitions import Partitions
from zaffre.tables.table import load

MLTABLE = "paths:\n  - pattern: ./*.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"


def table(folder, rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MLTable").write_text(MLTABLE)
    (folder / "rows.csv").write_text("store,brand,n\n" + "".join(f"{store},{brand},{n}\n" for store, brand, n in rows))
    return load(folder)


@settings(deadline=None, max_examples=25)
@given(rows=st.lists(st.tuples(st.integers(0, 5), st.sampled_from("ab"), st.integers(0, 99)), min_size=1, max_size=60))
def test_each_value_is_one_group(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("table")
    found = list(Partitions(table(folder, rows), ["store", "brand"], folder).groups())
    told = [(keys["store"], keys["brand"]) for keys, _ in found]
    assert sorted(told) == sorted({row[:2] for row in rows})
    for keys, group in found:
        wanted = [n for store, brand, n in rows if (store, brand) == (keys["store"], keys["brand"])]
        assert group.column("n").to_pylist() == wanted
    assert Counter(told).most_common(1)[0][1] == 1
    assert not (folder / "buckets").exists()


def test_a_column_that_is_not_there(tmp_path):
    with pytest.raises(Invalid, match=r"no column 'stroe'.*store"):
        list(Partitions(table(tmp_path, [(1, "a", 1)]), ["stroe"], tmp_path).groups())
