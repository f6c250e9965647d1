"""What answers while ``init()`` runs: 503 to everybody, from a thread, so that user code keeps the main thread."""

from __future__ import annotations

import select
import socket
import threading

from zaffre.agent.scoring.answers import encode, message
from zaffre.agent.scoring.server import NOT_RUN, SERVER

_ANSWER = encode(message(503, "The deployment is starting: init() has not finished."), [SERVER, NOT_RUN], False)


class Starting:
    """A context during which ``listener`` answers 503; afterwards it is free for the real server."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._answer, name="starting", daemon=True)

    def __enter__(self) -> None:
        self._listener.setblocking(False)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._wake.send(b"x")
        self._thread.join()
        self._wake.close()
        self._woken.close()

    def _answer(self) -> None:
        while True:
            ready, _, _ = select.select([self._listener, self._woken], [], [])
            if self._woken in ready:
                return
            try:
                connection, _ = self._listener.accept()
            except OSError:
                continue
            with connection:
                try:
                    connection.settimeout(1)
                    connection.recv(65536)
                    connection.sendall(_ANSWER)
                except OSError:
                    continue
