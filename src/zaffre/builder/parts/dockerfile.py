"""A Dockerfile's text → its instructions, each with its line: continuations joined, here-documents taken in.

What an instruction means without an engine is told by ``reading``; this is syntax alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_DIRECTIVE = re.compile(r"^#\s*(\w+)\s*=\s*(\S+)\s*$")
_HEREDOC = re.compile(r"<<(-?)([\"']?)([A-Za-z_][A-Za-z0-9_]*)\2")
_WITH_HEREDOCS = frozenset(("RUN", "COPY", "ADD"))
_FLAG = re.compile(r"^--([a-z-]+)(?:=(\S+))?\s*")
_VARIABLE = re.compile(
    r"\\(?P<escaped>.)|'(?P<literal>[^']*)'"
    r"|\$(?:\{(?P<braced>\w+)(?:(?P<operator>:?[-+])(?P<word>[^{}]*))?\}|(?P<name>[A-Za-z_]\w*))"
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction."""

    line: int
    """Where it begins, from 1."""
    keyword: str
    """In capitals."""
    value: str
    """The rest on one line, flags taken off."""
    flags: Mapping[str, str]
    documents: tuple[str, ...] = ()
    """The contents of its here-documents."""


def parse(text: str) -> list[Instruction]:
    """The instructions of a file, comments and empty lines left out."""
    lines = text.splitlines()
    escape = _escape(lines)
    found: list[Instruction] = []
    at = 0
    while at < len(lines):
        first = at
        joined, at = _joined(lines, at, escape)
        if not joined.strip():
            continue
        keyword, _, rest = joined.strip().partition(" ")
        keyword = keyword.upper()
        documents: tuple[str, ...] = ()
        if keyword in _WITH_HEREDOCS and "<<" in rest:
            documents, at = _documents(lines, at, rest)
        value, flags = _flags(rest.strip())
        found.append(Instruction(first + 1, keyword, value, flags, documents))
    return found


def substitute(text: str, variables: Mapping[str, str], *, quotes: bool = False) -> str:
    """``$NAME``, ``${NAME}``, ``${NAME:-word}`` and ``${NAME:+word}``.

    With ``quotes``, as for a shell: not within single ones, and what is unknown, which the image may set, stays.
    """

    def put(match: re.Match[str]) -> str:
        if match["escaped"] is not None:
            return "$" if match["escaped"] == "$" else match.group(0)
        if match["literal"] is not None:
            return match.group(0) if quotes else f"'{substitute(match['literal'], variables)}'"
        name = match["braced"] or match["name"]
        if quotes and name not in variables and not match["operator"]:
            return match.group(0)
        value = variables.get(name, "")
        match match["operator"]:
            case ":-" | "-":
                return value or substitute(match["word"], variables)
            case ":+" | "+":
                return substitute(match["word"], variables) if value else ""
            case _:
                return value

    return _VARIABLE.sub(put, text)


def assignments(value: str) -> Iterator[tuple[str, str]]:
    """``ENV A=1 B="two words"`` and the old ``ENV A two words``."""
    name, _, rest = value.partition(" ")
    if "=" not in name:
        yield name, rest.strip()
        return
    for match in re.finditer(r"([\w.-]+)=((?:\"(?:\\.|[^\"\\])*\"|'[^']*'|\\.|[^\s\"'\\])*)", value):
        yield match.group(1), _unquoted(match.group(2))


def _escape(lines: list[str]) -> str:
    for line in lines:
        directive = _DIRECTIVE.match(line)
        if directive is None:
            break
        if directive.group(1).lower() == "escape":
            return directive.group(2)
    return "\\"


def _joined(lines: list[str], at: int, escape: str) -> tuple[str, int]:
    """One logical line and where the next begins; comments between continued lines are dropped, as Docker does."""
    parts: list[str] = []
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.lstrip().startswith("#") or (parts and not line.strip()):
            if not parts:
                break
            continue
        stripped = line.rstrip()
        if not stripped.endswith(escape):
            parts.append(line)
            break
        parts.append(stripped[: -len(escape)])
    return "".join(parts), at


def _documents(lines: list[str], at: int, rest: str) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    for match in _HEREDOC.finditer(rest):
        body: list[str] = []
        while at < len(lines) and (lines[at].lstrip("\t") if match.group(1) else lines[at]) != match.group(3):
            body.append(lines[at].lstrip("\t") if match.group(1) else lines[at])
            at += 1
        at += 1
        found.append("".join(f"{line}\n" for line in body))
    return tuple(found), at


def _flags(rest: str) -> tuple[str, dict[str, str]]:
    flags: dict[str, str] = {}
    while match := _FLAG.match(rest):
        flags[match.group(1)] = match.group(2) or ""
        rest = rest[match.end() :]
    return rest, flags


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)|[\"']", lambda match: match.group(1) or "", value)
