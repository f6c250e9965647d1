"""Server-sent events with resume: a follower that lost its connection goes on where it stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.control.files import Place
from zaffre.core.errors import NotFound
from zaffre.core.events import Event
from zaffre.store import Store, events

CHUNK = 256 * 1024
"""Bytes of a log read at once; what a slow follower can hold in memory."""
SHORTEST_LOOK = 0.005
LONGEST_LOOK = 0.1
"""Seconds between looks at a log: the shortest while it grows, the longest once it has been quiet for a while."""
STATUS_SECONDS = 2.0
"""How long an end goes unnoticed whose bell did not ring."""
INLINE_BYTES = 64 * 1024
"""A piece this small is read at once; a larger one by a thread, so that nobody waits for a slow disk."""
KEEP_ALIVE_SECONDS = 15.0
EVENTS_AT_ONCE = 500
LATEST = "latest"
"""``after=latest``: whoever has just read what there is wants only what comes next."""


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
    log: Place, after: int, status: Callable[[], Awaitable[str | None]], bell: asyncio.Event
) -> AsyncIterator[bytes]:
    """A log as events ``log`` {offset, data}, then ``end`` {status} once the final status is known and all is read.

    ``status`` answers the final status, or None while the writer may still write. It is asked when ``bell`` has rung, and
    before the last look at the file, so that nothing written before the end is missed.
    """
    offset, ended = after, await status()
    quiet, asked, pause = 0.0, 0.0, SHORTEST_LOOK
    while True:
        data = await _new(log, offset)
        whole = _whole_characters(data) if len(data) == CHUNK or ended is None else data
        if whole:
            yield message("log", {"offset": offset, "data": whole.decode(errors="replace")}, offset + len(whole))
            offset += len(whole)
            quiet, pause = 0.0, SHORTEST_LOOK
            continue
        if ended is not None:
            yield message("end", {"status": ended, "offset": offset})
            return
        if await _rung(bell, pause) or asked >= STATUS_SECONDS:
            bell.clear()
            ended, asked = await status(), 0.0
        quiet, asked, pause = quiet + pause, asked + pause, min(LONGEST_LOOK, pause * 1.25)
        if quiet >= KEEP_ALIVE_SECONDS:
            quiet = 0.0
            yield b": still here\n\n"


def event_routes(store: Store) -> list[Route]:
    """``GET …/events``: everything that happens in a workspace, from a point on."""
    feed = _Feed(store)
    path = "/api/v1/workspaces/{ws}/events"
    return [
        Route("GET", path, Permission.READ, feed.serve, "Follow, or read, what happens in a workspace", tag="events")
    ]


@dataclass(frozen=True, slots=True)
class _About:
    """Which events: a workspace's, or those of one subject in it."""

    workspace: str
    subject: str | None


class _Feed:
    """Wakes its followers when something was committed; each reads what it lacks from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._news: set[asyncio.Event] = set()
        store.on_event(self._ring)

    async def serve(self, call: Call) -> Response:
        """``after=latest`` follows what is still to happen; ``follow=0`` is one page of what has; ``subject`` narrows both."""
        about = _About(call.path("ws").lower(), call.query("subject") or None)
        if call.query("after") == LATEST and "last-event-id" not in call.request.headers:
            after = await self._store.read(events.last)
        else:
            after = resume_point(call)
        if call.query("follow") in ("0", "false"):
            found = await self._read(about, after)
            return reply({"value": [{"type": event.type.value, **_told(event)} for event in found]})
        return streamed(self._follow(about, after))

    async def _read(self, about: _About, after: int) -> list[Event]:
        where, subject = about.workspace, about.subject
        return await self._store.read(lambda tx: events.read(tx, after, where, subject, EVENTS_AT_ONCE))

    def _ring(self, event: Event) -> None:
        del event
        for bell in self._news:
            bell.set()

    async def _follow(self, about: _About, after: int) -> AsyncIterator[bytes]:
        bell = asyncio.Event()
        self._news.add(bell)
        try:
            while True:
                bell.clear()
                found = await self._read(about, after)
                for event in found:
                    after = event.seq
                    yield message(event.type.value, _told(event), event.seq)
                if len(found) == EVENTS_AT_ONCE:
                    continue
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        await bell.wait()
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._news.discard(bell)


def _told(event: Event) -> dict[str, Any]:
    return {"seq": event.seq, "at": event.at, "subject": event.subject, "actor": event.actor, "data": event.data}


async def _rung(bell: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return False
    return True


async def _new(log: Place, offset: int) -> bytes:
    """What the file holds from ``offset`` on, at most ``CHUNK`` bytes; nothing while there is no file."""
    try:
        with log.open() as file:
            if file.size - offset <= INLINE_BYTES:
                return file.read(offset, CHUNK)
            return await run_in_threadpool(file.read, offset, CHUNK)
    except NotFound:
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
