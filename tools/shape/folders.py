"""The same file names in every folder, so that a newcomer can guess the path."""

from __future__ import annotations

from pathlib import Path

from shape.files import place, sources

_KIND = frozenset({"__init__.py", "spec.py", "rules.py", "reconcile.py", "actions.py", "parts", "examples"})
_JOB = frozenset({"__init__.py", "spec.py", "rules.py", "plan.py", "parts", "examples"})
_OWN = {"job": frozenset({"family"}), "online": frozenset({"live"})}
"""What one kind has beside the shape of all: jobs run other jobs; endpoints are measured, moved and reported on."""
SHAPES = {"kinds": _KIND, "assets": _KIND, "jobs": _JOB}
BANNED = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler", "impl"})


def odd_names(root: Path) -> list[str]:
    """Files and folders of a kind, asset or job type that are not part of its fixed shape."""
    found: list[str] = []
    for package, allowed in SHAPES.items():
        for folder in _folders(root / "src" / "zaffre" / package):
            for entry in sorted(folder.iterdir()):
                if entry.name not in allowed | _OWN.get(folder.name, frozenset()) | {"__pycache__"}:
                    words = ", ".join(sorted(allowed))
                    found.append(f"{place(root, entry)}: not part of the shape of {package}/ ({words})")
            if not (folder / "__init__.py").is_file():
                found.append(f"{place(root, folder)}: no __init__.py that declares HERE")
    return found


def loose_modules(root: Path) -> list[str]:
    """Modules that lie beside the folders of kinds, assets and job types instead of in one."""
    return [
        f"{place(root, path)}: {package}/ holds one folder per name, nothing beside them"
        for package in SHAPES
        for path in sorted((root / "src" / "zaffre" / package).glob("*.py"))
        if path.name != "__init__.py"
    ]


def unmirrored_tests(root: Path) -> list[str]:
    """Unit tests named after no file: each is ``test_<file>.py`` or ``test_<file>_<more>.py``."""
    found: list[str] = []
    unit = root / "tests" / "unit"
    for path in sorted(unit.rglob("test_*.py")):
        folder = path.parent.relative_to(unit)
        base = root / folder if folder.parts[:1] == ("tools",) else root / "src" / "zaffre" / folder
        subject = path.stem.removeprefix("test_")
        if not any(subject == stem or subject.startswith(f"{stem}_") for stem in _stems(base)):
            found.append(f"{place(root, path)}: mirrors no file; expected {place(root, base / (subject + '.py'))}")
    return found


def banned_names(root: Path) -> list[str]:
    """Names that say nothing of what is inside."""
    return [
        f"{place(root, path)}: '{path.stem}' says nothing; name it after what it holds"
        for path in sources(root, "src", "tools", "benchmarks")
        if BANNED & ({path.stem} | set(path.relative_to(root).parts[:-1]))
    ]


def _folders(package: Path) -> list[Path]:
    if not package.is_dir():
        return []
    return [entry for entry in sorted(package.iterdir()) if entry.is_dir() and entry.name != "__pycache__"]


def _stems(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    modules = {path.stem.lstrip("_") for path in folder.iterdir() if path.suffix in {".py", ".sh"}}
    packages = {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()}
    return modules | packages | {folder.name}
