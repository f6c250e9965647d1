"""Expectations held against rows: every kind of rule, kept and broken, over as many batches as it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from zaffre.core.expectations import Expectations
from zaffre.tables import open_data
from zaffre.tables.verification import verify

CSV = "id,age,sex,day,code\n1,10,m,2020-01-01,A1\n2,200,f,2020-01-02,B2\n2,,x,2021-01-02,zz\n4,40,m,,C3\n"
Check = Callable[..., dict[tuple[str, str], dict[str, Any]]]


@pytest.fixture
def broken(tmp_path: Path) -> Check:
    """The broken rules, by column and rule."""

    def check(wanted: dict[str, Any], content: str = CSV, now: float = 1.6e9) -> dict[tuple[str, str], dict[str, Any]]:
        (tmp_path / "t.csv").write_text(content)
        report = verify(open_data(tmp_path / "t.csv"), Expectations.from_yaml(wanted), now)
        assert report["passed"] is (not report["violations"])
        return {(one["column"], one["rule"]): one for one in report["violations"]}

    return check


def column(name: str, **rules: Any) -> dict[str, Any]:
    return {"columns": {name: rules}}


@pytest.mark.parametrize(
    "wanted",
    [
        column("age", type="float", min=0, max=200, max_nulls=0.25), column("age", type="int"), column("id", type="int"),
        column("id", nulls=False, values=[1, 2, 4]), column("sex", regex="[mfx]", min_length=1, max_length=1),
        column("day", type="datetime", min="2020-01-01", max="2021-12-31T00:00:00"), column("id", type="string"),
        column("nothing", required=False, min=3), {"unique": [["id", "sex"]]}, {"rows": {"min": 4, "max": 4}}, {},
        {"columns": {name: {} for name in ("id", "age", "sex", "day", "code")}, "extra_columns": "refused"},
        {"freshness": {"max_age": "1d", "column": "day"}},
    ],
)  # fmt: skip
def test_what_holds(broken: Check, wanted: dict[str, Any]) -> None:
    at = pd.Timestamp("2021-01-02T12:00:00").timestamp()
    assert broken(wanted, now=at) == {}


@pytest.mark.parametrize(
    ("wanted", "rule", "count", "first"),
    [
        (column("age", min=20), ("age", "min"), 1, {"row": 1, "value": 10}),
        (column("age", max=120), ("age", "max"), 1, {"row": 2, "value": 200}),
        (column("age", nulls=False), ("age", "nulls"), 1, {"row": 3, "value": "nothing"}),
        (column("sex", values=["m", "f"]), ("sex", "values"), 1, {"row": 3, "value": "x"}),
        (column("code", regex="[A-Z][0-9]"), ("code", "regex"), 1, {"row": 3, "value": "zz"}),
        (column("sex", min_length=2), ("sex", "min_length"), 4, {"row": 1, "value": "m"}),
        (column("code", max_length=1), ("code", "max_length"), 4, {"row": 1, "value": "A1"}),
        (column("day", min="2020-01-02"), ("day", "min"), 1, {"row": 1, "value": "2020-01-01T00:00:00"}),
        (column("code", type="int"), ("code", "type"), 4, {"row": 1, "value": "A1"}),
        (column("sex", min=3), ("sex", "min"), 4, {"row": 1, "value": "m"}),
        (column("id", unique=True), ("id", "unique"), 1, {"row": 3, "value": "2, as in row 2"}),
        ({"unique": [["sex", "id"], ["sex"]]}, ("sex", "unique"), 1, {"row": 4, "value": "m, as in row 1"}),
    ],
)
def test_rows_that_break_a_rule(
    broken: Check, wanted: dict[str, Any], rule: tuple[str, str], count: int, first: dict[str, Any]
) -> None:
    found = broken(wanted)
    assert list(found) == [rule]
    assert found[rule]["count"] == count
    assert found[rule]["first"][0] == first


@pytest.mark.parametrize(
    ("wanted", "rule", "told"),
    [
        (column("agee"), ("agee", "required"), 'the column is missing; did you mean "age"?'),
        ({"columns": {"id": {}}, "extra_columns": "refused"}, ("age", "extra"), "the column is not expected"),
        (column("age", max_nulls=0.1), ("age", "max_nulls"), "at most 10.00% of rows without a value, found 25.00%"),
        ({"rows": {"min": 5}}, ("", "rows"), "expected at least 5 rows, found 4"),
        ({"rows": {"max": 3}}, ("", "rows"), "expected at most 3 rows, found 4"),
        ({"unique": [["id", "nope"]]}, ("nope", "unique"), "the column is missing"),
        ({"freshness": {"max_age": "1d", "column": "day"}}, ("day", "freshness"), "the newest is of 2021-01-02"),
        ({"freshness": {"max_age": "1d", "column": "nope"}}, ("nope", "freshness"), "the column is missing"),
    ],
)
def test_what_needs_all_rows(broken: Check, wanted: dict[str, Any], rule: tuple[str, str], told: str) -> None:
    found = broken(wanted, now=pd.Timestamp("2021-06-01").timestamp())
    assert told in found[rule]["message"]


def test_age_of_the_file(broken: Check) -> None:
    wanted = {"freshness": {"max_age": "1h"}}
    assert broken(wanted, now=0) == {}
    assert ("", "freshness") in broken(wanted, now=pd.Timestamp("2999-01-01").timestamp())


def test_lines_that_are_not_of_the_tables_shape_break_it(broken: Check) -> None:
    found = broken({}, "a,b\n1,2\n3\n")
    assert found["", "lines"]["first"] == [{"row": 3, "value": "t.csv: 3"}]


def test_values_that_the_reader_gave_up_on(broken: Check) -> None:
    content = "k,x\n" + "a,1\n" * 1200 + "b,oops\n"
    assert broken(column("x", type="int"), content)["x", "type"]["first"] == [{"row": 1201, "value": "t.csv: oops"}]


def test_one_text_among_numbers_is_told_once(broken: Check) -> None:
    found = broken(column("n", type="int", min=0, nulls=False), "n\n1\n-2\noops\n")
    assert {rule: one["first"] for (_, rule), one in found.items()} == {
        "type": [{"row": 3, "value": "oops"}],
        "min": [{"row": 2, "value": -2}],
    }


def test_fractions_are_no_whole_numbers(broken: Check) -> None:
    found = broken(column("n", type="int"), "n\n1.0\n2.5\n")
    assert found["n", "type"]["first"] == [{"row": 2, "value": 2.5}]


def test_row_numbers_go_on_over_batches(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": range(200_000)})
    frame.loc[[150_000, 199_999], "n"] = -1
    frame.to_parquet(tmp_path / "t.parquet")
    wanted = Expectations.from_yaml({"columns": {"n": {"min": 0, "unique": True}}})
    (least, unique) = verify(open_data(tmp_path / "t.parquet"), wanted, 0)["violations"]
    assert [one["row"] for one in least["first"]] == [150_001, 200_000]
    assert unique["first"] == [{"row": 200_000, "value": "-1, as in row 150001"}]


def test_types_of_files_that_have_types(tmp_path: Path) -> None:
    pd.DataFrame({"n": [1, 2], "s": ["1", "2"], "f": [1.0, 2.0]}).to_parquet(tmp_path / "t.parquet")
    wanted = {"columns": {"n": {"type": "float"}, "s": {"type": "int"}, "f": {"type": "int"}}}
    found = verify(open_data(tmp_path / "t.parquet"), Expectations.from_yaml(wanted), 0)["violations"]
    assert [(one["column"], one["message"]) for one in found] == [
        ("s", "expected int, found string"), ("f", "expected int, found float"),
    ]  # fmt: skip


def test_the_number_of_rules(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(CSV)
    wanted = {"columns": {"id": {"nulls": False, "min": 0, "unique": True}}, "rows": {"min": 1, "max": 9}}
    report = verify(open_data(tmp_path / "t.csv"), Expectations.from_yaml(wanted), 0)
    assert (report["passed"], report["rules"], report["rows"]) == (False, 6, 4)
