"""The rows of a table by the values of some columns: all rows of one value together, however far apart they lie.

The table is read once and written into buckets by the hash of the keys; then one bucket at a time is in memory.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.problems import closest
from zaffre.tables.libraries import pa
from zaffre.tables.table import Table

_BUCKETS = 64


class Partitions:
    """Groups of rows."""

    def __init__(self, table: Table, keys: list[str], folder: Path) -> None:
        self._table = table
        self._keys = keys
        self._folder = folder / "buckets"

    def groups(self) -> Iterator[tuple[dict[str, Any], Any]]:
        """(values of the keys, their rows), in the order of the buckets, which is the same every time."""
        self._check()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        try:
            self._spread()
            for number in range(_BUCKETS):
                yield from self._of_bucket(self._folder / str(number))
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self) -> None:
        names = list(self._table.schema.names)
        wrong = [key for key in self._keys if key not in names]
        if wrong:
            hint = closest(wrong[0], names) or f"its columns are {', '.join(names)}"
            raise Invalid([Problem(f"the table has no column {wrong[0]!r} ({hint})", "partition_keys")])

    def _spread(self) -> None:
        writers: dict[int, Any] = {}
        try:
            for batch in self._table.to_batches():
                places: dict[int, list[int]] = {}
                for at, values in enumerate(_values(batch, self._keys)):
                    places.setdefault(zlib.crc32(repr(values).encode("utf-8", "surrogatepass")) % _BUCKETS, []).append(
                        at
                    )
                for number, rows in places.items():
                    if number not in writers:
                        writers[number] = pa.ipc.new_stream(str(self._folder / str(number)), batch.schema)
                    writers[number].write_batch(batch.take(pa.array(rows)))
        finally:
            for writer in writers.values():
                writer.close()

    def _of_bucket(self, path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
        if not path.exists():
            return
        with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
            rows = reader.read_all().combine_chunks()
            places: dict[tuple[Any, ...], list[int]] = {}
            for at, values in enumerate(_values(rows, self._keys)):
                places.setdefault(values, []).append(at)
            for values, mine in places.items():
                few = rows.take(pa.array(mine)).combine_chunks().to_batches()[0]
                yield {key: _told(value) for key, value in zip(self._keys, values, strict=True)}, few


def _values(rows: Any, keys: list[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(rows.column(key).to_pylist() for key in keys), strict=True)


def _told(value: Any) -> Any:
    """A key's value as a plan can say it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, datetime | date) else value if _is_plain(value) else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
