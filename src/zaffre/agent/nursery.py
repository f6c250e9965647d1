"""A small process that has the agent loaded and forks one per request, so that a job starts without a new interpreter.

It holds no task: its death costs the next launch a few milliseconds and nothing else. It ends when the other end of
its socket closes, which is when the server ends; the agents it forked go on.

While jobs come, one agent more is forked ahead (the spare): it hears the next request itself and becomes its agent, so
that a launch waits for no fork. A spare that nobody needed for a minute goes, and the nursery listens alone again.
"""

from __future__ import annotations

import array
import gc
import json
import os
import select
import signal
import socket
import traceback
from typing import Any

from zaffre.agent import task
from zaffre.agent.rehearsal import rehearse

_REQUEST_BYTES = 65536
SPARE_SECONDS = 60.0
_CALM_SECONDS = 0.03
_TAKEN, _UNUSED, _OVER = b"t", b"u", b"o"
"""A spare's last words to the nursery: it became an agent, it was not needed, the server has ended."""


def serve(descriptor: int) -> int:
    """Answer requests ``{id, directory}`` plus one descriptor (the nudge pipe) until the other end closes."""
    channel = socket.socket(fileno=descriptor)
    os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # agents are nobody's to wait for; the kernel takes them away
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # keeps the pages that all agents share shared
    nursery = _Nursery(channel)
    while nursery.launch():
        if not nursery.is_calm():
            continue
        word = nursery.spare()
        while word == _TAKEN and nursery.is_calm():
            word = nursery.spare()
        if word == _OVER:
            break
    return 0


class _Nursery:
    """The two ways to an agent: forked when asked for, or before."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._life, self._held = os.pipe()
        """The second end is the nursery's alone: a spare sees it close when the nursery dies."""

    def launch(self) -> bool:
        """Wait for a request and fork its agent; False when there will be no other."""
        request, nudge = _receive(self._channel)
        if request is None:
            return False
        answer: dict[str, Any] = {"id": request["id"]}
        try:
            pid = os.fork()
        except OSError as error:
            answer["error"] = str(error)
        else:
            if pid == 0:
                self._become_agent(request["directory"], nudge)
            answer["pid"] = pid
        if nudge >= 0:
            os.close(nudge)
        return _answer(self._channel, answer)

    def is_calm(self) -> bool:
        """False when another request comes at once: the moment of a start is no time to prepare for the next."""
        return not select.select([self._channel], [], [], _CALM_SECONDS)[0]

    def spare(self) -> bytes:
        """Fork an agent ahead and wait for what becomes of it; one that was killed, or cannot be had, was not needed."""
        hear, tell = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            pid = -1
        if pid == 0:
            self._stand_by(tell)
        os.close(tell)
        word = os.read(hear, 1)
        os.close(hear)
        return word or _UNUSED

    def _stand_by(self, tell: int) -> None:
        """In the spare, which alone listens to the socket now; never returns into the nursery's loop."""
        try:
            os.close(self._held)
            self._held = -1
            rehearse()
            heard, _, _ = select.select([self._channel, self._life], [], [], SPARE_SECONDS)
            if self._channel not in heard or self._life in heard:
                os.write(tell, _UNUSED)
                return
            request, nudge = _receive(self._channel)
            os.write(tell, _OVER if request is None else _TAKEN)
            if request is not None and _answer(self._channel, {"id": request["id"], "pid": os.getpid()}):
                os.close(tell)
                self._become_agent(request["directory"], nudge)
        finally:
            os._exit(0)

    def _become_agent(self, directory: str, nudge: int) -> None:
        """In a forked child; never returns."""
        code = 70
        try:
            for descriptor in (self._channel.detach(), self._life, self._held):
                if descriptor >= 0:
                    os.close(descriptor)
            os.setsid()
            code = task.run(directory, nudge)
        except BaseException:  # noqa: BLE001 a forked child must not run on as a second nursery
            traceback.print_exc()
        finally:
            os._exit(code)


def _answer(channel: socket.socket, answer: dict[str, Any]) -> bool:
    try:
        channel.send(json.dumps(answer).encode())
    except OSError:
        return False
    return True


def _receive(channel: socket.socket) -> tuple[dict[str, Any] | None, int]:
    descriptors = array.array("i")
    try:
        data, ancillary, _, _ = channel.recvmsg(_REQUEST_BYTES, socket.CMSG_SPACE(descriptors.itemsize))
    except OSError:
        return None, -1
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: descriptors.itemsize])
    nudge = descriptors[0] if descriptors else -1
    if nudge >= 0:
        os.set_inheritable(nudge, False)
    return (json.loads(data.decode()) if data else None), nudge
