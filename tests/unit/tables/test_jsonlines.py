"""JSON lines: types from the objects, and the line of whatever is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from zaffre.core.errors import Invalid
from zaffre.tables import Table, load

Make = Callable[..., Table]


@pytest.fixture
def table(tmp_path: Path) -> Make:
    def make(content: str, options: str = "{}") -> Table:
        (tmp_path / "a.jsonl").write_text(content)
        (tmp_path / "MLTable").write_text(
            f"paths: [{{file: a.jsonl}}]\ntransformations: [{{read_json_lines: {options}}}]\n"
        )
        return load(tmp_path)

    return make


def lines(*items: Any) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_types_and_missing_fields(table: Make) -> None:
    found = table(lines({"a": 1, "b": "x", "t": True}, {"a": 2.5, "c": [1, {"k": "é"}]}, {"b": None, "t": False}))
    assert {field.name: str(field.type) for field in found.schema} == {
        "a": "double", "b": "string", "t": "bool", "c": "string",
    }  # fmt: skip
    frame = found.to_pandas()
    assert frame["a"].tolist()[:2] == [1.0, 2.5]
    assert pd.isna(frame["a"][2])
    assert frame["c"].tolist() == [None, '[1, {"k": "é"}]', None]


@pytest.mark.parametrize(
    ("values", "word"), [((1, "x"), "string"), ((True, 1), "string"), ((1, 2**70), "double"), ((None, None), "string")]
)
def test_values_of_several_types(table: Make, values: tuple[Any, ...], word: str) -> None:
    assert str(table(lines(*({"v": value} for value in values))).schema.field("v").type) == word


@pytest.mark.parametrize("bad", ["oops", "[1, 2]", '"text"', '{"a": 1'])
def test_a_line_that_is_no_object_is_named(table: Make, bad: str) -> None:
    with pytest.raises(Invalid, match=r"a\.jsonl:3:1: expected a JSON object"):
        table(f'{{"a": 1}}\n\n{bad}\n').count()


def test_or_dropped_and_counted(table: Make) -> None:
    found = table('{"a": 1}\noops\n{"a": 2}\n', "{invalid_lines: drop}")
    assert found.to_pandas()["a"].tolist() == [1, 2]
    assert found.notes.bad_lines.first == [{"file": "a.jsonl", "line": 2, "text": "oops"}]


def test_path_column(table: Make) -> None:
    assert table(lines({"a": 1}), "{include_path_column: true}").to_pandas()["Path"].tolist() == ["a.jsonl"]


def test_more_rows_than_one_batch(table: Make) -> None:
    found = table(lines(*({"n": n} for n in range(20_000))))
    assert found.to_pandas()["n"].tolist() == list(range(20_000))
