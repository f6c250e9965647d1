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
_LONGEST_LINE = 1 << 16
_LONGEST_WORDS = 256


class Pump:
    """One pipe and the file behind it; with ``strand``, its lines go to the merged log too."""

    def __init__(self, path: str, limit: int, strand: Strand | None = None, fifo: str = "", awaited: str = "") -> None:
        self._kept = Kept(path, limit)
        self._awaited = awaited.encode()
        self._last = b""
        self._strand = strand
        self.reader, self.writer = _fifo(fifo) if fifo else os.pipe()
        os.set_blocking(self.reader, False)
        with contextlib.suppress(OSError):  # the default size only costs more wake-ups
            fcntl.fcntl(self.reader, _SET_PIPE_SIZE, _PIPE_BYTES)

    def started(self) -> None:
        """The command has its copy of the writing end."""
        if self.writer >= 0:
            os.close(self.writer)

    def step(self) -> bool:
        """Move what is there, at most one chunk; False at the end of the pipe."""
        try:
            data = os.read(self.reader, _CHUNK)
        except BlockingIOError:
            return True
        if data:
            self._take(data)
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
            self._take(data)
        os.close(self.reader)
        self._kept.close()
        if self._strand is not None:
            self._strand.end()

    @property
    def said(self) -> bool:
        """Whether the words that are awaited have come."""
        return not self._awaited

    def _take(self, data: bytes) -> None:
        if self._awaited:
            seen = self._last + data
            self._awaited, self._last = (b"", b"") if self._awaited in seen else (self._awaited, seen[-_LONGEST_WORDS:])
        self._kept.keep(data)
        if self._strand is not None:
            self._strand.keep(data)


class Merged:
    """One log of many processes: whole lines, each behind the name of whose it is."""

    def __init__(self, path: str, limit: int) -> None:
        self._kept = Kept(path, limit)

    def strand(self, name: str) -> Strand:
        """What one of them writes to it."""
        return Strand(self._kept, name)

    def close(self) -> None:
        """Nothing comes any more."""
        self._kept.close()


class Strand:
    """One process's lines on their way into the merged log."""

    def __init__(self, kept: Kept, name: str) -> None:
        self._kept = kept
        self._before = b"[%s] " % name.encode()
        self._begun = b""

    def keep(self, data: bytes) -> None:
        """Write the lines that are whole now; one that does not end is broken where it is too long to wait for."""
        *lines, self._begun = (self._begun + data).split(b"\n")
        if len(self._begun) > _LONGEST_LINE:
            lines.append(self._begun)
            self._begun = b""
        if lines:
            self._kept.keep(b"".join(self._before + line + b"\n" for line in lines))

    def end(self) -> None:
        """A last line without an end is a line."""
        if self._begun:
            self._kept.keep(self._before + self._begun + b"\n")
            self._begun = b""


class Kept:
    """A log file that grows up to its limit."""

    def __init__(self, path: str, limit: int) -> None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._left = max(0, limit - os.fstat(self._file).st_size)
        self._limit = limit
        self._full = False
        self._lost = 0

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def keep(self, data: bytes) -> None:
        """Append, up to the limit and as far as the disk has room."""
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


def _fifo(path: str) -> tuple[int, int]:
    """A named pipe that never ends for its reader, whoever opens and closes it; there is no writing end to hand on."""
    with contextlib.suppress(FileExistsError):
        os.mkfifo(path, 0o600)
    return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC), -1
