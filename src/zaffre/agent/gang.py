"""What the processes of one task are to each other: whose end counts, who only helps, and who is named when it fails.

The ranks of a distributed command count; the head of a cluster helps them, and so does a service beside them. Ranks that
another program starts (mpirun) are known by two files each in ``gang/``: a pipe for their output, and how they ended.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zaffre.agent.order import Order, Rank
from zaffre.agent.ranks import Process

FOLDER = "gang"
TOLD, SUPPORT, SERVICE = "told", "support", "service"
"""The roles of ``zaffre.core.tasks.Role`` beside the plain one, which is empty."""

_LISTENS = "0A"
"""The state of such a socket, as the kernel writes it."""


class End(NamedTuple):
    """How a task ended: by whom, and how that one did."""

    exit_code: int | None
    signal: int | None
    failed: bool
    who: str
    """Who failed; empty where there is only one it can be."""


def prepare(order: Order) -> None:
    """Make the place where ranks that others start are told of."""
    if any(rank.role == TOLD for rank in order.ranks):
        os.makedirs(os.path.join(order.directory, FOLDER), mode=0o700, exist_ok=True)


def pipe(order: Order, rank: Rank) -> str:
    """The path of the named pipe that such a rank writes to; empty for one that this process starts."""
    return _place(order, rank, "out") if rank.role == TOLD else ""


def label(order: Order, rank: Rank) -> str:
    """What stands before its lines in the merged log."""
    return rank.name or str(_number(order, rank))


def joins(rank: Rank) -> bool:
    """Whether its lines belong into the merged log."""
    return rank.role in ("", TOLD)


def first_failed(processes: Sequence[Process], ending: float) -> Process:
    """Whose end is the task's: the first that failed by itself, else the first that counts. ``ending``: since when it ends."""
    failed = [one for one in processes if one.failed and (counts(one) or (_helps(one) and one.ended_at <= ending))]
    if failed:
        return min(failed, key=lambda one: one.ended_at)
    return next((one for one in processes if counts(one)), processes[0])


def counts(process: Process) -> bool:
    """Whether the task is not over while it lives."""
    return not process.rank.role


def needed(process: Process) -> bool:
    """Whether the task cannot go on without it."""
    return counts(process) or _helps(process)


def end(order: Order, process: Process) -> End:
    """The end of ``process`` as the task's own, with the rank's where another program told of it."""
    told = _told(order) if process.failed and counts(process) else None
    who = _who(order, process.rank) if process.failed else ""
    return told or End(process.exit_code, process.signal, process.failed, who)


def listening(ports: Iterable[int]) -> bool:
    """Whether somebody listens at all these ports of this machine; looked up, since a server may mind being tried."""
    wanted = set(ports)
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        try:
            with open(table, encoding="ascii") as stream:
                lines = [line.split() for line in stream.readlines()[1:]]
        except OSError:
            continue
        wanted -= {int(line[1].rpartition(":")[2], 16) for line in lines if line[3] == _LISTENS}
    return not wanted


def _helps(process: Process) -> bool:
    return process.rank.role == SUPPORT


def _number(order: Order, rank: Rank) -> int:
    return [one for one in order.ranks if one.role == rank.role].index(rank)


def _place(order: Order, rank: Rank, ending: str) -> str:
    return os.path.join(order.directory, FOLDER, "%d.%s" % (_number(order, rank), ending))


def _who(order: Order, rank: Rank) -> str:
    alike = [one for one in order.ranks if one.role == rank.role]
    if rank.name or len(alike) < 2:
        return rank.name
    return "Rank %d of %d" % (alike.index(rank), len(alike))


def _told(order: Order) -> End | None:
    """The first rank that said that it failed."""
    found: list[tuple[float, Rank, int]] = []
    for rank in (one for one in order.ranks if one.role == TOLD):
        path = _place(order, rank, "end")
        try:
            with open(path, encoding="ascii") as stream:
                code = int(stream.read())
            moment = os.stat(path).st_mtime
        except (OSError, ValueError):
            continue
        if code:
            found.append((moment, rank, code))
    if not found:
        return None
    _, rank, code = min(found, key=lambda one: one[0])
    return End(code, None, True, _who(order, rank))
