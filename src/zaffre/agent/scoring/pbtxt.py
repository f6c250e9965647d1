"""Protobuf's text format, as ``config.pbtxt`` is written in: every field a list of its values, nothing interpreted."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Tuple

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<word>[A-Za-z0-9_.+-]+)|(?P<mark>[{}\[\]<>:,;])"""
)
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CLOSING = {"{": "}", "<": ">"}
_DEEPEST = 50

Message = Dict[str, List[Any]]


class Malformed(ValueError):
    """Not the text format; the message says on which line."""


def parse(text: str) -> Message:
    """The message of a whole file."""
    reader = _Reader(_tokens(text))
    found = reader.fields("", 0)
    return found


def first(message: Message, name: str, usual: Any = None) -> Any:
    """The last value of a field, as protobuf reads a field that is not repeated."""
    values = message.get(name)
    return values[-1] if values else usual


def _tokens(text: str) -> List[Tuple[str, str, int]]:
    found: List[Tuple[str, str, int]] = []
    place, line = 0, 1
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise Malformed("line {}: {!r} was not expected".format(line, text[place]))
        if match.lastgroup is not None:
            found.append((match.lastgroup, match.group(), line))
        line += match.group().count("\n")
        place = match.end()
    return found


class _Reader:
    def __init__(self, tokens: List[Tuple[str, str, int]]) -> None:
        self._tokens = tokens
        self._next = 0

    def fields(self, closing: str, depth: int) -> Message:
        """Fields up to ``closing``, or to the end of the file."""
        if depth > _DEEPEST:
            raise Malformed("messages are nested more than {} deep".format(_DEEPEST))
        found: Message = {}
        while True:
            kind, piece, line = self._take(closing)
            if piece == closing:
                return found
            if piece in (",", ";"):
                continue
            if kind != "word":
                raise Malformed("line {}: expected a field's name, found {}".format(line, piece))
            found.setdefault(piece, []).extend(self._value(depth))

    def _value(self, depth: int) -> List[Any]:
        _, piece, line = self._take("}")
        if piece == ":":
            _, piece, line = self._take("}")
        elif piece != "[" and piece not in _CLOSING:
            raise Malformed("line {}: expected : or {{ after a field's name, found {}".format(line, piece))
        if piece == "[":
            return self._list(depth)
        self._next -= 1
        return [self._single(depth)]

    def _list(self, depth: int) -> List[Any]:
        found: List[Any] = []
        while True:
            _, piece, _ = self._take("]")
            if piece == "]":
                return found
            if piece != ",":
                self._next -= 1
                found.append(self._single(depth))

    def _single(self, depth: int) -> Any:
        kind, piece, line = self._take("}")
        if piece in _CLOSING:
            return self.fields(_CLOSING[piece], depth + 1)
        if kind == "text":
            text = _unescaped(piece)
            while self._next < len(self._tokens) and self._tokens[self._next][0] == "text":
                text += _unescaped(self._take("}")[1])
            return text
        if kind != "word":
            raise Malformed("line {}: expected a value, found {}".format(line, piece))
        return _scalar(piece)

    def _take(self, closing: str) -> Tuple[str, str, int]:
        if self._next >= len(self._tokens):
            if not closing:
                return "", "", 0
            raise Malformed("the file ends where {} was expected".format(closing))
        self._next += 1
        return self._tokens[self._next - 1]


def _scalar(word: str) -> Any:
    if word in ("true", "false", "True", "False"):
        return word.lower() == "true"
    try:
        return int(word, 0)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:
        return word


def _unescaped(piece: str) -> str:
    def plain(match: Any) -> str:
        octal, hexadecimal, letter = match.groups()
        if octal:
            return chr(int(octal, 8))
        return chr(int(hexadecimal, 16)) if hexadecimal else _PLAIN.get(str(letter), str(letter))

    return _ESCAPE.sub(plain, piece[1:-1])
