"""Processes as the kernel tells them: who descends from whom, who belongs to a task, and signals that cannot miss.

A process id alone proves nothing, since ids are used again; id, start time and boot id together do.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterable
from typing import NamedTuple

TOKEN = "ZAFFRE_TASK_TOKEN"  # noqa: S105 a name, not a secret
"""Set in every process of a task; how those that left their parents are found."""

_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_DUMPABLE = 4
_DEAD = frozenset("ZXx")


class Stat(NamedTuple):
    """One line of ``/proc/<pid>/stat``."""

    pid: int
    state: str
    parent: int
    group: int
    session: int
    start_time: int

    @property
    def alive(self) -> bool:
        """False for one that ended and is only not yet waited for."""
        return self.state not in _DEAD


def stat(pid: int) -> Stat | None:
    """None when there is no such process (or no /proc)."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as stream:
            text = stream.read()
    except OSError:
        return None
    fields = text[text.rindex(b")") + 2 :].split()
    return Stat(pid, fields[0].decode(), int(fields[1]), int(fields[2]), int(fields[3]), int(fields[19]))


def every() -> dict[int, Stat]:
    """All processes that live now."""
    try:
        names = os.listdir("/proc")
    except OSError:
        return {}
    found = (stat(int(name)) for name in names if name.isdigit())
    return {one.pid: one for one in found if one is not None and one.alive}


def descendants(roots: Iterable[int], among: dict[int, Stat]) -> list[Stat]:
    """The children of ``roots``, their children and so on; not the roots."""
    children: dict[int, list[Stat]] = {}
    for one in among.values():
        children.setdefault(one.parent, []).append(one)
    found: list[Stat] = []
    waiting = list(roots)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.append(child)
            waiting.append(child.pid)
    return found


def carries(pid: int, token: str) -> bool:
    """True when the process was started with a task's token in its environment."""
    try:
        with open("/proc/%d/environ" % pid, "rb") as stream:
            return b"\0%s=%s\0" % (TOKEN.encode(), token.encode()) in b"\0" + stream.read() + b"\0"
    except OSError:
        return False


def memory(pid: int) -> int:
    """Resident bytes; 0 when it is gone."""
    try:
        with open("/proc/%d/statm" % pid, "rb") as stream:
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def cpu_seconds(pid: int) -> float:
    """What it and the children it has waited for have used; 0 when it is gone."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as stream:
            text = stream.read()
        return sum(map(int, text[text.rindex(b")") + 2 :].split()[11:15])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def threads(pid: int) -> int:
    """How many it has; 0 when it is gone."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as stream:
            text = stream.read()
        return int(text[text.rindex(b")") + 2 :].split()[17])
    except OSError:
        return 0


def send(one: Stat, number: int) -> None:
    """Signal exactly this process: one that took over its id meanwhile is not touched."""
    try:
        descriptor = os.pidfd_open(one.pid)
    except AttributeError:
        _send_by_id(one, number)
        return
    except OSError:
        return
    try:
        if _same(one):
            signal.pidfd_send_signal(descriptor, number)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def send_group(group: int, number: int) -> None:
    """Signal a process group at once; only while its leader is not yet waited for, so that the id is still ours."""
    with contextlib.suppress(OSError):
        os.killpg(group, number)


def become_subreaper() -> bool:
    """From now on orphans among the descendants become this process's children; False where the kernel cannot."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def keep_to_ourselves() -> None:
    """From now on no other process of this user can read this one's memory or take its descriptors."""
    _prctl(_PR_SET_DUMPABLE, 0)


def _send_by_id(one: Stat, number: int) -> None:
    if _same(one):
        with contextlib.suppress(OSError):
            os.kill(one.pid, number)


def _same(one: Stat) -> bool:
    now = stat(one.pid)
    return now is not None and now.start_time == one.start_time


try:
    _libc = ctypes.CDLL(None, use_errno=True)
except OSError:
    _libc = None


def _prctl(option: int, value: int) -> bool:
    function = getattr(_libc, "prctl", None)
    return function is not None and function(option, value, 0, 0, 0) == 0
