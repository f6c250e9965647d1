"""Delimited text as batches: every column is read as text first, and gets the type that a sample of its values has."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import Conversion, Delimited, Inference
from zaffre.tables import conversion, selection
from zaffre.tables.libraries import pa, pacsv, pc
from zaffre.tables.notes import FEW
from zaffre.tables.reading import Asked, Piece, path_column, with_path
from zaffre.tables.sources import Source
from zaffre.tables.textfile import JOINT, Utf8

BLOCK = 4 * 1024 * 1024
"""Bytes parsed at once; a record may have at most as many."""
_WIDEST = 1024 * 1024
"""Characters of a header, at most."""


class DelimitedReader:
    """``read_delimited``."""

    def __init__(self, options: Delimited, asked: Asked) -> None:
        self._options = options
        self._asked = asked
        self._delimiter = "\t" if options.delimiter == "\\t" else options.delimiter
        self._names = self._headers()
        """The table's columns, as text, before any type."""
        self._types = self._infer()

    def schema(self) -> Any:
        """The columns, typed by a sample."""
        found = pa.schema([pa.field(name, conversion.ARROW[self._types[name]]) for name in self._all_names()])
        return with_path(found, self._options.path_column) if self._options.include_path_column else found

    def pieces(self) -> Iterator[Piece]:
        """All files, in order."""
        schema = self.schema()
        for source in self._asked.files:
            row = 0
            for texts in self._texts(source, BLOCK):
                columns = [self._typed(texts, name, source, row) for name in self._all_names()]
                if self._options.include_path_column:
                    columns.insert(0, path_column(source, len(texts)))
                yield Piece(pa.RecordBatch.from_arrays(columns, schema=schema), source)
                row += len(texts)

    def _all_names(self) -> list[str]:
        return list(dict.fromkeys(name for names in self._names.values() for name in names))

    def _headers(self) -> dict[str, list[str]]:
        """The columns of each file, by its path as shown."""
        header = self._options.header
        found: dict[str, list[str]] = {}
        first: list[str] | None = None
        for source in self._asked.files:
            if header in ("no_header", "from_first_file") and first:
                found[source.shown] = first
                continue
            record = self._first_record(source)
            if header == "no_header":
                record = [f"Column{index}" for index in range(1, len(record) + 1)]
            names = _named(record)
            if first and names and header == "all_files_same_headers" and names != first:
                raise self._other_header(source, names, first)
            first = first or names
            found[source.shown] = names
        return found

    def _other_header(self, source: Source, names: list[str], first: list[str]) -> Invalid:
        told = f"expected the columns {', '.join(first)[:200]}, as in the first file; found {', '.join(names)[:200]}"
        hint = "set header: all_files_different_headers where files have other columns"
        return Invalid([Problem(told, file=source.shown, line=1, column=1, hint=hint)])

    def _first_record(self, source: Source) -> list[str]:
        with self._open(source) as stream:
            text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="")
            lines = (line for line in iter(lambda: text.readline(_WIDEST), "") if line.strip("\r\n"))
            try:
                return next(csv.reader(lines, delimiter=self._separator, strict=False), list[str]())
            except csv.Error as error:
                raise Invalid([Problem(f"the header cannot be read: {error}", file=source.shown, line=1)]) from None

    def _infer(self) -> dict[str, str]:
        names = self._all_names()
        wanted = self._options.infer_column_types
        said = wanted if isinstance(wanted, Inference) else Inference()
        if wanted is False:
            return dict.fromkeys(names, "string")
        sample = self._sample(names, said.sample_size)
        types = {name: conversion.inferred(sample[name]) for name in names}
        for override in said.column_type_overrides or ():
            for name in selection.chosen(override.columns, names):
                types[name] = override.word
        return types

    def _sample(self, names: list[str], size: int) -> dict[str, Any]:
        """The first rows, over as many files as they take."""
        kept: dict[str, list[Any]] = {name: [] for name in names}
        left = size
        for source in self._asked.files:
            for texts in self._texts(source, min(BLOCK, 1024 * 1024), noted=False):
                for name in names:
                    kept[name].append(_column(texts, name).slice(0, left))
                left -= min(left, len(texts))
                if not left:
                    break
            if not left:
                break
        return {name: pa.chunked_array(kept[name], pa.string()).combine_chunks() for name in names}

    def _typed(self, texts: Any, name: str, source: Source, row: int) -> Any:
        column = _column(texts, name)
        word = self._types[name]
        override = self._override(name)
        if override is not None and not isinstance(override.column_type, str):
            options: Any = getattr(override.column_type, word)
            made = conversion.convert(column, word, options)
        else:
            made = conversion.from_text(column, word)
        if made.null_count > column.null_count:
            self._note(column, made, (name, word), (source, row))
        return made

    def _override(self, name: str) -> Conversion | None:
        wanted = self._options.infer_column_types
        overrides = wanted.column_type_overrides if isinstance(wanted, Inference) else None
        found = [one for one in overrides or () if selection.chosen(one.columns, [name])]
        return found[-1] if found else None

    def _note(self, texts: Any, made: Any, what: tuple[str, str], where: tuple[Source, int]) -> None:
        lost = pc.and_(pc.is_null(made), pc.is_valid(texts))
        if what[1] == "float":
            lost = pc.and_not(lost, pc.fill_null(conversion.is_blank(texts), False))
        positions = pc.indices_nonzero(lost)
        values = texts.take(positions.slice(0, FEW)).to_pylist()
        for count, position in enumerate(positions.to_pylist()):
            told: Any = values[count] if count < FEW else ""
            row = where[1] + position + 1
            self._asked.notes.mismatch(what[0], file=where[0].shown, row=row, value=told, expected=what[1])

    def _texts(self, source: Source, block: int, *, noted: bool = True) -> Iterator[Any]:
        """A file's rows as texts; empty fields are null unless they are said to be text."""
        names = self._names[source.shown]
        if not names:
            return
        lines = _Lines(self._asked, source)
        with self._open(source) as stream:
            for batch in self._parsed(stream, names, block, lines):
                if noted:
                    lines.tell(self._asked.skip_bad_lines)
                texts = self._rejoined(batch)
                for start in range(0, len(texts), self._asked.rows):
                    yield texts.slice(start, self._asked.rows)
            if noted:
                lines.tell(self._asked.skip_bad_lines)

    def _parsed(self, stream: Utf8, names: list[str], block: int, lines: _Lines) -> Iterator[Any]:
        skipped = 1 if self._begins_with_header(lines.source) else 0
        reading = pacsv.ReadOptions(
            use_threads=False, block_size=block, column_names=names, skip_rows_after_names=skipped
        )
        parsing = pacsv.ParseOptions(
            delimiter=self._separator, newlines_in_values=True, invalid_row_handler=lines.found
        )
        keeps_empty = self._options.empty_as_string
        converting = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=not keeps_empty,
            null_values=[] if keeps_empty else [""],
        )
        try:
            yield from pacsv.open_csv(stream, reading, parsing, converting)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise _explained(error, lines.source) from error

    def _begins_with_header(self, source: Source) -> bool:
        header = self._options.header
        return header != "no_header" and (header != "from_first_file" or source is self._asked.files[0])

    def _rejoined(self, batch: Any) -> Any:
        if len(self._delimiter) == 1:
            return batch
        columns = [pc.replace_substring(column, JOINT, self._delimiter) for column in batch.columns]
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)

    @property
    def _separator(self) -> str:
        return JOINT if len(self._delimiter) > 1 else self._delimiter

    def _open(self, source: Source) -> Utf8:
        return Utf8(source.path, source.shown, self._options.encoding, self._delimiter)


