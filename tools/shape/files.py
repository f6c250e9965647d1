"""Which files there are to look at, and their parsed form."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def sources(root: Path, *folders: str) -> Iterator[Path]:
    """Python files of the given top folders, in a stable order; hidden folders (environments, caches) are not ours."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            inside = path.relative_to(root).parts
            if "__pycache__" not in inside and not any(part.startswith(".") for part in inside):
                yield path


def tracked(root: Path) -> Iterator[Path]:
    """What is, or would be, committed: everything git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode().split("\0"))):
        path = root / name
        if name and path.is_file() and not path.is_symlink():
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of one file's syntax tree: all rules look through the same walk."""
    return tuple(ast.walk(parsed(path)))


def place(root: Path, path: Path, line: int = 0) -> str:
    """How a finding names where it is, so that an editor can jump there."""
    name = path.relative_to(root).as_posix()
    return f"{name}:{line}" if line else name
