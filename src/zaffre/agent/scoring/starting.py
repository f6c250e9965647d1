"""What answers while ``init()`` runs: 503 to everybody, from a thread, so that user code keeps the main thread.

It also tells where ``init()`` is when it has not finished in time: whoever reads the log of a deployment that never
became ready sees the line that hangs.
"""

from __future__ import annotations

import select
import socket
import sys
import threading
import time
import traceback
from typing import Optional, Sequence

from zaffre.agent.scoring.answers import encode, message
from zaffre.agent.scoring.server import NOT_RUN, SERVER

_ANSWER = encode(message(503, "The deployment is starting: init() has not finished."), [SERVER, NOT_RUN], False)


class Starting:
    """A context during which ``listeners`` answer 503; afterwards they are free for the real server."""

    def __init__(self, listeners: Sequence[socket.socket], patience: float = 0) -> None:
        self._listeners = list(listeners)
        self._patience = patience
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._answer, name="starting", daemon=True)

    def __enter__(self) -> None:
        for listener in self._listeners:
            listener.setblocking(False)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._wake.send(b"x")
        self._thread.join()
        self._wake.close()
        self._woken.close()

    def _answer(self) -> None:
        late: Optional[float] = time.monotonic() + self._patience if self._patience else None
        while True:
            wait = None if late is None else max(0.0, late - time.monotonic())
            ready, _, _ = select.select([*self._listeners, self._woken], [], [], wait)
            if self._woken in ready:
                return
            if late is not None and time.monotonic() >= late:
                late = None
                _tell_where(self._patience)
            for listener in ready:
                _refuse(listener)


def _tell_where(patience: float) -> None:
    """The main thread's lines, as a traceback."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # type: ignore[reportPrivateUsage]
    lines = traceback.format_stack(frame) if frame is not None else []
    told = "TimeoutError: init() has not finished after {:.0f} s; it is here\n".format(patience)
    sys.stderr.write("Traceback (most recent call last):\n" + "".join(lines) + told)
    sys.stderr.flush()


def _refuse(listener: socket.socket) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:
        return
    with connection:
        try:
            connection.settimeout(1)
            connection.recv(65536)
            connection.sendall(_ANSWER)
        except OSError:
            return
