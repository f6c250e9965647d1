"""The server's hand on the router: writes the table, keeps the process alive, knows which version it follows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import quote

from zaffre.core.errors import Invalid, Unavailable
from zaffre.serving import process, table
from zaffre.serving.process import Launch

LOOK = 0.01
"""Seconds between two looks whether the router follows."""


class Publisher:
    """One server's publisher; all writes of the table go through it."""

    def __init__(self, launch: Callable[[], Launch], url: str) -> None:
        self._launch = launch
        self._url = url
        self._lock = asyncio.Lock()
        self._written: table.Table | None = None

    @property
    def url(self) -> str:
        """Where callers reach the router."""
        return self._url

    async def publish(self, endpoints: dict[str, table.Endpoint]) -> int:
        """Write the table if it says something new, and see to it that the router runs and reads it."""
        async with self._lock:
            launch = self._launch()
            path = launch.home / table.FILE
            if self._written is None or not path.exists():
                self._written = await asyncio.to_thread(_read, launch)
            version = self._written.version
            if endpoints != self._written.endpoints:
                version += 1
                new = table.Table(version, dict(endpoints))
                await asyncio.to_thread(table.write, path, new)
                self._written = new
                process.reload(launch.home)
            if endpoints:
                await process.ensure(launch)
            return version

    async def applied(self) -> int:
        """The version the router follows; 0 while it does not answer."""
        found = await self.ask("/status")
        try:
            return int(json.loads(found)["table_version"]) if found else 0
        except (ValueError, KeyError):
            return 0

    async def follow(self, version: int, within: float = 3.0) -> bool:
        """Until the router follows that version of the table, or ``within`` seconds are over."""
        for _ in range(int(within / LOOK)):
            if await self.applied() >= version:
                return True
            await asyncio.sleep(LOOK)
        return False

    async def metrics(self, endpoint: str = "") -> str:
        """The router's Prometheus text, of one endpoint (``table.name_of``) or of all; empty while it does not answer."""
        found = await self.ask(f"/metrics?endpoint={quote(endpoint)}")
        return found.decode() if found is not None else ""

    async def wanted(self, seconds: float = 30.0) -> list[tuple[str, str, str]]:
        """(workspace, endpoint, deployment) of those without a replica that requests wait for, as soon as there are any.

        Nothing once ``seconds`` are over, or the router is away.
        """
        found = await self.ask("/wake", seconds)
        names: list[str] = json.loads(found) if found else []
        split = [name.split("/") for name in names]
        return [(one[0], one[1], one[2]) for one in split if len(one) == 3]

    async def ask(self, path: str, patience: float = 5.0) -> bytes | None:
        """A page of the router's own door; None while it does not answer."""
        record = process.find(self._launch().home)
        if record is None:
            return None
        try:
            return await process.ask(record, path, patience)
        except Unavailable:
            return None


def _read(launch: Launch) -> table.Table:
    """The last table; a spoilt file counts as none, and the router keeps what it has until the next one is written."""
    try:
        return table.read(launch.home / table.FILE)
    except Invalid:
        return table.Table()
