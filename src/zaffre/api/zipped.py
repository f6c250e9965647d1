"""Many files as one zip, made while it is sent: memory for a piece of one file, whatever the folder holds.

Nothing is compressed, since what models and tables are made of hardly can be, and the sender's processor serves others too.
"""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from zaffre.control.files import MOST_LISTED, Listed, Opened, Place
from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.store.blobs.paths import check_relative

PIECE = 1024 * 1024
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""What a zip can say of a time begins here."""
Find = Callable[[str], Awaitable[Place]]
"""Where a file of the listing lies on this machine, by its path; raises ``NotFound`` for one that has gone since."""


def answer(name: str, listed: Iterable[Listed], find: Find) -> StreamingResponse:
    """The files as ``name``.zip. Raises ``Invalid`` where there are more than a listing tells."""
    paths = [item.path for item in listed]
    if not paths:
        raise NotFound("There are no files to download.", target="prefix")
    if len(paths) >= MOST_LISTED:
        told = f"there are {MOST_LISTED} files or more; download a part of them by its prefix"
        raise Invalid([Problem(told, field="prefix")])
    for path in paths:
        check_relative(path)
    headers = {
        "content-disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}.zip",
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "no-store",
    }
    return StreamingResponse(_pieces(paths, find), media_type="application/zip", headers=headers)


async def _pieces(paths: list[str], find: Find) -> AsyncIterator[bytes]:
    """What a file was when it was opened; one that has gone by then is left out."""
    sink = _Sink()
    archive = zipfile.ZipFile(cast(Any, sink), "w", zipfile.ZIP_STORED)
    for path in paths:
        try:
            place = await find(path)
            opened = await run_in_threadpool(place.open)
        except NotFound:
            continue
        with opened, archive.open(_entry(path, opened), "w", force_zip64=True) as member:
            at = 0
            while at < opened.size:
                data = await run_in_threadpool(opened.read, at, min(PIECE, opened.size - at))
                if not data:
                    break
                at += len(data)
                member.write(data)
                yield sink.taken()
        yield sink.taken()
    archive.close()
    yield sink.taken()


def _entry(path: str, opened: Opened) -> zipfile.ZipInfo:
    moment = datetime.fromtimestamp(opened.modified_at, UTC).timetuple()[:6]
    entry = zipfile.ZipInfo(path, max(moment, _EARLIEST))
    entry.external_attr = 0o100644 << 16
    return entry


class _Sink:
    """What the archive has written and nobody has sent; it cannot go back in it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data = b"".join(self._held)
        self._held.clear()
        return data
