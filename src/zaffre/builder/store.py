"""The environments folder: which files mean ready, failed, building, and how each changes at once or not at all.

environments/<fingerprint>/            a finished environment; ready.json in it is what makes it one
environments/<fingerprint>.failed.json  the resolver's answer, kept
environments/<fingerprint>.request.json what the build program is asked
environments/<fingerprint>.lock        held by the one that builds
environments/<fingerprint>.building.N  attempt N at work, or what a killed one left
environments/locks/<key>.txt           lock files, which outlive the environments made of them
environments/bytecode/<key>/           compiled files by package
environments/tools-3.N/                pip and setuptools for the layers of runs
environments/containers/<name>         held while a job is in a container of that name
environments/pip.conf                  indexes with their logins, for the runs' own pip; mode 0600
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zaffre.builder import prefix
from zaffre.core.ports import BuildDetails, BuildPhase, BuildState, Interpreter

READY = "ready.json"
ASKED = "asked.json"
"""In an environment: package → where a file asks for it."""
MISSING = BuildState(BuildPhase.MISSING)


class Environments:
    """One home's environments."""

    def __init__(self, home: Path) -> None:
        self.root = home / "environments"
        self._known: dict[str, tuple[tuple[int, int], BuildState]] = {}

    def look(self, fingerprint: str, minors: Sequence[int]) -> BuildState:
        """Two system calls for a ready environment. A failure holds while the machine has the same Pythons."""
        try:
            stat = os.stat(f"{self.root}/{fingerprint}/{READY}")  # noqa: PTH116 - asked for every job
        except (FileNotFoundError, NotADirectoryError):
            return self._failure(fingerprint, minors)
        mark = (stat.st_ino, stat.st_mtime_ns)
        known = self._known.get(fingerprint)
        if known is None or known[0] != mark:
            known = (mark, self._ready(fingerprint))
            self._known[fingerprint] = known
        interpreter = known[1].interpreter
        if interpreter is None or not os.path.exists(interpreter.enter[0] if interpreter.enter else interpreter.python):  # noqa: PTH110
            return MISSING  # its Python was uninstalled
        return known[1]

    def prefix(self, fingerprint: str) -> Path:
        """Where the environment is, or will be."""
        return self.root / fingerprint

    def file(self, fingerprint: str, kind: str) -> Path:
        """The file of one ``kind`` (``failed``, ``request``) beside an environment."""
        return self.root / f"{fingerprint}.{kind}.json"

    def details(self, fingerprint: str) -> BuildDetails:
        """What lies in a ready environment's folder."""
        folder = self.prefix(fingerprint)
        asked: dict[str, str] = _read_json(folder / ASKED)
        described = {path.parent.name: path for path in folder.glob("R/*/DESCRIPTION")}
        r = {name: _version(path) for name, path in sorted(described.items())}
        lock = folder / "lock.txt"
        return BuildDetails(lock.read_text(encoding="utf-8") if lock.is_file() else "", asked, r, _size(folder))

    def save_failure(self, fingerprint: str, message: str, minors: Sequence[int]) -> None:
        """Remember that this cannot be built."""
        write(self.file(fingerprint, "failed"), json.dumps({"message": message, "minors": list(minors)}))

    def forget(self, fingerprint: str) -> None:
        """Drop a remembered failure, so that the next job asks the resolver again."""
        self.file(fingerprint, "failed").unlink(missing_ok=True)

    @contextmanager
    def building(self, name: str, attempt: int) -> Generator[Path]:
        """The only builder of ``name``: waits for another, clears what killed ones left and what it leaves itself."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / f"{name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for left in self.root.glob(f"{name}.building.*"):
                prefix.remove(left)
            building = self.root / f"{name}.building.{attempt}"
            building.mkdir()
            try:
                yield building
            finally:
                if building.exists():
                    prefix.remove(building)

    def publish(self, building: Path, fingerprint: str, interpreter: Interpreter) -> None:
        """The environment appears, complete: one rename, after its marker is on disk."""
        write(building / READY, json.dumps(asdict(interpreter)))
        self.replace(building, self.prefix(fingerprint))
        self.forget(fingerprint)

    def replace(self, building: Path, final: Path) -> None:
        """Put a finished folder in place; something unfinished that stands there goes."""
        prefix.seal(building)
        if final.exists():
            prefix.remove(final)
        building.rename(final)
        _sync_folder(self.root)

    def _ready(self, fingerprint: str) -> BuildState:
        try:
            stored: dict[str, Any] = json.loads((self.prefix(fingerprint) / READY).read_bytes())
            found = Interpreter(
                prefix=stored["prefix"],
                python=stored["python"],
                path=tuple(stored["path"]),
                environ=stored["environ"],
                notes=tuple(stored["notes"]),
                enter=tuple(stored.get("enter", ())),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return MISSING
        return BuildState(BuildPhase.READY, found)

    def _failure(self, fingerprint: str, minors: Sequence[int]) -> BuildState:
        try:
            stored: dict[str, Any] = json.loads(self.file(fingerprint, "failed").read_bytes())
            if stored["minors"] != list(minors):
                return MISSING
            return BuildState(BuildPhase.FAILED, message=str(stored["message"]))
        except (OSError, ValueError, KeyError, TypeError):
            return MISSING


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """A file that is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    made.unlink(missing_ok=True)
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    made.rename(path)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def _version(description: Path) -> str:
    """Of an R package that is installed."""
    lines = description.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("Version:")), "")


def _size(folder: Path) -> int:
    return sum(Path(root, name).lstat().st_size for root, _, names in os.walk(folder) for name in names)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
