"""A small process that has the agent loaded and forks one per request, so that a job starts without a new interpreter.

It holds no task: its death costs the next launch a few milliseconds and nothing else. It ends when the other end of
its socket closes, which is when the server ends; the agents it forked go on.
"""

from __future__ import annotations

import array
import gc
import json
import os
import signal
import socket
import traceback
from typing import Any

from zaffre.agent import task

_REQUEST_BYTES = 65536


def serve(descriptor: int) -> int:
    """Answer requests ``{id, directory}`` plus one descriptor (the nudge pipe) until the other end closes."""
    channel = socket.socket(fileno=descriptor)
    os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # agents are nobody's to wait for; the kernel takes them away
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # keeps the pages that all agents share shared
    while True:
        request, nudge = _receive(channel)
        if request is None:
            return 0
        answer: dict[str, Any] = {"id": request["id"]}
        try:
            pid = os.fork()
        except OSError as error:
            answer["error"] = str(error)
        else:
            if pid == 0:
                channel.close()
                _become_agent(request["directory"], nudge)
            answer["pid"] = pid
        if nudge >= 0:
            os.close(nudge)
        try:
            channel.send(json.dumps(answer).encode())
        except OSError:
            return 0


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


def _become_agent(directory: str, nudge: int) -> None:
    """In the forked child; never returns into the nursery's loop."""
    code = 70
    try:
        os.setsid()
        code = task.run(directory, nudge)
    except BaseException:  # noqa: BLE001 a forked child must not run on as a second nursery
        traceback.print_exc()
    finally:
        os._exit(code)
