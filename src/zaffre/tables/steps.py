"""Transformations, a batch at a time: each knows the schema it makes before it sees a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import READERS, Columns, Conversion, Sample, Step
from zaffre.tables import conversion, selection
from zaffre.tables.libraries import np, pa, pc
from zaffre.tables.matching import Matcher
from zaffre.tables.notes import FEW, Notes
from zaffre.tables.reading import Piece
from zaffre.tables.sources import Source


class Transformation(Protocol):
    """One step."""

    schema: Any
    """Of what comes out."""

    def apply(self, piece: Piece) -> Any:
        """The batch that becomes of one."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether nothing can come any more."""
        ...


class _Endless:
    """A step that looks at each batch alone."""

    is_over = False


def build(steps: list[Step], schema: Any, notes: Notes, files: list[Source]) -> list[Transformation]:
    """The steps of a table, each on the schema that the one before makes."""
    made: list[Transformation] = []
    is_read = False
    for index, step in enumerate(steps):
        is_read = is_read or step.word in READERS
        if step.word in READERS or step.word == "select_partitions":
            continue
        try:
            made.append(_step(step, schema, notes, [] if is_read else files))
        except Invalid as error:
            field = f"transformations[{index}].{step.word}"
            raise Invalid([Problem(one.message, field, hint=one.hint) for one in error.problems]) from error
        schema = made[-1].schema
    return made


def run(pieces: Iterator[Piece], steps: list[Transformation]) -> Iterator[Piece]:
    """All that comes out, each piece with the file that it comes from."""
    if any(step.is_over for step in steps):
        return
    for piece in pieces:
        batch = piece.batch
        for step in steps:
            batch = step.apply(Piece(batch, piece.source))
        if len(batch):
            yield Piece(batch, piece.source)
        if any(step.is_over for step in steps):
            return


def _step(step: Step, schema: Any, notes: Notes, files: list[Source]) -> Transformation:
    """``files`` are those of the table for a step that stands before the reader."""
    if step.word == "convert_column_types":
        return _Converted(step.value, schema, notes)
    if step.word == "extract_columns_from_partition_format":
        return _Partitioned(step.value.partition_format, schema, files)
    return _MAKERS[step.word](step.value, schema)


class _Filter(_Endless):
    def __init__(self, text: str, schema: Any) -> None:
        self.schema = schema
        self._matcher = Matcher(text, schema)

    def apply(self, piece: Piece) -> Any:
        return piece.batch.filter(self._matcher.mask(piece.batch))


class _Take:
    def __init__(self, count: int, schema: Any) -> None:
        self.schema = schema
        self._left = count

    @property
    def is_over(self) -> bool:
        return self._left <= 0

    def apply(self, piece: Piece) -> Any:
        some = piece.batch.slice(0, self._left)
        self._left -= len(some)
        return some


class _Skip(_Endless):
    def __init__(self, count: int, schema: Any) -> None:
        self.schema = schema
        self._left = count

    def apply(self, piece: Piece) -> Any:
        gone = min(self._left, len(piece.batch))
        self._left -= gone
        return piece.batch.slice(gone)


class _Sampled(_Endless):
    """With a seed, the same rows each time, however the rows come in batches."""

    def __init__(self, sample: Sample, schema: Any) -> None:
        self.schema = schema
        self._probability = sample.probability
        self._chance = np.random.default_rng(sample.seed)

    def apply(self, piece: Piece) -> Any:
        return piece.batch.filter(pa.array(self._chance.random(len(piece.batch)) < self._probability))


class _Columns(_Endless):
    def __init__(self, columns: Columns, schema: Any, *, keep: bool) -> None:
        absent = selection.missing(columns, schema.names)
        if absent:
            told = f"there is no column {absent[0]!r}; there are {', '.join(schema.names)[:200]}"
            raise Invalid([Problem(told, hint=problems.closest(absent[0], schema.names))])
        meant = set(selection.chosen(columns, schema.names))
        self._names = [name for name in schema.names if (name in meant) is keep]
        self.schema = pa.schema([schema.field(name) for name in self._names])

    def apply(self, piece: Piece) -> Any:
        return piece.batch.select(self._names)


class _Converted(_Endless):
    def __init__(self, conversions: list[Conversion], schema: Any, notes: Notes) -> None:
        self._wanted: dict[str, Conversion] = {}
        self._notes = notes
        self._row = 0
        for one in conversions:
            absent = selection.missing(one.columns, schema.names)
            if absent:
                hint = problems.closest(absent[0], schema.names)
                raise Invalid([Problem(f"there is no column {absent[0]!r}", hint=hint)])
            self._wanted |= dict.fromkeys(selection.chosen(one.columns, schema.names), one)
        self.schema = pa.schema(
            [pa.field(field.name, self._type(field)) for field in schema],
        )

    def apply(self, piece: Piece) -> Any:
        columns = [self._column(name, piece) for name in piece.batch.schema.names]
        self._row += len(piece.batch)
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _type(self, field: Any) -> Any:
        one = self._wanted.get(field.name)
        return conversion.ARROW[one.word] if one else field.type

    def _column(self, name: str, piece: Piece) -> Any:
        values = piece.batch.column(piece.batch.schema.get_field_index(name))
        one = self._wanted.get(name)
        if one is None:
            return values
        options: Any = None if isinstance(one.column_type, str) else getattr(one.column_type, one.word)
        made = conversion.convert(values, one.word, options)
        if made.null_count > values.null_count:
            self._note(name, values, made, piece.source)
        return made

    def _note(self, name: str, values: Any, made: Any, source: Source) -> None:
        positions = pc.indices_nonzero(pc.and_(pc.is_null(made), pc.is_valid(values)))
        first = values.take(positions.slice(0, FEW)).to_pylist()
        for count, position in enumerate(positions.to_pylist()):
            told = str(first[count]) if count < FEW else ""
            expected = self._wanted[name].word
            self._notes.mismatch(name, file=source.shown, row=self._row + position + 1, value=told, expected=expected)


_PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}|\*")
_TIME = {"yyyy": r"(?P<{}Y>\d{{4}})", "MM": r"(?P<{}m>\d\d)", "dd": r"(?P<{}d>\d\d)",
         "HH": r"(?P<{}H>\d\d)", "mm": r"(?P<{}M>\d\d)", "ss": r"(?P<{}S>\d\d)"}  # fmt: skip
_TIME_PART = re.compile("|".join(_TIME))


class _Partitioned(_Endless):
    """Columns from the paths of files: ``/{country}/{day:yyyy/MM/dd}/data.csv``, compared from the path's end.

    Before the reader they come first, and have the types that their values in all files have, as Azure does it.
    """

    def __init__(self, form: str, schema: Any, files: list[Source]) -> None:
        self._columns: dict[str, bool] = {}
        """Name → whether it is a moment."""
        self._pattern = re.compile(self._compiled(form) + "$")
        if not self._columns:
            told = f"expected columns such as {{country}} or {{day:yyyy/MM/dd}}, found none in {form!r}"
            raise Invalid([Problem(told)])
        taken = [name for name in self._columns if name in schema.names]
        if taken:
            raise Invalid([Problem(f"there is a column {taken[0]!r} already")])
        self._comes_first = bool(files)
        self._words = self._inferred(files)
        added = [pa.field(name, conversion.ARROW[word]) for name, word in self._words.items()]
        self.schema = pa.schema([*added, *schema] if files else [*schema, *added])

    def apply(self, piece: Piece) -> Any:
        pairs = zip(self._values(piece.source), self._words.values(), strict=True)
        made = [pa.repeat(self._scalar(value, word), len(piece.batch)) for value, word in pairs]
        columns = piece.batch.columns
        both = [*made, *columns] if self._comes_first else [*columns, *made]
        return pa.RecordBatch.from_arrays(both, schema=self.schema)

    def _inferred(self, files: list[Source]) -> dict[str, str]:
        rows = [self._values(source) for source in files]
        found: dict[str, str] = {}
        for index, (name, dated) in enumerate(self._columns.items()):
            texts = [] if dated else [row[index] for row in rows]
            found[name] = "datetime" if dated else conversion.inferred(pa.array(texts, pa.string()))
        return found

    def _values(self, source: Source) -> list[Any]:
        found = self._pattern.search("/" + source.shown)
        return [self._value(index, dated, found) for index, dated in enumerate(self._columns.values())]

    def _scalar(self, value: Any, word: str) -> Any:
        if word == "datetime" and not isinstance(value, str):
            return pa.scalar(value, conversion.MOMENT)
        return conversion.from_text(pa.array([value], pa.string()), word)[0]

    def _compiled(self, form: str) -> str:
        pattern, at = "" if form.startswith("/") else "/", 0
        if form.startswith("{"):
            pattern = "/"
        for found in _PLACEHOLDER.finditer(form):
            pattern += re.escape(form[at : found.start()]) + self._placeholder(found)
            at = found.end()
        rest = form[at:]
        return pattern + re.escape(rest) + ("" if rest else r"(?:/[^/]*)?")

    def _placeholder(self, found: re.Match[str]) -> str:
        if found[0] == "*":
            return "[^/]*"
        name, form = found[1].strip(), found[2]
        if name in self._columns:
            raise Invalid([Problem(f"the column {name!r} is named twice")])
        group = f"c{len(self._columns)}"
        self._columns[name] = form is not None
        if form is None:
            return f"(?P<{group}>[^/]+?)"
        pattern, at = "", 0
        for part in _TIME_PART.finditer(form):
            pattern += re.escape(form[at : part.start()]) + _TIME[part[0]].format(group)
            at = part.end()
        if "Y" not in pattern:
            raise Invalid([Problem(f"expected yyyy in {{{name}:{form}}}; a moment needs its year")])
        return pattern + re.escape(form[at:])

    def _value(self, index: int, dated: bool, found: re.Match[str] | None) -> Any:
        if found is None:
            return None
        group = f"c{index}"
        if not dated:
            return found[group]
        said = found.groupdict()
        parts = [int(said.get(group + part) or least) for part, least in zip("YmdHMS", (1, 1, 1, 0, 0, 0), strict=True)]
        try:
            return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - tables' moments have no zone
        except ValueError:
            return None


def _sampler(said: Any, schema: Any) -> Transformation:
    """The older spelling."""
    arguments = said.sampler_arguments
    return _Sampled(Sample(probability=arguments.probability, seed=arguments.seed), schema)


_MAKERS: dict[str, Callable[[Any, Any], Transformation]] = {
    "filter": _Filter,
    "take": _Take,
    "skip": _Skip,
    "take_random_sample": _Sampled,
    "sample": _sampler,
    "keep_columns": lambda columns, schema: _Columns(columns, schema, keep=True),
    "drop_columns": lambda columns, schema: _Columns(columns, schema, keep=False),
}