class _Lines:
    """Lines that have not as many fields as the table has columns."""

    def __init__(self, asked: Asked, source: Source) -> None:
        self._asked = asked
        self.source = source
        self._new: list[dict[str, Any]] = []

    def found(self, row: Any) -> str:
        """The parser's question what to do with one: keep it apart."""
        told = {"line": row.number or 0, "expected": row.expected_columns, "found": row.actual_columns}
        self._new.append({"file": self.source.shown, **told, "text": row.text[:200]})
        return "skip"

    def tell(self, skip: bool) -> None:
        """Note what was found since the last time, or refuse it."""
        new, self._new = self._new, []
        if new and not skip:
            raise Invalid([_bad_line(line) for line in islice(new, FEW)])
        for line in new:
            self._asked.notes.bad_lines.add(**line)


def _bad_line(line: dict[str, Any]) -> Problem:
    fields = "field" if line["expected"] == 1 else "fields"
    told = f"expected {line['expected']} {fields}, found {line['found']}: {line['text']}"
    return Problem(told, file=line["file"], line=line["line"], column=1)


def _explained(error: Exception, source: Source) -> Invalid:
    text = str(error)
    if "straddl" in text:
        told = f"a record has more than {BLOCK // 1024 // 1024} MiB: a quotation mark is opened and not closed"
    else:
        told = f"cannot be read as delimited text: {re.sub(r'^In CSV ', '', text)}"
    return Invalid([Problem(told, file=source.shown)])


def _named(record: list[str]) -> list[str]:
    """Column names that are there and different."""
    names: list[str] = []
    for index, said in enumerate(record, 1):
        name = said or f"Column{index}"
        taken = 0
        while (wanted := name if not taken else f"{name}_{taken}") in names:
            taken += 1
        names.append(wanted)
    return names


def _column(texts: Any, name: str) -> Any:
    index = texts.schema.get_field_index(name)
    return texts.column(index) if index >= 0 else pa.nulls(len(texts), pa.string())
