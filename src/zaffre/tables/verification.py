"""Expectations held against a table in one reading: pandera judges each batch, what needs all rows is kept across them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandera.pandas as pandera
from pandera.errors import SchemaErrors

from zaffre.core.expectations import Expectations, ExpectedColumn, bound
from zaffre.core.problems import closest
from zaffre.tables import conversion
from zaffre.tables.keys import Keys
from zaffre.tables.libraries import np, pa, pd
from zaffre.tables.notes import FEW, Counted
from zaffre.tables.preview import plain, word
from zaffre.tables.table import Table

_TEXT_READERS = ("read_delimited", "read_json_lines")


@dataclass
class Broken:
    """One rule that does not hold, and where."""

    column: str
    rule: str
    message: str
    rows: Counted = field(default_factory=Counted)

    def to_json(self) -> dict[str, Any]:
        """For the report."""
        told = {"column": self.column, "rule": self.rule, "message": self.message}
        return {**told, "count": self.rows.count, "first": sorted(self.rows.first, key=lambda one: one["row"])}


class Verification:
    """One table against its expectations."""

    def __init__(self, table: Table, wanted: Expectations) -> None:
        self._table = table
        self._wanted = wanted
        self._columns: Mapping[str, ExpectedColumn] = wanted.columns or {}
        self._broken: dict[tuple[str, str], Broken] = {}
        self._schema = table.schema
        self._rows = 0
        self._nulls: dict[str, int] = {}
        self._lost: set[tuple[str, int]] = set()
        """(column, row) of this batch whose value is not of the type: told once, and not as a missing one too."""
        self._newest: datetime | None = None
        table.skip_bad_lines = True

    def run(self, now: float) -> dict[str, Any]:
        """Read everything; the report."""
        self._look_at_schema()
        present = [name for name in self._columns if name in self._schema.names]
        checks = _schema({name: self._columns[name] for name in present})
        keys = [Keys(columns) for columns in self._keys()]
        for batch in self._table.to_batches():
            self._lost = set()
            frame = self._typed(batch)
            self._judge(checks, frame)
            for one in keys:
                one.add(frame, self._rows + 1)
            self._remember(frame)
            self._rows += len(batch)
        self._look_at_whole(keys, now)
        violations = [one.to_json() for one in self._broken.values()]
        rules = self._rules(len(keys))
        return {
            "passed": not violations, "rows": self._rows, "rules": rules, "violations": violations,
            "notes": self._table.notes.to_json(),
        }  # fmt: skip

    def _look_at_schema(self) -> None:
        names: list[str] = self._schema.names
        for name, expected in self._columns.items():
            if name not in names:
                if expected.required:
                    hint = closest(name, names)
                    self._break(name, "required", "the column is missing" + (f"; {hint}" if hint else ""))
            elif expected.type and not self._is_alike(expected.type, self._schema.field(name).type):
                self._break(name, "type", f"expected {expected.type}, found {word(self._schema.field(name).type)}")
        if self._wanted.extra_columns == "refused":
            for name in names:
                if name not in self._columns:
                    self._break(name, "extra", "the column is not expected")

    def _is_alike(self, wanted: str, kind: Any) -> bool:
        found = word(kind)
        if found == wanted or (wanted, found) == ("float", "int"):
            return True
        return self._table.document.reader in _TEXT_READERS  # such files have no types: the values are looked at

    def _typed(self, batch: Any) -> Any:
        """The rows as pandas has them, with whole numbers kept whole beside nulls and texts made what is expected."""
        pairs = zip(batch.schema.names, batch.columns, strict=True)
        columns = {name: self._expected(name, column) for name, column in pairs}
        table: Any = pa.table(columns)
        return table.to_pandas(types_mapper=_NULLABLE.get, timestamp_as_object=False)

    def _expected(self, name: str, column: Any) -> Any:
        wanted = self._columns[name].type if name in self._columns else None
        found = word(column.type)
        if wanted is None or wanted == found or not self._is_alike(wanted, column.type):
            return column
        made = conversion.convert(column, wanted)
        if made.null_count > column.null_count or (wanted, found) == ("int", "float"):
            self._note_lost(name, wanted, made, column)
        return made

    def _note_lost(self, name: str, wanted: str, made: Any, column: Any) -> None:
        """Values that are not of the type; a number with a fraction is no whole one."""
        for position, value, before in zip(range(len(made)), made.to_pylist(), column.to_pylist(), strict=True):
            if before is not None and (value is None or (isinstance(before, float) and value != before)):
                row = self._rows + position + 1
                self._lost.add((name, row))
                self._break(name, "type", f"expected {wanted}", (row, before))

    def _judge(self, checks: Any, frame: Any) -> None:
        try:
            checks.validate(frame.reset_index(drop=True), lazy=True)
        except SchemaErrors as error:
            cases: Any = getattr(error, "failure_cases")  # noqa: B009 - its stub is untyped
            for name, check, value, index in zip(
                cases["column"], cases["check"], cases["failure_case"], cases["index"], strict=True
            ):
                row = self._rows + int(index) + 1
                if (str(name), row) in self._lost:
                    continue
                rule, _, told = str(check).partition("|")
                if rule == "not_nullable":
                    rule, told = "nulls", "expected a value in every row"
                self._break(str(name), rule, told, (row, value))

    def _remember(self, frame: Any) -> None:
        for name, expected in self._columns.items():
            if expected.max_nulls is not None and name in frame:
                self._nulls[name] = self._nulls.get(name, 0) + int(frame[name].isna().sum())
        wanted = self._wanted.freshness
        if wanted is not None and wanted.column in frame:
            newest: Any = pd.to_datetime(frame[wanted.column], errors="coerce").max()
            if not pd.isna(newest):
                moment: datetime = newest.to_pydatetime()
                self._newest = max(self._newest or moment, moment)

    def _look_at_whole(self, keys: list[Keys], now: float) -> None:
        self._look_at_keys(keys)
        for name, nulls in self._nulls.items():
            most = self._columns[name].max_nulls or 0.0
            if self._rows and nulls / self._rows > most:
                told = f"expected at most {most:.2%} of rows without a value, found {nulls / self._rows:.2%}"
                self._break(name, "max_nulls", told)
        self._look_at_count()
        self._look_at_age(now)
        lines = self._table.notes.bad_lines
        if lines.count:
            told = "expected as many fields in a line as there are columns"
            first = [{"row": line.get("line", 0), "value": f"{line['file']}: {line['text']}"} for line in lines.first]
            self._broken["", "lines"] = Broken("", "lines", told, Counted(lines.count, first))
        self._look_at_mismatches()

    def _look_at_keys(self, keys: list[Keys]) -> None:
        for one in keys:
            count, first = one.repeated()
            if count:
                values = self._values({row for row, _ in first}, one.columns)
                told = [{"row": row, "value": f"{values[row]}, as in row {before}"} for row, before in first]
                name = ", ".join(one.columns)
                broken = Broken(name, "unique", "expected every value once", Counted(count, told))
                self._broken[name, "unique"] = broken

    def _values(self, rows: set[int], columns: list[str]) -> dict[int, str]:
        """What stands in some rows, read again up to the last of them."""
        found: dict[int, str] = {}
        notes, before = self._table.notes, 0
        for batch in self._table.to_batches():
            for row in [row for row in rows if before < row <= before + len(batch)]:
                values = [_shown(batch.column(name)[row - before - 1].as_py()) for name in columns]
                found[row] = ", ".join(map(str, values))
            before += len(batch)
            if before >= max(rows):
                break
        self._table.notes = notes
        return found

    def _look_at_count(self) -> None:
        wanted = self._wanted.rows
        if wanted is None:
            return
        if wanted.min is not None and self._rows < wanted.min:
            self._break("", "rows", f"expected at least {wanted.min} rows, found {self._rows}")
        if wanted.max is not None and self._rows > wanted.max:
            self._break("", "rows", f"expected at most {wanted.max} rows, found {self._rows}")

    def _look_at_age(self, now: float) -> None:
        wanted = self._wanted.freshness
        if wanted is None:
            return
        if wanted.column is None:
            newest = max((source.path.stat().st_mtime for source in self._table.files), default=0.0)
        elif wanted.column not in self._schema.names:
            self._break(wanted.column, "freshness", "the column is missing")
            return
        else:
            newest = self._newest.replace(tzinfo=UTC).timestamp() if self._newest else 0.0
        if now - newest > wanted.seconds:
            moment = datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds") if newest else "nothing"
            told = f"expected data at most {wanted.max_age} old; the newest is of {moment}"
            self._break(wanted.column or "", "freshness", told)

    def _look_at_mismatches(self) -> None:
        """Values that the reader could not give the type that the column has."""
        for name, lost in self._table.notes.mismatched.items():
            expected = self._columns.get(name)
            if expected is not None and expected.type:
                first = [{"row": one["row"], "value": f"{one['file']}: {one['value']}"} for one in lost.first]
                broken = self._broken.setdefault((name, "type"), Broken(name, "type", f"expected {expected.type}"))
                broken.rows.count += lost.count
                broken.rows.first = [*broken.rows.first, *first][:FEW]

    def _keys(self) -> list[list[str]]:
        single = [[name] for name, expected in self._columns.items() if expected.unique]
        wanted = [*single, *(self._wanted.unique or [])]
        there: list[list[str]] = []
        for columns in wanted:
            absent = [name for name in columns if name not in self._schema.names]
            if absent:
                self._break(absent[0], "unique", "the column is missing")
            else:
                there.append(columns)
        return there

    def _rules(self, keys: int) -> int:
        plain_rules = ("type", "min", "max", "values", "regex", "min_length", "max_length", "max_nulls")
        of_columns = sum(
            int(one.required) + int(not one.nulls) + sum(getattr(one, rule) is not None for rule in plain_rules)
            for one in self._columns.values()
        )
        rows = self._wanted.rows
        counts = sum(limit is not None for limit in (rows.min, rows.max)) if rows else 0
        return (
            of_columns
            + keys
            + counts
            + (self._wanted.freshness is not None)
            + (self._wanted.extra_columns == "refused")
        )

    def _break(self, column: str, rule: str, message: str, where: tuple[int, Any] | None = None) -> None:
        broken = self._broken.setdefault((column, rule), Broken(column, rule, message))
        if where is not None:
            broken.rows.add(row=where[0], value=_shown(where[1]))


def verify(table: Table, wanted: Expectations, now: float) -> dict[str, Any]:
    """The report: ``passed``, ``rows``, ``rules`` and the ``violations`` with the first rows of each."""
    return Verification(table, wanted).run(now)


_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}


def _schema(columns: dict[str, ExpectedColumn]) -> Any:
    """What is judged row by row; names of checks carry rule and sentence into the report."""
    made = {
        name: pandera.Column(None, checks=_checks(expected), nullable=expected.nulls, required=False)
        for name, expected in columns.items()
    }
    return pandera.DataFrameSchema(made)


def _checks(expected: ExpectedColumn) -> list[Any]:
    made = [(rule, getattr(expected, rule)) for rule in _JUDGES if getattr(expected, rule) is not None]
    return [_check(rule, wanted) for rule, wanted in made]


def _check(rule: str, wanted: Any) -> Any:
    judge, told = _JUDGES[rule]
    limit = bound(wanted) if rule in ("min", "max") else wanted

    def judged(values: Any) -> Any:
        try:
            found = judge(values, limit)
        except TypeError:  # a text cannot be compared with a number: it does not hold
            return pd.Series(False, index=values.index)
        return found.fillna(value=False).astype(bool) | values.isna()

    name = f"{rule}|{told.format(_listed(wanted))}"
    return pandera.Check(judged, name=name, error=name, ignore_na=True)


def _listed(wanted: Any) -> str:
    if not isinstance(wanted, list):
        return str(wanted)
    some: list[Any] = wanted  # type: ignore[reportUnknownVariableType]
    return ", ".join(map(str, some[:10])) + ("…" if len(some) > 10 else "")


def _at_least(values: Any, least: Any) -> Any:
    return values >= least


def _at_most(values: Any, most: Any) -> Any:
    return values <= most


def _among(values: Any, choices: Any) -> Any:
    return values.isin(choices)


def _matches(values: Any, pattern: Any) -> Any:
    return values.astype("string").str.fullmatch(pattern)


def _as_long_as(values: Any, length: Any) -> Any:
    return values.astype("string").str.len() >= length


def _as_short_as(values: Any, length: Any) -> Any:
    return values.astype("string").str.len() <= length


_JUDGES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "min": (_at_least, "expected at least {}"),
    "max": (_at_most, "expected at most {}"),
    "values": (_among, "expected one of {}"),
    "regex": (_matches, "expected a match of {}"),
    "min_length": (_as_long_as, "expected at least {} characters"),
    "max_length": (_as_short_as, "expected at most {} characters"),
}


def _shown(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return "nothing"
    return _plain(value)


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA:
        return "nothing"
    if isinstance(value, pd.Timestamp):
        return plain(value.to_pydatetime())
    return plain(value.item() if isinstance(value, np.generic) else value)
