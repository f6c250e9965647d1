"""A table as a stream: ``load(folder).to_batches()`` reads a batch at a time, whatever the size of the data."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zaffre.core import mltable
from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import Delimited, DeltaLake, JsonLines, MLTable, Parquet, Step, TablePath
from zaffre.tables import steps
from zaffre.tables.delimited import DelimitedReader
from zaffre.tables.jsonlines import JsonLinesReader
from zaffre.tables.libraries import pa, pq
from zaffre.tables.notes import Notes
from zaffre.tables.parquet import DeltaReader, ParquetReader
from zaffre.tables.reading import ROWS, Asked, Piece, Reader
from zaffre.tables.sources import Source, delta_folders, sources
from zaffre.tables.textfile import opened

_PART_ROWS = 1_000_000
_LARGEST_DOCUMENT = 1024 * 1024
_SNIFFED = 64 * 1024
_FORMATS = {
    ".csv": "read_delimited", ".tsv": "read_delimited", ".txt": "read_delimited", ".parquet": "read_parquet",
    ".pq": "read_parquet", ".jsonl": "read_json_lines", ".ndjson": "read_json_lines", ".json": "read_json_lines",
}  # fmt: skip
"""What a file's name says of its content, where no MLTable does."""


@dataclass
class Table:
    """A table that has not been read yet. Each reading begins anew."""

    document: MLTable
    folder: Path
    brought: Mapping[str, str] = field(default_factory=dict[str, str])
    """Local paths of what the document names by URI."""
    skip_bad_lines: bool = False
    notes: Notes = field(default_factory=Notes)
    """Of the latest reading."""

    @property
    def schema(self) -> Any:
        """Columns and types (a ``pyarrow.Schema``), without reading more than a sample."""
        return self._open(ROWS, Notes())[2]

    @property
    def files(self) -> list[Source]:
        """Every file of the table, in order."""
        find = delta_folders if self.document.reader == "read_delta_lake" else sources
        return _partitions(self.document, find(self.document, self.folder, self.brought))

    def to_batches(self, rows: int = ROWS) -> Iterator[Any]:
        """All rows as ``pyarrow.RecordBatch`` of at most ``rows``; memory is needed for one of them."""
        for piece in self.to_pieces(rows):
            yield piece.batch

    def to_pieces(self, rows: int = ROWS) -> Iterator[Piece]:
        """The same, each with the file that it comes from."""
        self.notes = Notes()
        reader, transformations, _ = self._open(rows, self.notes)
        yield from steps.run(reader.pieces(), transformations)

    def to_pandas(self) -> Any:
        """The whole table as a ``pandas.DataFrame``: all of it in memory."""
        batches = list(self.to_batches())
        frame: Any = pa.Table.from_batches(batches, schema=self.schema).to_pandas()
        index = self.document.traits.index_columns if self.document.traits else None
        return frame.set_index(index) if index else frame

    def to_parquet(self, folder: str | os.PathLike[str], rows: int = _PART_ROWS) -> list[Path]:
        """Write all rows to ``part-00000.parquet`` and so on, each complete when it appears; the files."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        made: list[Path] = []
        held: list[Any] = []
        for batch in self.to_batches():
            held.append(batch)
            if sum(len(one) for one in held) >= rows:
                made.append(self._part(target, len(made), held))
                held = []
        if held or not made:
            made.append(self._part(target, len(made), held))
        return made

    def count(self) -> int:
        """How many rows there are."""
        return sum(len(batch) for batch in self.to_batches())

    def _part(self, folder: Path, number: int, batches: list[Any]) -> Path:
        path = folder / f"part-{number:05}.parquet"
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with pq.ParquetWriter(draft, self.schema if not batches else batches[0].schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path

    def _open(self, rows: int, notes: Notes) -> tuple[Reader, list[steps.Transformation], Any]:
        asked = Asked(self.files, rows, self.skip_bad_lines, notes)
        reader = _reader(self.document, asked)
        made = steps.build(list(self.document.transformations or ()), reader.schema(), notes, asked.files)
        return reader, made, made[-1].schema if made else reader.schema()


def load(place: str | os.PathLike[str], *, brought: Mapping[str, str] | None = None) -> Table:
    """The table that a folder's ``MLTable`` (or that file) describes."""
    path = Path(place)
    file = path / mltable.FILE_NAME if path.is_dir() else path
    try:
        if file.stat().st_size > _LARGEST_DOCUMENT:
            raise Invalid([Problem(f"an MLTable has at most {_LARGEST_DOCUMENT} bytes", file=str(file))])
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Invalid([Problem("there is no MLTable file", file=str(file))]) from None
    except UnicodeDecodeError as error:
        raise Invalid([Problem(f"expected an MLTable in UTF-8: {error}", file=str(file))]) from None
    return Table(mltable.read(text, file=file.name), file.parent, brought or {})


