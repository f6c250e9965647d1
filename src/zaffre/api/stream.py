"""Server-sent events with resume: a follower that lost its connection goes on where it stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route
from zaffre.core.events import Event
from zaffre.store import Store, events

CHUNK = 256 * 1024
"""Bytes of a log read at once; what a slow follower can hold in memory."""
FOLLOW_SECONDS = 0.1
KEEP_ALIVE_SECONDS = 15.0
EVENTS_AT_ONCE = 500


def message(name: str, data: Any, identity: int | None = None) -> bytes:
    """One server-sent event."""
    head = f"id: {identity}\n" if identity is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def streamed(parts: AsyncIterator[bytes]) -> Response:
    """The response that carries events as they come."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(parts, media_type="text/event-stream", headers=headers)


def resume_point(call: Call) -> int:
    """Where the follower stopped: ``Last-Event-ID`` (a reconnect), else ``after``."""
    last = call.request.headers.get("last-event-id", "")
    return int(last) if last.isdigit() else call.number("after", 0)


async def follow_file(
    path: Path, after: int, *, follow: bool, status: Callable[[], Awaitable[str | None]]
) -> AsyncIterator[bytes]:
    """A log as events ``log`` {offset, data}, then ``end`` {status} once the final status is known and all is read.

    ``status`` answers the final status, or None while the writer may still write. It is asked before each look at the end
    of the file, so that nothing written before the end is missed.
    """
    offset = after
    quiet = 0.0
    while True:
        ended = await status()
        data = await run_in_threadpool(_read, path, offset)
        if data:
            whole = _whole_characters(data) if len(data) == CHUNK or ended is None else data
            yield message("log", {"offset": offset, "data": whole.decode(errors="replace")}, offset + len(whole))
            offset += len(whole)
            quiet = 0.0
            if whole:
                continue
        if ended is not None or not follow:
            yield message("end", {"status": ended, "offset": offset})
            return
        await asyncio.sleep(FOLLOW_SECONDS)
        quiet += FOLLOW_SECONDS
        if quiet >= KEEP_ALIVE_SECONDS:
            quiet = 0.0
            yield b": still here\n\n"


def event_routes(store: Store) -> list[Route]:
    """``GET …/events``: everything that happens in a workspace, from a point on."""
    feed = _Feed(store)
    path = "/api/v1/workspaces/{ws}/events"
    return [Route("GET", path, Permission.READ, feed.serve, "Follow what happens in a workspace", tag="events")]


class _Feed:
    """Wakes its followers when something was committed; each reads what it lacks from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._news: set[asyncio.Event] = set()
        store.on_event(self._ring)

    async def serve(self, call: Call) -> Response:
        return streamed(self._follow(call.path("ws").lower(), resume_point(call)))

    def _ring(self, event: Event) -> None:
        del event
        for bell in self._news:
            bell.set()

    async def _follow(self, workspace: str, after: int) -> AsyncIterator[bytes]:
        bell = asyncio.Event()
        self._news.add(bell)
        try:
            while True:
                bell.clear()
                start = after
                found = await self._store.read(
                    lambda tx: events.read(tx, start, workspace=workspace, limit=EVENTS_AT_ONCE)  # noqa: B023
                )
                for event in found:
                    after = event.seq
                    yield message(event.type.value, _told(event), event.seq)
                if len(found) == EVENTS_AT_ONCE:
                    continue
                try:
                    await asyncio.wait_for(bell.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._news.discard(bell)


def _told(event: Event) -> dict[str, Any]:
    return {"seq": event.seq, "at": event.at, "subject": event.subject, "actor": event.actor, "data": event.data}


def _read(path: Path, offset: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(CHUNK)
    except FileNotFoundError:
        return b""


def _whole_characters(data: bytes) -> bytes:
    """``data`` without a UTF-8 character that is cut in two at its end; the rest comes with the next read."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 == 0x80:
            continue
        length = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
        return data[:-back] if length > back else data
    return data
