"""A conda file, as a dictionary → pip requirements and the Python it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from zaffre.builder.parts import pip_lines
from zaffre.builder.parts.conda_names import to_pypi
from zaffre.builder.parts.pip_lines import PipLines

_KEYS = {"name", "channels", "dependencies", "prefix", "variables", "platforms", "category"}
_SPEC = re.compile(r"^(?:[A-Za-z0-9_.:/-]+::)?([A-Za-z0-9_.-]+)\s*(.*)$")
_BRACKETS = re.compile(r"\[\s*(?:version\s*=\s*['\"]?([^'\"\]]*)['\"]?)?[^\]]*\]")
_CLAUSE = re.compile(r"^(==|=|>=|<=|!=|~=|>|<)?\s*([0-9A-Za-z.*+!_-]+)$")
_TOOLS = {"pip", "python", "pypy"}


@dataclass(slots=True)
class CondaFile:
    """What a conda file comes to."""

    lines: PipLines
    python: str = ""
    """``"3.8"``, a range such as ``">=3.8,<3.11"``, or empty."""


def read(conda: Mapping[str, Any], place: str = "conda_file") -> CondaFile:
    """Translate ``conda``; mistakes are collected in ``lines.problems``."""
    found = CondaFile(PipLines())
    for key in conda:
        if key not in _KEYS:
            found.lines.refuse(f"{place}.{key}", f"unknown key; a conda file has {', '.join(sorted(_KEYS))}")
    entries: object = conda.get("dependencies") or []
    if not _is_list(entries):
        found.lines.refuse(f"{place}.dependencies", f"expected a list, found {type(entries).__name__}")
        return found
    for number, entry in enumerate(entries):
        where = f"{place}.dependencies[{number}]"
        if isinstance(entry, str):
            _package(found, entry, where)
        elif _is_mapping(entry):
            _section(found, entry, where)
        else:
            found.lines.refuse(where, f"expected a package such as numpy=1.26, found {entry!r}")
    return found


def version_of(text: str) -> str | None:
    """Conda's version syntax as pip's: ``=1.21`` → ``==1.21.*``; ``None`` when it is neither."""
    clauses: list[str] = []
    for part in text.split(","):
        match = _CLAUSE.match(part.strip())
        if part.strip() in {"", "*"}:
            continue
        if match is None:
            return None
        clauses.append(_clause(match.group(1) or "==", match.group(2)))
    wanted = ",".join(clauses)
    try:
        return ",".join(sorted(str(clause) for clause in SpecifierSet(wanted)))
    except InvalidSpecifier:
        return None


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_mapping(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)


def _section(found: CondaFile, section: dict[object, object], where: str) -> None:
    for key, lines in section.items():
        if key != "pip":
            found.lines.refuse(f"{where}.{key}", "only a pip section can stand here")
        elif lines is None:
            continue
        elif _is_list(lines):
            for number, line in enumerate(lines):
                pip_lines.add(found.lines, line, f"{where}.pip[{number}]")
        else:
            found.lines.refuse(f"{where}.pip", f"expected a list, found {type(lines).__name__}")


def _package(found: CondaFile, entry: str, where: str) -> None:
    match = _SPEC.match(entry.partition("#")[0].strip())
    if match is None:
        found.lines.refuse(where, f"{entry!r} is not a conda package", hint="expected something like numpy=1.26")
        return
    name, version = match.group(1).lower(), _version(match.group(2), found, entry)
    if version is None:
        found.lines.refuse(where, f"{entry!r}: no version conda would know", hint="expected something like numpy=1.26")
    elif name in _TOOLS:
        _tool(found, name, version, entry)
    else:
        _translate(found, name, version, f"{where}: {entry}")


def _tool(found: CondaFile, name: str, version: str, entry: str) -> None:
    if name == "python":
        found.python = version
    elif name == "pip" and version:
        found.lines.notes.append(f"{entry}: every run has a current pip of its own instead.")


def _translate(found: CondaFile, name: str, version: str, source: str) -> None:
    known = to_pypi(name)
    if known is None:
        found.lines.notes.append(f"{name} was left out: no Python package; wheels bring their own libraries.")
        return
    bare = pip_lines.name_of(known)
    if bare != pip_lines.name_of(name):
        found.lines.notes.append(f"{name} was read as {known}, its name in the index.")
    found.lines.requirements.setdefault(f"{bare}{known[len(known.partition('[')[0]) :]}{version}", source)


def _version(text: str, found: CondaFile, entry: str) -> str | None:
    brackets = _BRACKETS.search(text)
    if brackets:
        text = brackets.group(1) or _BRACKETS.sub("", text)
    if "|" in text:
        last = text.rpartition("|")[2]
        found.lines.notes.append(f"{entry}: of the alternatives the last, {last}, was taken.")
        text = last
    return version_of(_without_build(text.strip()))


def _without_build(text: str) -> str:
    """``=1.21=py38h1`` and ``1.21 py38_0`` without the build string; ``>= 1.2`` without the space."""
    text = re.sub(r"([<>=!~,])\s+", r"\1", text).split(" ")[0]
    return re.sub(r"^(=?[0-9][^=,]*)=[^=].*$", r"\1", text)


def _clause(operator: str, version: str) -> str:
    if operator == "=":
        return f"=={version}" if version.endswith("*") else f"=={version}.*"
    if operator in {">=", "<=", ">", "<"} and version.endswith(".*"):
        return f"{operator}{version[:-2]}"
    return f"{operator}{version}"
