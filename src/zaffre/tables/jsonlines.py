"""JSON lines as batches: types from the objects themselves, and the line of whatever is no JSON object."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import JsonLines
from zaffre.tables.libraries import pa
from zaffre.tables.reading import Asked, Piece, path_column, with_path
from zaffre.tables.sources import Source
from zaffre.tables.textfile import Utf8

_LOOKED_AT = 200_000
"""Lines whose objects say which columns there are, and of which types."""
_LONGEST = 16 * 1024 * 1024
_ROWS = 8192
_ORDER = ("boolean", "int", "float", "string")
_ARROW = {"boolean": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "string": pa.string()}


class JsonLinesReader:
    """``read_json_lines``."""

    def __init__(self, options: JsonLines, asked: Asked) -> None:
        self._options = options
        self._asked = asked
        self._types = self._look()

    def schema(self) -> Any:
        """The columns, in the order in which they are first met."""
        found = pa.schema([pa.field(name, _ARROW[word]) for name, word in self._types.items()])
        return with_path(found, self._options.path_column) if self._options.include_path_column else found

    def pieces(self) -> Iterator[Piece]:
        """All files, in order."""
        for source in self._asked.files:
            lines = self._objects(source, noted=True)
            while some := list(islice(lines, min(_ROWS, self._asked.rows))):
                columns = [self._column(some, name, source) for name in self._types]
                if self._options.include_path_column:
                    columns.insert(0, path_column(source, len(some)))
                yield Piece(pa.RecordBatch.from_arrays(columns, schema=self.schema()), source)

    def _look(self) -> dict[str, str]:
        types: dict[str, str] = {}
        left = _LOOKED_AT
        for source in self._asked.files:
            for _, item in islice(self._objects(source, noted=False), left):
                left -= 1
                for name, value in item.items():
                    types[name] = _joined(types.get(name, ""), value)
        return {name: word or "string" for name, word in types.items()}

    def _column(self, some: list[tuple[int, dict[str, Any]]], name: str, source: Source) -> Any:
        word = self._types[name]
        values: list[Any] = []
        for line, item in some:
            said = item.get(name)
            value = _value(said, word)
            if value is None and said is not None:
                self._asked.notes.mismatch(name, file=source.shown, row=line, value=said, expected=word)
            values.append(value)
        return pa.array(values, _ARROW[word])

    def _objects(self, source: Source, *, noted: bool) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each line's number and object."""
        with Utf8(source.path, source.shown, self._options.encoding) as stream:
            text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="\n")
            number = 0
            while line := text.readline(_LONGEST):
                number += 1
                if not line.strip():
                    continue
                item = self._parsed(line, number, source, noted)
                if item is not None:
                    if noted:
                        self._check_names(item, number, source)
                    yield number, item

    def _parsed(self, line: str, number: int, source: Source, noted: bool) -> dict[str, Any] | None:
        try:
            item: Any = json.loads(line)
        except ValueError as error:
            why = str(error).partition(":")[0]
        else:
            if isinstance(item, dict):
                return item  # type: ignore[return-value]  # keys of JSON objects are texts
            why = f"found a {type(item).__name__}"
        if self._options.invalid_lines == "error" and not self._asked.skip_bad_lines:
            told = f"expected a JSON object, {why}: {line[:80].rstrip()}"
            raise Invalid([Problem(told, file=source.shown, line=number, column=1, hint="invalid_lines: drop")])
        if noted:
            self._asked.notes.bad_lines.add(file=source.shown, line=number, text=line[:200].rstrip())
        return None

    def _check_names(self, item: dict[str, Any], number: int, source: Source) -> None:
        new = [name for name in item if name not in self._types]
        if new:
            told = f"the field {new[0]!r} first comes after {_LOOKED_AT} lines; columns are found in those before"
            raise Invalid([Problem(told, file=source.shown, line=number, column=1)])


def _joined(word: str, value: Any) -> str:
    """The narrowest type for what was seen and ``value``."""
    if value is None:
        return word
    kind = _kind(value)
    if not word or word == kind:
        return kind
    return "string" if "boolean" in (word, kind) else _ORDER[max(_ORDER.index(word), _ORDER.index(kind))]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if -(2**63) <= value < 2**63 else "float"
    return "float" if isinstance(value, float) else "string"


def _value(said: Any, word: str) -> Any:
    if said is None:
        return None
    if word == "string":
        return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    if word == "boolean":
        return said if isinstance(said, bool) else None
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return float(said) if word == "float" else said if _kind(said) == "int" else None
