"""The access log: one line a request, no query strings, headers or bodies; written in batches off the hot path."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import NamedTuple

LIMIT = 64 * 1024 * 1024
"""Bytes of a log file before it is moved to ``<name>.1``."""


class Line(NamedTuple):
    """One finished request."""

    now: float
    method: bytes
    target: bytes
    deployment: str
    status: int
    model_status: int
    """What the model said, where the caller was told another status; else 0."""
    seconds: float
    request_id: str
    client_id: bytes


class AccessLog:
    """Collects lines; ``flush`` writes them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines: list[Line] = []

    def note(self, line: Line) -> None:
        """One finished request."""
        if self._path is not None and len(self._lines) < 100_000:
            self._lines.append(line)

    def flush(self) -> None:
        """Append what was collected; a full disk loses lines, never requests."""
        if self._path is None or not self._lines:
            return
        lines, self._lines = self._lines, []
        text = "".join(_line(one) for one in lines)
        try:
            if self._path.exists() and self._path.stat().st_size > LIMIT:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            return


def _line(one: Line) -> str:
    """JSON, by hand: one line costs a microsecond or two, and thousands come at once."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(one.now))
    what = f"{one.method.decode('latin-1')} {one.target.partition(b'?')[0][:200].decode('latin-1')}"
    more = f', "model_status": {one.model_status}' if one.model_status else ""
    if one.client_id:
        more += f', "client_request_id": {_quoted(one.client_id.decode("latin-1"))}'
    return (
        f'{{"at": "{stamp}.{int(one.now % 1 * 1000):03d}Z", "request": {_quoted(what)}, "deployment": '
        f'"{one.deployment}", "status": {one.status}, "ms": {one.seconds * 1000:.3f}, '
        f'"request_id": {_quoted(one.request_id)}{more}}}\n'
    )


def _quoted(text: str) -> str:
    return (
        f'"{text}"'
        if text.isprintable() and text.isascii() and '"' not in text and "\\" not in text
        else json.dumps(text)
    )
