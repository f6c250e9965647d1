"""What deployments do, remembered: the router's counts every few seconds for minutes, every minute for a day.

The router only counts, and goes on counting while the server is away; here the counts get a past, so that windows of time
can be asked for. A line a minute lies beside the deployment's logs and goes with it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from zaffre.core.errors import ZaffreError
from zaffre.core.plain import is_dict, is_list
from zaffre.core.ports import Clock
from zaffre.kinds.online import rules
from zaffre.kinds.online.parts import windows
from zaffre.kinds.online.parts.layout import Layout
from zaffre.kinds.online.parts.task import Owner
from zaffre.kinds.online.parts.windows import Reading
from zaffre.serving.publisher import Publisher
from zaffre.store import Store

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between readings while the router runs."""
FINE = 600.0
"""Seconds for which every reading is kept."""
COARSE = 60.0
MOST_COARSE = 1440
FILE = "metrics.jsonl"
WANTED_WITHIN = 20.0


class _Past:
    """One deployment's readings."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recent: deque[Reading] = deque()
        self._coarse: deque[Reading] = deque(_kept(path), maxlen=MOST_COARSE)

    def readings(self) -> list[Reading]:
        """Oldest first."""
        first = self._recent[0].at if self._recent else float("inf")
        return [*(one for one in self._coarse if one.at < first), *self._recent]

    def add(self, reading: Reading) -> bool:
        """True when a line is due."""
        self._recent.append(reading)
        while self._recent[0].at < reading.at - FINE:
            self._recent.popleft()
        if self._coarse and reading.at - self._coarse[-1].at < COARSE:
            return False
        self._coarse.append(reading)
        return True

    def save(self) -> None:
        """Append the last line; a file twice as long as needed is written anew. What cannot be written is only forgotten."""
        try:
            if not self._path.parent.is_dir():
                return
            if self._path.exists() and self._path.stat().st_size > _MOST_BYTES:
                draft = self._path.with_suffix(".tmp")
                draft.write_text("".join(_line(one) for one in list(self._coarse)))
                draft.replace(self._path)
                return
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(self._coarse[-1]))
        except OSError as error:
            log.warning("metrics of %s were not kept: %s", self._path.parent.name, error)


class Measures:
    """The readings of all deployments of this home."""

    def __init__(self, router: Publisher, store: Store, clock: Clock, places: Layout) -> None:
        self._router = router
        self._store = store
        self._clock = clock
        self._places = places
        self._past: dict[str, _Past] = {}
        self.machine = float(psutil.virtual_memory().total)
        """Bytes of memory here."""

    async def run(self) -> None:
        """Read again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except (ZaffreError, OSError, ValueError) as error:
                log.warning("the router's counts could not be read: %s", error)
            await asyncio.sleep(EVERY)

    async def wake(self) -> None:
        """Have deployments without replicas looked at as soon as a request waits for one, until cancelled."""
        while True:
            asked = self._clock.monotonic()
            try:
                names = await self._router.wanted(WANTED_WITHIN)
            except (ZaffreError, OSError, ValueError) as error:
                log.warning("the router could not be asked who waits: %s", error)
                names = []
            work = [rules.deployment_work(*name) for name in names]
            if work:
                await self.look()
                await self._store.write(lambda tx, work=work: [tx.nudge(one) for one in work])
            elapsed = self._clock.monotonic() - asked
            await asyncio.sleep(0.2 if work else max(0.0, 1.0 - elapsed))

    async def look(self) -> bool:
        """Take a reading now; False while the router does not answer."""
        told = await self._router.ask("/counts")
        if told is None:
            return False
        counts: Any = json.loads(told)
        found: Mapping[str, Any] = counts["deployments"]
        due = [
            past
            for name, one in found.items()
            if (past := self._of(name)).add(windows.reading(one, float(counts["at"]), counts.get("bounds")))
        ]
        for name in [name for name in self._past if name not in found]:
            del self._past[name]
        if due:
            await asyncio.to_thread(lambda: [past.save() for past in due])
        return True

    def readings(self, owner: Owner) -> list[Reading]:
        """Of one deployment, oldest first; empty where nothing was ever read."""
        past = self._past.get(_name(owner))
        if past is None:
            path = self._path(owner)
            return _kept(path)
        return past.readings()

    def latest(self, owner: Owner) -> Reading | None:
        """The last reading, if it is of now."""
        found = self.readings(owner)
        return found[-1] if found and self._clock.now() - found[-1].at < 5 * EVERY else None

    async def samples(self, owner: Owner) -> list[dict[str, Any]]:
        """The last exchanges that the router kept: request and answer in base64."""
        told = await self._router.ask(f"/samples/{_name(owner)}")
        if told is None:
            return []
        found: Any = json.loads(told)
        return [one for one in found if is_dict(one)] if is_list(found) else []

    def _of(self, name: str) -> _Past:
        if name not in self._past:
            self._past[name] = _Past(self._path(Owner(*name.split("/", 2))))
        return self._past[name]

    def _path(self, owner: Owner) -> Path:
        return self._places.deployment(owner.workspace, owner.endpoint, owner.deployment) / FILE


def _name(owner: Owner) -> str:
    return f"{owner.workspace}/{owner.endpoint}/{owner.deployment}"


_MOST_BYTES = 4 * 1024 * 1024


def _line(reading: Reading) -> str:
    return json.dumps(reading.to_json(), separators=(",", ":")) + "\n"


def _kept(path: Path) -> list[Reading]:
    """The lines of a file; one that a crash cut short is left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[-MOST_COARSE:]
    except OSError:
        return []
    found: list[Reading] = []
    for line in lines:
        try:
            found.append(Reading.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda one: one.at)
