"""After an agent that died without a record: end every process of its task, keep what is always kept, and say so.

Runs as a process of its own when somebody finds the agent gone. It takes the claim, so that an agent still on its way
will not start; one that lives is left alone.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from zaffre.agent import deposits, files, groups, order, procs, scratch, steps

ALIVE = 75
"""Exit code: the agent lives after all."""
_PATIENCE = 5.0
_SURE = 2
"""Looks that must find nothing: a process shows no environment for the moment in which it executes another program."""


def run(directory: str, boot_id: str) -> int:
    """``boot_id`` is this machine's now; what another boot's record says of processes is not looked for."""
    try:
        claim = files.Claim.take(directory)
    except FileNotFoundError:
        return 0
    if claim is None:
        return ALIVE
    if files.read(directory, files.EXIT) is not None:
        return 0
    if not claim.signed:
        claim.sign({"reaped": True})
    try:
        found = order.read(directory)
    except order.Refused as error:
        sys.stderr.write("%s\n" % error)
        return 0
    agent = files.read(directory, files.SPAWNED) or files.read(directory, files.CLAIM) or {}
    survivors = _kill(found, agent if agent.get("boot_id") == boot_id else {})
    steps.clear(found)
    scratch.clear(found.scratch)
    saved, _ = deposits.save(found.deposits, False, _no_beat)
    files.write(directory, files.REAPED, dict(found.identity, survivors=survivors, deposited=saved, at=time.time()))
    return 0


def _kill(found: order.Order, agent: dict[str, Any]) -> int:
    """The number of processes that live in spite of it."""
    group = groups.Group(*agent["group"]) if agent.get("group") else groups.existing(found.token)
    end = time.monotonic() + _PATIENCE
    alive: list[procs.Stat] = []
    quiet = 0
    if group is not None:
        group.seal()
    while quiet < _SURE and time.monotonic() < end:
        alive = _alive(found, agent, group)
        quiet = 0 if alive else quiet + 1
        for one in alive:
            procs.send(one, signal.SIGKILL)
        time.sleep(0.01)
    if group is not None:
        group.close()
    return len(alive)


def _alive(found: order.Order, agent: dict[str, Any], group: groups.Group | None) -> list[procs.Stat]:
    among = procs.every()
    among.pop(os.getpid(), None)
    members: set[int] = set(group.members()) if group is not None else set()
    roots = {
        pid: one
        for pid, one in among.items()
        if pid in members or procs.carries(pid, found.token) or _of_session(one, agent, found)
    }
    for one in procs.descendants(list(roots), among):
        roots[one.pid] = one
    return list(roots.values())


def _of_session(one: procs.Stat, agent: dict[str, Any], found: order.Order) -> bool:
    """A process that dropped its environment but neither its rank's session nor its place in the run directory."""
    if one.session not in agent.get("pids", ()) or one.start_time < agent["agent_start_time"]:
        return False
    try:
        place = os.readlink("/proc/%d/cwd" % one.pid)
    except OSError:
        return False
    return place == found.cwd or (place + "/").startswith(found.directory.rstrip("/") + "/")


def _no_beat() -> None:
    pass
