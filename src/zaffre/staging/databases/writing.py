"""Rows as parquet files: batches, row groups and parts of bounded bytes, so that memory does not grow with rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid
from zaffre.staging.databases.libraries import pa, pq
from zaffre.staging.databases.reader import Reader

FIRST_ROWS = 1_000
MOST_ROWS = 50_000
BATCH_BYTES = 8 * 1024 * 1024
GROUP_BYTES = 32 * 1024 * 1024
PART_BYTES = 512 * 1024 * 1024
"""Bytes in memory after which a batch, a row group, a part is full; on disk they are a fraction of it."""
_SHOWN = 80


@dataclass
class Written:
    """What there is so far."""

    rows: int = 0
    files: int = 0
    bytes: int = 0


class Writer:
    """One folder of parts, ``part-00000.parquet`` first."""

    def __init__(self, folder: Path, reader: Reader, tell: Callable[[Written], None]) -> None:
        self._folder = folder
        self._reader = reader
        self._tell = tell
        self._schema = pa.schema([pa.field(name, kind) for name, kind in reader.columns])
        self._file: Any = None
        self._in_part = 0
        self._held: list[Any] = []
        self._held_bytes = 0
        self._done = Written()

    def write(self) -> Written:
        """Every row; without one there is one part that has the columns."""
        try:
            ask = FIRST_ROWS
            while rows := self._reader.rows(ask):
                batch = self._batch(rows)
                self._done.rows += len(rows)
                self._hold(batch)
                ask = max(1, min(MOST_ROWS, ask * 4, BATCH_BYTES * len(rows) // max(1, batch.nbytes)))
            self._flush()
            if not self._done.files:
                self._open()
            self._close()
        finally:
            if self._file is not None:
                self._file.close()
        return self._done

    def _batch(self, rows: list[tuple[Any, ...]]) -> Any:
        columns = zip(*rows, strict=True)
        made = [self._array(index, values) for index, values in enumerate(columns)]
        return pa.RecordBatch.from_arrays(made, schema=self._schema)

    def _array(self, index: int, values: tuple[Any, ...]) -> Any:
        field = self._schema.field(index)
        try:
            return pa.array(values, type=field.type)
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise _unfit(field, values, self._done.rows) from error

    def _hold(self, batch: Any) -> None:
        self._held.append(batch)
        self._held_bytes += batch.nbytes
        if self._held_bytes >= GROUP_BYTES:
            self._flush()
            if self._in_part >= PART_BYTES:
                self._close()
            self._tell(self._done)

    def _flush(self) -> None:
        if not self._held:
            return
        table = pa.Table.from_batches(self._held, schema=self._schema)
        file = self._file or self._open()
        file.write_table(table, row_group_size=max(1, len(table)))
        self._in_part += self._held_bytes
        self._held, self._held_bytes = [], 0

    def _open(self) -> Any:
        self._file = pq.ParquetWriter(self._path(self._done.files), self._schema)
        self._in_part = 0
        self._done.files += 1
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            self._done.bytes += self._path(self._done.files - 1).stat().st_size

    def _path(self, number: int) -> Path:
        return self._folder / f"part-{number:05}.parquet"


def _unfit(field: Any, values: tuple[Any, ...], before: int) -> Invalid:
    """Which value it was, and what to do."""
    for row, value in enumerate(values, start=before + 1):
        try:
            pa.array([value], type=field.type)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            told = f"row {row}: column {field.name} is {field.type} and cannot hold {str(value)[:_SHOWN]!r}"
            return Invalid(f"{told}; CAST it in the query")
    return Invalid(f"column {field.name} is {field.type} and cannot hold what is there; CAST it in the query")
