"""Parquet files as batches, row group by row group; Delta Lake folders as the parquet files of one version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import DeltaLake, Parquet
from zaffre.tables.libraries import pa, pq
from zaffre.tables.reading import Asked, Piece, path_column, with_path
from zaffre.tables.sources import Source


class ParquetReader:
    """``read_parquet``."""

    def __init__(self, options: Parquet, asked: Asked) -> None:
        self._options = options
        self._asked = asked
        self._columns = _united([(source, _opened(source).schema_arrow) for source in asked.files])

    def schema(self) -> Any:
        """The columns of all files together."""
        has_path = self._options.include_path_column
        return with_path(self._columns, self._options.path_column) if has_path else self._columns

    def pieces(self) -> Iterator[Piece]:
        """All files, in order."""
        for source in self._asked.files:
            for batch in _batches(source, self._asked.rows):
                yield Piece(self._shaped(batch, source), source)

    def _shaped(self, batch: Any, source: Source) -> Any:
        columns = [_column(batch, field) for field in self._columns]
        if self._options.include_path_column:
            columns.insert(0, path_column(source, len(batch)))
        return pa.RecordBatch.from_arrays(columns, schema=self.schema())


class DeltaReader:
    """``read_delta_lake``."""

    def __init__(self, options: DeltaLake, asked: Asked) -> None:
        self._options = options
        self._asked = asked
        self._sets = [(folder, _dataset(folder, options)) for folder in asked.files]
        self._columns = _united([(folder, data.schema) for folder, data in self._sets])

    def schema(self) -> Any:
        """The table's columns at that version."""
        return with_path(self._columns, "Path") if self._options.include_path_column else self._columns

    def pieces(self) -> Iterator[Piece]:
        """The rows at that version."""
        for folder, data in self._sets:
            scanner = data.scanner(
                batch_size=self._asked.rows, batch_readahead=0, fragment_readahead=1, use_threads=False
            )
            try:
                for batch in scanner.to_batches():
                    columns = [_column(batch, field) for field in self._columns]
                    if self._options.include_path_column:
                        columns.insert(0, path_column(folder, len(batch)))
                    yield Piece(pa.RecordBatch.from_arrays(columns, schema=self.schema()), folder)
            except (OSError, pa.ArrowInvalid) as error:
                raise _broken(folder, error, "a Delta Lake table") from error


def _opened(source: Source) -> Any:
    try:
        return pq.ParquetFile(source.path, pre_buffer=False, buffer_size=1024 * 1024, memory_map=False)
    except (OSError, pa.ArrowInvalid) as error:
        raise _broken(source, error, "a parquet file") from error


def _batches(source: Source, rows: int) -> Iterator[Any]:
    file = _opened(source)
    try:
        for group in range(file.num_row_groups):  # one after the other, so that none stays in memory
            try:
                yield from file.iter_batches(batch_size=rows, row_groups=[group], use_threads=False)
            except (OSError, pa.ArrowInvalid) as error:
                told = f"row group {group + 1} of {file.num_row_groups} is broken: {_words(error)}"
                raise Invalid([Problem(told, file=source.shown)]) from error
    finally:
        file.close()


def _broken(source: Source, error: Exception, what: str) -> Invalid:
    return Invalid(
        [Problem(f"expected {what}, found something else or a broken one: {_words(error)}", file=source.shown)]
    )


def _words(error: Exception) -> str:
    return str(error).splitlines()[0][:200]


def _united(schemas: list[tuple[Source, Any]]) -> Any:
    """One schema for all files: of their columns those of the first file first, numbers as wide as any file has them."""
    fields: dict[str, Any] = {}
    for source, schema in schemas:
        for field in schema:
            plain = pa.field(field.name, _plain(field.type))
            known = fields.setdefault(field.name, plain)
            fields[field.name] = pa.field(field.name, _wider(known, plain, source))
    return pa.schema(list(fields.values()))


def _plain(kind: Any) -> Any:
    """A type without encodings and zones that change nothing for who reads values."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_large_string(kind):
        return pa.string()
    return pa.timestamp("us") if pa.types.is_timestamp(kind) else kind


def _wider(known: Any, found: Any, source: Source) -> Any:
    if known.type == found.type or pa.types.is_null(found.type):
        return known.type
    if pa.types.is_null(known.type):
        return found.type
    numbers = (pa.types.is_integer, pa.types.is_floating)
    if any(test(known.type) for test in numbers) and any(test(found.type) for test in numbers):
        both = pa.types.is_integer(known.type) and pa.types.is_integer(found.type)
        return pa.int64() if both else pa.float64()
    told = f"column {found.name} is {found.type} here and {known.type} in the files before"
    raise Invalid([Problem(told, file=source.shown)])


def _column(batch: Any, field: Any) -> Any:
    index = batch.schema.get_field_index(field.name)
    if index < 0:
        return pa.nulls(len(batch), field.type)
    column = batch.column(index)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column if column.type == field.type else column.cast(field.type, safe=False)


def _dataset(folder: Source, options: DeltaLake) -> Any:
    from deltalake import DeltaTable  # noqa: PLC0415 - weight: a third of a second that only such tables need
    from deltalake.exceptions import DeltaError  # noqa: PLC0415

    try:
        table: Any = DeltaTable(str(folder.path), version=options.version_as_of)
        if options.timestamp_as_of:
            table.load_as_version(_moment(options.timestamp_as_of))
        outside = [uri for uri in table.file_uris() if not _is_inside(uri, folder.path)]
        if outside:
            raise Invalid([Problem("the table names files outside its own folder", file=folder.shown)])
        return table.to_pyarrow_dataset()
    except (DeltaError, OSError, ValueError) as error:
        raise _broken(folder, error, "a Delta Lake table") from error


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        told = f"expected a moment such as 2026-01-31T00:00:00Z, found {text!r}"
        raise Invalid([Problem(told, "timestamp_as_of")]) from None


def _is_inside(uri: str, folder: Path) -> bool:
    parts = urlsplit(uri)
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(uri)
    return parts.scheme in ("", "file") and path.resolve().is_relative_to(folder.resolve())
