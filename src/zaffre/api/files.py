"""Files as answers: pages of a listing, one file with ranges, and the routes of an asset's files.

What is sent was written by a job or a user. It never runs in a browser as ours: no type that a browser would execute, a
sandbox around whatever it makes of it, and no guessing.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from zaffre.api import zipped
from zaffre.api.auth import Permission
from zaffre.api.native import collection, in_registry, listed, page_of
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control.elsewhere import Elsewhere
from zaffre.control.files import Listed, Opened, Place
from zaffre.core.errors import NotBuilt, NotFound
from zaffre.core.registry import Kind
from zaffre.staging.datastores import Spot

PIECE = 1024 * 1024
_UNKNOWN = ""
"""Whether a place in a store is a file or a folder: whoever opens it looks."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_ALONE = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; worker-src blob:"
)
"""What a report may do that draws itself: everything inside its own frame, which has no origin, no session and no network."""
_PAGES = {
    ".html": ("text/html; charset=utf-8", _ALONE),
    ".htm": ("text/html; charset=utf-8", _ALONE),
    ".pdf": ("application/pdf", "script-src 'none'"),
}
"""With ``?view=page``: ending → type and policy. A browser's reader of PDF works in no sandbox, and runs nothing as ours."""
_SHOWN = frozenset({"text/plain", "text/csv", "text/markdown", "image/png", "image/jpeg", "image/gif", "image/webp"})


def page(call: Call, found: list[Listed]) -> Response:
    """``{"value": [{path, size, digest?}], "next"}``: the page of the listing that was asked for."""
    asked = page_of(call)
    shown = found[asked.skip : asked.skip + asked.top]
    more = len(found) > asked.skip + asked.top
    return reply(listed([_told(item) for item in shown], call, asked if more else None))


async def send(call: Call, place: Place) -> Response:
    """The file at ``place``, or the one range of it that was asked for."""
    opened = await run_in_threadpool(place.open)
    answer = FileAnswer(opened, call.request.headers.get("range", ""))
    if call.query("view") == "page":
        answer.show()
    return answer


def listing(place: Place, prefix: str = "") -> list[Listed]:
    """What is at a place: a folder's files, the one file, or nothing."""
    if place.is_folder():
        return place.listing(prefix)
    try:
        with place.open() as opened:
            return [Listed(opened.name, opened.size)] if opened.name.startswith(prefix) else []
    except NotFound:
        return []


class FileAnswer(Response):
    """An open file; closed when it was sent."""

    def __init__(self, opened: Opened, wanted: str) -> None:
        self._opened = opened
        span = _span(wanted, opened.size)
        self._start, self._end = span or (0, opened.size)
        status = 206 if span is not None else 200
        super().__init__(status_code=status, media_type=_type(opened.name))
        self.headers["content-length"] = str(self._end - self._start)
        self.headers["accept-ranges"] = "bytes"
        self.headers["last-modified"] = formatdate(opened.modified_at, usegmt=True)
        self.headers["content-security-policy"] = "sandbox; default-src 'none'"
        self.headers["cache-control"] = "no-store"
        self.headers["content-disposition"] = f"attachment; filename*=utf-8''{quote(opened.name)}"
        if span is not None:
            self.headers["content-range"] = f"bytes {self._start}-{self._end - 1}/{opened.size}"

    def show(self) -> None:
        """As a page in a frame of Studio's, where its name says that it is one; anything else stays a download."""
        found = _PAGES.get(Path(self._opened.name).suffix.lower())
        if found is not None:
            self.headers["content-type"], policy = found
            self.headers["content-security-policy"] = f"{policy}; frame-ancestors 'self'"
            self.headers["content-disposition"] = "inline"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in pieces, no longer than it was when it was opened."""
        del receive
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            at = self._end if scope["method"] == "HEAD" else self._start
            while at < self._end:
                data = await run_in_threadpool(self._opened.read, at, min(PIECE, self._end - at))
                if not data:
                    raise NotFound("The file became shorter while it was read.")
                at += len(data)
                await send({"type": "http.response.body", "body": data, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._opened.close()


class AssetFiles:
    """The files of a versioned asset: list them, read one, download all."""

    def __init__(
        self, operations: Operations, kind: Kind, path: Callable[[str, str], Place | None], elsewhere: Elsewhere
    ) -> None:
        self._operations = operations
        self._elsewhere = elsewhere
        self._kind = kind
        self._path = path
        """(workspace, URI) → where it lies here, or None."""

    def routes(self) -> list[Route]:
        """Below each version."""
        name, read = self._kind.name, Permission.READ
        found: list[Route] = []
        for owner, where in ((collection(self._kind, None), ""), (in_registry(self._kind), " in a registry")):
            root = f"{owner}/{{name}}/versions/{{version}}/files"
            told = f"List the files of a {name}{where}", f"Read a file of a {name}{where}"
            found.append(Route("GET", root, read, self._list, told[0], tag=name, answer="FileList"))
            found.append(Route("GET", root + "/{path:path}", read, self._send, told[1], tag=name))
            all_of = f"Download the files of a {name}{where} as one zip"
            found.append(Route("GET", root + ":zip", read, self._zip, all_of, tag=name))
        return found

    async def _list(self, call: Call) -> Response:
        return page(call, await self._listing(await self._place(call), call.query("prefix")))

    async def _zip(self, call: Call) -> Response:
        place = await self._place(call)
        found = await self._listing(place, call.query("prefix"))
        return zipped.answer(f"{call.path('name')}-{call.path('version')}", found, partial(self._find, place))

    async def _send(self, call: Call) -> Response:
        return await send(call, await self._find(await self._place(call), call.path("path")))

    async def _listing(self, place: Place | Spot, prefix: str) -> list[Listed]:
        if isinstance(place, Place):
            return await run_in_threadpool(listing, place, prefix)
        found = await self._elsewhere.listing(place, _UNKNOWN)
        return [item for item in found if item.path.startswith(prefix)]

    async def _find(self, place: Place | Spot, path: str) -> Place:
        if not isinstance(place, Place):
            return await self._elsewhere.file(place, _UNKNOWN, path)
        is_folder = await run_in_threadpool(place.is_folder)
        if is_folder:
            return place / path
        if path != place.path.rpartition("/")[2]:
            raise NotFound(
                f"There is no file {path!r}; there is {place.path.rpartition('/')[2]!r} alone.", target="path"
            )
        return place

    async def _place(self, call: Call) -> Place | Spot:
        target = Target(self._kind, call.owner, call.path("name"), "", call.path("version"))
        found = (await self._operations.get(target)).resource
        uri = str(found.spec.get("path") or "")
        place = await run_in_threadpool(self._path, target.workspace, uri)
        spot = await self._elsewhere.spot(target.workspace, uri, str(found.spec.get("type") or ""))
        if spot is not None:
            return spot
        if place is None:
            raise NotBuilt(f"Zaffre cannot read {uri} yet: it lies outside this installation.", target="path")
        return place


def _told(item: Listed) -> dict[str, Any]:
    return {"path": item.path, "size": item.size, **({"digest": item.digest} if item.digest else {})}


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """The one range of a ``Range`` header that is there; anything else, several ranges too, gets the whole file."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or not size:
        return None
    first, last = found[1], found[2]
    if not first:
        return (max(0, size - int(last)), size) if last and int(last) else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None


def _type(name: str) -> str:
    guessed: Any = mimetypes.guess_type(Path(name).name)[0]
    return guessed if guessed in _SHOWN else "application/octet-stream"
