"""What running jobs use, from their agents' files into tracking: every few seconds, and a last time at the end.

The agent has no network and outlives servers, so its file is the truth. Where it was read to is remembered by this process
alone: a server that starts reads again from the beginning, and a sample that is known already changes nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zaffre.control.locations import Locations
from zaffre.core.errors import ZaffreError
from zaffre.core.plain import is_dict
from zaffre.core.ports import Tracking, UseSample
from zaffre.core.status import RunStatus
from zaffre.store import Store, runs
from zaffre.store.runs import Run

log = logging.getLogger(__name__)

FILE = "vitals.jsonl"
_NAME = re.compile(r"(?:cpu|system|disk|network|gpu_\d{1,3})_[a-z_]{1,60}")
_PIECE = 1024 * 1024
_MOST_RUNS = 10_000
_MOST_VALUES = 200
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Vitals:
    """Reads the samples of runs."""

    def __init__(self, store: Store, tracking: Tracking, locations: Locations, every: float) -> None:
        """``every``: seconds between samples; 0 takes none."""
        self.every = every or None
        self._store = store
        self._tracking = tracking
        self._locations = locations
        self._read: dict[tuple[str, int], int] = {}

    async def run(self) -> None:
        """All running jobs again and again, until cancelled."""
        query = runs.RunQuery(statuses=[RunStatus.RUNNING], top=_MOST_RUNS)
        while self.every:
            await asyncio.sleep(self.every)
            for run in await self._store.read(lambda tx: runs.list(tx, query)):
                await self.take(run)

    async def take(self, run: Run) -> None:
        """Put what is new about a run into tracking; trouble with it costs samples, not the run."""
        if not run.workspace:
            return  # a build of the system's own, which tracking does not know
        key = run.name, run.attempt
        try:
            while True:
                at = self._read.get(key, 0)
                file = self._locations.attempt(run.name, run.attempt) / FILE
                if not file.exists():  # a job shorter than the time between samples: nothing to hand to a thread
                    break
                samples, end = await asyncio.to_thread(_new, file, at)
                if end == at:
                    break
                await self._tracking.log_use(run.name, run.workspace, samples)
                self._read[key] = end
        except (OSError, ZaffreError) as error:
            log.warning("what run %s uses was not recorded: %s", run.name, error)

    async def end(self, run: Run) -> None:
        """The last samples; then it is forgotten."""
        await self.take(run)
        self._read.pop((run.name, run.attempt), None)


def _new(file: Path, at: int) -> tuple[list[UseSample], int]:
    """The whole lines from byte ``at`` on, and where they end."""
    try:
        descriptor = os.open(file, _OPEN)
    except FileNotFoundError:
        return [], at
    try:
        data = os.pread(descriptor, _PIECE, at)
    finally:
        os.close(descriptor)
    whole = data[: data.rfind(b"\n") + 1]
    if not whole and len(data) == _PIECE:  # nothing that an agent writes: a line without an end
        return [], at + len(data)
    return list(_samples(whole)), at + len(whole)


def _samples(text: bytes) -> Iterator[UseSample]:
    """What lines say; the job could have written them, so whatever is not a sample is passed over."""
    for line in text.splitlines():
        try:
            told: Any = json.loads(line)
            at, step, values = told["at"], told["step"], told["values"]
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        if not (_is_count(at) and _is_count(step) and is_dict(values)):
            continue
        known = {name: float(value) for name, value in list(values.items())[:_MOST_VALUES] if _is_use(name, value)}
        if known:
            yield UseSample(at, step, known)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_use(name: str, value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and abs(value) < 1e300 and math.isfinite(value) and _NAME.fullmatch(name) is not None
