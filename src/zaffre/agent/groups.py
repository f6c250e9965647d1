"""A task's control group: limits on memory, processors and processes that the kernel keeps, and its word on who hit them.

One rung of a ladder: version 2 of control groups, else version 1 (a folder in each controller's own hierarchy), else nothing,
and the supervisor watches instead. What a group cannot hold (a controller that is not there) is watched as well.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Generator
from typing import Any, NamedTuple

_MEMBERS = "cgroup.procs"
_PERIOD = 100000
"""Microseconds in which a group's share of the processors is counted."""
_PATIENCE = 1.0
"""Seconds that killed members get to leave before their group is removed."""


class Limits(NamedTuple):
    """What is to be kept; None is not limited."""

    memory: int | None = None
    cpus: float | None = None
    pids: int | None = None

    @property
    def wanted(self) -> frozenset[str]:
        """The controllers that are needed."""
        return frozenset(
            name for name, value in (("memory", self.memory), ("cpu", self.cpus), ("pids", self.pids)) if value
        )


class Group:
    """The group of one task: one folder with version 2, one a controller with version 1."""

    def __init__(self, version: int, folders: dict[str, str], holds: list[str]) -> None:
        self.version = version
        self.folders = folders
        self.holds = frozenset(holds)
        self._homes = {name: place.own for name, place in _places(version).items()}

    def to_json(self) -> list[Any]:
        """For whoever finds it after this process."""
        return [self.version, self.folders, sorted(self.holds)]

    @contextlib.contextmanager
    def inside(self) -> Generator[None, None, None]:
        """This process is a member for the moment, so that its children are born as members."""
        entered: list[str] = []
        try:
            for name, folder in self.folders.items():
                _write(os.path.join(folder, _MEMBERS), "0")
                entered.append(name)
            yield
        finally:
            for name in entered:
                home = self._homes.get(name) or os.path.dirname(self.folders[name])
                with contextlib.suppress(OSError):  # not let out again, it only shares the limit
                    _write(os.path.join(home, _MEMBERS), "0")

    def kills(self) -> int:
        """How often the kernel killed here because the memory limit was reached."""
        return _counter(self._file("memory", "memory.oom_control", "memory.events"), "oom_kill")

    def refusals(self) -> int:
        """How often a process or thread was refused because there were as many as there may be."""
        return _counter(self._file("pids", "pids.events", "pids.events"), "max")

    def peak(self) -> int:
        """The most bytes in use at once; 0 where the kernel does not tell."""
        text = _text(self._file("memory", "memory.max_usage_in_bytes", "memory.peak")).strip()
        return int(text) if text.isdigit() else 0

    def members(self) -> list[int]:
        """The processes inside."""
        found = {pid for folder in self.folders.values() for pid in _members(folder)}
        return sorted(found)

    def seal(self) -> None:
        """No member can start another from now on; with version 2 all of them are killed by the kernel at once."""
        if "pids" in self.holds:
            _put(self._file("pids", "pids.max", "pids.max"), "0")
        if self.version == 2:
            for folder in self.folders.values():
                _put(os.path.join(folder, "cgroup.kill"), "1")

    def close(self) -> None:
        """Remove it, with groups that members made in it; one with a survivor stays."""
        end = time.monotonic() + _PATIENCE
        for folder in self.folders.values():
            while os.path.isdir(folder) and not _removed(folder) and time.monotonic() < end:
                time.sleep(0.005)

    def _file(self, controller: str, first: str, second: str) -> str:
        """The path of a file of version 1 or 2; that of a controller which is not there does not exist."""
        folder = self.folders.get(controller if self.version == 1 else "", "")
        return os.path.join(folder, first if self.version == 1 else second) if folder else ""


def make(limits: Limits, token: str) -> Group | None:
    """A group that keeps as many of the limits as possible, or None where none can be kept so."""
    best: Group | None = None
    for version in (2, 1):
        made = _make(version, limits, _name(token))
        if made is None or (best is not None and len(made.holds) <= len(best.holds)):
            if made is not None:
                made.close()
            continue
        if best is not None:
            best.close()
        best = made
        if best.holds == limits.wanted:
            break
    return best


def existing(token: str) -> Group | None:
    """The group that an agent made and did not remove because it was killed."""
    for version in (2, 1):
        found = {
            name: os.path.join(parent, _name(token))
            for name, place in _places(version).items()
            for parent in place.parents
            if os.path.isdir(os.path.join(parent, _name(token)))
        }
        if found:
            return Group(version, found, [])
    return None


def rungs() -> dict[str, str]:
    """What keeps each limit on this machine for this user: tried, not guessed."""
    wanted = Limits(1 << 30, 1.0, 100)
    made = make(wanted, "probe-%d" % os.getpid())
    told = {
        "memory": "a watch on resident memory",
        "cpu": "affinity to whole processors",
        "pids": "a watch on their number",
    }
    if made is not None:
        told.update((name, "cgroup v%d" % made.version) for name in made.holds)
        made.close()
    return told


