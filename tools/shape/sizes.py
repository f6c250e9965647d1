"""Sizes a reader can hold: 400 lines a file, 50 a function. The exceptions may only shrink."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from shape.files import nodes, place, sources

FILE_LIMIT = 400
FUNCTION_LIMIT = 50
_FOLDERS = ("src", "tests", "tools", "benchmarks", "examples")


def long_files(root: Path, allowed: dict[str, int]) -> list[str]:
    """Files above the limit that the list does not allow, and entries of the list that are larger than they need be."""
    found: list[str] = []
    seen: set[str] = set()
    for path in sources(root, *_FOLDERS):
        name = place(root, path)
        lines = len(path.read_text(encoding="utf-8").splitlines())
        ceiling = allowed.get(name, FILE_LIMIT)
        if name in allowed:
            seen.add(name)
            if lines <= FILE_LIMIT:
                found.append(f"{name}: {lines} lines now; take it off the list")
                continue
            if lines < ceiling:
                found.append(f"{name}: {lines} lines now; the list allows {ceiling}, lower it")
        if lines > ceiling:
            found.append(f"{name}: {lines} lines, at most {ceiling}; split it by what its parts are for")
    found += [f"{name}: on the list, but there is no such file" for name in sorted(set(allowed) - seen)]
    return found


def long_functions(root: Path) -> list[str]:
    """Functions above the limit, in the source and the tools."""
    found: list[str] = []
    for path in sources(root, "src", "tools"):
        for node in _functions(path):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LIMIT:
                found.append(
                    f"{place(root, path, node.lineno)}: {node.name} has {lines} lines, at most {FUNCTION_LIMIT}"
                )
    return found


def read_list(path: Path) -> dict[str, int]:
    """The exceptions, one ``path lines`` a line; ``#`` starts a comment."""
    entries: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].split()
        if text:
            entries[text[0]] = int(text[1])
    return entries


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
