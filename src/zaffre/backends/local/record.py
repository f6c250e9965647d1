"""The run directory's files as the backend reads and writes them (``zaffre.agent.files`` has the list), and /proc."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core.errors import Conflict
from zaffre.core.tasks import Deposit, Exit, Handle, Intake, Rank, Step, Task

PROTOCOL = 1
"""The form of ``task.json``; the agent refuses any other."""
_DEAD = frozenset("ZXx")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who watches a task, as it said itself."""

    pid: int
    start_time: int
    boot_id: str
    first_rank: int | None = None
    started_at: float | None = None


def handle_of(task: Task) -> Handle:
    """What finds this task again."""
    return Handle(task.run, task.attempt, task.token, task.directory)


def order(task: Task, boot_id: str) -> None:
    """Write ``task.json``; refuses a directory that is another attempt's."""
    place = f"{task.directory}/task.json"
    os.makedirs(task.directory, exist_ok=True, mode=0o700)  # noqa: PTH103 - on every run's way, as what follows
    found = _read(place)
    if found is not None and not _same(found.get("task", {}), handle_of(task)):
        raise Conflict(f"{task.directory} is the run directory of another attempt; each attempt needs its own.")
    content = {"protocol": PROTOCOL, "boot_id": boot_id, "task": _plain(task)}
    with open(f"{place}.tmp", "wb") as draft:  # noqa: PTH123
        draft.write(json.dumps(content).encode())
    os.replace(f"{place}.tmp", place)  # noqa: PTH105


def begun(handle: Handle) -> bool:
    """True once an agent (or the reaper in its place) has taken the directory for good."""
    try:
        return os.stat(f"{handle.directory}/claim").st_size > 0  # noqa: PTH116
    except OSError:
        return False


def ordered(handle: Handle) -> bool:
    """True when this attempt was ever handed to a backend."""
    found = _read(f"{handle.directory}/task.json")
    return found is not None and _same(found.get("task", {}), handle)


def agent(handle: Handle) -> Agent | None:
    """None when no agent of this attempt ever got as far as to say who it is."""
    found = _read(f"{handle.directory}/spawned.json") or _read(f"{handle.directory}/claim")
    if found is None or not _same(found, handle) or "agent_pid" not in found:
        return None
    return Agent(
        found["agent_pid"],
        found["agent_start_time"],
        found["boot_id"],
        found.get("pid"),
        found["at"] if "pid" in found else None,
    )


def ending(handle: Handle) -> Exit | None:
    """The agent's exit record, when it is this attempt's."""
    found = _read(f"{handle.directory}/exit.json")
    if found is None or not _same(found, handle):
        return None
    written: dict[str, Any] = {**found["exit"]}
    written["deposited"] = tuple(written.get("deposited", ()))
    return Exit(**written)


def saving(handle: Handle) -> bool:
    """True once the command has ended and its outputs take a while to be saved."""
    found = _read(f"{handle.directory}/saving.json")
    return found is not None and _same(found, handle)


def survivors(handle: Handle) -> int:
    """The number of processes that outlived the reaper; 0 as well when none was needed."""
    found = _read(f"{handle.directory}/reaped.json")
    return int(found["survivors"]) if found is not None and _same(found, handle) else 0


def reaped(handle: Handle) -> bool:
    """True when a reaper has seen that nothing of it lives."""
    found = _read(f"{handle.directory}/reaped.json")
    return found is not None and _same(found, handle) and not found["survivors"]


def heartbeat(handle: Handle) -> float | None:
    """When the agent last showed that it lives."""
    try:
        return (Path(handle.directory) / "claim").stat().st_mtime
    except OSError:
        return None


def ask_to_stop(handle: Handle, grace: float) -> None:
    """Leave the wish where the agent reads it, before it starts the command or when it is signalled."""
    path = Path(handle.directory) / "stop.json"
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps({"grace": grace, "by": "backend"}), encoding="utf-8")
    draft.replace(path)


def log(handle: Handle, rank: int, after: int, most: int) -> bytes:
    """Bytes of a rank's log; empty when there are none (yet)."""
    found = _read(f"{handle.directory}/task.json")
    if found is None or not _same(found.get("task", {}), handle) or rank >= len(found["task"]["ranks"]):
        return b""
    try:
        with Path(found["task"]["ranks"][rank]["log"]).open("rb") as stream:
            stream.seek(after)
            return stream.read(most)
    except FileNotFoundError:
        return b""


def start_time(pid: int) -> int | None:
    """In clock ticks since boot; None when no such process lives. With the pid it names a process for good."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:  # noqa: PTH123
            text = stream.read()
    except OSError:
        return None
    fields = text[text.rindex(b")") + 2 :].split()
    return None if fields[0].decode() in _DEAD else int(fields[19])


def pidfd(pid: int | None, started: int | None) -> int | None:
    """A descriptor of exactly this process, readable at its end; None when it is gone."""
    if pid is None or started is None:
        return None
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return None
    if start_time(pid) == started:
        return descriptor
    os.close(descriptor)
    return None


def send(pid: int, started: int | None, number: int) -> None:
    """Signal a process, and never one that took over its id."""
    descriptor = pidfd(pid, started)
    if descriptor is None:
        return
    try:
        signal.pidfd_send_signal(descriptor, number)
    except ProcessLookupError:
        pass
    finally:
        os.close(descriptor)


def _plain(task: Task) -> dict[str, Any]:
    """``dataclasses.asdict`` copies every string of an environment on its way; this is a tenth of it."""
    return {
        **{name: getattr(task, name) for name in Task.__slots__},
        "ranks": [{name: getattr(one, name) for name in Rank.__slots__} for one in task.ranks],
        "intakes": [{name: getattr(one, name) for name in Intake.__slots__} for one in task.intakes],
        "deposits": [{name: getattr(one, name) for name in Deposit.__slots__} for one in task.deposits],
        "before": [{name: getattr(one, name) for name in Step.__slots__} for one in task.before],
        "after": [{name: getattr(one, name) for name in Step.__slots__} for one in task.after],
        "own": {name: getattr(task.own, name) for name in Step.__slots__} if task.own is not None else None,
    }


def _same(found: dict[str, Any], handle: Handle) -> bool:
    return found.get("token") == handle.token and found.get("attempt") == handle.attempt


def _read(path: str) -> dict[str, Any] | None:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - asked several times a run
            content: Any = json.loads(stream.read())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None  # pyright: ignore[reportUnknownVariableType] parsed JSON