class _Place(NamedTuple):
    """Where groups of one hierarchy may be made."""

    own: str
    parents: list[str]


def _make(version: int, limits: Limits, name: str) -> Group | None:
    folders: dict[str, str] = {}
    holds: list[str] = []
    for controller, place in _places(version).items():
        wanted = sorted(limits.wanted) if version == 2 else sorted(limits.wanted & {controller})
        for parent in place.parents if wanted else ():
            folder = os.path.join(parent, name)
            try:
                if version == 2:
                    _hand_down(parent, wanted)
                os.makedirs(folder, exist_ok=True)
            except OSError:
                continue
            held = [one for one in wanted if _limit(folder, version, one, limits)]
            if held and _enterable(folder):
                folders[controller] = folder
                holds += held
                break
            _removed(folder)
    return Group(version, folders, holds) if holds else None


def _limit(folder: str, version: int, controller: str, limits: Limits) -> bool:
    if controller == "memory":
        return _limit_memory(folder, version, int(limits.memory or 0))
    if controller == "pids":
        return _put(os.path.join(folder, "pids.max"), str(limits.pids))
    quota = int((limits.cpus or 0) * _PERIOD)
    if version == 2:
        return _put(os.path.join(folder, "cpu.max"), "%d %d" % (quota, _PERIOD))
    period = _put(os.path.join(folder, "cpu.cfs_period_us"), str(_PERIOD))
    return period and _put(os.path.join(folder, "cpu.cfs_quota_us"), str(quota))


def _limit_memory(folder: str, version: int, limit: int) -> bool:
    if version == 1:
        limited = _put(os.path.join(folder, "memory.limit_in_bytes"), str(limit))
        _put(os.path.join(folder, "memory.memsw.limit_in_bytes"), str(limit))
        return limited
    if not _put(os.path.join(folder, "memory.max"), str(limit)):
        return False
    _put(os.path.join(folder, "memory.swap.max"), "0")
    _put(os.path.join(folder, "memory.oom.group"), "1")
    return True


def _hand_down(parent: str, controllers: list[str]) -> None:
    """Have groups made in ``parent`` get the controllers it has itself; one that is handed down already stays so."""
    has = _text(os.path.join(parent, "cgroup.controllers")).split()
    given = _text(os.path.join(parent, "cgroup.subtree_control")).split()
    for name in controllers:
        if name in has and name not in given:
            _put(os.path.join(parent, "cgroup.subtree_control"), "+" + name)


def _enterable(folder: str) -> bool:
    """Members can be moved in: a folder that somebody else handed over may be writable, and its ``cgroup.procs`` not."""
    return os.access(os.path.join(folder, _MEMBERS), os.W_OK)


def _places(version: int) -> dict[str, _Place]:
    """Controller (version 1), or the empty name for all (version 2) → where its groups may be made."""
    own = _own()
    found: dict[str, _Place] = {}
    for controllers, root, point in _mounts(version):
        for name in controllers:
            path = own.get(name)
            if path is None:
                continue
            inside = os.path.relpath(path, root) if path.startswith(root) else path.lstrip("/")
            here = os.path.normpath(os.path.join(point, inside))
            above = [os.path.dirname(here)] if version == 2 and here != point else []
            found.setdefault(name, _Place(here, [here, *above]))
    return found


def _own() -> dict[str, str]:
    """Controller, or the empty name for version 2 → this process's own group."""
    found: dict[str, str] = {}
    for line in _text("/proc/self/cgroup").splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0":
            found[""] = path
        else:
            found.update((name, path) for name in controllers.split(",") if name in ("memory", "cpu", "pids"))
    return found


def _mounts(version: int) -> list[tuple[list[str], str, str]]:
    """(controllers, root, mount point) of the hierarchies of a version."""
    found: list[tuple[list[str], str, str]] = []
    for line in _text("/proc/self/mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        root, point = left.split()[3:5]
        kind, _, options = right.split()[:3]
        if version == 1 and kind == "cgroup":
            found.append(([name for name in ("memory", "cpu", "pids") if name in options.split(",")], root, point))
        elif version == 2 and kind == "cgroup2":
            found.append(([""], root, point))
    return found


def _removed(folder: str) -> bool:
    """True when the folder and those in it are gone."""
    for here, _, _ in os.walk(folder, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(here)
    return not os.path.isdir(folder)


def _members(folder: str) -> list[int]:
    return [
        int(line)
        for here, _, _ in os.walk(folder)
        for line in _text(os.path.join(here, _MEMBERS)).split()
        if line.isdigit()
    ]


def _name(token: str) -> str:
    return "zaffre-" + re.sub(r"[^A-Za-z0-9_-]", "-", token)[:128]


def _counter(path: str, key: str) -> int:
    for line in _text(path).splitlines():
        name, _, value = line.partition(" ")
        if name == key:
            return int(value)
    return 0


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        return ""


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as stream:
        stream.write(text)


def _put(path: str, text: str) -> bool:
    try:
        _write(path, text)
    except OSError:
        return False
    return True
