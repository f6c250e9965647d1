"""A stream of rows in mini-batches: none lost, none twice, none across files, each as large as asked."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.tables.cutting import Cutter, rows_of_size
from zaffre.tables.reading import Piece
from zaffre.tables.sources import Source

FILES = st.lists(st.lists(st.integers(0, 30), max_size=4), max_size=4)
"""Rows of each piece, by file."""


def pieces(files):
    number = 0
    for index, sizes in enumerate(files):
        source = Source(Path(f"/{index}.csv"), f"{index}.csv", f"{index}.csv")
        for size in sizes:
            rows = [{"n": number + at, "file": index} for at in range(size)]
            number += size
            if rows:
                yield Piece(pa.RecordBatch.from_pylist(rows), source)


def rows(files):
    return [row for piece in pieces(files) for row in piece.batch.to_pylist()]


@settings(deadline=None, max_examples=50)
@given(FILES, st.integers(1, 12))
def test_by_rows(files, most):
    cut = [batch.to_pylist() for batch in Cutter(0, most).cut(pieces(files))]
    assert [row for batch in cut for row in batch] == rows(files)
    assert all(1 <= len(batch) <= most for batch in cut)
    assert all(len({row["file"] for row in batch}) == 1 for batch in cut)
    short = [batch for batch in cut if len(batch) < most]
    assert len(short) <= len([sizes for sizes in files if sum(sizes)])  # only at the end of a file


@settings(deadline=None, max_examples=50)
@given(FILES, st.integers(1, 2000))
def test_by_size(files, size):
    cut = [batch.to_pylist() for batch in Cutter(size, 0).cut(pieces(files))]
    assert [row for batch in cut for row in batch] == rows(files)
    assert all(len(batch) == 1 or len(batch) * 16 <= size for batch in cut)


@pytest.mark.parametrize(
    ("size", "number", "memory", "most"),
    [(1024, 100, 1600, 64), (1, 10, 1000, 1), (10, 10, 0, 100), (1000, 4, 1000, 4)],
)
def test_rows_of_a_size(size, number, memory, most):
    assert rows_of_size(size, number, memory) == most
