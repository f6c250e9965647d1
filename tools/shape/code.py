"""Rules about what code may say, read from its syntax tree."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from shape.files import nodes, place, sources
from shape.folders import BANNED

_MODELS = frozenset({"BaseModel", "RootModel", "Spec"})
_FRONT = "src/zaffre/sdk/entity.py"
"""Adds a client's conveniences to the one model; it has no field of its own."""
_BROAD = frozenset({"Exception", "BaseException"})
_MAINS = frozenset({"__main__.py", "main.py"})
_COLOURLESS = ("core", "sdk", "cli")
_COLOURLESS_FILES = frozenset({"rules.py", "plan.py", "spec.py"})


def stray_models(root: Path) -> list[str]:
    """Pydantic models outside ``core`` and a ``spec.py``: the same fact stored twice drifts."""
    return [
        f"{place(root, path, node.lineno)}: model {node.name} belongs into core/ or a spec.py"
        for path in _package(root)
        if not _under(root, path, "core") and path.name != "spec.py" and path != root / _FRONT
        for node in _classes(path)
        if _MODELS & {_last_name(parent) for parent in node.bases}
    ]


def broad_excepts(root: Path) -> list[str]:
    """``except Exception`` outside the loop, the error mapper and process mains: it hides mistakes.

    The agent is such a main, and what fails in it is the user's code, which may raise anything.
    """
    allowed = {root / "src/zaffre/control/loop.py", root / "src/zaffre/api/errors.py"}
    return [
        f"{place(root, path, node.lineno)}: except {'Exception' if node.type else '(bare)'} hides mistakes here"
        for path in _package(root)
        if path not in allowed and path.name not in _MAINS and not _under(root, path, "agent")
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node)
    ]


def coloured(root: Path) -> list[str]:
    """``async`` in a floor without colour: core, rules, plans, parts, SDK and command line."""
    found: list[str] = []
    for path in _package(root):
        inside = path.relative_to(root / "src/zaffre").parts
        plain = inside[0] in _COLOURLESS or path.name in _COLOURLESS_FILES or "parts" in inside[:-1]
        if not plain or inside == ("core", "ports.py"):  # ports describe the floors that are async
            continue
        found += [
            f"{place(root, path, node.lineno)}: async in a floor without colour"
            for node in nodes(path)
            if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await)
        ]
    return found


def agent_imports(root: Path) -> list[str]:
    """What the agent imports beyond the standard library and itself."""
    allowed = sys.stdlib_module_names | {"zaffre"}  # of Zaffre only itself: an import contract says so
    return [
        f"{place(root, path, line)}: the agent runs where only the standard library is; it imports {name}"
        for path in sources(root, "src/zaffre/agent")
        for name, line in _imports(path)
        if name.partition(".")[0] not in allowed and not (path.parent / f"{name.partition('.')[0]}.py").is_file()
    ]


def banned_classes(root: Path) -> list[str]:
    """Classes named for nothing in particular."""
    return [
        f"{place(root, path, node.lineno)}: class {node.name}: name it after what it is"
        for path in _package(root)
        for node in _classes(path)
        if any(node.name.lower().endswith(word) for word in BANNED - {"base", "util", "utils"}) or node.name == "Base"
    ]


def _package(root: Path) -> Iterator[Path]:
    return sources(root, "src/zaffre")


def _under(root: Path, path: Path, package: str) -> bool:
    return path.relative_to(root / "src/zaffre").parts[0] == package


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    for node in nodes(path):
        if isinstance(node, ast.ClassDef):
            yield node


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_broad(node: ast.ExceptHandler) -> bool:
    if node.type is None:
        return True
    names = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(_last_name(name) in _BROAD for name in names)


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
