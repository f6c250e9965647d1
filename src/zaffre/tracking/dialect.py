"""What is SQLite's own in the tracking database: opening it, and the few words its SQL spells differently.

The queries elsewhere keep to what SQLite and PostgreSQL share (``ON CONFLICT``, row values, window functions).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

BUSY_SECONDS = 20.0
CHUNK = 500
"""Values in one ``IN`` list, below SQLite's limit on parameters."""

_COMPARE = {
    "=": "{column} = ?",
    "!=": "{column} != ?",
    ">": "{column} > ?",
    ">=": "{column} >= ?",
    "<": "{column} < ?",
    "<=": "{column} <= ?",
    "LIKE": "{column} LIKE ?",
    "ILIKE": "lower({column}) LIKE lower(?)",
}


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the file. Transactions are begun and ended by hand."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    for pragma in (
        "journal_mode = WAL",
        # A commit reaches the kernel before it is answered, so killing the server loses nothing; only power loss can
        # take the last moments. MLflow's own server runs with the same setting.
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "case_sensitive_like = ON",
        "temp_store = MEMORY",
        "cache_size = -16384",
        "mmap_size = 268435456",
        "wal_autocheckpoint = 0",  # the database does it aside, so that no writer waits for the disk
        f"query_only = {'ON' if read_only else 'OFF'}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def compare(column: str, operator: str, value: object) -> tuple[str, list[object]]:
    """A comparison as SQL and its parameters; ``IN`` and ``NOT IN`` take a sequence."""
    if operator in ("IN", "NOT IN"):
        values = list(cast(Sequence[object], value))
        return f"{column} {operator} ({marks(values)})", values
    return _COMPARE[operator].format(column=column), [value]


def marks(values: Sequence[object]) -> str:
    """``?, ?, ?`` for a list of values."""
    return ", ".join("?" * len(values))


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """``values`` in pieces that fit one ``IN`` list."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
