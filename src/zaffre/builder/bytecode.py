"""Compiled Python files: made when an environment is built, once per package, then hard-linked like the rest.

Without it the first job of every environment pays seconds at import. The files are of the unchecked kind: a shared
environment never changes, so the interpreter need not compare them with their sources.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from zaffre.builder.interpreters import Installed

_COMPILER = Path(__file__).with_name("compiling.py")
_TESTS = re.compile(r"(?:^|/)tests?/")
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")


@dataclass(frozen=True, slots=True)
class _Package:
    key: str
    """Empty when its content is not pinned by hashes: then nothing of it is shared."""
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """How many packages were linked from the store, and how many files were compiled anew."""

    linked: int
    compiled: int


def fill(site: Path, store: Path, python: Installed, lock: str) -> Compiled:
    """Give every package under ``site`` its compiled files: from ``store`` where it knows it, else by compiling."""
    tag = f"cpython-3{python.minor}"
    locked = _locked_hashes(lock)
    packages = _alone([_package(info, locked, tag) for info in sorted(site.glob("*.dist-info"))])
    missing = [one for one in packages if not (one.key and _link_from(store / one.key, site, one.files, tag))]
    compiled = _compile(python.path, sorted({f"{site}/{name}" for one in missing for name in one.files}))
    for one in missing:
        if one.key and one.files:
            _save_to(store / one.key, site, one.files, tag)
    return Compiled(len(packages) - len(missing), compiled)


def _locked_hashes(lock: str) -> dict[str, str]:
    """Package name → its block of the lock, for those that are pinned by hash."""
    blocks: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", lock):
        match = _LOCKED.match(block)
        if match and "--hash=" in block:
            blocks[str(canonicalize_name(match.group(1)))] = block.strip()
    return blocks


def _package(info: Path, locked: Mapping[str, str], tag: str) -> _Package:
    record = info.joinpath("RECORD").read_text(encoding="utf-8").splitlines()
    lines = sorted(line for line in record if _is_source(line.partition(",")[0]))
    files = tuple(line.partition(",")[0] for line in lines)
    pinned = locked.get(str(canonicalize_name(info.name.removesuffix(".dist-info").rpartition("-")[0])))
    if not pinned:
        return _Package("", files)
    return _Package(hashlib.sha256("\n".join([tag, pinned, *lines]).encode()).hexdigest()[:40], files)


def _alone(packages: list[_Package]) -> list[_Package]:
    """Packages that install the same file over one another are compiled as they came to lie, and not shared."""
    claims = Counter(name for one in packages for name in one.files)
    return [one if all(claims[name] == 1 for name in one.files) else _Package("", one.files) for one in packages]


def _is_source(name: str) -> bool:
    return name.endswith(".py") and not name.startswith(("..", "/", '"')) and not _TESTS.search(name)


def _cached(name: str, tag: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file[:-3]}.{tag}.pyc" if folder else f"__pycache__/{file[:-3]}.{tag}.pyc"


def _link_from(entry: Path, site: Path, files: tuple[str, ...], tag: str) -> bool:
    """Link a package's compiled files into ``site``; those that never compiled are missing in both."""
    if not entry.is_dir():
        return False
    made: set[str] = set()
    for number, name in enumerate(files):
        target = f"{site}/{_cached(name, tag)}"
        folder = target.rpartition("/")[0]
        if folder not in made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - thousands of them
            made.add(folder)
        try:
            _replace(f"{entry}/{number}", target)
        except FileNotFoundError:
            continue
    return True


def _replace(source: str, target: str) -> None:
    """Link over a compiled file that the wheel itself brought; compiling would have written over it too."""
    try:
        os.link(source, target)
    except FileExistsError:
        os.unlink(target)  # noqa: PTH108 - thousands of them
        os.link(source, target)


def _save_to(entry: Path, site: Path, files: tuple[str, ...], tag: str) -> None:
    """Keep a package's compiled files; two builds may do it at once, and the first one stays."""
    made = entry.with_name(f"{entry.name}.{os.getpid()}")
    made.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(files):
        try:
            os.link(f"{site}/{_cached(name, tag)}", f"{made}/{number}")
        except (FileNotFoundError, FileExistsError):
            continue
    try:
        made.rename(entry)
    except OSError:
        for left in made.iterdir():
            left.unlink()
        made.rmdir()


def _compile(python: str, paths: list[str]) -> int:
    if not paths:
        return 0
    done = subprocess.run(
        [python, "-I", "-S", str(_COMPILER)], input="\n".join(paths), capture_output=True, text=True, check=True
    )
    return int(done.stdout)
