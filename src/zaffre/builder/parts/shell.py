"""The script of a ``RUN`` line → its simple commands as words. No shell runs here, and none is imitated further."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SEPARATORS = frozenset(("&&", "||", ";", ";;", "|", "|&", "&", "\n"))
_KEYWORDS = frozenset(
    ("if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "{", "}", "(", ")", "time")
)
_PUNCTUATION = re.compile(r"&&|\|\||\|&|;;|[;&|\n()]")
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
_REDIRECT = re.compile(r"^\d*(?:>>?|<|>&|&>|<<<)\d*$")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*$", re.MULTILINE)


class Unreadable(Exception):
    """The script is not one that can be taken apart: an open quote, a here-document inside."""


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command."""

    words: tuple[str, ...]
    """Without assignments before it and without redirections."""
    into: str = ""
    """The file its output goes to."""
    piped: bool = False
    """Whether it reads what the command before it wrote."""


def commands(script: str) -> list[Command]:
    """The simple commands of a script in order, also those that a condition guards; raises ``Unreadable``."""
    if script.lstrip().startswith("["):
        return [Command(tuple(words))] if (words := _exec_form(script)) else []
    lexer = shlex.shlex(_COMMENT.sub("", script), posix=True, punctuation_chars=";&|\n()<>")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return list(_split([part for word in words for part in _parts(word)]))


def _parts(word: str) -> list[str]:
    """Punctuation that stands together (``;)``, a line feed before a bracket) comes as one word."""
    return _PUNCTUATION.findall(word) if word and not word.strip(";&|()\n") else [word]


def _exec_form(script: str) -> list[str]:
    try:
        words: Any = json.loads(script)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return [str(word) for word in words]


def _split(words: list[str]) -> Iterator[Command]:
    current: list[str] = []
    piped = False
    for word in [*words, ";"]:
        if word not in _SEPARATORS:
            current.append(word)
            continue
        command = _simple(current, piped)
        if command is not None:
            yield command
        current, piped = [], word.startswith("|") and not word.startswith("||")


def _simple(words: list[str], piped: bool) -> Command | None:
    rest = list(words)
    while rest and (rest[0] in _KEYWORDS or not rest[0].strip("()")):
        rest.pop(0)
    while rest and rest[-1] and not rest[-1].strip("()"):
        rest.pop()
    if not rest or rest[0] in ("for", "case", "esac", "function"):
        return None
    while rest and _ASSIGNMENT.match(rest[0]):
        rest.pop(0)
    kept, into = _without_redirections(rest)
    return Command(tuple(kept), into, piped) if kept else None


def _without_redirections(words: list[str]) -> tuple[list[str], str]:
    kept: list[str] = []
    into = ""
    skip = False
    for number, word in enumerate(words):
        if skip:
            skip = False
        elif _REDIRECT.match(word):
            skip = True
            if ">" in word and number + 1 < len(words) and not words[number + 1].isdigit():
                into = words[number + 1]
            if kept and kept[-1] in ("1", "2"):
                kept.pop()  # ``2>/dev/null`` comes as three words
        else:
            kept.append(word)
    return kept, into
