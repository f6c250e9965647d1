"""The first rows of a table, as JSON can say them, and what each column's values are called."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from zaffre.tables.libraries import pa
from zaffre.tables.table import Table

LONGEST = 1000
"""Characters of a value, at most."""
_FAR = 65_536
"""Rows read at once on the way to a page further back."""


def preview(table: Table, rows: int, skip: int = 0) -> dict[str, Any]:
    """``columns`` (name, type), ``rows`` after the first ``skip``, and whether there are more."""
    schema = table.schema
    found: list[list[Any]] = []
    for batch in table.to_batches(rows=max(1024, rows + 1) if skip == 0 else _FAR):
        if skip >= batch.num_rows:
            skip -= batch.num_rows
            continue
        columns = [[plain(value) for value in column.slice(skip, rows + 1).to_pylist()] for column in batch.columns]
        skip = 0
        found += [list(row) for row in zip(*columns, strict=True)]
        if len(found) > rows:
            break
    columns = [{"name": field.name, "type": word(field.type)} for field in schema]
    return {"columns": columns, "rows": found[:rows], "more": len(found) > rows, "notes": table.notes.to_json()}


def plain(value: Any) -> Any:
    """A value as JSON has it: moments as ISO 8601, what is no number as text, long texts cut."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list | dict):
        return _nested(value)  # type: ignore[reportUnknownArgumentType]
    text = _text(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _nested(value: list[Any] | dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value[:LONGEST]]


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)


def word(kind: Any) -> str:
    """An Arrow type in the words of an MLTable, its own name where that has none."""
    tests = (
        (pa.types.is_boolean, "boolean"), (pa.types.is_integer, "int"), (pa.types.is_floating, "float"),
        (pa.types.is_string, "string"), (pa.types.is_timestamp, "datetime"), (pa.types.is_date, "datetime"),
    )  # fmt: skip
    return next((name for test, name in tests if test(kind)), str(kind))
