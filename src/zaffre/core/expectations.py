"""What a data asset is expected to hold, as its owner writes it: columns, types, nulls, ranges, keys, counts, age."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from zaffre.core.wire import Spec

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
MOST_COLUMNS = 2000
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Bound = StrictInt | StrictFloat | StrictStr
"""A number, or a moment as ISO 8601 writes it."""


class ExpectedColumn(Spec):
    """One column."""

    type: Literal["int", "float", "string", "boolean", "datetime"] | None = None
    required: bool = True
    """False: the column may be absent."""
    nulls: bool = True
    """False: every row has a value."""
    max_nulls: Annotated[float, Field(ge=0, le=1)] | None = None
    """The largest part of rows without a value: 0.05 is one in twenty."""
    min: Bound | None = None
    max: Bound | None = None
    values: list[Scalar] | None = None
    """Everything that may stand there."""
    regex: str | None = None
    """What the whole of a text matches."""
    min_length: Annotated[int, Field(ge=0)] | None = None
    max_length: Annotated[int, Field(ge=0)] | None = None
    unique: bool = False

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.regex is not None:
            try:
                re.compile(self.regex)
            except re.error as error:
                raise ValueError(f"{self.regex!r} is no regular expression: {error}") from None
        for low, high in (("min", "max"), ("min_length", "max_length")):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and bound(least) > bound(most):
                raise ValueError(f"{low} ({least}) is above {high} ({most})")
        return self


class Rows(Spec):
    """How many there are."""

    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None


class Freshness(Spec):
    """How old the data may be."""

    max_age: str
    """E.g. ``36h`` or ``7d``."""
    column: str | None = None
    """The column whose newest moment (UTC) counts; without one, the time the newest file was changed."""

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if _AGE.fullmatch(self.max_age.strip()) is None:
            raise ValueError(f"expected a number with s, m, h, d or w, e.g. 7d; found {self.max_age!r}")
        return self

    @property
    def seconds(self) -> float:
        """``max_age`` in seconds."""
        found = _AGE.fullmatch(self.max_age.strip())
        assert found is not None
        return float(found[1]) * _SECONDS[found[2]]


class Expectations(Spec):
    """Everything that must hold."""

    columns: Annotated[dict[str, ExpectedColumn] | None, Field(max_length=MOST_COLUMNS)] = None
    extra_columns: Literal["allowed", "refused"] = "allowed"
    unique: list[list[str]] | None = None
    """Columns that together name a row, once: ``[[station, day]]``."""
    rows: Rows | None = None
    freshness: Freshness | None = None


def bound(value: Any) -> Any:
    """A bound as it is compared: a text that is no number is a moment."""
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=None)
    return value


def readable(report: Mapping[str, Any], name: str) -> str:
    """A report of a verification as a person reads it."""
    violations: list[dict[str, Any]] = report["violations"]
    rows, rules = report["rows"], report["rules"]
    if not violations:
        return f"{name}: {rows} rows keep all {rules} rules."
    lines = [f"{name}: {len(violations)} of {rules} rules are broken ({rows} rows were read)."]
    for one in violations:
        where = f"column {one['column']}" if one["column"] else "the table"
        lines.append(f"  {where}, {one['rule']}: {one['message']}" + _count(one))
        lines += [f"    row {first['row']}: {first['value']}" for first in one["first"]]
    return "\n".join(lines)


def _count(one: Mapping[str, Any]) -> str:
    return f"; {one['count']} {'row does' if one['count'] == 1 else 'rows do'} not" if one["count"] else ""
