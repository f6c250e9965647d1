"""How much a task uses, and who was killed for want of memory, where no control group tells.

Without a group the limits are checked several times a second, and an unexplained SIGKILL counts as out of memory only when
the kernel's own counter of such kills rose meanwhile.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Generator

from zaffre.agent import procs

try:
    import resource
except ImportError:  # a platform without limits
    resource = None


def kernel_kills() -> int:
    """How often the kernel killed anything on this machine because memory ran out."""
    try:
        with open("/proc/vmstat", encoding="ascii") as stream:
            lines = stream.read().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def in_use(root: int) -> tuple[int, int]:
    """(resident bytes, processes and threads) of all that descends from a process."""
    found = procs.descendants([root], procs.every())
    return sum(procs.memory(one.pid) for one in found), sum(procs.threads(one.pid) for one in found)


@contextlib.contextmanager
def bounded(cpus: float | None, pids: int | None, chance: str) -> Generator[None, None, None]:
    """Children started inside are born with what a process can hand down: fewer processors, and a net under ``pids``.

    The net is the kernel's count for the whole user, so it is wide: the watch is to act first. It does not hold root.
    """
    undo: list[tuple[str, object]] = []
    if cpus is not None and hasattr(os, "sched_setaffinity"):
        mine = sorted(os.sched_getaffinity(0))
        count = min(len(mine), max(1, math.ceil(cpus)))
        first = sum(chance.encode()) % len(mine)  # neighbours do not all begin with the first processor
        undo.append(("affinity", mine))
        os.sched_setaffinity(0, [mine[(first + number) % len(mine)] for number in range(count)])
    if pids is not None and resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
        used = sum(procs.threads(one.pid) for one in procs.every().values() if _mine(one.pid))
        net = used + 2 * pids + 64
        if soft == resource.RLIM_INFINITY or net < soft:
            undo.append(("net", (soft, hard)))
            resource.setrlimit(resource.RLIMIT_NPROC, (net, hard))
    try:
        yield
    finally:
        for what, before in undo:
            if what == "affinity":
                os.sched_setaffinity(0, before)  # type: ignore[arg-type]
            elif resource is not None:
                resource.setrlimit(resource.RLIMIT_NPROC, before)  # type: ignore[arg-type]


def _mine(pid: int) -> bool:
    try:
        return os.stat("/proc/%d" % pid).st_uid == os.getuid()
    except OSError:
        return False
