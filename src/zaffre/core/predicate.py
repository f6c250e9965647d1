"""The language of an MLTable's ``filter``: ``col("age") > 32 and city != "Oslo"``, parsed by us and never evaluated as code.

Python's words and precedence: ``or``, ``and``, ``not``, one comparison (also ``in``, ``not in``, ``is None``), sums,
products, a sign. A column is ``col("name")`` or its bare name. What is null matches nothing but ``is None`` and ``== None``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem

MAX_LENGTH = 10_000
MAX_DEPTH = 60
COMPARISONS = ("==", "!=", ">=", "<=", ">", "<")
METHODS = {"is_null": 0, "contains": 1, "startswith": 1, "endswith": 1}
"""What may be asked of a value, and with how many texts."""
_FUNCTIONS = ("col", "datetime")
_WORDS = {"True": True, "true": True, "False": False, "false": False, "None": None, "null": None}
_RESERVED = frozenset({"and", "or", "not", "in", "is", *_WORDS})
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>==|!=|>=|<=|[-+*/%<>()\[\],.]))""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, truth value, moment, or nothing."""

    value: bool | int | float | str | datetime | None


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x`` or ``-x``."""

    sign: str
    value: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``and``, ``or``, a comparison, or arithmetic."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among:
    """``x in (1, 2)``."""

    value: Node
    choices: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """``x.contains("y")`` and its like."""

    method: str
    value: Node
    argument: str = ""


Node = Column | Literal | Unary | Binary | Among | Ask


def parse(text: str) -> Node:
    """The expression ``text`` says; raises ``Invalid`` with the column of the first thing that does not fit."""
    if len(text) > MAX_LENGTH:
        raise Invalid([Problem(f"an expression has at most {MAX_LENGTH} characters; this one has {len(text)}")])
    return _Parser(text).whole()


def columns(node: Node) -> set[str]:
    """Every column an expression reads."""
    match node:
        case Column(name):
            return {name}
        case Literal():
            return set()
        case Binary(_, left, right):
            return columns(left) | columns(right)
        case Unary(_, value) | Among(value, _) | Ask(_, value, _):
            return columns(value)


def written(node: Node) -> str:
    """The expression as text that ``parse`` reads back as the same."""
    match node:
        case Column(name):
            return f"col({_quoted(name)})"
        case Literal(value):
            return _literal(value)
        case Unary(sign, value):
            return f"({'not ' if sign == 'not' else '-'}{written(value)})"
        case Binary(sign, left, right):
            return f"({written(left)} {sign} {written(right)})"
        case Among(value, choices):
            return f"({written(value)} in ({', '.join(_literal(one.value) for one in choices)},))"
        case Ask(method, value, argument):
            return f"({written(value)}).{method}({_quoted(argument) if METHODS[method] else ''})"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Parser:
    """Recursive descent, one function a level of precedence."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._scan())
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._either()
        if self._here.kind != "end":
            raise self._wrong(f"expected and, or, or the end, found {self._here.text!r}")
        return node

    def _either(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._wrong(f"nested deeper than {MAX_DEPTH} levels")
        node = self._both()
        while self._took("or"):
            node = Binary("or", node, self._both())
        self._depth -= 1
        return node

    def _both(self) -> Node:
        node = self._negated()
        while self._took("and"):
            node = Binary("and", node, self._negated())
        return node

    def _negated(self) -> Node:
        count = 0
        while self._took("not"):
            count += 1
        node = self._compared()
        for _ in range(count):
            node = Unary("not", node)
        return node

    def _compared(self) -> Node:
        left = self._sum()
        for sign in COMPARISONS:
            if self._took(sign):
                made = Binary(sign, left, self._sum())
                if self._here.text in COMPARISONS and self._here.kind == "sign":
                    raise self._wrong("one comparison at a time: join two with and")
                return made
        if self._took("is"):
            absent: Node = Ask("is_null", left) if not self._took("not") else Unary("not", Ask("is_null", left))
            self._need("None", "after is")
            return absent
        if self._here.text == "not" and self._ahead.text == "in":
            self._next += 1
            self._need("in", "after not")
            return Unary("not", Among(left, self._choices()))
        return Among(left, self._choices()) if self._took("in") else left

    def _choices(self) -> tuple[Literal, ...]:
        closing = {"(": ")", "[": "]"}.get(self._here.text)
        if closing is None or self._here.kind != "sign":
            raise self._wrong('expected a list of values after in, e.g. ("a", "b")')
        self._next += 1
        found: list[Literal] = []
        while not self._took(closing):
            value = self._signed()
            if not isinstance(value, Literal):
                raise self._wrong("expected plain values after in")
            found.append(value)
            if not self._took(","):
                self._need(closing, "at the end of the list")
                break
        return tuple(found)

    def _sum(self) -> Node:
        node = self._product()
        while self._here.kind == "sign" and self._here.text in "+-":
            node = Binary(self._take().text, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._here.kind == "sign" and self._here.text in "*/%":
            node = Binary(self._take().text, node, self._signed())
        return node

    def _signed(self) -> Node:
        count = 0
        while self._took("-"):
            count += 1
        node = self._asked()
        for _ in range(count):
            is_number = isinstance(node, Literal) and type(node.value) in (int, float)
            node = Literal(-node.value) if is_number else Unary("-", node)  # type: ignore[operator,union-attr]
        return node

    def _asked(self) -> Node:
        node = self._primary()
        while self._took("."):
            at, method = self._here, self._take().text
            if method not in METHODS:
                raise self._wrong(f"there is no .{method}(); known: {', '.join(METHODS)}", at, METHODS)
            self._need("(", f"after .{method}")
            argument = self._string(f"the text that .{method}() looks for") if METHODS[method] else ""
            self._need(")", f"to end .{method}(")
            node = Ask(method, node, argument)
        return node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Literal(self._number(token))
        if token.kind == "text":
            return Literal(_unquoted(token.text))
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            node = self._either()
            self._need(")", "to close (")
            return node
        self._next -= 1
        raise self._wrong(f"expected a value or a column, found {token.text or 'the end'}", token)

    def _number(self, token: _Token) -> int | float:
        if token.text.isdigit():
            return int(token.text)
        value = float(token.text)
        if not math.isfinite(value):
            raise self._wrong(f"the number {token.text} is too large", token)
        return value

    def _named(self, token: _Token) -> Node:
        if token.text in _WORDS:
            return Literal(_WORDS[token.text])
        if token.text in _RESERVED:
            raise self._wrong(f"expected a value or a column, found {token.text}", token)
        if self._here.text != "(" or self._here.kind != "sign":
            return Column(token.text)
        self._next += 1
        if token.text == "col":
            name = self._string("the column's name in quotes")
            self._need(")", "to end col(")
            return Column(name)
        if token.text == "datetime":
            return Literal(self._moment(token))
        raise self._wrong(f"there is no function {token.text}", token, _FUNCTIONS)

    def _moment(self, token: _Token) -> datetime:
        parts: list[int] = []
        while not self._took(")"):
            number = self._take()
            if number.kind != "number" or not number.text.isdigit():
                raise self._wrong("expected whole numbers, e.g. datetime(2026, 1, 31)", number)
            parts.append(int(number.text))
            if not self._took(","):
                self._need(")", "to end datetime(")
                break
        try:
            return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a table's moments have no zone either
        except (TypeError, ValueError, OverflowError) as error:
            raise self._wrong(f"datetime({', '.join(map(str, parts))}) is no moment: {error}", token) from None

    def _string(self, what: str) -> str:
        token = self._take()
        if token.kind != "text":
            raise self._wrong(f"expected {what}, found {token.text or 'the end'}", token)
        return _unquoted(token.text)

    @property
    def _here(self) -> _Token:
        return self._tokens[self._next]

    @property
    def _ahead(self) -> _Token:
        return self._tokens[min(self._next + 1, len(self._tokens) - 1)]

    def _take(self) -> _Token:
        token = self._here
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _took(self, text: str) -> bool:
        if self._here.text != text or self._here.kind == "text":
            return False
        self._next += 1
        return True

    def _need(self, text: str, where: str) -> None:
        if not self._took(text):
            raise self._wrong(f"expected {text} {where}, found {self._here.text or 'the end'}")

    def _scan(self) -> Iterator[_Token]:
        at = 0
        while self._text[at:].strip():
            found = _TOKEN.match(self._text, at)
            if found is None:
                at += len(self._text[at:]) - len(self._text[at:].lstrip())
                token = _Token("", self._text[at], at)
                raise self._wrong(f"{self._text[at:][:20]!r} is not understood", token)
            kind = str(found.lastgroup)
            yield _Token(kind, found[kind], found.start(kind))
            at = found.end()
        yield _Token("end", "", len(self._text))

    def _wrong(self, message: str, token: _Token | None = None, known: Iterable[str] = ()) -> Invalid:
        token = token or self._here
        hint = problems.closest(token.text, known) if known else ""
        return Invalid([Problem(f"at character {token.at + 1} of {self._text[:80]!r}: {message}", hint=hint)])


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for letter, char in _ESCAPES.items():
        escaped = escaped.replace(char, f"\\{letter}")
    return f'"{escaped}"'


def _literal(value: bool | int | float | str | datetime | None) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime):
        return f"datetime({', '.join(map(str, value.timetuple()[:6]))})"
    return repr(value)
