"""Every column of a table in numbers, in one reading and in memory that does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaffre.tables import sketches
from zaffre.tables.correlation import Correlation
from zaffre.tables.libraries import pa, pc
from zaffre.tables.preview import plain, word
from zaffre.tables.table import Table

_AT = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_TOP = 10


def profile(table: Table) -> dict[str, Any]:
    """``rows``, ``columns`` (one entry each), how the numeric ones correlate, and what the reader had to let pass."""
    table.skip_bad_lines = True
    columns = {one.name: _Column(one.type) for one in table.schema}
    together = Correlation([name for name, column in columns.items() if column.is_number])
    rows = 0
    for batch in table.to_batches():
        rows += len(batch)
        together.add([batch.column(name) for name in together.names])
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            columns[name].add(column)
    told = [{"name": name, **column.told(rows)} for name, column in columns.items()]
    return {"rows": rows, "columns": told, "correlation": together.told(), "notes": table.notes.to_json()}


@dataclass
class _Column:
    kind: Any
    present: int = 0
    least: Any = None
    most: Any = None
    lengths: list[int] = field(default_factory=list[int])
    distinct: sketches.Distinct = field(default_factory=sketches.Distinct)
    moments: sketches.Moments = field(default_factory=sketches.Moments)
    spread: sketches.Spread = field(default_factory=sketches.Spread)
    frequent: sketches.Frequent = field(default_factory=sketches.Frequent)

    def add(self, column: Any) -> None:
        values = column.drop_null()
        self.present += len(values)
        if not len(values) or pa.types.is_nested(self.kind) or pa.types.is_binary(self.kind):
            return
        self.distinct.add(values)
        self.frequent.add(values)
        if self.is_number:
            numbers = sketches.finite(values)
            self.moments.add(numbers)
            self.spread.add(numbers)
        if pa.types.is_string(self.kind):
            lengths = pc.min_max(pc.utf8_length(values)).as_py()
            self.lengths = [min([lengths["min"], *self.lengths[:1]]), max([lengths["max"], *self.lengths[1:]])]
        if not pa.types.is_boolean(self.kind):
            self._extend(values)

    @property
    def is_number(self) -> bool:
        kind = self.kind
        return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))

    def told(self, rows: int) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": word(self.kind),
            "count": self.present,
            "missing": rows - self.present,
            "distinct": self.distinct.count(),
            "distinct_is_exact": self.distinct.is_exact,
            "min": plain(self.least),
            "max": plain(self.most),
            "top": [{"value": plain(value), "count": count} for value, count in self.frequent.top(_TOP)],
            "top_is_exact": self.frequent.is_exact,
        }
        if self.is_number:
            quantiles = self.spread.quantiles(_AT)
            found |= {
                "mean": plain(self.moments.mean()),
                "std": plain(self.moments.deviation()),
                "quantiles": {f"p{round(at * 100):02}": value for at, value in zip(_AT, quantiles, strict=False)},
                "quantiles_are_exact": self.spread.is_exact,
                "histogram": self.spread.histogram(),
            }
        if self.lengths:
            found |= {"min_length": self.lengths[0], "max_length": self.lengths[1]}
        return found

    def _extend(self, values: Any) -> None:
        ends = pc.min_max(values).as_py()
        self.least = ends["min"] if self.least is None else min(self.least, ends["min"])
        self.most = ends["max"] if self.most is None else max(self.most, ends["max"])
