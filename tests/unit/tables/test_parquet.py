"""Parquet and Delta Lake: several files as one table, and words for broken ones."""

from __future__ import annotations

import decimal
from pathlib import Path
from typing import Any

import deltalake
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zaffre.core.errors import Invalid
from zaffre.tables import Table, load


def table(folder: Path, steps: str = "[read_parquet]", paths: str = "[{pattern: ./*.parquet}]") -> Table:
    (folder / "MLTable").write_text(f"paths: {paths}\ntransformations: {steps}\n")
    return load(folder)


def test_files_become_one_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2], "b": ["x", "y"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"b": ["z"], "a": [2.5], "c": [True]}), tmp_path / "2.parquet")
    found = table(tmp_path, "[{read_parquet: {include_path_column: true}}]").to_pandas()
    assert list(found) == ["Path", "a", "b", "c"]
    assert found["a"].tolist() == [1.0, 2.0, 2.5]
    assert found["Path"].tolist() == ["1.parquet", "1.parquet", "2.parquet"]
    assert found["c"].tolist() == [None, None, True]


def test_encodings_and_zones_are_plain(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "kind": pd.Categorical(["a", "b", "a"]),
            "at": pd.to_datetime(["2020-01-01T02:00:00+02:00"] * 3, utc=True),
            "price": [decimal.Decimal("1.50"), None, decimal.Decimal("2.25")],
        }
    )
    frame.to_parquet(tmp_path / "1.parquet")
    found = table(tmp_path, "[read_parquet, {filter: 'price > 2'}]")
    assert str(found.schema.field("kind").type) == "string"
    assert found.to_pandas()["at"].tolist() == [pd.Timestamp("2020-01-01")]


def test_columns_of_different_types_are_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"a": ["x"]}), tmp_path / "2.parquet")
    with pytest.raises(Invalid, match=r"2\.parquet: column a is string here and int64 in the files before"):
        table(tmp_path).count()


@pytest.mark.parametrize("damage", ["not parquet at all", "", "cut"])
def test_a_broken_file_is_named(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "1.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), file)
    file.write_bytes(file.read_bytes()[:-100] if damage == "cut" else damage.encode())
    with pytest.raises(Invalid, match=r"1\.parquet: expected a parquet file, found something else or a broken one"):
        table(tmp_path).count()


def test_a_broken_row_group_is_named(tmp_path: Path) -> None:
    file = tmp_path / "1.parquet"
    pq.write_table(pa.table({"a": [f"text {n}" for n in range(1000)]}), file, row_group_size=100, compression="zstd")
    place = pq.ParquetFile(file).metadata.row_group(5).column(0)
    content = bytearray(file.read_bytes())
    start = place.dictionary_page_offset or place.data_page_offset
    content[start : start + 200] = b"\xff" * 200
    file.write_bytes(content)
    with pytest.raises(Invalid, match=r"1\.parquet: row group 6 of 10 is broken"):
        table(tmp_path).count()


@pytest.fixture
def delta(tmp_path: Path) -> Path:
    """Two versions, partitioned."""
    place = tmp_path / "d"
    first = pa.table({"k": ["x", "y"], "n": [1, 2]})
    deltalake.write_deltalake(str(place), first, partition_by=["k"])
    deltalake.write_deltalake(str(place), pa.table({"k": ["z"], "n": [3]}), mode="append")
    return tmp_path


def rows(folder: Path, options: str) -> list[Any]:
    found = table(folder, f"[{{read_delta_lake: {options}}}]", "[{folder: ./d}]").to_pandas()
    return sorted(zip(found["k"], found["n"], strict=True))


def test_delta_at_a_version(delta: Path) -> None:
    assert rows(delta, "{version_as_of: 0}") == [("x", 1), ("y", 2)]
    assert rows(delta, "{version_as_of: 1}") == [("x", 1), ("y", 2), ("z", 3)]


def test_delta_at_a_moment(delta: Path) -> None:
    assert rows(delta, "{timestamp_as_of: '2999-01-01T00:00:00Z'}") == [("x", 1), ("y", 2), ("z", 3)]


@pytest.mark.parametrize(
    ("options", "told"),
    [("{version_as_of: 9}", "expected a Delta Lake table"), ("{timestamp_as_of: soon}", "expected a moment such as")],
)
def test_delta_that_is_not_there(delta: Path, options: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        rows(delta, options)


def test_a_folder_without_a_log(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    with pytest.raises(Invalid, match="d: expected a Delta Lake table"):
        rows(tmp_path, "{}")


def test_a_log_that_names_files_elsewhere(delta: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [666]}), tmp_path / "secret.parquet")
    log = delta / "d" / "_delta_log" / "00000000000000000001.json"
    path = next(line for line in log.read_text().split('"') if line.endswith(".parquet"))
    log.write_text(log.read_text().replace(path, f"../../{tmp_path.name}/secret.parquet"))
    with pytest.raises(Invalid):
        rows(delta, "{version_as_of: 1}")
