"""The server's hand on the router: writes the table, keeps the process alive, knows which version it follows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from zaffre.core.errors import Invalid, Unavailable
from zaffre.serving import process, table
from zaffre.serving.process import Launch


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
        record = process.find(self._launch().home)
        if record is None:
            return 0
        try:
            return int(json.loads(await process.ask(record, "/status"))["table_version"])
        except (Unavailable, ValueError, KeyError):
            return 0

    async def metrics(self) -> str:
        """The router's Prometheus text, empty while it does not answer."""
        record = process.find(self._launch().home)
        if record is None:
            return ""
        try:
            return (await process.ask(record, "/metrics")).decode()
        except Unavailable:
            return ""


def _read(launch: Launch) -> table.Table:
    """The last table; a spoilt file counts as none, and the router keeps what it has until the next one is written."""
    try:
        return table.read(launch.home / table.FILE)
    except Invalid:
        return table.Table()
