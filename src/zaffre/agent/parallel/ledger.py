"""What became of each mini-batch, appended and made to last before anything is done on its strength.

A line each: ``start`` (a worker was given it), ``done`` (its rows are kept), ``failed`` (a try went wrong; ``last`` where
no other follows). A line that a crash cut short does not count, and neither does a ``done`` whose rows are not there as
they were written: such a mini-batch runs again, so that no row is lost and none is there twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from typing import Any, Dict, Iterator, List, Set

FILE = "ledger.jsonl"
ROWS = "rows"
_PIECE = 1 << 20
_IN_A_FOLDER = 1000


class Busy(Exception):
    """Another driver works in this folder."""


class State:
    """What the lines say, taken together. Pure."""

    def __init__(self) -> None:
        self.done: Dict[int, Dict[str, Any]] = {}
        self.failed: Dict[int, Dict[str, Any]] = {}
        """Mini-batches that are given up, with their last failure."""
        self.tries: Dict[int, int] = {}
        """Failed tries of those that are not finished."""
        self.processes = 0
        """The highest number that a worker had."""

    def take(self, line: Dict[str, Any]) -> None:
        """One more line."""
        index = int(line["batch"])
        kind = line["what"]
        self.processes = max(self.processes, int(line.get("process", 0)))
        if kind == "done":
            self.done[index] = line
            self.failed.pop(index, None)
        elif kind == "failed" and index not in self.done:
            self.tries[index] = self.tries.get(index, 0) + 1
            if line.get("last"):
                self.failed[index] = line

    @property
    def finished(self) -> Set[int]:
        """Those that need no other try."""
        return set(self.done) | set(self.failed)

    def forget(self, index: int) -> None:
        """Its rows did not last: it is to be done again."""
        self.done.pop(index, None)


class Ledger:
    """The file, held by one driver."""

    def __init__(self, folder: str) -> None:
        path = os.path.join(folder, FILE)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise Busy(folder) from None
        self.folder = folder
        self.state = State()
        whole = 0
        for line, place in _lines(path):
            self.state.take(line)
            whole = place
        os.ftruncate(self._file, whole)
        os.lseek(self._file, 0, os.SEEK_END)
        for index in [one for one, line in self.state.done.items() if not intact(folder, one, line)]:
            self.state.forget(index)
        self._held: List[bytes] = []

    def note(self, what: str, batch: int, **more: Any) -> Dict[str, Any]:
        """A line that is written with the next ``settle``; it counts from now on."""
        line = dict(more, what=what, batch=batch)
        self.state.take(line)
        self._held.append(json.dumps(line).encode() + b"\n")
        return line

    def settle(self, lasting: bool = True) -> None:
        """Write what is held, in one piece; ``lasting``: it survives a power cut."""
        if not self._held:
            return
        rest = memoryview(b"".join(self._held))
        self._held = []
        while rest:
            rest = rest[os.write(self._file, rest) :]
        if lasting:
            os.fsync(self._file)

    def close(self) -> None:
        """Let go of it."""
        self.settle()
        os.close(self._file)


def history(folder: str) -> Iterator[Dict[str, Any]]:
    """Every line, for reports."""
    return (line for line, _ in _lines(os.path.join(folder, FILE)))


def rows_of(folder: str, index: int) -> str:
    """The file with a mini-batch's rows."""
    return os.path.join(folder, ROWS, str(index // _IN_A_FOLDER), "%d.rows" % index)


def intact(folder: str, index: int, line: Dict[str, Any]) -> bool:
    """Whether the rows of a mini-batch are there as they were written."""
    try:
        with open(rows_of(folder, index), "rb") as stream:
            return checksum(stream) == [line["size"], line["sum"]]
    except OSError:
        return False


def checksum(stream: Any) -> List[int]:
    """Size and CRC of what a stream holds."""
    size = total = 0
    while True:
        piece = stream.read(_PIECE)
        if not piece:
            return [size, total]
        size += len(piece)
        total = zlib.crc32(piece, total)


def _lines(path: str) -> Iterator[Any]:
    """Each whole line with the place where it ends."""
    place = 0
    with open(path, "rb") as stream:
        for text in stream:
            if not text.endswith(b"\n"):
                return
            try:
                line = json.loads(text)
            except ValueError:
                return
            place += len(text)
            yield line, place
