"""The access log: one line a request, no query strings, headers or bodies; written in batches off the hot path."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

LIMIT = 64 * 1024 * 1024
"""Bytes of a log file before it is moved to ``<name>.1``."""


class AccessLog:
    """Collects lines; ``flush`` writes them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines: list[tuple[float, str, str, int, float, str]] = []

    def note(self, now: float, what: str, deployment: str, status: int, seconds: float, request_id: str) -> None:  # noqa: PLR0913, PLR0917 - the hot path, no object for it
        """One finished request; ``what`` is method and path."""
        if self._path is not None and len(self._lines) < 100_000:
            self._lines.append((now, what, deployment, status, seconds, request_id))

    def flush(self) -> None:
        """Append what was collected; a full disk loses lines, never requests."""
        if self._path is None or not self._lines:
            return
        lines, self._lines = self._lines, []
        text = "".join(_line(*one) for one in lines)
        try:
            if self._path.exists() and self._path.stat().st_size > LIMIT:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            return


def _line(now: float, what: str, deployment: str, status: int, seconds: float, request_id: str) -> str:  # noqa: PLR0913, PLR0917 - see note
    """JSON, by hand: one line costs a microsecond, and thousands come at once."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
    return (
        f'{{"at": "{stamp}.{int(now % 1 * 1000):03d}Z", "request": {_quoted(what)}, "deployment": "{deployment}", '
        f'"status": {status}, "ms": {seconds * 1000:.3f}, "request_id": {_quoted(request_id)}}}\n'
    )


def _quoted(text: str) -> str:
    return (
        f'"{text}"'
        if text.isprintable() and text.isascii() and '"' not in text and "\\" not in text
        else json.dumps(text)
    )
