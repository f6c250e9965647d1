"""A small process that has the agent loaded and forks it when asked, so that a job starts without a new interpreter.

It holds no task: its death costs the next launch a few milliseconds and nothing else. It ends when the other end of
its socket closes, which is when the server ends; the agents it forked go on.

A fork is the dearest part of a short task: hundreds of pages to copy before, and to give back after. So an agent whose task
was plain and left nothing (``task.attend``) waits for another, at its end of a line to the nursery; and while jobs come, one
more is forked ahead. An agent that nobody needed for a minute goes, and so do those whose nursery is gone.
"""

from __future__ import annotations

import array
import contextlib
import gc
import json
import os
import select
import signal
import socket
import time
import traceback
from typing import Any, NamedTuple

from zaffre.agent import files, task
from zaffre.agent.bell import Bell
from zaffre.agent.rehearsal import rehearse

_REQUEST_BYTES = 65536
SPARE_SECONDS = 60.0
_CALM_SECONDS = 0.03
_FREE = b"f"
"""An agent's word that it can take another task."""
_MOST = 64
"""Agents that may come back; those of a crowd end with their task, as each is a descriptor of the nursery's."""


def serve(descriptor: int) -> int:
    """Answer requests ``{id, directory}`` plus one descriptor (the nudge pipe) until the other end closes."""
    channel = socket.socket(fileno=descriptor)
    os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # agents are nobody's to wait for; the kernel takes them away
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # keeps the pages that all agents share shared
    nursery = _Nursery(channel)
    while nursery.attend():
        pass
    return 0


class _Agent(NamedTuple):
    """One that may come back: its process, and the nursery's end of the line to it."""

    pid: int
    line: socket.socket


class _Request(NamedTuple):
    """What the server asks for."""

    text: bytes
    nudge: int

    @property
    def id(self) -> int:
        number: int = json.loads(self.text)["id"]
        return number

    @property
    def directory(self) -> str:
        return str(json.loads(self.text)["directory"])


class _Nursery:
    """Who hands tasks to agents, and has as many of them as are needed."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._agents: dict[int, _Agent] = {}
        """By the descriptor of their line."""
        self._free: dict[int, float] = {}
        """Since when they wait; who came last is asked first, so that those who are too many are found out."""
        self._busy = False
        """A request came since an agent was last forked ahead."""

    def attend(self) -> bool:
        """Wait for one thing to happen and see to it; False when there will be no other request."""
        asked = self._channel.fileno()
        ready, _, _ = select.select([asked, *self._agents], [], [], self._patience())
        for descriptor in ready:
            if descriptor != asked:
                self._hear(descriptor)
        if asked in ready:
            request = _receive(self._channel)
            return request is not None and self._hand_out(request)
        if not ready:
            self._look_around()
        return True

    def _patience(self) -> float | None:
        """Until there is time for what nobody waits for: the moment of a start is none."""
        if self._busy and not self._free:
            return _CALM_SECONDS
        if not self._free:
            return None
        return max(0.0, min(self._free.values()) + SPARE_SECONDS - time.monotonic())

    def _look_around(self) -> None:
        if self._busy and not self._free:
            with contextlib.suppress(OSError):
                self._fork(None)
        self._busy = False
        for descriptor, since in list(self._free.items()):
            if time.monotonic() - since >= SPARE_SECONDS:
                self._dismiss(descriptor)

    def _hear(self, descriptor: int) -> None:
        """An agent is free, or gone."""
        try:
            word = self._agents[descriptor].line.recv(1)
        except OSError:
            word = b""
        if word:
            self._free[descriptor] = time.monotonic()
        else:
            self._dismiss(descriptor)

    def _dismiss(self, descriptor: int) -> None:
        self._free.pop(descriptor, None)
        self._agents.pop(descriptor).line.close()

    def _hand_out(self, request: _Request) -> bool:
        self._busy = True
        answer: dict[str, Any] = {"id": request.id}
        try:
            answer["pid"] = self._given(request) or self._fork(request)
        except OSError as error:
            answer["error"] = str(error)
        if request.nudge >= 0:
            os.close(request.nudge)
        return _answer(self._channel, answer)

    def _given(self, request: _Request) -> int:
        """The agent that waited for this; 0 where none did."""
        while self._free:
            descriptor, _ = self._free.popitem()
            agent = self._agents[descriptor]
            try:
                socket.send_fds(agent.line, [request.text], [request.nudge] if request.nudge >= 0 else [])
            except OSError:  # it was killed
                self._dismiss(descriptor)
            else:
                return agent.pid
        return 0

    def _fork(self, request: _Request | None) -> int:
        """Another agent, for this request or ahead of the next."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                pid = os.fork()
            except OSError:
                ours.close()
                raise
            if pid == 0:
                ours.close()
                self._become_agent(theirs, request)
        if len(self._agents) >= _MOST:
            ours.close()
            return pid
        self._agents[ours.fileno()] = _Agent(pid, ours)
        if request is None:
            self._free[ours.fileno()] = time.monotonic()
        return pid

    def _become_agent(self, line: socket.socket, request: _Request | None) -> None:
        """In a forked child; never returns."""
        code = 70
        try:
            self._channel.close()
            for agent in self._agents.values():
                agent.line.close()  # held here too, they would not tell of the nursery's end
            os.setsid()
            code = _live(line, request)
        except BaseException:  # noqa: BLE001 a forked child must not run on as a second nursery
            traceback.print_exc()
        finally:
            os._exit(code)


def _live(line: socket.socket, request: _Request | None) -> int:
    """An agent's life: one task after the other, as long as each leaves nothing behind and the nursery has another."""
    if request is None:
        rehearse()
        request = _receive(line)
    bell: Bell | None = None
    while request is not None:
        if bell is None:
            bell = Bell()
        else:
            bell.turn_to(os.path.join(request.directory, files.STOP))
        held = _descriptors() - (request.nudge >= 0)
        again = task.attend(request.directory, request.nudge, bell)
        if request.nudge >= 0:
            os.close(request.nudge)
        if not again or _descriptors() != held:
            break
        with contextlib.suppress(OSError):  # the nursery is gone, or has enough agents
            line.send(_FREE)
        request = _receive(line)
    return 0


def _descriptors() -> int:
    """How many this process has open; what a task leaves open is reason enough not to go on with another."""
    return len(os.listdir("/proc/self/fd"))


def _answer(channel: socket.socket, answer: dict[str, Any]) -> bool:
    try:
        channel.send(json.dumps(answer).encode())
    except OSError:
        return False
    return True


def _receive(channel: socket.socket) -> _Request | None:
    """None at the end."""
    descriptors = array.array("i")
    try:
        data, ancillary, _, _ = channel.recvmsg(_REQUEST_BYTES, socket.CMSG_SPACE(descriptors.itemsize))
    except OSError:
        return None
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: descriptors.itemsize])
    nudge = descriptors[0] if descriptors else -1
    if nudge >= 0:
        os.set_inheritable(nudge, False)
    return _Request(data, nudge) if data else None
