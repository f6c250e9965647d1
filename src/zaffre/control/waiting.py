"""What a job waits for, in words: every sentence is made of what is on record, none of a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zaffre.core.status import RunStatus

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Holder:
    """A run that has nodes."""

    job: str
    user: str
    nodes: int
    since: float


@dataclass(frozen=True, slots=True)
class Line:
    """The line that a job stands in, as it is now."""

    compute: str
    nodes: int
    """All there are."""
    free: int
    position: int
    """1 is next."""
    length: int
    holders: Sequence[Holder] = ()
    stopped: bool = False
    quota: tuple[int, int] | None = None
    """(held by the workspace, most it may hold), where it is limited."""
    first: str = ""
    """Who is next."""
    first_needs: int = 1
    gpus: dict[str, str] = field(default_factory=dict[str, str])
    """GPU → the job that has it; only told where GPUs are asked for."""


@dataclass(frozen=True, slots=True)
class Build:
    """The build of the environment it waits for."""

    job: str
    environment: str
    status: str
    since: float
    line: Line | None = None
    """Where the build itself waits."""
    took: Sequence[float] = ()
    """Seconds that the last builds took."""


def of_line(line: Line, needs: int, gpus: int, now: float) -> tuple[str, str]:
    """(what kind of wait, the sentence) of one that stands in line."""
    where = f"position {line.position} of {line.length} for compute {line.compute}"
    never = _without_change(line, needs, where)
    if never is not None:
        return never
    start = where[0].upper() + where[1:]
    if line.position > 1 and line.free and line.free < line.first_needs:
        told = f"{line.free} of {line.nodes} nodes are free, and {line.first}, which is next, needs {line.first_needs}"
        return "order", f"{start}: {told}; the order is kept so that large jobs get their turn."
    if line.free < needs or line.position > 1:
        return "compute-full", f"{start}: {_held(line, now)}"
    if gpus and line.gpus:
        users = ", ".join(sorted(set(line.gpus.values())))
        return "gpus", f"It needs {gpus} GPU(s), which are with {users} ({where})."
    return "turn", f"It is its turn on compute {line.compute}; it starts within moments."


def _without_change(line: Line, needs: int, where: str) -> tuple[str, str] | None:
    """What a free node of the compute would not help."""
    if line.stopped:
        return "compute-stopped", f"Compute {line.compute} is stopped ({where}). zaffre compute start -n {line.compute}"
    if needs > line.nodes:
        told = f"It needs {needs} nodes and compute {line.compute} now has {line.nodes} at most"
        return "compute-too-small", f"{told}; enlarge the compute or cancel the job."
    if line.quota is not None and line.quota[0] + needs > line.quota[1]:
        held, most = line.quota
        return "quota", f"The workspace may hold {most} nodes and holds {held}; the job needs {needs} ({where})."
    return None


def of_build(build: Build, now: float) -> str:
    """The sentence of one that waits for its environment."""
    told = f"Environment {build.environment} is being built by {build.job}"
    if build.line is not None:
        told = f"Environment {build.environment} is to be built by {build.job}, which waits itself"
        told += f" (position {build.line.position} of {build.line.length})"
    told += f", asked for {ago(now - build.since)} ago"
    if len(build.took) == 1:
        told += f"; the last build took {ago(build.took[0])}"
    elif build.took:
        least, middle, most = min(build.took), sorted(build.took)[len(build.took) // 2], max(build.took)
        told += f"; the last {len(build.took)} builds took {ago(least)} to {ago(most)}, half of them less than {ago(middle)}"
    return f"{told}. Its log: zaffre job stream -n {build.job}"


def of_status(status: RunStatus, cancel_by: str | None) -> str:
    """The sentence of one that neither stands in line nor waits for an environment."""
    return {
        RunStatus.NOT_STARTED: "It was accepted a moment ago and is about to be looked at.",
        RunStatus.STARTING: "It has its nodes; code and inputs are being put in place and the command is being started.",
        RunStatus.RUNNING: "It waits for nothing: its command is running.",
        RunStatus.FINALIZING: "Its command has ended; outputs are being saved.",
        RunStatus.NOT_RESPONDING: "The process that watches its command has shown no sign of life for a while.",
        RunStatus.PAUSED: "It was paused and waits to be resumed.",
        RunStatus.CANCEL_REQUESTED: f"It was canceled by {cancel_by} and waits for its processes to end.",
    }.get(status, f"It is {status.value}.")


def line_facts(line: Line) -> dict[str, Any]:
    """The same for machines."""
    return {
        "compute": line.compute,
        "position": line.position,
        "waiting": line.length,
        "nodes": line.nodes,
        "free": line.free,
        "holders": [{"job": one.job, "user": one.user, "nodes": one.nodes, "since": one.since} for one in line.holders],
        "next": line.first,
        "quota": {"held": line.quota[0], "limit": line.quota[1]} if line.quota else None,
        "gpus": dict(line.gpus),
    }


def ago(seconds: float) -> str:
    """A duration as people say it."""
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7200 else f"{whole / 3600:.1f} h"


def _held(line: Line, now: float) -> str:
    named = [
        f"{one.job} ({one.user.partition(':')[2] or one.user}, {ago(now - one.since)}"
        + (f", {one.nodes} nodes)" if one.nodes > 1 else ")")
        for one in line.holders[:_NAMED]
    ]
    more = len(line.holders) - _NAMED
    held = ", ".join(named) + (f" and {more} more" if more > 0 else "")
    return f"all {line.nodes} nodes are taken, by {held}." if held else f"{line.free} of {line.nodes} nodes are free."
