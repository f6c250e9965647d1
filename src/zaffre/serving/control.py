"""The router's own door for the server: status and metrics over a Unix socket that only its user can open."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from zaffre.serving.router import Router


async def listen(router: Router, path: Path) -> asyncio.Server:
    """Answer ``GET /metrics`` and ``GET /status`` on ``path``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            target = head.split(b" ", 2)[1].partition(b"?")[0]
            status, kind, body = _page(router, target)
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


def _page(router: Router, target: bytes) -> tuple[str, str, bytes]:
    if target == b"/metrics":
        return "200 OK", "text/plain; version=0.0.4", router.metrics().encode()
    if target == b"/status":
        return "200 OK", "application/json", json.dumps(router.status()).encode()
    return "404 Not Found", "application/json", b"{}"
