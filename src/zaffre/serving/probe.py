"""Does a replica answer? Asked by the server, never on a request's way."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from zaffre.serving.table import TCP


class Health(StrEnum):
    """What a replica's probe found."""

    READY = "ready"
    STARTING = "starting"
    """It answers, but not yet with success: ``init()`` has not finished."""
    SILENT = "silent"
    """No answer."""


async def probe(socket: str, path: str = "/", timeout: float = 2.0) -> Health:  # noqa: ASYNC109 - the probe's own setting
    """One ``GET`` on a replica's socket."""
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await _open(socket)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nhost: probe\r\nconnection: close\r\n\r\n".encode())
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return Health.SILENT
    parts = line.split()
    status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
    if not status:
        return Health.SILENT
    return Health.READY if 200 <= status < 400 else Health.STARTING


async def _open(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if not address.startswith(TCP):
        return await asyncio.open_unix_connection(address)
    host, _, port = address[len(TCP) :].rpartition(":")
    return await asyncio.open_connection(host, int(port))
