"""Every transformation, against what pandas computes on the same rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from zaffre.core.errors import Invalid
from zaffre.tables import Table, load

FRAME = pd.DataFrame(
    {
        "n": range(500),
        "f": [float(n) / 7 if n % 9 else None for n in range(500)],
        "s": [f"name {n % 13}" if n % 11 else None for n in range(500)],
        "b": [bool(n % 2) for n in range(500)],
        "d": [pd.Timestamp("2020-01-01") + pd.Timedelta(days=n % 40) for n in range(500)],
    }
)
Made = Callable[[str], Table]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("table")
    FRAME.to_parquet(place / "all.parquet", row_group_size=37)
    return place


@pytest.fixture
def made(folder: Path) -> Made:
    def make(steps: str) -> Table:
        text = f"paths: [{{file: all.parquet}}]\ntransformations:\n  - read_parquet\n{steps}"
        (folder / "MLTable").write_text(text)
        return load(folder)

    return make


def ids(table: Table, rows: int = 64) -> list[int]:
    return [n for batch in table.to_batches(rows) for n in batch.column("n").to_pylist()]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ('col("n") > 490', FRAME.n > 490),
        ("n >= 10 and n < 20 or n == 400", ((FRAME.n >= 10) & (FRAME.n < 20)) | (FRAME.n == 400)),
        ('col("s") == "name 3"', FRAME.s == "name 3"),
        ('s != "name 3"', (FRAME.s != "name 3") & FRAME.s.notna()),
        ("not (f > 10)", (FRAME.f <= 10) & FRAME.f.notna()),
        ("f is None", FRAME.f.isna()),
        ("col('f') == None", FRAME.f.isna()),
        ("col('f') != None and b", FRAME.f.notna() & FRAME.b),
        ("s in ('name 1', 'name 2')", FRAME.s.isin(["name 1", "name 2"])),
        ("s not in ('name 1')", (FRAME.s != "name 1") & FRAME.s.notna()),
        ("s in ('name 1', None)", (FRAME.s == "name 1") | FRAME.s.isna()),
        ('s.contains("me 1")', FRAME.s.str.contains("me 1", na=False)),
        ('s.startswith("name 1") and not s.endswith("2")',
         FRAME.s.str.startswith("name 1", na=False) & ~FRAME.s.str.endswith("2", na=False)),
        ("n % 7 == 3", FRAME.n % 7 == 3),
        ("n * 2 + 1 > 900 - n / 2", FRAME.n * 2 + 1 > 900 - FRAME.n / 2),
        ("-n < -490", -FRAME.n < -490),
        ("d > datetime(2020, 2, 1)", FRAME.d > pd.Timestamp("2020-02-01")),
        ("b == True", FRAME.b), ("b", FRAME.b), ("n > f", FRAME.n > FRAME.f), ("True", FRAME.n >= 0), ("None", FRAME.n < 0),
    ],
)  # fmt: skip
def test_filter(made: Made, text: str, truth: Any) -> None:
    quoted = text.replace("'", "''")
    assert ids(made(f"  - filter: '{quoted}'\n")) == FRAME.n[truth].tolist()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nn > 3", "there is no column 'nn'; did you mean \"n\"?"),
        ('n > "x"', 'col("n") is a number and cannot be compared with "x", a text'),
        ("s + 1 > 2", "+ needs a number"),
        ("n and b", "and needs a boolean"),
        ("n + 1", "expected a comparison, which is true or false; this is a number"),
        ('n.contains("1")', ".contains() is asked of texts"),
        ("n in ('x')", "cannot be compared"),
        ("not n", "not needs a boolean"),
    ],
)
def test_filters_that_cannot_be(made: Made, text: str, told: str) -> None:
    quoted = text.replace("'", "''")
    with pytest.raises(Invalid) as caught:
        made(f"  - filter: '{quoted}'\n").schema  # noqa: B018 - it is the asking that fails
    assert told in str(caught.value)
    assert "transformations[1].filter" in str(caught.value)


@pytest.mark.parametrize("rows", [7, 64, 1000])
def test_take_skip_and_their_order(made: Made, rows: int) -> None:
    assert ids(made("  - take: 10\n"), rows) == list(range(10))
    assert ids(made("  - skip: 495\n"), rows) == list(range(495, 500))
    assert ids(made("  - skip: 100\n  - take: 5\n"), rows) == list(range(100, 105))
    assert ids(made("  - take: 5\n  - skip: 2\n"), rows) == [2, 3, 4]
    assert ids(made("  - filter: n > 100\n  - skip: 1\n  - take: 2\n"), rows) == [102, 103]
    assert ids(made("  - take: 0\n"), rows) == []


def test_take_reads_no_more_than_it_needs(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from zaffre.tables import parquet

    seen: list[int] = []
    whole = parquet._batches

    def counted(*words: Any) -> Any:
        for batch in whole(*words):
            seen.append(len(batch))
            yield batch

    monkeypatch.setattr(parquet, "_batches", counted)
    assert ids(made("  - take: 10\n"), 64) == list(range(10))
    assert sum(seen) == 37  # one row group


SAMPLES = (
    "take_random_sample: {probability: 0.3, seed: 9}",
    "sample: {sampler: random_percent, sampler_arguments: {probability: 0.3, seed: 9}}",
)


@pytest.mark.parametrize("spelling", SAMPLES)
def test_a_seed_takes_the_same_rows_however_they_come(made: Made, spelling: str) -> None:
    table = made(f"  - {spelling}\n")
    truth = FRAME.n[np.random.default_rng(9).random(500) < 0.3].tolist()
    assert [ids(table, rows) for rows in (5, 64, 1000)] == [truth] * 3


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("keep_columns: [d, n]", ["n", "d"]), ("keep_columns: n", ["n"]), ("drop_columns: [f, b]", ["n", "s", "d"]),
        ("keep_columns: {pattern: '^[NF]$', ignore_case: true}", ["n", "f"]),
        ("keep_columns: {pattern: '[nf]', invert: true}", ["s", "b", "d"]),
        ("drop_columns: {pattern: '[nf]'}", ["s", "b", "d"]), ("drop_columns: {pattern: n, invert: true}", ["n"]),
    ],
)  # fmt: skip
def test_columns(made: Made, step: str, names: list[str]) -> None:
    table = made(f"  - {step}\n")
    assert table.schema.names == names
    assert list(table.to_pandas()) == names


def test_columns_that_are_not_there(made: Made) -> None:
    for step in (
        "keep_columns: [n, ss]",
        "drop_columns: ss",
        "convert_column_types: [{columns: ss, column_type: int}]",
    ):
        with pytest.raises(Invalid, match="there is no column 'ss'"):
            made(f"  - {step}\n").schema  # noqa: B018


def converted(made: Made, column: str, kind: str) -> list[Any]:
    frame = made(f"  - convert_column_types: [{{columns: {column}, column_type: {kind}}}]\n").to_pandas()
    return [None if pd.isna(value) else value for value in frame[column]]


def test_conversions_between_types(made: Made) -> None:
    assert converted(made, "f", "int") == [None if pd.isna(value) else int(value) for value in FRAME.f]
    assert converted(made, "n", "float") == [float(n) for n in FRAME.n]
    assert converted(made, "n", "string") == [str(n) for n in FRAME.n]
    assert converted(made, "n", "boolean") == [bool(n) for n in FRAME.n]
    assert converted(made, "b", "int") == [int(value) for value in FRAME.b]
    assert converted(made, "b", "string") == ["true" if value else "false" for value in FRAME.b]
    assert converted(made, "d", "string") == [value.isoformat() for value in FRAME.d]
    assert converted(made, "s", "stream_info") == [None if pd.isna(value) else value for value in FRAME.s]


def test_what_cannot_be_converted_is_nothing_and_noted(made: Made) -> None:
    table = made("  - convert_column_types: [{columns: s, column_type: int}]\n")
    assert table.to_pandas()["s"].isna().all()
    noted = table.notes.mismatched["s"]
    assert noted.count == int(FRAME.s.notna().sum())
    assert noted.first[0] == {"file": "all.parquet", "row": 2, "value": "name 1", "expected": "int"}


@pytest.mark.parametrize(
    ("mismatch", "otherwise"),
    [("mismatch_as: true", True), ("mismatch_as: 'false'", False), ("mismatch_as: error", None)],
)
def test_texts_that_are_true_and_false(made: Made, mismatch: str, otherwise: bool | None) -> None:
    kind = f"{{boolean: {{true_values: ['name 1'], false_values: ['name 2'], {mismatch}}}}}"
    truth = [None if pd.isna(text) else {"name 1": True, "name 2": False}.get(text, otherwise) for text in FRAME.s]
    assert converted(made, "s", kind) == truth


def test_moments_by_format(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("d,t\n31/12/2020,10:05\n2021-01-02,11:06\nnever,x\n")
    (tmp_path / "MLTable").write_text(
        "paths: [{file: a.csv}]\ntransformations:\n  - read_delimited\n  - convert_column_types:\n"
        "      - {columns: d, column_type: {datetime: {formats: ['%d/%m/%Y', '%Y-%m-%d']}}}\n"
        "      - {columns: t, column_type: {datetime: {formats: '%H:%M', date_constant: '2020-05-06'}}}\n"
    )
    frame = load(tmp_path).to_pandas()
    assert frame["d"].tolist()[:2] == [pd.Timestamp("2020-12-31"), pd.Timestamp("2021-01-02")]
    assert frame["t"].tolist()[:2] == [pd.Timestamp("2020-05-06 10:05"), pd.Timestamp("2020-05-06 11:06")]
    assert frame.iloc[2].isna().all()


PARTS = {"2021/03/no/w.csv": "x\n1\n", "2022/04/se/w.csv": "x\n2\n"}


def parts(folder: Path, form: str, *, first: bool) -> Table:
    for name, content in PARTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    steps = [f"  - extract_columns_from_partition_format: '{form}'\n", "  - read_delimited\n"]
    text = "".join(steps if first else reversed(steps))
    (folder / "MLTable").write_text(f"paths: [{{pattern: ./**/*.csv}}]\ntransformations:\n{text}")
    return load(folder)


def test_columns_from_paths(tmp_path: Path) -> None:
    frame = parts(tmp_path, "/{when:yyyy/MM}/{country}/w.csv", first=False).to_pandas()
    assert list(frame) == ["x", "when", "country"]
    assert frame["when"].tolist() == [pd.Timestamp("2021-03-01"), pd.Timestamp("2022-04-01")]
    assert frame["country"].tolist() == ["no", "se"]


def test_before_the_reader_they_come_first_and_are_typed(tmp_path: Path) -> None:
    frame = parts(tmp_path, "{year}/*/{country}", first=True).to_pandas()
    assert list(frame) == ["year", "country", "x"]
    assert frame["year"].tolist() == [2021, 2022]


@pytest.mark.parametrize(
    ("form", "told"),
    [("/w.csv", "expected columns such as"), ("/{x}/w.csv", "there is a column 'x' already"), ("/{a}/{a}/w.csv", "named twice"),
     ("/{when:MM}/w.csv", "expected yyyy")],
)  # fmt: skip
def test_formats_that_cannot_be(tmp_path: Path, form: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        parts(tmp_path, form, first=False).schema  # noqa: B018


def test_paths_that_do_not_fit_have_nothing(tmp_path: Path) -> None:
    assert parts(tmp_path, "/{country}/other.csv", first=False).to_pandas()["country"].isna().all()
