"""Values made to have a type, a column at a time; what does not fit becomes null and is noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zaffre.core.mltable import ToBoolean, ToDatetime
from zaffre.tables.libraries import pa, pc, pd

MOMENT = pa.timestamp("us")
ARROW = {
    "int": pa.int64(), "float": pa.float64(), "string": pa.string(), "boolean": pa.bool_(), "datetime": MOMENT,
    "stream_info": pa.string(),
}  # fmt: skip
_INT = r"^\s*[+-]?\d{1,19}\s*$"
_FLOAT = r"^\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[iI][nN][fF](?:inity)?)\s*$"
_NAN = r"^\s*[nN][aA][nN]\s*$"
_ISO = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$"
_ISO_ZONE = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$"
_SLASHED = r"^(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/\d{4}$"
_TRUE, _FALSE = ["true"], ["false"]
Array = Any
"""A pyarrow array; the library is untyped here."""


def inferred(sample: Array) -> str:
    """The narrowest type that every text of a sample has; texts without any value stay text."""
    texts = sample.drop_null()
    if not len(texts):
        return "string"
    for word in ("boolean", "int", "float", "datetime"):
        if from_text(texts, word).null_count == _blank(texts, word):
            return word
    return "string"


def from_text(texts: Array, word: str) -> Array:
    """Texts as values of a type, in the spellings that are recognised without being told."""
    if word in ("string", "stream_info"):
        return texts
    return _READERS[word](texts)


def convert(values: Array, word: str, options: ToBoolean | ToDatetime | None = None) -> Array:
    """Values of any type as values of another."""
    kind = values.type
    if isinstance(options, ToBoolean) and options.true_values:
        return _listed(as_text(values), options)
    if isinstance(options, ToDatetime):
        return values if pa.types.is_timestamp(kind) else _formatted(as_text(values), options)
    if word in ("string", "stream_info"):
        return as_text(values)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return from_text(values.cast(pa.string()), word) if word != "boolean" else _loose_boolean(values)
    return _between(values, word)


def as_text(values: Array) -> Array:
    """Every value as text: moments as ISO 8601 has them, truth as ``true`` and ``false``."""
    kind = values.type
    if pa.types.is_string(kind):
        return values
    if pa.types.is_timestamp(kind):
        return pc.strftime(values.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%S")
    return values.cast(pa.string())


def _between(values: Array, word: str) -> Array:
    kind = values.type
    if word == "datetime" and not (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        return pa.nulls(len(values), MOMENT)
    if word == "int" and pa.types.is_floating(kind):
        finite = pc.if_else(pc.is_finite(values), pc.trunc(values), pa.scalar(None, kind))
        small = pc.if_else(pc.less(pc.abs(finite), 2.0**63), finite, pa.scalar(None, kind))
        return small.cast(pa.int64())
    if word == "boolean" and not pa.types.is_boolean(kind):
        return pc.not_equal(values, pa.scalar(0, kind)) if _is_number(kind) else pa.nulls(len(values), pa.bool_())
    if pa.types.is_temporal(kind) and word in ("int", "float", "boolean"):
        return pa.nulls(len(values), ARROW[word])
    return values.cast(ARROW[word], safe=False)


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _fitting(texts: Array, pattern: str) -> Array:
    fits = pc.match_substring_regex(texts, pattern)
    return pc.utf8_trim_whitespace(pc.if_else(fits, texts, pa.scalar(None, pa.string())))


def _ints(texts: Array) -> Array:
    fitting = pc.replace_substring_regex(_fitting(texts, _INT), r"^\+", "")
    try:
        return fitting.cast(pa.int64())
    except pa.ArrowInvalid:  # some have nineteen digits and are too large
        return pa.array([_int(text) for text in fitting.to_pylist()], pa.int64())


def _int(text: str | None) -> int | None:
    value = None if text is None else int(text)
    return value if value is not None and -(2**63) <= value < 2**63 else None


def _floats(texts: Array) -> Array:
    return pc.replace_substring_regex(_fitting(texts, _FLOAT), r"^\+", "").cast(pa.float64())


def _booleans(texts: Array) -> Array:
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    return _chosen(lowered, _TRUE, _FALSE, None)


def _loose_boolean(texts: Array) -> Array:
    return _chosen(pc.utf8_lower(texts), [*_TRUE, "1"], [*_FALSE, "0"], None)


def _listed(texts: Array, options: ToBoolean) -> Array:
    mismatch = {"true": True, "false": False}.get(options.mismatch_as)
    return _chosen(texts, options.true_values or [], options.false_values or [], mismatch)


def _chosen(texts: Array, true: list[str], false: list[str], otherwise: bool | None) -> Array:
    is_true = pc.is_in(texts, value_set=pa.array(true, texts.type))
    is_false = pc.is_in(texts, value_set=pa.array(false, texts.type))
    rest = pc.if_else(pc.is_valid(texts), pa.scalar(otherwise, pa.bool_()), pa.scalar(None, pa.bool_()))
    return pc.if_else(is_true, pa.scalar(True), pc.if_else(is_false, pa.scalar(False), rest))


def _moments(texts: Array) -> Array:
    """ISO 8601 with or without a zone (told in UTC), and month/day/year."""
    return pc.coalesce(
        _try(lambda: _fitting(texts, _ISO).cast(MOMENT), texts, "ISO8601"),
        _try(lambda: _fitting(texts, _ISO_ZONE).cast(pa.timestamp("us", "UTC")).cast(MOMENT), texts, "ISO8601"),
        _by_format(_fitting(texts, _SLASHED), "%m/%d/%Y"),
    )


def _try(cast: Callable[[], Array], texts: Array, form: str) -> Array:
    """A fast cast; where one text is no day of the calendar, the slow way that lets the others be."""
    try:
        return cast()
    except pa.ArrowInvalid:
        return _by_format(texts, form)


def _formatted(texts: Array, options: ToDatetime) -> Array:
    formats = [options.formats] if isinstance(options.formats, str) else options.formats
    found = [_by_format(texts, form) for form in formats]
    if options.date_constant:
        day = options.date_constant
        dated = pc.binary_join_element_wise(pa.scalar(day), texts, " ")
        found = [_by_format(dated, f"%Y-%m-%d {form}") if not _has_date(form) else made
                 for form, made in zip(formats, found, strict=True)]  # fmt: skip
    return pc.coalesce(*found) if len(found) > 1 else found[0]


def _has_date(form: str) -> bool:
    return any(part in form for part in ("%d", "%Y", "%y", "%m", "%b", "%B", "%j", "%x", "%c", "%D", "%F"))


def _by_format(texts: Array, form: str) -> Array:
    series: Any = pd.Series(texts.to_pandas(), dtype="object")
    moments: Any = pd.to_datetime(series, format=form, errors="coerce", utc=True)
    return pa.array(moments.dt.tz_localize(None).astype("datetime64[us]"), MOMENT, from_pandas=True)


def _blank(texts: Array, word: str) -> int:
    """Texts that say that there is no number."""
    return pc.sum(pc.match_substring_regex(texts, _NAN)).as_py() or 0 if word == "float" else 0


_READERS: dict[str, Callable[[Array], Array]] = {
    "int": _ints, "float": _floats, "boolean": _booleans, "datetime": _moments,
}  # fmt: skip


def is_blank(texts: Array) -> Array:
    """Which texts say that there is no number (``NaN``), which is no mismatch."""
    return pc.match_substring_regex(texts, _NAN)
