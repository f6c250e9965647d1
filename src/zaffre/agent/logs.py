"""A rank's log: a pipe is pumped into a file, byte for byte, in the order written.

A pipe and not the file itself, although a file would outlive the agent: a command that writes to ``/dev/stderr`` opens
what it finds there, and with a file that truncates everything logged so far. A pump also keeps the limit exactly, and
a full disk costs log lines instead of the command.
"""

from __future__ import annotations

import contextlib
import fcntl
import os

_CHUNK = 1 << 18
_PIPE_BYTES = 1 << 20
_SET_PIPE_SIZE = 1031


class Pump:
    """One pipe and the file behind it."""

    def __init__(self, path: str, limit: int) -> None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._left = max(0, limit - os.fstat(self._file).st_size)
        self._limit = limit
        self._full = False
        self._lost = 0
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        with contextlib.suppress(OSError):  # the default size only costs more wake-ups
            fcntl.fcntl(self.reader, _SET_PIPE_SIZE, _PIPE_BYTES)

    def started(self) -> None:
        """The command has its copy of the writing end."""
        os.close(self.writer)

    def step(self) -> bool:
        """Move what is there, at most one chunk; False at the end of the pipe."""
        try:
            data = os.read(self.reader, _CHUNK)
        except BlockingIOError:
            return True
        if data:
            self._keep(data)
        return bool(data)

    def drain(self) -> None:
        """Move all that is there now, then close; what survivors write later is lost, as they are."""
        while True:
            try:
                data = os.read(self.reader, _CHUNK)
            except BlockingIOError:
                break
            if not data:
                break
            self._keep(data)
        os.close(self.reader)
        os.close(self._file)

    def _keep(self, data: bytes) -> None:
        if self._full:
            return
        if len(data) > self._left:
            self._write(data[: self._left])
            self._write(b"\n[zaffre: the log reached %d bytes; the rest is not kept]\n" % self._limit)
            self._full = True
            return
        self._left -= len(data)
        self._write(data)

    def _write(self, data: bytes) -> None:
        if self._lost and self._put(b"\n[zaffre: %d bytes could not be written here]\n" % self._lost) == 0:
            self._lost = 0
        self._lost += self._put(data) if not self._lost else len(data)

    def _put(self, data: bytes) -> int:
        """The number of bytes that found no room."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._file, rest) :]
            except OSError:
                break
        return len(rest)
