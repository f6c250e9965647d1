"""The run directory's files: the only language between a task's agent and whoever looks after it.

task.json     what to do                            written by the backend, before the agent starts
claim         locked by the agent while it lives; its content says that somebody was here: never a second start;
              touched every two seconds as the heartbeat
spawned.json  who runs                              written by the agent, after the processes started
stop.json     {grace, by}, read on SIGTERM          written by the backend
saving.json   the command has ended, and saving its outputs takes a while
exit.json     how it ended; durable, written last   by the agent
vitals.jsonl  how much the task uses, a line a sample; by the agent
reaped.json   {survivors}                           written by ``reap`` after a dead agent
agent.log     the agent's own troubles, if it has any
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from typing import Any

TASK = "task.json"
CLAIM = "claim"
SPAWNED = "spawned.json"
HEARTBEAT = CLAIM
STOP = "stop.json"
SAVING = "saving.json"
EXIT = "exit.json"
REAPED = "reaped.json"
VITALS = "vitals.jsonl"
LOG = "agent.log"


def read(directory: str, name: str) -> dict[str, Any] | None:
    """A file's content; None when it is absent or not ours to understand."""
    try:
        with open(os.path.join(directory, name), encoding="utf-8") as stream:
            content = json.load(stream)
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None  # pyright: ignore[reportUnknownVariableType] parsed JSON


def write(directory: str, name: str, content: dict[str, Any]) -> None:
    """Whole or not at all; into the room that was reserved for it, if any was."""
    text = json.dumps(content).encode()
    draft = _draft(directory, name)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        written = 0
        while written < len(text):
            written += os.pwrite(descriptor, text[written:], written)
        os.ftruncate(descriptor, len(text))
    finally:
        os.close(descriptor)
    os.replace(draft, os.path.join(directory, name))


def reserve(directory: str, name: str, size: int) -> None:
    """Take room now for what this process writes later, so that a disk that fills up meanwhile does not keep it from that."""
    descriptor = os.open(_draft(directory, name), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
    except OSError:
        pass  # then it is written when there is room
    finally:
        os.close(descriptor)


def release(directory: str, name: str) -> None:
    """What was reserved was not needed."""
    with contextlib.suppress(OSError):
        os.unlink(_draft(directory, name))


def _draft(directory: str, name: str) -> str:
    return "%s.%d.tmp" % (os.path.join(directory, name), os.getpid())


def settle(directory: str, name: str) -> None:
    """Have a file that was written survive a power cut: its content first, then its name."""
    for path, flags in ((os.path.join(directory, name), os.O_RDONLY), (directory, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def touch(directory: str, name: str) -> None:
    """Set a file's time to now."""
    path = os.path.join(directory, name)
    try:
        os.utime(path)
    except OSError:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))


class Claim:
    """The right to act in a run directory: held by one process at a time, signed at most once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.signed = os.fstat(descriptor).st_size > 0

    @classmethod
    def take(cls, directory: str) -> Claim | None:
        """None when a living process holds it. It is let go when this process ends, however it ends."""
        descriptor = os.open(os.path.join(directory, CLAIM), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def let_go(self) -> None:
        """The task is over and recorded; this process goes on with another."""
        os.close(self._descriptor)

    def sign(self, content: dict[str, Any]) -> None:
        """Say who acts here; from now on no agent will start in this directory."""
        os.pwrite(self._descriptor, json.dumps(content).encode(), 0)
        self.signed = True
