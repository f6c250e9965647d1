"""The Pythons of this machine, and which of them an environment gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet

OLDEST = 8
"""3.8: older ones are known to neither the installer nor the agent's scoring host."""
OLDEST_RELAXED = 10
_PREFERRED = (11, 10, 12, 13)
"""Without a wish: versions that most wheels are built for, and that still have distutils, first."""
_NAME = re.compile(r"^python3\.(\d+)$")
_EXECUTABLE_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_EXACT = re.compile(r"^==3\.(\d+)(?:\.[\d.]*)?(?:\.\*)?$")


@dataclass(frozen=True, slots=True)
class Installed:
    """One Python on this machine."""

    minor: int
    path: str

    @property
    def version(self) -> str:
        """As people say it: ``3.11``."""
        return f"3.{self.minor}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The interpreters to try, best first, and what to tell about the first."""

    candidates: tuple[Installed, ...]
    note: str = ""


def discover(directories: Iterable[str]) -> tuple[Installed, ...]:
    """One interpreter a minor version, the first found; by names and file heads, so that nothing is started."""
    found: dict[int, str] = {}
    for directory in directories:
        for name in _listing(Path(directory)):
            match = _NAME.match(name)
            if match and int(match.group(1)) >= OLDEST and int(match.group(1)) not in found:
                real = _executable(Path(directory) / name)
                if real:
                    found[int(match.group(1))] = real
    return tuple(Installed(minor, found[minor]) for minor in sorted(found))


def choose(wish: str, installed: tuple[Installed, ...]) -> Choice:
    """The exact minor if installed, else the next higher one from 3.10 on; a range is met by what lies in it."""
    exact = _EXACT.match(wish)
    if not wish:
        return Choice(_by_preference(installed))
    fitting = _by_preference(tuple(one for one in installed if _fits(one, wish)))
    if fitting:
        return Choice(fitting[:1] if exact else fitting)
    minor = int(exact.group(1)) if exact else _lowest_wanted(wish)
    relaxed = _relaxed(minor, installed)
    if not relaxed:
        return Choice(())
    asked = f"3.{exact.group(1)}" if exact else wish
    note = f"Python {asked} is not available here; {relaxed[0].version} is used instead."
    return Choice(relaxed, note)


def _listing(directory: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in directory.iterdir())
    except OSError:
        return []


def _executable(path: Path) -> str:
    """The real program behind ``path``; empty for a dangling link or a version manager's shell script."""
    try:
        real = path.resolve(strict=True)
        with real.open("rb") as file:
            magic = file.read(4)
    except (OSError, RuntimeError):
        return ""
    return str(real) if magic in _EXECUTABLE_MAGIC else ""


def _fits(one: Installed, wish: str) -> bool:
    wanted = SpecifierSet(_minor_only(wish))
    return wanted.contains(f"3.{one.minor}.0") or wanted.contains(f"3.{one.minor}.99")


def _minor_only(wish: str) -> str:
    """A pinned patch version asks for its minor: another patch runs the same wheels."""
    exact = _EXACT.match(wish)
    return f"==3.{exact.group(1)}.*" if exact else wish


def _by_preference(installed: tuple[Installed, ...]) -> tuple[Installed, ...]:
    order = {minor: rank for rank, minor in enumerate(_PREFERRED)}
    return tuple(sorted(installed, key=lambda one: (order.get(one.minor, 50 - one.minor), one.minor)))


def _relaxed(minor: int, installed: tuple[Installed, ...]) -> tuple[Installed, ...]:
    usable = tuple(one for one in installed if one.minor >= OLDEST_RELAXED)
    higher = tuple(one for one in usable if one.minor > minor)
    return higher or tuple(reversed(usable))


def _lowest_wanted(wish: str) -> int:
    minors = [int(found) for found in re.findall(r"3\.(\d+)", wish)]
    return min(minors, default=0) - 1