def open_data(place: str | os.PathLike[str], *, brought: Mapping[str, str] | None = None) -> Table:
    """Data of any of the formats as a table: by its MLTable where there is one, else by the names of its files."""
    path = Path(place)
    if path.name == mltable.FILE_NAME or (path / mltable.FILE_NAME).is_file():
        return load(path, brought=brought)
    if path.is_file():
        described = MLTable(paths=[TablePath(file=path.name)], transformations=[_guessed(path, path)])
        return Table(described, path.parent)
    if (path / "_delta_log").is_dir():
        read = Step(read_delta_lake=DeltaLake())
        return Table(MLTable(paths=[TablePath(folder=path.name)], transformations=[read]), path.parent)
    return _folder(path)


def _folder(path: Path) -> Table:
    """The tabular files of a folder, which must be of one format."""
    everything = MLTable(paths=[TablePath(folder=".")])
    found = [source for source in sources(everything, path, {}) if _format(source.path)]
    formats = {_format(source.path) for source in found}
    if len(formats) != 1:
        known = ", ".join(sorted(_FORMATS))
        told = f"expected files of one tabular format ({known}), found {'several' if formats else 'none'}"
        raise Invalid([Problem(told, hint="an MLTable says which files make a table")])
    described = MLTable(
        paths=[TablePath(file=source.shown) for source in found], transformations=[_guessed(found[0].path, path)]
    )
    return Table(described, path)


def _format(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return _FORMATS.get(Path(name).suffix, "")


def _guessed(path: Path, shown: Path) -> Step:
    word = _format(path)
    if word == "read_parquet":
        return Step(read_parquet=Parquet())
    if word == "read_json_lines":
        return Step(read_json_lines=JsonLines())
    if word == "read_delimited":
        return Step(read_delimited=Delimited(delimiter=_delimiter(path), support_multi_line=True))
    told = f"{shown.name} is of no tabular format that is known by its name: {', '.join(sorted(_FORMATS))}"
    raise Invalid([Problem(told, hint="an MLTable says how to read it")])


def _delimiter(path: Path) -> str:
    """The character that the first lines use; a comma where they do not tell."""
    with opened(path) as file:
        sample = file.read(_SNIFFED).decode("utf-8", errors="replace")
    first = sample.partition("\n")[0]
    try:
        return csv.Sniffer().sniff(first, delimiters=",;\t|").delimiter
    except csv.Error:
        return ","


def _partitions(document: MLTable, files: list[Source]) -> list[Source]:
    """The files that ``select_partitions`` means: a file is a partition."""
    for step in document.transformations or ():
        if step.select_partitions is not None:
            wrong = [index for index in step.select_partitions if not 0 <= index < len(files)]
            if wrong:
                told = f"there is no partition {wrong[0]}; there are {len(files)}, counted from 0"
                raise Invalid([Problem(told, "select_partitions")])
            files = [files[index] for index in step.select_partitions]
    return files


def _reader(document: MLTable, asked: Asked) -> Reader:
    options: Any = next((step.value for step in document.transformations or () if step.word == document.reader), None)
    match document.reader:
        case "read_delimited":
            return DelimitedReader(options, asked)
        case "read_parquet":
            return ParquetReader(options, asked)
        case "read_json_lines":
            return JsonLinesReader(options, asked)
        case "read_delta_lake":
            return DeltaReader(options, asked)
        case _:
            return _Files(asked)


class _Files:
    """A table without a reader: the list of its files."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def schema(self) -> Any:
        """One column."""
        return pa.schema([pa.field("Path", pa.string())])

    def pieces(self) -> Iterator[Piece]:
        """One row a file."""
        for source in self._asked.files:
            yield Piece(pa.RecordBatch.from_pydict({"Path": [source.shown]}), source)
