"""The map in ARCHITECTURE.md against the real import graph: ``make map`` writes its last column, a test compares."""

from __future__ import annotations

import re
from pathlib import Path

import grimp

_START, _END = "<!-- map -->", "<!-- /map -->"
_ROW = re.compile(r"^\| `(?P<name>\w+)/` \| (?P<purpose>.*?) \| (?P<imports>.*?) \|$")
_NOTHING = "nothing"


def stated(page: str) -> dict[str, frozenset[str]]:
    """Package → packages it imports, as the page says."""
    rows = [_ROW.match(line) for line in _section(page).splitlines()]
    return {row["name"]: _names(row["imports"]) for row in rows if row}


def real(package: str = "zaffre") -> dict[str, frozenset[str]]:
    """Package → packages it imports, as the code does (imports inside functions included)."""
    graph = grimp.build_graph(package, cache_dir=None)
    names = {child.rpartition(".")[2] for child in graph.find_children(package) if _is_package(child)}
    edges: dict[str, set[str]] = {name: set() for name in names}
    for module in graph.modules:
        source = _top(module)
        if source in edges:
            targets = {_top(target) for target in graph.find_modules_directly_imported_by(module)}
            edges[source] |= (targets & names) - {source}
    return {name: frozenset(targets) for name, targets in edges.items()}


def differences(said: dict[str, frozenset[str]], is_so: dict[str, frozenset[str]]) -> list[str]:
    """What the page says that is not so, and what is so that the page does not say."""
    found = [f"{name}/: on the map, but there is no such package" for name in sorted(said.keys() - is_so.keys())]
    found += [f"{name}/: not on the map" for name in sorted(is_so.keys() - said.keys())]
    for name in sorted(said.keys() & is_so.keys()):
        found += [f"{name}/: imports {other}, the map does not say so" for other in sorted(is_so[name] - said[name])]
        found += [f"{name}/: imports no {other}, the map says it does" for other in sorted(said[name] - is_so[name])]
    return found


def rewritten(page: str, is_so: dict[str, frozenset[str]]) -> str:
    """The page with the last column as the code is; rows for new packages are left to a person."""

    def row(line: str) -> str:
        match = _ROW.match(line)
        if match is None or match["name"] not in is_so:
            return line
        imports = ", ".join(sorted(is_so[match["name"]])) or _NOTHING
        return f"| `{match['name']}/` | {match['purpose']} | {imports} |"

    section = _section(page)
    return page.replace(section, "\n".join(row(line) for line in section.split("\n")))


def _section(page: str) -> str:
    return page.partition(_START)[2].partition(_END)[0]


def _names(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", cell)) - {_NOTHING}


def _is_package(module: str) -> bool:
    name = module.rpartition(".")[2]
    return not name.startswith("_") and (Path(__file__).parents[2] / "src/zaffre" / name).is_dir()


def _top(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


if __name__ == "__main__":
    page_path = Path(__file__).parents[2] / "ARCHITECTURE.md"
    page_path.write_text(rewritten(page_path.read_text(encoding="utf-8"), real()), encoding="utf-8")
