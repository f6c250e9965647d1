"""Tables as wholes: data without a description, parquet copies, and memory that does not grow with the data."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from zaffre.core.errors import Invalid
from zaffre.tables import load, open_data

MEBI = 1024 * 1024
BOUNDED = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[2]),) * 2)
from zaffre.tables import open_data
table = open_data(sys.argv[1])
try:
    found = {"rows": len(table.to_pandas()) if sys.argv[3] == "pandas" else table.count()}
except MemoryError:
    found = {"rows": None}
print(json.dumps(found))
"""


def bounded(place: Path, memory: int, how: str) -> dict[str, int | None]:
    """What a process with so much memory makes of a table; `None` rows where it did not fit.

    What runs out in Python raises `MemoryError`; what runs out in a thread of Arrow's ends the process with SIGABRT.
    """
    environ = {"ARROW_DEFAULT_MEMORY_POOL": "system", "ARROW_IO_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    told = subprocess.run(
        [sys.executable, "-c", BOUNDED, str(place), str(memory), how], env=environ, capture_output=True, check=False
    )
    if told.returncode == -signal.SIGABRT:
        return {"rows": None}
    assert told.returncode == 0, told.stderr.decode()
    return json.loads(told.stdout)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is larger than what its readers may have."""
    place = tmp_path_factory.mktemp("large") / "large.csv"
    block = "".join(f"{n},{n / 7:.6f},some words in row {n}\n" for n in range(20_000)).encode()
    with place.open("wb") as file:
        file.write(b"n,f,s\n")
        while file.tell() < 260 * MEBI:
            file.write(block)
    yield place  # type: ignore[misc]
    place.unlink()


def test_a_file_larger_than_memory_is_read(large: Path) -> None:
    assert large.stat().st_size > 260 * MEBI
    found = bounded(large, 240 * MEBI, "stream")
    assert found["rows"], "it did not fit"
    assert found["rows"] % 20_000 == 0


def test_the_bound_is_one(large: Path) -> None:
    """Else the test above would show nothing."""
    assert bounded(large, 240 * MEBI, "pandas")["rows"] is None


@pytest.mark.parametrize(
    ("name", "content"),
    [("t.csv", "a;b\n1;x\n"), ("t.tsv", "a\tb\n1\tx\n"), ("t.txt", "a|b\n1|x\n"), ("t.jsonl", '{"a": 1, "b": "x"}\n')],
)
def test_data_without_a_description(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    for place in (tmp_path / name, tmp_path):
        assert open_data(place).to_pandas().to_dict("records") == [{"a": 1, "b": "x"}]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["t.png"], "expected files of one tabular format"), (["t.csv", "t.parquet"], "found several"), ([], "nothing is at"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_table(tmp_path: Path, names: list[str], told: str) -> None:
    for name in names:
        (tmp_path / name).write_text("x")
    with pytest.raises(Invalid, match=told):
        open_data(tmp_path)


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "t.png").write_bytes(b"\x89PNG")
    with pytest.raises(Invalid, match=r"t\.png is of no tabular format"):
        open_data(tmp_path / "t.png")


def test_a_folder_without_a_document(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no MLTable file"):
        load(tmp_path)


def test_without_a_reader_a_table_is_the_list_of_its_files(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_text("x")
    (tmp_path / "MLTable").write_text("paths: [{pattern: ./*.png}]\ntransformations: [{skip: 1}]\n")
    assert load(tmp_path).to_pandas()["Path"].tolist() == ["b.png"]


def test_partitions_are_files(tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / f"{n}.csv").write_text(f"x\n{n}\n")
    text = "paths: [{pattern: ./*.csv}]\ntransformations: [read_delimited, {select_partitions: %s}]\n"
    (tmp_path / "MLTable").write_text(text % "[2, 0]")
    assert load(tmp_path).to_pandas()["x"].tolist() == [2, 0]
    (tmp_path / "MLTable").write_text(text % "[4]")
    with pytest.raises(Invalid, match="there is no partition 4; there are 4"):
        load(tmp_path).count()


def test_index_columns_become_the_index(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("k,x\na,1\n")
    (tmp_path / "MLTable").write_text(
        "paths: [{file: a.csv}]\ntransformations: [read_delimited]\ntraits: {index_columns: [k], timestamp_column: t}\n"
    )
    assert load(tmp_path).to_pandas().index.tolist() == ["a"]


def test_a_copy_in_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n" + "".join(f"{n}\n" for n in range(1000)))
    made = open_data(tmp_path / "a.csv").to_parquet(tmp_path / "out", rows=1)
    assert [path.name for path in made] == ["part-00000.parquet"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["part-00000.parquet"]
    assert pd.read_parquet(tmp_path / "out")["x"].tolist() == list(range(1000))


def test_an_empty_copy_has_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n")
    (made,) = open_data(tmp_path / "a.csv").to_parquet(tmp_path / "out")
    assert pd.read_parquet(made).columns.tolist() == ["x", "y"]


def test_a_table_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    table = open_data(tmp_path / "a.csv")
    assert (table.count(), table.count()) == (2, 2)
    assert isinstance(table.schema, pa.Schema)


def test_reading_is_lazy(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n" + "1\n" * 3_000_000)
    first = next(open_data(tmp_path / "a.csv").to_batches(rows=10))
    assert len(first) == 10
