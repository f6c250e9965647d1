"""A task's memory limit and the truth about who killed it: a control group where one can be made, else a watch.

Without a group the limit is checked a few times a second, and an unexplained SIGKILL counts as out of memory only when
the kernel's own counter of such kills rose meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Generator

from zaffre.agent import procs

_MEMBERS = "cgroup.procs"


class Group:
    """A control group of either version that holds a task's processes."""

    def __init__(self, path: str, version: int) -> None:
        self.path = path
        self._home = next((here for here, which in _parents() if which == version), os.path.dirname(path))
        self.version = version

    @contextlib.contextmanager
    def inside(self) -> Generator[None, None, None]:
        """This process is a member for the moment, so that its children are born as members."""
        _enter(self.path)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # not let out again, it only shares the limit
                _enter(self._home)

    def kills(self) -> int:
        """How often the kernel killed here because the limit was reached."""
        name, key = ("memory.oom_control", "oom_kill") if self.version == 1 else ("memory.events", "oom_kill")
        return _counter(os.path.join(self.path, name), key)

    def peak(self) -> int:
        """The most bytes in use at once; 0 where the kernel does not tell."""
        text = _text(os.path.join(self.path, "memory.max_usage_in_bytes" if self.version == 1 else "memory.peak"))
        return int(text) if text.strip().isdigit() else 0

    def members(self) -> list[int]:
        """The processes inside."""
        return [int(line) for line in _text(os.path.join(self.path, _MEMBERS)).split()]

    def close(self) -> None:
        """Remove it; a group with a survivor stays."""
        with contextlib.suppress(OSError):
            os.rmdir(self.path)


def group(limit: int, token: str) -> Group | None:
    """Make a group with a limit, or None where that is not possible."""
    for parent, version in _parents():
        path = os.path.join(parent, _name(token))
        try:
            os.makedirs(path, exist_ok=True)
        except OSError:
            continue
        made = Group(path, version)
        if _limit(made, version, limit):
            return made
        made.close()
    return None


def existing(token: str) -> Group | None:
    """The group that an agent made and did not remove because it was killed."""
    for parent, version in _parents():
        path = os.path.join(parent, _name(token))
        if os.path.isdir(path):
            return Group(path, version)
    return None


def kernel_kills() -> int:
    """How often the kernel killed anything on this machine because memory ran out."""
    return _counter("/proc/vmstat", "oom_kill")


def in_use(root: int) -> int:
    """Resident bytes of all that descends from a process."""
    return sum(procs.memory(one.pid) for one in procs.descendants([root], procs.every()))


def _enter(path: str) -> None:
    with open(os.path.join(path, _MEMBERS), "w", encoding="ascii") as members:
        members.write("0")


def _limit(made: Group, version: int, limit: int) -> bool:
    if version == 1:
        limited = _put(os.path.join(made.path, "memory.limit_in_bytes"), str(limit))
        _put(os.path.join(made.path, "memory.memsw.limit_in_bytes"), str(limit))
        return limited
    if not _put(os.path.join(made.path, "memory.max"), str(limit)):
        return False
    _put(os.path.join(made.path, "memory.swap.max"), "0")
    _put(os.path.join(made.path, "memory.oom.group"), "1")
    return True


def _parents() -> list[tuple[str, int]]:
    """Folders in which a group with a memory limit may be made: this process's own group, then the one above it."""
    own: dict[int, str] = {}
    for line in _text("/proc/self/cgroup").splitlines():
        number, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            own[1] = path
        elif number == "0":
            own[2] = path
    found: list[tuple[str, int]] = []
    for version, root, point in _mounts():
        if version not in own:
            continue
        inside = os.path.relpath(own[version], root) if own[version].startswith(root) else own[version].lstrip("/")
        here = os.path.normpath(os.path.join(point, inside))
        found.append((here, version))
        if version == 2 and here != point:
            found.append((os.path.dirname(here), version))
    return found


def _mounts() -> list[tuple[int, str, str]]:
    """(version, root, mount point) of the hierarchies that may limit memory."""
    found: list[tuple[int, str, str]] = []
    for line in _text("/proc/self/mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        root, point = left.split()[3:5]
        kind, _, options = right.split()[:3]
        if kind == "cgroup" and "memory" in options.split(","):
            found.append((1, root, point))
        elif kind == "cgroup2":
            found.append((2, root, point))
    return found


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


def _put(path: str, text: str) -> bool:
    try:
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError:
        return False
    return True
