"""An ``MLTable`` document: which files make a table and what is done to their rows, in Azure's schema.

Only the document: nothing is read here. ``zaffre.tables`` reads the data, clients and server check documents with ``read``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from zaffre.core import document, predicate
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, is_list
from zaffre.core.spelling import renamed
from zaffre.core.wire import Spec

FILE_NAME = "MLTable"
READERS = ("read_delimited", "read_parquet", "read_json_lines", "read_delta_lake")
CLOUD = ("azureml", "https", "http", "wasbs", "wasb", "abfss", "abfs", "adl", "s3", "gs")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")

Encoding = Annotated[
    Literal["utf8", "utf8bom", "latin1", "ascii", "utf16", "utf32", "windows1252"],
    renamed(
        {word: word for word in ("utf8", "utf8bom", "latin1", "ascii", "utf16", "utf32", "windows1252")},
        **{"utf-8": "utf8", "utf8 bom": "utf8bom", "utf-8-sig": "utf8bom", "utf-16": "utf16", "utf-32": "utf32"},
        **{"latin-1": "latin1", "iso88591": "latin1", "iso-8859-1": "latin1", "windows-1252": "windows1252"},
    ),
]


class TablePath(Spec):
    """Where rows come from: exactly one of the three."""

    file: str | None = None
    folder: str | None = None
    pattern: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len([value for value in (self.file, self.folder, self.pattern) if value]) != 1:
            raise ValueError("expected exactly one of file, folder, pattern")
        return self

    @property
    def kind(self) -> str:
        """``file``, ``folder`` or ``pattern``."""
        return "file" if self.file else "folder" if self.folder else "pattern"

    @property
    def value(self) -> str:
        """The path or URI."""
        return self.file or self.folder or self.pattern or ""

    @property
    def is_cloud(self) -> bool:
        """Whether it is a URI rather than a path beside the document."""
        return _SCHEME.match(self.value) is not None


class Matching(Spec):
    """Columns by a regular expression."""

    pattern: str
    ignore_case: bool = False
    invert: bool = False

    @model_validator(mode="after")
    def _compiles(self) -> Self:
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"{self.pattern!r} is no regular expression: {error}") from None
        return self


Columns = str | list[str] | Matching


class ToBoolean(Spec):
    """Which texts are true and false."""

    true_values: list[str] | None = None
    false_values: list[str] | None = None
    mismatch_as: Annotated[
        Literal["true", "false", "error"], BeforeValidator(lambda said: {True: "true", False: "false"}.get(said, said))
    ] = "error"

    @model_validator(mode="after")
    def _both(self) -> Self:
        if bool(self.true_values) != bool(self.false_values):
            raise ValueError("expected true_values and false_values together")
        both = set(self.true_values or ()) & set(self.false_values or ())
        if both:
            raise ValueError(f"{sorted(both)[0]!r} is both true and false")
        return self


class ToDatetime(Spec):
    """How moments are written."""

    formats: str | list[str]
    date_constant: str | None = None
    """The day that is meant where a format has a time only."""


class ToStream(Spec):
    """A path that stands for the file behind it."""

    subscription: str | None = None
    resource_group: str | None = None
    workspace_name: str | None = None
    escaped: bool = False


class Wanted(Spec):
    """A type with its options: exactly one."""

    boolean: ToBoolean | None = None
    datetime: ToDatetime | None = None
    stream_info: ToStream | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("expected exactly one of boolean, datetime, stream_info")
        return self


ColumnType = Literal["int", "float", "string", "boolean", "datetime", "stream_info"] | Wanted


class Conversion(Spec):
    """Columns and the type their values get; what cannot be converted becomes null."""

    columns: Columns
    column_type: ColumnType

    @property
    def word(self) -> str:
        """The type's name."""
        return self.column_type if isinstance(self.column_type, str) else next(iter(self.column_type.model_fields_set))


class Inference(Spec):
    """How types of delimited columns are found."""

    sample_size: Annotated[int, Field(ge=1)] = 1000
    column_type_overrides: list[Conversion] | None = None


class Delimited(Spec):
    """Text files with one record a line."""

    delimiter: Annotated[str, Field(min_length=1, max_length=2)] = ","
    header: Literal["no_header", "from_first_file", "all_files_different_headers", "all_files_same_headers"] = (
        "all_files_same_headers"
    )
    support_multi_line: bool = False
    empty_as_string: bool = False
    encoding: Encoding = "utf8"
    include_path_column: bool = False
    infer_column_types: bool | Inference = True
    path_column: str = "Path"
    partition_size: int | None = None


class Parquet(Spec):
    """Parquet files."""

    include_path_column: bool = False
    path_column: str = "Path"


class JsonLines(Spec):
    """Text files with one JSON object a line."""

    invalid_lines: Literal["error", "drop"] = "error"
    encoding: Encoding = "utf8"
    include_path_column: bool = False
    path_column: str = "Path"
    partition_size: int | None = None


class DeltaLake(Spec):
    """A Delta Lake folder as it was at a version or moment."""

    version_as_of: Annotated[int, Field(ge=0)] | None = None
    timestamp_as_of: str | None = None
    include_path_column: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.version_as_of is not None and self.timestamp_as_of is not None:
            raise ValueError("expected either version_as_of or timestamp_as_of, found both")
        return self


class Sample(Spec):
    """A random part of the rows."""

    probability: Annotated[float, Field(ge=0, le=1)]
    seed: int | None = None


class SamplerArguments(Spec):
    """What the older spelling, ``sample``, is told."""

    probability: Annotated[float, Field(ge=0, le=1)]
    seed: int | None = None
    probability_lower_bound: float | None = None


