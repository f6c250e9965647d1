"""``LocalBackend``: tasks as processes of this machine. All it knows lies in run directories; it may go at any time.

A launch is one message to the nursery, which forks an agent; the agent claims the run directory, so that no crash and
no repetition gives two. A change comes as a nudge (``watch``), the truth from the directory and /proc (``record``).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from zaffre.backends.local import record
from zaffre.backends.local.archive import build, command
from zaffre.backends.local.nursery import Nursery
from zaffre.backends.local.watch import Watch
from zaffre.core.errors import Unavailable
from zaffre.core.ports import Clock
from zaffre.core.tasks import Handle, Observation, Phase, Task

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
LOG_PIECE = 1 << 20
"""The most bytes of a log that one call answers."""
_ALIVE = 75
"""The reaper's exit code when it finds the agent alive."""
_ALIVE_PHASES = (Phase.STARTING, Phase.RUNNING)


class LocalBackend:
    """Implements ``core.ports.Backend``; ``start`` before use, ``close`` leaves every task running."""

    def __init__(self, home: Path, clock: Clock, *, boot_id: Path = BOOT_ID, failpoint: str = "") -> None:
        self._home = home
        self._boot_id = _read_boot_id(boot_id)
        self._failpoint = failpoint
        self._watch = Watch(clock)
        self._nursery: Nursery | None = None
        self._archive = Path()
        self._busy: dict[str, asyncio.Lock] = {}

    @property
    def nursery_pid(self) -> int | None:
        """Of the process that forks agents; None when there is none now."""
        return self._nursery.pid if self._nursery is not None else None

    async def start(self) -> None:
        """Make ready what a launch needs."""
        self._prepare()

    async def close(self) -> None:
        """Let go of all processes; they run on, and ``adopt`` finds them again."""
        self._watch.close()
        if self._nursery is not None:
            await self._nursery.close()
            self._nursery = None

    async def launch(self, task: Task) -> Handle:
        """Start ``task`` unless this attempt was started before; either way, its handle."""
        handle = record.handle_of(task)
        async with self._alone(handle):
            if self._watch.find(handle) is None:
                await self._launch(task, handle)
        return handle

    async def adopt(self, handle: Handle) -> Observation:
        """Watch again what an earlier server launched, and say how it is."""
        async with self._alone(handle):
            if self._watch.find(handle) is None and record.ending(handle) is None:
                self._watch.add_adopted(handle, self._agent(handle))
        return await self.observe(handle)

    async def observe(self, handle: Handle) -> Observation:
        """What is true now. Before it says VANISHED it ends whatever of the task still lives without its agent."""
        seen = self._look(handle)
        if seen is None:
            async with self._alone(handle):
                seen = self._look(handle) or await self._vanished(handle)
        if seen.phase in _ALIVE_PHASES and self._watch.find(handle) is None:
            self._watch.add_adopted(handle, self._agent(handle))  # an earlier server launched it: hear of its end too
        return seen

    async def stop(self, handle: Handle, grace: float) -> None:
        """Ask it to end. An agent that cannot hear a signal yet finds the wish before it starts anything."""
        if record.ending(handle) is not None or not record.ordered(handle):
            return
        record.ask_to_stop(handle, grace)
        agent = self._agent(handle)
        if agent is not None and record.ending(handle) is None:  # since it ended, its agent may have another task
            record.send(agent.pid, agent.start_time, signal.SIGTERM)
        self._watch.expect_end(handle, grace)

    async def logs(self, handle: Handle, rank: int, after: int) -> bytes:
        """Bytes of a rank's log from offset ``after`` on."""
        return record.log(handle, rank, after, LOG_PIECE)

    def on_change(self, call: Callable[[Handle], None]) -> None:
        """Have ``call`` told of starts, ends and losses."""
        self._watch.listen(call)

    def _prepare(self) -> Nursery:
        if self._nursery is None:
            self._archive = build(self._home)
            logs = self._home / "logs"
            logs.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._nursery = Nursery(self._archive, logs / "agents.log", self._failpoint)
            self._nursery.open()
        return self._nursery

    async def _launch(self, task: Task, handle: Handle) -> None:
        nursery = self._prepare()
        if record.begun(handle):
            if record.ending(handle) is None:
                self._watch.add_adopted(handle, self._agent(handle))
            return
        record.order(task, self._boot_id)
        nudges, nudge = os.pipe()
        unused = [nudge, nudges]
        try:
            pid = await nursery.agent(task.directory, nudge)
            self._watch.add_started(handle, unused.pop(), pid)
        finally:
            for descriptor in unused:
                os.close(descriptor)

    def _look(self, handle: Handle) -> Observation | None:
        """None when it neither ended with a record nor has an agent that lives."""
        exit_record = record.ending(handle)
        if exit_record is not None:
            self._watch.forget(handle)
            return Observation(Phase.EXITED, started_at=exit_record.started_at, exit=exit_record)
        agent = self._agent(handle)
        if agent is None:
            watched = self._watch.find(handle)
            coming = watched is not None and _lives(watched.agent_pid, watched.agent_started)
            return Observation(Phase.STARTING) if coming else None
        if not _lives(agent.pid, agent.start_time):
            return None
        phase = Phase.STARTING if agent.first_rank is None else Phase.RUNNING
        beat, saving = record.heartbeat(handle), record.saving(handle)
        return Observation(phase, agent.first_rank, agent.started_at, beat, saving=saving)

    def _agent(self, handle: Handle) -> record.Agent | None:
        """The agent of this boot; one of an earlier boot has a pid that proves nothing."""
        agent = record.agent(handle)
        return agent if agent is not None and agent.boot_id == self._boot_id else None

    async def _vanished(self, handle: Handle) -> Observation:
        agent = record.agent(handle)
        if record.ordered(handle) and not record.reaped(handle):
            if await self._reap(handle) == _ALIVE:
                return Observation(Phase.STARTING)
            exit_record = record.ending(handle)
            if exit_record is not None:
                return Observation(Phase.EXITED, started_at=exit_record.started_at, exit=exit_record)
            if record.survivors(handle):
                return Observation(Phase.RUNNING, started_at=agent.started_at if agent else None)
        self._watch.forget(handle)
        return Observation(Phase.VANISHED, rebooted=agent is not None and agent.boot_id != self._boot_id)

    async def _reap(self, handle: Handle) -> int:
        self._prepare()
        arguments = command(self._archive, "reap", handle.directory, "--boot-id", self._boot_id)
        process = await asyncio.create_subprocess_exec(*arguments, stdin=asyncio.subprocess.DEVNULL, env={}, cwd=os.sep)
        code = await process.wait()
        if code not in (0, _ALIVE):
            raise Unavailable(f"What is left of {handle.run} could not be ended (the reaper's exit code is {code}).")
        return code

    @asynccontextmanager
    async def _alone(self, handle: Handle) -> AsyncGenerator[None, None]:
        """One launch, adoption or burial of a directory at a time."""
        lock = self._busy.setdefault(handle.directory, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked() and self._busy.get(handle.directory) is lock:
                del self._busy[handle.directory]


def _lives(pid: int | None, started: int | None) -> bool:
    return pid is not None and started is not None and record.start_time(pid) == started


def _read_boot_id(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
