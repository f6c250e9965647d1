"""A conda file, as a dictionary → pip requirements and the Python it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from zaffre.builder.parts import pip_lines
from zaffre.builder.parts.conda_names import to_pypi
from zaffre.builder.parts.pip_lines import PipLines
from zaffre.builder.parts.r_lines import RLines

_KEYS = {"name", "channels", "dependencies", "prefix", "variables", "platforms", "category"}
_SPEC = re.compile(r"^(?:[A-Za-z0-9_.:/-]+::)?([A-Za-z0-9_.-]+)\s*(.*)$")
_BRACKETS = re.compile(r"\[\s*(?:version\s*=\s*['\"]?([^'\"\]]*)['\"]?)?[^\]]*\]")
_CLAUSE = re.compile(r"^(==|=|>=|<=|!=|~=|>|<)?\s*([0-9A-Za-z.*+!_-]+)$")
_TOOLS = {"pip", "python", "pypy"}
_R_COLLECTIONS: dict[str, tuple[str, ...]] = {
    "essentials": ("tidyverse", "data.table", "shiny", "rmarkdown", "caret", "randomForest"),
    "recommended": (),
}
"""Conda packages that only name others; the recommended ones come with R."""


@dataclass(slots=True)
class CondaFile:
    """What a conda file comes to."""

    lines: PipLines
    python: str = ""
    """``"3.8"``, a range such as ``">=3.8,<3.11"``, or empty."""
    r: RLines = field(default_factory=RLines)
    variables: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """What its jobs find in the environment: value, and the place that says so."""


Where = Callable[[str], str]
"""A path inside the file (``dependencies[3].pip[0]``) → the place to tell people, such as ``conda.yml:9``."""


def in_field(path: str) -> str:
    """Where nothing is known of the file but that it was the field ``conda_file``."""
    return f"conda_file.{path}"


def read(conda: Mapping[str, Any], where: Where = in_field) -> CondaFile:
    """Translate ``conda``; mistakes are collected in ``lines.problems``."""
    found = CondaFile(PipLines())
    for key in conda:
        if key not in _KEYS:
            found.lines.refuse(where(key), f"{key}: unknown key; a conda file has {', '.join(sorted(_KEYS))}")
    _variables(found, conda.get("variables"), where)
    entries: object = conda.get("dependencies") or []
    if not _is_list(entries):
        found.lines.refuse(where("dependencies"), f"expected a list, found {type(entries).__name__}")
        return found
    for number, entry in enumerate(entries):
        path = f"dependencies[{number}]"
        if isinstance(entry, str):
            _package(found, entry, where(path))
        elif _is_mapping(entry):
            _section(found, entry, path, where)
        else:
            found.lines.refuse(where(path), f"expected a package such as numpy=1.26, found {entry!r}")
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


def _variables(found: CondaFile, said: object, where: Where) -> None:
    if said is None:
        return
    if not _is_mapping(said):
        found.lines.refuse(where("variables"), f"expected names with values, found {type(said).__name__}")
        return
    for name, value in said.items():
        place = where(f"variables.{name}")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            found.lines.refuse(place, f"expected text or a number, found {value!r}; write it in quotes")
        else:
            found.variables[str(name)] = (str(value), place)


def _section(found: CondaFile, section: dict[object, object], path: str, where: Where) -> None:
    for key, lines in section.items():
        if key != "pip":
            found.lines.refuse(where(f"{path}.{key}"), "only a pip section can stand here")
        elif lines is None:
            continue
        elif _is_list(lines):
            for number, line in enumerate(lines):
                pip_lines.add(found.lines, line, where(f"{path}.pip[{number}]"))
        else:
            found.lines.refuse(where(f"{path}.pip"), f"expected a list, found {type(lines).__name__}")


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
    elif name == "r-base" or name.startswith("r-"):
        _r(found, name.removeprefix("r-"), version, where)
    else:
        _translate(found, name, version, f"{where}: {entry}")


def _tool(found: CondaFile, name: str, version: str, entry: str) -> None:
    if name == "python":
        found.python = version
    elif name == "pip" and version:
        found.lines.notes.append(f"{entry}: every run has a current pip of its own instead.")


def _r(found: CondaFile, name: str, version: str, where: str) -> None:
    """Conda spells R packages in small letters; which one is meant is found in the repository."""
    found.r.wanted = True
    if name == "base":
        found.r.version = version.removeprefix("==").removesuffix(".*")
    elif name in _R_COLLECTIONS:
        found.r.packages |= dict.fromkeys(_R_COLLECTIONS[name], where)
    else:
        found.r.packages[name] = where
        if version:
            found.lines.notes.append(f"{where}: r-{name}{version} is read as {name} in the repository's version.")


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
