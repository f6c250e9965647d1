"""What every database is made into: columns with Arrow types, and rows as they come."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from zaffre.core.errors import Invalid
from zaffre.staging.databases.libraries import pa
from zaffre.staging.order import Query


class Column(NamedTuple):
    """One column of an answer."""

    name: str
    type: Any
    """Arrow's."""


class Reader(Protocol):
    """An answer that is being read."""

    columns: list[Column]

    def rows(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows; none at the end."""
        ...


Opening = AbstractContextManager[Reader]


def unbounded_decimal() -> Any:
    """For numbers whose digits nobody bounded: 38 before the point and 38 behind it, each exact."""
    return pa.decimal256(76, 38)


def decimal(precision: int | None, scale: int | None) -> Any:
    """The narrowest decimal that holds every value of a declared one."""
    if precision is None or scale is None or not 0 < precision <= 76 or not 0 <= scale <= precision:
        return unbounded_decimal()
    return pa.decimal128(precision, scale) if precision <= 38 else pa.decimal256(precision, scale)


def check_names(names: list[str]) -> None:
    """Refuse an answer whose columns cannot be told apart."""
    if not names:
        raise Invalid("the statement answers no rows; expected one that reads, such as select * from orders")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Invalid(f"the answer has several columns named {', '.join(twice)}; give each a name of its own with AS")


def statement(query: Query, quotes: str) -> str:
    """What a database is asked; ``quotes`` open and close a name."""
    if query.statement:
        return query.statement.strip().rstrip(";").rstrip()
    return f"SELECT * FROM {quoted(query.table, quotes)}"  # noqa: S608  every part of the name is quoted


def quoted(name: str, quotes: str) -> str:
    """``schema.table``, part by part; a part may be quoted already."""
    left, right = quotes
    return ".".join(left + part.strip(left + right).replace(right, right * 2) + right for part in name.split("."))


def of_values(values: list[Any]) -> Any:
    """The type of a column of a driver that tells none: what its first rows hold; text where they hold nothing."""
    found = [value for value in values if value is not None]
    if not found:
        return pa.string()
    try:
        kind = pa.array(found).type
    except pa.ArrowException:
        return pa.string()
    if pa.types.is_decimal(kind):
        return unbounded_decimal()
    return pa.timestamp("us", "UTC") if pa.types.is_timestamp(kind) and kind.tz else kind
