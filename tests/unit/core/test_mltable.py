"""MLTable documents: Azure's forms are read, mistakes are named at their line and column."""

from __future__ import annotations

import pytest

from zaffre.core import mltable
from zaffre.core.errors import Invalid

PATHS = "paths:\n  - file: ./a.csv\n"


def refused(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        mltable.check_asset(mltable.read(text))
    return str(caught.value)


def test_every_transformation_of_the_schema_is_read() -> None:
    table = mltable.read(
        """
$schema: https://azuremlschemas.azureedge.net/latest/MLTable.schema.json
type: mltable
paths:
  - file: ./a.csv
  - folder: azureml://datastores/x/paths/y
  - pattern: ./**/*.csv
metadata: {source: here}
traits: {index_columns: [id], timestamp_column: when}
transformations:
  - extract_columns_from_partition_format: {day:yyyy/MM/dd}
  - read_delimited: {delimiter: ';', encoding: 'utf-8', header: from_first_file, support_multi_line: true,
      empty_as_string: true, include_path_column: true, path_column: from,
      infer_column_types: {sample_size: 10, column_type_overrides: [{columns: zip, column_type: string}]}}
  - select_partitions: [0, 2]
  - filter: 'col("a") > 1'
  - take: 5
  - skip: 1
  - take_random_sample: {probability: 0.5, seed: 3}
  - sample: {sampler: randomPercent, sampler_arguments: {probability: 0.5, seed: 1}}
  - drop_columns: a
  - keep_columns: [b, c]
  - keep_columns: {pattern: '^b', ignore_case: true, invert: true}
  - convert_column_types:
      - {columns: b, column_type: int}
      - {columns: [c], column_type: {datetime: {formats: '%d/%m/%Y', date_constant: '2020-01-01'}}}
      - {columns: d, column_type: {boolean: {true_values: [y], false_values: [n], mismatch_as: false}}}
      - {columns: e, column_type: {stream_info: {workspace_name: w}}}
"""
    )
    assert table.transformations is not None
    words = [step.word for step in table.transformations]
    assert words == [
        "extract_columns_from_partition_format", "read_delimited", "select_partitions", "filter", "take", "skip",
        "take_random_sample", "sample", "drop_columns", "keep_columns", "keep_columns", "convert_column_types",
    ]  # fmt: skip
    assert table.transformations[0].value.partition_format == "{day:yyyy/MM/dd}"
    assert table.reader == "read_delimited"
    assert [one.word for one in table.transformations[-1].value] == ["int", "datetime", "boolean", "stream_info"]
    assert [path.is_cloud for path in table.paths] == [False, True, False]


@pytest.mark.parametrize("written", ["- read_parquet", "- read_parquet:", "- read_parquet: {}"])
def test_a_reader_may_stand_without_options(written: str) -> None:
    assert mltable.read(f"{PATHS}transformations:\n  {written}\n").reader == "read_parquet"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{PATHS}transformations:\n - read_delimted:\n     delimiter: ','\n",
         'MLTable:4:4: transformations[0].read_delimted: unknown field; did you mean "read_delimited"?'),
        (f"{PATHS}transformations:\n - read_parket\n", 'did you mean "read_parquet"?'),
        (f"{PATHS}transformations:\n - read_delimited: {{heder: no_header}}\n", 'MLTable:4:21: '),
        (f"{PATHS}transformations:\n - take: -1\n", "MLTable:4:10: transformations[0].take:"),
        (f"{PATHS}transformations:\n - take: many\n", "expected a whole number"),
        (f"{PATHS}transformations:\n - take: 1\n   skip: 1\n", "expected one transformation for each entry"),
        (f"{PATHS}transformations:\n - filter: 'a >'\n", "MLTable:4:4: transformations[0]: at character 4"),
        (f"{PATHS}transformations:\n - take_random_sample: {{probability: 2}}\n", "less than or equal to 1"),
        (f"{PATHS}transformations:\n - read_delta_lake: {{version_as_of: 1, timestamp_as_of: x}}\n", "found both"),
        (f"{PATHS}transformations:\n - keep_columns: {{pattern: '('}}\n", "is no regular expression"),
        (f"{PATHS}transformations:\n - read_parquet\n - read_delimited\n", "MLTable:5:4: transformations[1]: a table is read"),
        (f"{PATHS}transformations:\n - take: 1\n - read_parquet\n", "stands before read_parquet"),
        ("paths:\n  - {file: a, folder: b}\n", "expected exactly one of file, folder, pattern"),
        ("transformations: []\n", "paths: required, but missing"),
        ("type: table\npaths: [{file: a}]\n", 'expected "mltable"'),
        ("paths:\n  - file: ../a.csv\n", "MLTable:2:11: paths[0].file: '../a.csv' leads out of the table's folder"),
        ("paths:\n  - file: /etc/passwd\n", "leads out"),
        ("paths:\n  - file: ftp://x/y\n", "ftp:// is not read"),
        ("query_source: {}\n", "database queries are not read here"),
        ("paths: [\n", "not YAML"),
    ],
)  # fmt: skip
def test_mistakes_have_a_place(text: str, told: str) -> None:
    assert told in refused(text)
