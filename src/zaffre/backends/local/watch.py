"""Nudges: a pipe from an agent we started, the end of one we adopted, and a slow look in case of neither."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from zaffre.backends.local import record
from zaffre.core.ports import Clock
from zaffre.core.tasks import Handle

SLOW_LOOK = 2.0
"""Seconds between looks at all that runs; nothing depends on them but what lost its nudge."""
START_NEWS = 0.06
"""Seconds that the news of a start waits: a command just starting needs the processor more, and one that ends at once
needs to be looked at once only."""
SILENCE = 30.0
"""Seconds without a sign of life of an agent, which gives one every two, that are news."""
_OVERDUE = 10.0
"""Seconds after a stop's grace that a silent agent gets, before it is ended and its processes with it."""


@dataclass(slots=True)
class Watched:
    """One task that may still change."""

    handle: Handle
    descriptor: int | None
    agent_pid: int | None
    """As the nursery said, for the moments before the agent says so itself."""
    agent_started: int | None
    stop_by: float | None = None
    """By the monotonic clock: past it, the agent itself hangs."""
    silent: bool = False
    """Its agent lives, and has shown nothing of it for a while."""
    started: asyncio.TimerHandle | None = None
    """News of its start, on its way."""


class Watch:
    """Who is told of changes, and of which tasks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Callable[[Handle], None]] = []
        self._watched: dict[str, Watched] = {}
        self._looking: asyncio.Task[None] | None = None

    def listen(self, call: Callable[[Handle], None]) -> None:
        """Tell ``call`` of every change from now on."""
        self._listeners.append(call)

    def find(self, handle: Handle) -> Watched | None:
        """What is watched of this attempt."""
        found = self._watched.get(handle.directory)
        return found if found is not None and found.handle == handle else None

    def add_started(self, handle: Handle, nudge: int, pid: int) -> None:
        """Watch a task through the pipe that its agent nudges."""
        self._add(Watched(handle, nudge, pid, record.start_time(pid)), self._hear)

    def add_adopted(self, handle: Handle, agent: record.Agent | None) -> None:
        """Watch a task that an earlier server started, through its agent's process."""
        descriptor = record.pidfd(agent.pid, agent.start_time) if agent is not None else None
        found = Watched(handle, descriptor, agent and agent.pid, agent and agent.start_time)
        self._add(found, self._over)

    def expect_end(self, handle: Handle, grace: float) -> None:
        """It was asked to stop: should even its agent not react, it is ended in time."""
        found = self.find(handle)
        if found is not None:
            by = self._clock.monotonic() + grace + _OVERDUE
            found.stop_by = by if found.stop_by is None else min(found.stop_by, by)

    def close(self) -> None:
        """Stop watching; what is watched goes on."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        for found in list(self._watched.values()):
            self._drop(found)

    def forget(self, handle: Handle) -> None:
        """It is over, and known to be."""
        found = self.find(handle)
        if found is not None:
            self._drop(found)

    def _add(self, found: Watched, react: Callable[[Watched], None]) -> None:
        self._watched[found.handle.directory] = found
        if found.descriptor is not None:
            os.set_blocking(found.descriptor, False)
            asyncio.get_running_loop().add_reader(found.descriptor, react, found)
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def _hear(self, found: Watched) -> None:
        assert found.descriptor is not None
        try:
            data = os.read(found.descriptor, 16)
        except BlockingIOError:
            return
        if data and b"x" not in data:
            if b"f" in data:
                self._tell(found.handle)
                return
            later = asyncio.get_running_loop().call_later
            found.started = found.started or later(START_NEWS, self._tell, found.handle)
            return
        self._drop(found)
        # An agent that has recorded the end may go on with another task: its process says nothing of this one then.
        over = data or record.ending(found.handle) is not None
        descriptor = None if over else record.pidfd(found.agent_pid, found.agent_started)
        if descriptor is None:
            self._tell(found.handle)
            return
        # Without a goodbye: a dying process lets go of its pipe a moment before it is dead, and only then is it told.
        found.descriptor = descriptor
        self._add(found, self._over)

    def _over(self, found: Watched) -> None:
        self._drop(found)
        self._tell(found.handle)

    def _drop(self, found: Watched) -> None:
        if self._watched.get(found.handle.directory) is found:
            del self._watched[found.handle.directory]
        if found.started is not None:
            found.started.cancel()
        if found.descriptor is not None:
            asyncio.get_running_loop().remove_reader(found.descriptor)
            os.close(found.descriptor)
            found.descriptor = None

    def _tell(self, handle: Handle) -> None:
        for call in self._listeners:
            call(handle)

    async def _look(self) -> None:
        while self._watched:
            await asyncio.sleep(SLOW_LOOK)
            for found in list(self._watched.values()):
                self._look_at(found)
        self._looking = None

    def _look_at(self, found: Watched) -> None:
        agent = record.agent(found.handle)
        pid, started = (agent.pid, agent.start_time) if agent else (found.agent_pid, found.agent_started)
        if pid is None or record.start_time(pid) != started or record.ending(found.handle) is not None:
            self._over(found)
        elif found.stop_by is not None and self._clock.monotonic() >= found.stop_by:
            record.send(pid, started, signal.SIGKILL)
        else:
            self._listen_for_life(found)

    def _listen_for_life(self, found: Watched) -> None:
        beat = record.heartbeat(found.handle)
        silent = beat is not None and self._clock.now() - beat > SILENCE
        if silent is not found.silent:
            found.silent = silent
            self._tell(found.handle)
