"""Profiles and previews, against pandas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from zaffre.tables import open_data
from zaffre.tables.preview import plain, preview
from zaffre.tables.profile import profile

FRAME = pd.DataFrame(
    {
        "n": [int(n) % 50 for n in range(3000)],
        "f": [None if n % 10 == 0 else n / 3 for n in range(3000)],
        "s": [None if n % 4 == 0 else f"word {n % 7}" for n in range(3000)],
        "b": [n % 3 == 0 for n in range(3000)],
        "d": [pd.Timestamp("2020-01-01") + pd.Timedelta(days=n % 30) for n in range(3000)],
    }
)


@pytest.fixture(params=["csv", "parquet", "jsonl"])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    file = tmp_path / f"t.{request.param}"
    if request.param == "parquet":
        FRAME.to_parquet(file)
    elif request.param == "csv":
        FRAME.to_csv(file, index=False)
    else:
        FRAME.to_json(file, orient="records", lines=True, date_format="iso", double_precision=15)
    return file


def columns(place: Path) -> dict[str, dict[str, Any]]:
    found = profile(open_data(place))
    assert found["rows"] == 3000
    json.dumps(found, allow_nan=False)
    return {column["name"]: column for column in found["columns"]}


def test_every_column_in_numbers(place: Path) -> None:
    found = columns(place)
    for name in ("n", "f"):
        series = FRAME[name]
        assert found[name]["count"] == series.count()
        assert found[name]["missing"] == series.isna().sum()
        assert found[name]["distinct"] == series.nunique()
        assert found[name]["mean"] == pytest.approx(series.mean())
        assert found[name]["std"] == pytest.approx(series.std())
        assert (found[name]["min"], found[name]["max"]) == pytest.approx((series.min(), series.max()))
        assert found[name]["quantiles"]["p50"] == pytest.approx(series.quantile(0.5))
        assert sum(found[name]["histogram"]["counts"]) == series.count()
    assert [top["count"] for top in found["s"]["top"]] == FRAME["s"].value_counts().tolist()
    assert (found["s"]["min_length"], found["s"]["max_length"]) == (6, 6)
    assert {str(top["value"]): top["count"] for top in found["b"]["top"]} == {"False": 2000, "True": 1000}


def test_moments(tmp_path: Path) -> None:
    FRAME.to_parquet(tmp_path / "t.parquet")
    found = columns(tmp_path / "t.parquet")["d"]
    assert (found["type"], found["min"], found["max"]) == ("datetime", "2020-01-01T00:00:00", "2020-01-30T00:00:00")


def test_what_is_let_pass_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 1000 + "1,2,3\noops,4\n")
    found = profile(open_data(tmp_path / "t.csv"))
    assert found["rows"] == 1001
    assert found["notes"]["bad_lines"] == {
        "count": 1, "first": [{"file": "t.csv", "line": 1002, "expected": 2, "found": 3, "text": "1,2,3"}],
    }  # fmt: skip
    assert found["notes"]["mismatched"]["a"]["first"][0]["value"] == "oops"


def test_preview(place: Path) -> None:
    found = preview(open_data(place), 3)
    assert [column["name"] for column in found["columns"]] == list(FRAME)
    assert found["rows"][1][:4] == [1, pytest.approx(1 / 3), "word 1", False]
    assert found["rows"][0][2] is None
    assert found["more"]
    assert len(found["rows"]) == 3


def test_preview_of_all(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("a\tb\n1\tx\n")
    found = preview(open_data(tmp_path / "t.tsv"), 20)
    assert (found["rows"], found["more"]) == ([[1, "x"]], False)


@pytest.mark.parametrize(("skip", "first", "count", "more"), [(0, 0, 2, True), (2, 2, 2, True), (4, 4, 1, False)])
def test_pages_of_a_preview(tmp_path: Path, skip: int, first: int, count: int, *, more: bool) -> None:
    (tmp_path / "t.csv").write_text("a\n" + "".join(f"{n}\n" for n in range(5)))
    found = preview(open_data(tmp_path / "t.csv"), 2, skip)
    assert found["rows"] == [[n] for n in range(first, first + count)]
    assert found["more"] is more


def test_a_page_far_back_and_one_behind_the_end(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n" + "".join(f"{n}\n" for n in range(150_000)))
    assert preview(open_data(tmp_path / "t.csv"), 2, 131_071)["rows"] == [[131_071], [131_072]]
    behind = preview(open_data(tmp_path / "t.csv"), 2, 150_000)
    assert (behind["rows"], behind["more"]) == ([], False)


@pytest.mark.parametrize(
    ("value", "said"),
    [(float("nan"), "nan"), (float("inf"), "inf"), (b"\xff\x00", "2 bytes"), ([1, {"a": np.float64(2)}], [1, {"a": 2.0}]),
     ("x" * 2000, "x" * 1000 + "…"), (pd.Timestamp("2020-01-02"), "2020-01-02T00:00:00")],
)  # fmt: skip
def test_values_as_json_has_them(value: object, said: object) -> None:
    assert plain(value) == said


def test_numbers_correlate_as_pandas_says(place: Path) -> None:
    found = profile(open_data(place))["correlation"]
    wanted = FRAME[["n", "f"]].corr()
    assert found["columns"] == ["n", "f"]
    assert np.array(found["values"]) == pytest.approx(wanted.to_numpy())
