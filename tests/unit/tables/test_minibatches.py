"""Mini-batches written by the platform's interpreter and read by the user's: the same table, in pieces."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from zaffre.agent.parallel import frames, plan
from zaffre.tables import minibatches
from zaffre.tables.minibatches import Order
from zaffre.tables.table import load

DELIMITED = "transformations:\n  - read_delimited:\n      delimiter: ','\n"


def order(folder: Path, **more) -> Order:
    given = {"size": 0, "rows": 0, "count": 0, "keys": [], **more}
    return Order("data", str(folder / "in"), {}, kept=str(folder / "kept"), report=str(folder / "report.json"), **given)


def put(folder: Path, document: str = "paths:\n  - pattern: ./*.csv\n" + DELIMITED, **files: str) -> Path:
    (folder / "in").mkdir()
    (folder / "in" / "MLTable").write_text(document)
    for name, text in files.items():
        (folder / "in" / f"{name}.csv").write_text(text)
    return folder


def read(folder: Path) -> list[dict]:
    made = plan.Plan(str(folder / "kept"))
    return [made[index] for index in range(len(made))]


def test_the_whole_table_comes_back(tmp_path):
    """Of every type that pandas has a form of its own for, and of those it keeps as objects."""
    frame = pd.DataFrame(
        {
            "n": range(7),
            "x": [1.5, None, 3, 4, 5, 6, 7],
            "b": [True, False] * 3 + [True],
            "s": ["a", None, "ü", "", "e f", "g", "h"],
            "t": pd.date_range("2024-01-01", periods=7, tz="Europe/Vienna"),
            "u": pd.date_range("2024-01-01", periods=7),
            "l": [[1, 2]] * 7,
            "maybe": pd.array([1, None, 3, 4, 5, 6, 7], dtype="Int64"),
        }
    )
    put(tmp_path, "paths:\n  - file: ./t.parquet\ntransformations:\n  - read_parquet\n")
    frame.to_parquet(tmp_path / "in" / "t.parquet")
    minibatches.made(order(tmp_path, rows=3))
    batches = read(tmp_path)
    assert [batch["items"] for batch in batches] == [3, 3, 1]
    got = pd.concat([frames.read(str(tmp_path / "kept" / batch["table"])) for batch in batches], ignore_index=True)
    wanted = load(tmp_path / "in").to_pandas()
    wanted["l"] = wanted["l"].map(list)
    pd.testing.assert_frame_equal(got, wanted, check_dtype=False)
    assert str(got["u"].dtype) == "datetime64[ns]"
    assert got["n"].dtype == "int64"
    assert got["b"].dtype == bool


def test_by_size_and_never_across_files(tmp_path):
    put(tmp_path, a="n\n" + "1\n" * 100, b="n\n2\n")
    minibatches.made(order(tmp_path, size=320))
    items = [batch["items"] for batch in read(tmp_path)]
    assert (len(items), items[-1], sum(items)) == (4, 1, 101)
    assert all(30 <= number <= 40 for number in items[:2])  # 8 bytes a number, and what Arrow adds
    assert plan.Plan(str(tmp_path / "kept")).items == 101


def test_by_keys(tmp_path):
    put(tmp_path, a="store,n\n1000,1\n2,2\n1000,3\n")
    minibatches.made(order(tmp_path, keys=["store"]))
    found = {batch["keys"]["store"]: frames.read(str(tmp_path / "kept" / batch["table"])) for batch in read(tmp_path)}
    assert {store: list(frame["n"]) for store, frame in found.items()} == {1000: [1, 3], 2: [2]}


def test_a_list_of_files(tmp_path):
    put(tmp_path, "paths:\n  - pattern: ./*.csv\n", a="1", b="2", c="3")
    minibatches.made(order(tmp_path, count=2))
    assert [[Path(path).name for path in batch["files"]] for batch in read(tmp_path)] == [["a.csv", "b.csv"], ["c.csv"]]


def test_a_second_time_changes_nothing(tmp_path, monkeypatch):
    put(tmp_path, a="n\n1\n")
    assert run(order(tmp_path, rows=1), monkeypatch) == 0
    before = (tmp_path / "kept" / "plan.jsonl").read_bytes()
    (tmp_path / "in" / "a.csv").write_text("n\n1\n2\n")
    assert run(order(tmp_path, rows=1), monkeypatch) == 0
    assert (tmp_path / "kept" / "plan.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"keys": ["stroe"]}, "partition_keys: the table has no column 'stroe'"),
        ({"size": 10, "broken": True}, "MLTable"),
    ],
)
def test_what_is_wrong_is_reported(tmp_path, monkeypatch, capsys, more, said):
    put(tmp_path, a="store\n1\n")
    if more.pop("broken", False):
        (tmp_path / "in" / "MLTable").write_text("paths: 3\n")
    assert run(order(tmp_path, **more), monkeypatch) == 1
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["name"] == "data"
    assert said in told["message"]
    assert said in capsys.readouterr().out
    assert not (tmp_path / "kept" / "plan.jsonl").exists()


def run(wanted: Order, monkeypatch) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asdict(wanted))))
    return minibatches.main()
