"""Where a command writes: the answer to standard output, everything said about it to standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

_BAR = 24
_EVERY = 0.1


class Terminal:
    """Standard output and error, with progress in place where a person watches and plain lines where none does."""

    def __init__(
        self,
        out: TextIO | None = None,
        error: TextIO | None = None,
        *,
        quiet: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._out = out or sys.stdout
        self._error = error or sys.stderr
        self._quiet = quiet
        self._now = now
        self._passing = False
        self._status = ""
        self._drawn_at = float("-inf")
        self.is_watched = self._out.isatty()
        self._is_live = self._error.isatty()

    def write(self, text: str) -> None:
        """Part of the answer, as it is."""
        self._clear()
        self._out.write(text)
        self._out.flush()

    def note(self, text: str) -> None:
        """One line about what is done."""
        if not self._quiet:
            self._line(text)

    def error(self, text: str) -> None:
        """One line about what went wrong."""
        self._line(text)

    def status(self, text: str) -> None:
        """What is being waited for: drawn over the last on a terminal, a line of its own elsewhere."""
        if self._quiet:
            return
        if not self._is_live:
            if text != self._status:
                self._line(text)
            self._status = text
            return
        self._error.write(f"\r\x1b[2K{text}")
        self._error.flush()
        self._passing = True

    def progress(self, name: str, done: int, total: int) -> None:
        """Bytes of an upload or download. Plain output gets one line, at its end."""
        finished = done >= total
        if not self._is_live:
            if finished and total:
                self.note(f"{name}: {size(total)}")
            return
        if finished:
            self.note(f"{name}: {size(total)}") if total else self._clear()
            return
        if self._now() - self._drawn_at >= _EVERY:
            self._drawn_at = self._now()
            filled = _BAR * done // max(total, 1)
            self.status(f"{name} [{'#' * filled}{'.' * (_BAR - filled)}] {size(done)} of {size(total)}")

    def _line(self, text: str) -> None:
        self._clear()
        self._error.write(f"{text}\n")
        self._error.flush()

    def _clear(self) -> None:
        if self._passing:
            self._error.write("\r\x1b[2K")
            self._error.flush()
            self._passing = False


def size(count: int) -> str:
    """Bytes as people read them."""
    amount = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"
