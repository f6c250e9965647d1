"""Delimited text: what pandas reads, and clear words where a file is not what it is said to be."""

from __future__ import annotations

import gzip
import io
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
    """A table of files by name and options of ``read_delimited`` as YAML."""

    def make(files: dict[str, str | bytes], options: str = "{}", more: str = "") -> Table:
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        text = f"paths: [{{pattern: ./*}}]\ntransformations:\n  - read_delimited: {options}\n{more}"
        (tmp_path / "MLTable").write_text(text)
        return load(tmp_path)

    return make


def rows(table: Table) -> dict[str, list[Any]]:
    frame = table.to_pandas()
    return {name: [None if pd.isna(value) else value for value in frame[name]] for name in frame}


WINES = "name,year,price,red,tasted\nA,2001,1.5,true,2020-01-02\nB,,2,false,2021-03-04T05:06:07\n,2003,1e3,,\n"


def test_types_are_pandas_own(table: Make) -> None:
    ours = table({"a.csv": WINES}).to_pandas()
    theirs = pd.read_csv(io.StringIO(WINES))
    assert ours["price"].tolist() == theirs["price"].tolist()
    assert ours["year"].dropna().tolist() == theirs["year"].dropna().tolist()
    assert ours["name"].tolist()[:2] == ["A", "B"]
    assert ours["red"].tolist() == [True, False, None]
    assert ours["tasted"].tolist()[:2] == [pd.Timestamp("2020-01-02"), pd.Timestamp("2021-03-04T05:06:07")]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (["1", "-2", "+3"], "int64"), (["1", "2.5"], "double"), (["1", "9223372036854775808"], "double"),
        (["1", "x"], "string"), (["TRUE", "false"], "bool"), (["0", "1"], "int64"), (["NaN", "inf", "2"], "double"),
        (["1/2/2020", "12/31/2020"], "timestamp[us]"), (["31/12/2020"], "string"), (["2020-02-30"], "string"),
        (["2020-01-01T00:00:00Z", "2020-01-01T02:00:00+02:00"], "timestamp[us]"), (["", ""], "string"),
        (["0x1F"], "string"), (["1_000"], "string"), (["1e5"], "double"), ([" 7", "8 "], "int64"),
    ],
)  # fmt: skip
def test_inference(table: Make, values: list[str], word: str) -> None:
    lines = "".join(f"k,{value}\n" for value in values)
    assert str(table({"a.csv": f"k,x\n{lines}"}).schema.field("x").type) == word


def test_a_zone_is_told_in_utc(table: Make) -> None:
    assert rows(table({"a.csv": "x\n2020-01-01T02:00:00+02:00\n"}))["x"] == [pd.Timestamp("2020-01-01")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("no_header", {"Column1": ["x", "1", "x", "2"], "Column2": ["y", "a", "y", "b"]}),
        ("from_first_file", {"x": ["1", "x", "2"], "y": ["a", "y", "b"]}),
        ("all_files_same_headers", {"x": [1, 2], "y": ["a", "b"]}),
        ("all_files_different_headers", {"x": [1, 2], "y": ["a", "b"]}),
    ],
)
def test_headers(table: Make, header: str, expected: dict[str, list[Any]]) -> None:
    assert rows(table({"a.csv": "x,y\n1,a\n", "b.csv": "x,y\n2,b\n"}, f"{{header: {header}}}")) == expected


def test_different_headers_are_joined(table: Make) -> None:
    found = table({"a.csv": "x,y\n1,a\n", "b.csv": "y,z\nb,9\n"}, "{header: all_files_different_headers}")
    assert rows(found) == {"x": [1, None], "y": ["a", "b"], "z": [None, 9]}


def test_other_headers_are_refused_by_name(table: Make) -> None:
    found = table({"a.csv": "x,y\n1,a\n", "b.csv": "y,z\nb,9\n"})
    with pytest.raises(Invalid, match=r"b\.csv:1:1: expected the columns x, y, as in the first file; found y, z"):
        found.to_pandas()


def test_names_that_are_absent_or_twice(table: Make) -> None:
    assert table({"a.csv": "x,x,,x\n1,2,3,4\n"}).schema.names == ["x", "x_1", "Column3", "x_2"]


def test_bad_lines_are_named(table: Make) -> None:
    found = table({"a.csv": "x,y\n1,a\n2,b,c\n3\n4,d\n"})
    with pytest.raises(Invalid) as caught:
        found.to_pandas()
    assert str(caught.value).splitlines() == [
        "a.csv:3:1: expected 2 fields, found 3: 2,b,c",
        "a.csv:4:1: expected 2 fields, found 1: 3",
    ]


def test_bad_lines_can_be_left_out_and_are_counted(table: Make) -> None:
    found = table({"a.csv": "x,y\n1,a\n2,b,c\n4,d\n"})
    found.skip_bad_lines = True
    assert rows(found) == {"x": [1, 4], "y": ["a", "d"]}
    assert found.notes.bad_lines.count == 1
    assert found.notes.bad_lines.first[0]["line"] == 3