class Sampler(Spec):
    """The older spelling of ``take_random_sample``."""

    sampler: Literal["randomPercent", "random_percent"] = "random_percent"
    sampler_arguments: SamplerArguments


class PartitionFormat(Spec):
    """Columns found in the paths of files, e.g. ``/{country}/{day:yyyy/MM/dd}/data.csv``."""

    partition_format: str


def _format(value: Any) -> Any:
    """``{day:yyyy/MM}`` without quotes is a YAML mapping with one empty value."""
    if is_dict(value) and len(value) == 1 and next(iter(value.values())) is None:
        return {"partition_format": "{" + str(next(iter(value))) + "}"}
    return {"partition_format": value} if isinstance(value, str) else value


class Step(Spec):
    """One transformation: exactly one of these."""

    read_delimited: Delimited | None = None
    read_parquet: Parquet | None = None
    read_json_lines: JsonLines | None = None
    read_delta_lake: DeltaLake | None = None
    extract_columns_from_partition_format: Annotated[PartitionFormat, BeforeValidator(_format)] | None = None
    select_partitions: list[int] | None = None
    sample: Sampler | None = None
    filter: str | None = None
    take: Annotated[StrictInt, Field(ge=0)] | None = None
    take_random_sample: Sample | None = None
    skip: Annotated[StrictInt, Field(ge=0)] | None = None
    drop_columns: Columns | None = None
    keep_columns: Columns | None = None
    convert_column_types: list[Conversion] | None = None

    @property
    def word(self) -> str:
        """Which one it is."""
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        """What it is told."""
        return getattr(self, self.word)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("expected one transformation for each entry of the list")
        if self.filter is not None:
            try:
                predicate.parse(self.filter)
            except Invalid as error:
                raise ValueError("; ".join(str(problem) for problem in error.problems)) from None
        return self


class Traits(Spec):
    """What columns mean."""

    index_columns: list[str] | None = None
    timestamp_column: str | None = None


class MLTable(Spec):
    """The document."""

    ignored: ClassVar[frozenset[str]] = frozenset({"query_source"})

    type: Literal["mltable"] = "mltable"
    paths: list[TablePath]
    transformations: list[Step] | None = None
    traits: Traits | None = None
    metadata: dict[str, Any] | None = None

    @property
    def reader(self) -> str:
        """The transformation that reads, ``""`` where the table is the list of its files."""
        return next((step.word for step in self.transformations or () if step.word in READERS), "")

    def placed(self, problem: Problem) -> Problem:
        """``problem`` with the place that its field has in the document, where that was read from text."""
        source = self._source
        if source is None:
            return problem
        parts: Sequence[tuple[str, str]] = _PART.findall(problem.field)
        path = tuple(int(index) if index else name for index, name in parts)
        line, column = source.place(path, value=True)
        return replace(problem, file=problem.file or source.file, line=line, column=column)


def read(text: str, *, file: str = FILE_NAME) -> MLTable:
    """The table ``text`` describes; raises ``Invalid`` with file, line, column and the word that was meant."""
    source = document.load(text, file=file)
    if "query_source" in source.data and "paths" not in source.data:
        line, column = source.place(("query_source",))
        told = "tables from database queries are not read here; export the rows to a file"
        raise Invalid([Problem(told, "query_source", file, line, column)])
    places = document.Document(_whole(source.data), file, source.places)
    found = MLTable.from_yaml(places)
    if wrong := _order(found):
        raise Invalid([found.placed(problem) for problem in wrong])
    return found


def check_asset(table: MLTable, file: str = FILE_NAME) -> None:
    """What a registered table keeps to: its paths lie in its own folder, or are URIs of a scheme that is known."""
    wrong = [
        Problem(told, f"paths[{index}].{path.kind}", file)
        for index, path in enumerate(table.paths)
        if (told := _place(path))
    ]
    if wrong:
        raise Invalid([table.placed(problem) for problem in wrong])


def _place(path: TablePath) -> str:
    scheme = _SCHEME.match(path.value)
    if scheme is not None:
        known = scheme[1].lower() in CLOUD
        return (
            "" if known else f"{scheme[1]}:// is not read; expected a path in this folder, or {', '.join(CLOUD[:6])}://"
        )
    if path.value.startswith("/") or ".." in PurePosixPath(path.value).parts:
        return f"{path.value!r} leads out of the table's folder; put the data beside MLTable, or name it by URI"
    return ""


def _whole(data: Mapping[str, Any]) -> dict[str, Any]:
    """The document with ``- read_parquet`` written as ``- read_parquet: {}``."""
    found: Any = data.get("transformations")
    if not is_list(found):
        return dict(data)
    return {**data, "transformations": [_mapping(item) for item in found]}


def _mapping(item: Any) -> Any:
    if isinstance(item, str):
        return {item: {}}
    if is_dict(item) and len(item) == 1 and next(iter(item.values())) is None:
        return {next(iter(item)): {}}
    return item


def _order(table: MLTable) -> list[Problem]:
    """Rows are read once, before anything is done to them."""
    steps = table.transformations or ()
    readers = [index for index, step in enumerate(steps) if step.word in READERS]
    if len(readers) > 1:
        return [Problem("a table is read once; this is its second reader", f"transformations[{readers[1]}]")]
    if not readers:
        return []
    before = ("extract_columns_from_partition_format", "select_partitions")
    early = [index for index in range(readers[0]) if steps[index].word not in before]
    told = f"stands before {steps[readers[0]].word}; what reads the files comes first"
    return [Problem(told, f"transformations[{index}].{steps[index].word}") for index in early]
