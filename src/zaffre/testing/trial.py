"""One task tried on a backend: built with little, waited for with a deadline, and its processes counted."""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from zaffre.core.ports import Backend
from zaffre.core.tasks import Exit, Handle, Observation, Phase, Rank, Task

Seen = TypeVar("Seen")

PATIENCE = 20.0
"""Seconds after which a wait is a failure."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A backend and a folder that its tasks and this test both see."""

    backend: Backend
    folder: Path

    def task(self, code: str, *arguments: str, run: str = "run", attempt: int = 1, **changes: Any) -> Task:
        """A task that runs Python ``code``; ``changes`` are fields of ``Task``."""
        directory = self.folder / "runs" / run / str(attempt)
        fields: dict[str, Any] = {
            "argv": (sys.executable, "-c", code, *arguments),
            "cwd": str(directory / "wd"),
            "environ": {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"},
            "ranks": (Rank(str(directory / "std_log.txt")),),
            "grace": 5.0,
            **changes,
        }
        token = hashlib.sha256(str(directory).encode()).hexdigest()[:32]
        return Task(run, attempt, token, str(directory), **fields)

    async def run(self, task: Task) -> Exit:
        """Launch and wait for the end."""
        return await self.ended(await self.backend.launch(task))

    async def ended(self, handle: Handle) -> Exit:
        """The exit record; fails when the task vanishes or does not end in time."""
        seen = await self.over(handle)
        assert seen.exit is not None, f"{handle.run} left no exit record: {seen}"
        return seen.exit

    async def over(self, handle: Handle) -> Observation:
        """The task's end, with or without a record."""
        return await self.phase(handle, Phase.EXITED, Phase.VANISHED)

    async def running(self, handle: Handle) -> Observation:
        """Wait until the command runs; fails when it is over before that is seen."""
        return await self.phase(handle, Phase.RUNNING)

    async def phase(self, handle: Handle, *wanted: Phase) -> Observation:
        """Wait for one of these phases."""

        async def look() -> Observation | None:
            seen = await self.backend.observe(handle)
            return seen if seen.phase in wanted else None

        return await until(look)

    async def log(self, handle: Handle, rank: int = 0) -> bytes:
        """The whole log, piece by piece."""
        pieces: list[bytes] = []
        after = 0
        while piece := await self.backend.logs(handle, rank, after):
            pieces.append(piece)
            after += len(piece)
        return b"".join(pieces)

    async def said(self, handle: Handle, words: bytes) -> bytes:
        """Wait until the log holds ``words``; returns the log."""

        async def heard() -> bytes | None:
            text = await self.log(handle)
            return text if words in text else None

        return await until(heard)


async def until(look: Callable[[], Awaitable[Seen | None]], within: float = PATIENCE) -> Seen:
    """Look again and again until there is something to see."""
    end = time.monotonic() + within
    while True:
        seen = await look()
        if seen is not None:
            return seen
        assert time.monotonic() < end, f"nothing to see after {within} s"
        await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    """True while a process lives on this machine; one that only waits to be collected does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return text[text.rindex(")") + 2] not in "ZX"


def carriers(token: str) -> list[int]:
    """The processes of this machine that live with a task's token in their environment."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"ZAFFRE_TASK_TOKEN={token}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # it ended while we looked
    return [pid for pid in found if alive(pid)]


async def gone(*pids: int) -> None:
    """Wait until none of these processes lives."""

    async def look() -> bool | None:
        return None if any(alive(pid) for pid in pids) else True

    await until(look)
