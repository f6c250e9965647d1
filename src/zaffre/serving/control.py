"""The router's own door for the server, over a Unix socket that only its user can open: status, counts, samples, wakes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import parse_qs, unquote

from zaffre.serving.router import Router

WAIT = 20.0
"""Seconds that ``/wake`` waits for a request that needs a deployment without replicas."""
_JSON = "application/json"
_NOTHING = ("404 Not Found", _JSON, b"{}")


async def listen(router: Router, path: Path) -> asyncio.Server:
    """Answer ``GET /status``, ``/metrics``, ``/counts``, ``/samples/...`` and ``/wake`` on ``path``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode("latin-1")
            status, kind, body = await _page(router, target)
            top = (
                f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            writer.write(top.encode() + body)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, IndexError):
            return
        finally:
            writer.close()

    path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, before anything is served
    return await asyncio.start_unix_server(answer, path)


async def _page(router: Router, target: str) -> tuple[str, str, bytes]:
    path, _, query = target.partition("?")
    if path == "/metrics":
        endpoint = parse_qs(query).get("endpoint", [""])[0]
        return "200 OK", "text/plain; version=0.0.4", router.metrics(endpoint).encode()
    if path == "/wake":
        names = await router.wanted(WAIT)
        return ("200 OK", _JSON, json.dumps(names).encode()) if names else ("204 No Content", _JSON, b"")
    found: object = None
    if path == "/status":
        found = router.status()
    elif path == "/counts":
        found = router.counts()
    elif path.startswith("/samples/"):
        found = router.samples(unquote(path.removeprefix("/samples/")))
    return ("200 OK", _JSON, json.dumps(found).encode()) if found is not None else _NOTHING
