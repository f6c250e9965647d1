"""What every database is made into: columns with Arrow types, and rows as they come."""

from __future__ import annotations

import re
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


_QUOTES = {'"': '"', "[": "]", "`": "`"}
_PART = re.compile(r'"(?:[^"]|"")+"|\[(?:[^\]]|\]\])+\]|`(?:[^`]|``)+`|[^."\[\]`]+')
"""One part of a name: quoted in any of the three ways (a point may be inside), or bare."""


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
    parts = [found[0] for found in _PART.finditer(name)]
    if not parts or ".".join(parts) != name or not all(map(_bare, parts)):
        raise Invalid(
            f"{name!r} is no name of a table or procedure; expected name, schema.name or database.schema.name"
        )
    return ".".join(left + _bare(part).replace(right, right * 2) + right for part in parts)


def _bare(part: str) -> str:
    """Without the quotes it is written in, whichever database's."""
    closing = _QUOTES.get(part[:1])
    return part if closing is None else part[1:-1].replace(closing * 2, closing)


def of_values(values: list[Any]) -> Any:
    """The type of a column of a driver that tells none: what its first rows hold; text where they hold nothing."""
    found = [value for value in values if value is not None]
    if not found:
        return pa.string()
    try:
        kind = pa.array(found).type
    except (pa.ArrowException, OverflowError):
        return pa.string()
    if pa.types.is_decimal(kind):
        return unbounded_decimal()
    return pa.timestamp("us", "UTC") if pa.types.is_timestamp(kind) and kind.tz else kind
