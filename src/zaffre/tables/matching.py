"""A filter's expression over the columns of a batch: types checked once against the schema, then computed by Arrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zaffre.core import predicate, problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.predicate import Among, Ask, Binary, Column, Literal, Node, Unary
from zaffre.tables.conversion import MOMENT
from zaffre.tables.libraries import pa, pc

_COMPARE: dict[str, Callable[..., Any]] = {
    "==": pc.equal, "!=": pc.not_equal, ">": pc.greater, ">=": pc.greater_equal, "<": pc.less, "<=": pc.less_equal,
}  # fmt: skip
_TEXT: dict[str, Callable[..., Any]] = {
    "contains": pc.match_substring, "startswith": pc.starts_with, "endswith": pc.ends_with,
}  # fmt: skip


class Matcher:
    """A parsed filter."""

    def __init__(self, text: str, schema: Any) -> None:
        self._node = predicate.parse(text)
        self._text = text
        kind = self._type(self._node, schema)
        if kind not in ("boolean", "nothing"):
            raise self._wrong(f"expected a comparison, which is true or false; this is a {kind}")

    def mask(self, batch: Any) -> Any:
        """Which rows match; where the answer is not known, they do not."""
        found = self._value(self._node, batch)
        if isinstance(found, pa.Scalar):
            found = pa.repeat(found.cast(pa.bool_()), len(batch))
        return pc.fill_null(found, False)

    def _type(self, node: Node, schema: Any) -> str:
        match node:
            case Column(name):
                return self._column(name, schema)
            case Literal(value):
                return _kind(value)
            case Unary(sign, value):
                return self._needs(value, schema, "boolean" if sign == "not" else "number", sign)
            case Binary():
                return self._binary(node, schema)
            case Ask() | Among():
                return self._question(node, schema)

    def _question(self, node: Ask | Among, schema: Any) -> str:
        if isinstance(node, Among):
            for choice in node.choices:
                self._alike(node.value, choice, schema)
            return "boolean"
        kind = self._type(node.value, schema)
        if node.method != "is_null" and kind not in ("text", "nothing"):
            raise self._wrong(f".{node.method}() is asked of texts; {_shown(node.value)} is a {kind}")
        return "boolean"

    def _binary(self, node: Binary, schema: Any) -> str:
        if node.sign in ("and", "or"):
            self._needs(node.left, schema, "boolean", node.sign)
            return self._needs(node.right, schema, "boolean", node.sign)
        if node.sign in _COMPARE:
            self._alike(node.left, node.right, schema)
            return "boolean"
        self._needs(node.left, schema, "number", node.sign)
        return self._needs(node.right, schema, "number", node.sign)

    def _needs(self, node: Node, schema: Any, wanted: str, sign: str) -> str:
        kind = self._type(node, schema)
        if kind not in (wanted, "nothing"):
            raise self._wrong(f"{sign} needs a {wanted}; {_shown(node)} is a {kind}")
        return wanted

    def _alike(self, left: Node, right: Node, schema: Any) -> None:
        kinds = self._type(left, schema), self._type(right, schema)
        if kinds[0] != kinds[1] and "nothing" not in kinds:
            raise self._wrong(
                f"{_shown(left)} is a {kinds[0]} and cannot be compared with {_shown(right)}, a {kinds[1]}"
            )

    def _column(self, name: str, schema: Any) -> str:
        index = schema.get_field_index(name)
        if index < 0:
            raise self._wrong(f"there is no column {name!r}", problems.closest(name, schema.names))
        return _kind_of(schema.field(index).type)

    def _wrong(self, message: str, hint: str = "") -> Invalid:
        return Invalid([Problem(f"filter {self._text[:80]!r}: {message}", hint=hint)])

    def _value(self, node: Node, batch: Any) -> Any:
        match node:
            case Column(name):
                return _comparable(batch.column(batch.schema.get_field_index(name)))
            case Literal(value):
                return pa.scalar(value, MOMENT if isinstance(value, datetime) else None)
            case Unary(sign, value):
                return (pc.invert if sign == "not" else pc.negate)(self._known(value, batch))
            case Ask(method, value, argument):
                found = self._value(value, batch)
                return pc.is_null(found) if method == "is_null" else _TEXT[method](found, pattern=argument)
            case Among(value, choices):
                return self._among(self._value(value, batch), choices)
            case Binary(sign, left, right):
                return self._joined(sign, left, right, batch)

    def _known(self, node: Node, batch: Any) -> Any:
        value = self._value(node, batch)
        return value.cast(pa.bool_()) if pa.types.is_null(value.type) else value

    def _among(self, values: Any, choices: tuple[Literal, ...]) -> Any:
        found = pa.scalar(False)
        for choice in choices:
            same = pc.is_null(values) if choice.value is None else pc.equal(values, pa.scalar(choice.value))
            found = pc.or_kleene(found, same)
        return found

    def _joined(self, sign: str, left: Node, right: Node, batch: Any) -> Any:
        if sign in ("and", "or"):
            return (pc.and_kleene if sign == "and" else pc.or_kleene)(
                self._known(left, batch), self._known(right, batch)
            )
        if sign in ("==", "!=") and Literal(None) in (left, right):
            absent = pc.is_null(self._value(left if right == Literal(None) else right, batch))
            return absent if sign == "==" else pc.invert(absent)
        values = self._value(left, batch), self._value(right, batch)
        if sign in _COMPARE:
            return _COMPARE[sign](*values)
        return _arithmetic(sign, *values)


def _arithmetic(sign: str, left: Any, right: Any) -> Any:
    if sign == "/":
        return pc.divide(left.cast(pa.float64()), right.cast(pa.float64()))
    if sign == "%":  # the remainder has the divisor's sign, as in Python; of zero there is none
        divisor = right.cast(pa.float64())
        divisor = pc.if_else(pc.equal(divisor, 0.0), pa.scalar(None, pa.float64()), divisor)
        whole = pc.floor(pc.divide(left.cast(pa.float64()), divisor))
        return pc.subtract(left.cast(pa.float64()), pc.multiply(whole, divisor))
    return {"+": pc.add, "-": pc.subtract, "*": pc.multiply}[sign](left, right)


def _comparable(column: Any) -> Any:
    """Days as moments, exact decimals as numbers: what a literal can be compared with."""
    kind = column.type
    if pa.types.is_date(kind):
        return column.cast(MOMENT)
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    return column.cast(pa.int64()) if pa.types.is_integer(kind) and kind != pa.uint64() else column


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, datetime):
        return "moment"
    return "text" if isinstance(value, str) else "number"


def _kind_of(kind: Any) -> str:
    tests = (
        (pa.types.is_boolean, "boolean"), (pa.types.is_integer, "number"), (pa.types.is_floating, "number"),
        (pa.types.is_decimal, "number"), (pa.types.is_string, "text"), (pa.types.is_large_string, "text"),
        (pa.types.is_timestamp, "moment"), (pa.types.is_date, "moment"), (pa.types.is_null, "nothing"),
    )  # fmt: skip
    return next((word for test, word in tests if test(kind)), str(kind))


def _shown(node: Node) -> str:
    return predicate.written(node)
