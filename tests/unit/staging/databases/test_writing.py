"""Rows as parquet files of bounded size."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zaffre.core.errors import Invalid
from zaffre.staging.databases import writing
from zaffre.staging.databases.reader import Column


class Rows:
    """An answer that is at hand."""

    def __init__(self, rows, *columns):
        self.columns = [Column(name, kind) for name, kind in columns]
        self._rows = rows
        self.asked = []

    def rows(self, most):
        self.asked.append(most)
        found, self._rows = self._rows[:most], self._rows[most:]
        return found


def write(folder, rows):
    told = []
    return writing.Writer(folder, rows, lambda done: told.append(done.rows)).write(), told


def test_no_rows_still_have_columns(tmp_path):
    done, _ = write(tmp_path, Rows([], ("a", pa.int32())))
    assert (done.rows, done.files) == (0, 1) and done.bytes > 0
    assert pq.read_table(tmp_path / "part-00000.parquet").schema.names == ["a"]


def test_parts_and_batches_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "BATCH_BYTES", 10_000)
    monkeypatch.setattr(writing, "GROUP_BYTES", 50_000)
    monkeypatch.setattr(writing, "PART_BYTES", 200_000)
    rows = Rows([(number, "x" * 92) for number in range(10_000)], ("n", pa.int64()), ("t", pa.string()))
    done, told = write(tmp_path, rows)
    files = sorted(tmp_path.iterdir())
    assert done.rows == 10_000 and done.files == len(files) > 3
    assert done.bytes == sum(file.stat().st_size for file in files)
    assert sorted(rows.asked)[-1] <= 1000 and told == sorted(told)
    assert pa.concat_tables(map(pq.read_table, files)).column("n").to_pylist() == list(range(10_000))


def test_a_value_that_does_not_fit_is_named(tmp_path):
    rows = Rows([(1,)] * 1500 + [("many",)], ("n", pa.int64()))
    with pytest.raises(Invalid, match="row 1501: column n is int64 and cannot hold 'many'; CAST it in the query"):
        write(tmp_path, rows)
