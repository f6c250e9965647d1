"""The log of a staging process: how far it is, every few seconds, and what it waits for."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

EVERY = 5.0
_UNITS = ("B", "KB", "MB", "GB", "TB")


class Progress:
    """Counts bytes and files of one input or output; any thread may add."""

    def __init__(self, name: str, verb: str) -> None:
        self._name = name
        self._verb = verb
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._bytes = 0
        self._files = 0
        self._of_bytes = 0
        self._of_files = 0

    def expect(self, files: int, size: int) -> None:
        """How much there is to do."""
        self._of_files, self._of_bytes = files, size

    def add(self, size: int = 0, files: int = 0) -> None:
        """So much more is done."""
        with self._lock:
            self._bytes += size
            self._files += files

    def say(self, text: str) -> None:
        """One line."""
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {self._name}: {text}\n")
        sys.stdout.flush()

    @contextmanager
    def told(self) -> Generator[None]:
        """A line every few seconds while the block runs, and one at its end."""
        done = threading.Event()
        teller = threading.Thread(target=self._tell, args=(done,), daemon=True)
        teller.start()
        try:
            yield
        finally:
            done.set()
            teller.join()
        seconds = time.monotonic() - self._begun
        self.say(f"{self._verb} {self._files} files, {size_of(self._bytes)} in {seconds:.1f} s")

    def _tell(self, done: threading.Event) -> None:
        seen, still = -1, 0.0
        while not done.wait(EVERY):
            still = still + EVERY if seen == self._bytes else 0.0
            seen = self._bytes
            waits = f"; nothing for {still:.0f} s" if still else ""
            self.say(f"{self._files} of {self._of_files} files, {size_of(seen)} of {size_of(self._of_bytes)}{waits}")


def size_of(count: float) -> str:
    """Bytes as people read them."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError
