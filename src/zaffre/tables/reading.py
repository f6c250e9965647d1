"""What every reader of a format has in common: what it is asked, and the pieces it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from zaffre.tables.libraries import pa
from zaffre.tables.notes import Notes
from zaffre.tables.sources import Source

ROWS = 65_536
"""Rows of a batch, at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows, and the file they come from."""

    batch: Any
    source: Source


@dataclass(slots=True)
class Asked:
    """How to read."""

    files: list[Source]
    rows: int = ROWS
    skip_bad_lines: bool = False
    """False: the first line that is not of the table's shape ends the reading. True: it is noted and left out."""
    notes: Notes = field(default_factory=Notes)


class Reader(Protocol):
    """One format."""

    def schema(self) -> Any:
        """The columns and their types, known before the rows are read."""
        ...

    def pieces(self) -> Iterator[Piece]:
        """All rows, in order."""
        ...


def with_path(schema: Any, column: str) -> Any:
    """A schema that begins with the file's path."""
    return pa.schema([pa.field(column, pa.string()), *schema])


def path_column(source: Source, rows: int) -> Any:
    """The path, for every row."""
    return pa.repeat(pa.scalar(source.shown, pa.string()), rows)
