"""How much a mini-batch holds."""

from __future__ import annotations

import pytest

from zaffre.jobs.parallel.parts.amounts import Amount, amount, files_of_table


@pytest.mark.parametrize(
    ("text", "table", "wanted"),
    [
        (None, False, Amount(files=10)),
        (None, True, Amount(size=1024**2)),
        ("5", False, Amount(files=5)),
        ("1024", True, Amount(size=1024)),
        ("10kb", True, Amount(size=10240)),
        ("10KB", False, Amount(size=10240)),
        ("2mb", True, Amount(size=2 * 1024**2)),
        ("1gb", True, Amount(size=1024**3)),
        ("1row", True, Amount(rows=1)),
        ("100 rows", True, Amount(rows=100)),
    ],
)
def test_sizes(text, table, wanted):
    assert amount(text, table=table) == wanted


@pytest.mark.parametrize("text", ["", "0", "-1", "kb", "1.5mb", "10 files", "1e3"])
def test_no_sizes(text):
    with pytest.raises(ValueError, match="expected a number of files"):
        amount(text, table=True)


@pytest.mark.parametrize(("text", "wanted"), [(None, 10), ("3", 3), ("10kb", 0)])
def test_a_table_that_is_a_list_of_files(text, wanted):
    assert files_of_table(text) == wanted