def test_a_value_that_is_not_of_the_samples_type_is_nothing_and_noted(table: Make) -> None:
    found = table({"a.csv": "k,x\na,1\nb,2\nc,oops\n"}, "{infer_column_types: {sample_size: 2}}")
    assert rows(found)["x"] == [1, 2, None]
    told = {"file": "a.csv", "row": 3, "value": "oops", "expected": "int"}
    assert found.notes.mismatched["x"].first == [told]


def test_nan_is_no_number_and_no_mismatch(table: Make) -> None:
    found = table({"a.csv": "k,x\na,1.5\nb,NaN\n"})
    assert rows(found)["x"] == [1.5, None]
    assert found.notes.mismatched == {}


def test_overrides_of_inference(table: Make) -> None:
    options = (
        "{infer_column_types: {column_type_overrides: [{columns: zip, column_type: string}, "
        "{columns: day, column_type: {datetime: {formats: '%d.%m.%Y'}}}]}}"
    )
    found = table({"a.csv": "zip,day\n01234,31.12.2020\n"}, options)
    assert rows(found) == {"zip": ["01234"], "day": [pd.Timestamp("2020-12-31")]}


def test_without_inference_all_is_text(table: Make) -> None:
    assert rows(table({"a.csv": "x,y\n1,\n"}, "{infer_column_types: false}")) == {"x": ["1"], "y": [None]}


def test_empty_as_string(table: Make) -> None:
    assert rows(table({"a.csv": "x,y\n1,\n,b\n"}, "{empty_as_string: true, infer_column_types: false}")) == {
        "x": ["1", ""], "y": ["", "b"],
    }  # fmt: skip


@pytest.mark.parametrize(("delimiter", "written"), [(";", ";"), ("\\t", "\t"), ("|", "|"), ("||", "||")])
def test_delimiters(table: Make, delimiter: str, written: str) -> None:
    assert rows(table({"a.csv": f"x{written}y\n1{written}a\n"}, f"{{delimiter: '{delimiter}'}}")) == {
        "x": [1],
        "y": ["a"],
    }


def test_a_delimiter_of_two_characters_inside_quotes_and_across_pieces(table: Make) -> None:
    lines = "".join(f'{n}||"a||{n}"\n' for n in range(120_000))
    frame = table({"a.csv": f"x||y\n{lines}"}, "{delimiter: '||'}").to_pandas()
    assert len(frame) == 120_000
    assert (frame["y"] == "a||" + frame["x"].astype(str)).all()


def test_quotes_and_line_breaks_inside_them(table: Make) -> None:
    assert rows(table({"a.csv": 'x,y\n1,"a ""b""\nc"\n2,d\n'}, "{support_multi_line: true}")) == {
        "x": [1, 2], "y": ['a "b"\nc', "d"],
    }  # fmt: skip


def test_a_quote_that_is_never_closed(table: Make) -> None:
    content = 'x,y\n1,"a\n' + "2,b\n" * 3_000_000
    with pytest.raises(Invalid, match=r"a\.csv: a record has more than 4 MiB: a quotation mark is opened"):
        table({"a.csv": content}).count()


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("utf8", "utf-8"), ("utf-8", "utf-8-sig"), ("utf8bom", "utf-8-sig"), ("latin1", "latin-1"), ("iso-8859-1", "latin-1"),
     ("utf16", "utf-16"), ("utf32", "utf-32"), ("windows-1252", "cp1252"), ("ascii", "utf-8")],
)  # fmt: skip
def test_encodings(table: Make, encoding: str, codec: str) -> None:
    assert rows(table({"a.csv": "naïve,y\né,1\n".encode(codec)}, f"{{encoding: '{encoding}'}}")) == {
        "naïve": ["é"],
        "y": [1],
    }


def test_a_byte_of_another_encoding_is_found(table: Make) -> None:
    content = b"x,y\n" + b"1,a\n" * 200_000 + b"2,\xe9\n" + b"3,c\n"
    with pytest.raises(Invalid, match=r"a\.csv:200002:1: expected text in utf8, found the byte 0xe9"):
        table({"a.csv": content}).count()


def test_path_column_and_compressed_files(table: Make) -> None:
    found = table({"a.csv.gz": gzip.compress(b"x\n1\n"), "b.csv": "x\n2\n"}, "{include_path_column: true}")
    assert rows(found) == {"Path": ["a.csv.gz", "b.csv"], "x": [1, 2]}


def test_a_damaged_compressed_file(table: Make) -> None:
    whole = gzip.compress(b"x,y\n" + b"1,2\n" * 1000)
    with pytest.raises(Invalid, match=r"a\.csv\.gz: cannot be read"):
        table({"a.csv.gz": whole[: len(whole) // 2]}).count()


@pytest.mark.parametrize(("content", "names"), [("", []), ("\n\n", []), ("x,y\n", ["x", "y"])])
def test_files_without_rows(table: Make, content: str, names: list[str]) -> None:
    found = table({"a.csv": content})
    assert (found.schema.names, found.count()) == (names, 0)


def test_batches_are_no_larger_than_asked(table: Make) -> None:
    found = table({"a.csv": "x\n" + "\n".join(map(str, range(1000))) + "\n"})
    sizes = [len(batch) for batch in found.to_batches(rows=300)]
    assert max(sizes) <= 300
    assert sum(sizes) == 1000
