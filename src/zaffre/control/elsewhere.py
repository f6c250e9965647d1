"""Files in stores outside this machine, for whoever lists or downloads them through the server.

A listing is asked of the store each time. A file is brought by a staging process; who asks for one usually asks for the
next, so a place that is not large is brought whole, and kept in view for some minutes.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from zaffre.control.files import Listed, Place
from zaffre.control.remote import Remote
from zaffre.core.errors import NotFound
from zaffre.core.ports import Clock
from zaffre.staging.datastores import Spot
from zaffre.store import Store

WHOLE_BYTES = 1024**3
WHOLE_FILES = 10_000
IN_VIEW = 600.0


class Elsewhere:
    """What the API shows of places in stores."""

    def __init__(self, store: Store, remote: Remote, home: Path, clock: Clock) -> None:
        self._store = store
        self._remote = remote
        self._folder = home / "staged" / "shown"
        self._clock = clock
        self._busy: dict[str, asyncio.Lock] = {}
        self._until: dict[Path, float] = {}

    def is_elsewhere(self, uri: str) -> bool:
        """Whether a URI may lead to a store outside this machine."""
        return self._remote.is_elsewhere(uri)

    async def spot(self, workspace: str, uri: str, type_: str) -> Spot | None:
        """The place in a store behind a URI; None for what lies on this machine."""
        if not self.is_elsewhere(uri):
            return None
        found = await self._store.read(lambda tx: self._remote.find(tx, workspace, uri, type_))
        return found if isinstance(found, Spot) else None

    async def listing(self, spot: Spot, type_: str) -> list[Listed]:
        """Every file of a place, or the one that it is."""
        return [Listed(path, size) for path, size in sorted(await self._remote.listing(spot, type_))]

    async def stamp(self, spot: Spot, type_: str) -> str:
        """Another one whenever the content is; empty where that cannot be told."""
        return await self._remote.versions(spot, type_)

    async def file(self, spot: Spot, type_: str, path: str) -> Place:
        """A file below a place (of a place that is a file: itself), on this machine for some minutes."""
        digest = hashlib.sha256(f"{spot.store}\0{spot.path}\0{type_}".encode()).hexdigest()[:32]
        async with self._busy.setdefault(digest, asyncio.Lock()):
            await self._clear()
            view = self._folder / digest
            if self._until.get(view, 0.0) < self._clock.monotonic():
                await asyncio.to_thread(shutil.rmtree, view, True)
                await self._bring(spot, type_, view)
            if not await asyncio.to_thread((view / "all" / path).is_file):
                await self._one(spot, path, view)
        return Place(view, f"all/{path}")

    async def _bring(self, spot: Spot, type_: str, view: Path) -> None:
        found = await self._remote.listing(spot, type_)
        small = len(found) <= WHOLE_FILES and sum(max(0, size) for _, size in found) <= WHOLE_BYTES
        if not small:
            return
        single = len(found) == 1 and type_ != "uri_folder" and found[0][0] == spot.path.rpartition("/")[2]
        target = view / "all" / found[0][0] if single else view / "all"
        await self._remote.copy(spot, target, "uri_file" if single else "uri_folder")
        self._until[view] = self._clock.monotonic() + IN_VIEW

    async def _one(self, spot: Spot, path: str, view: Path) -> None:
        if view in self._until:
            raise NotFound(f"There is no file {path!r}.", target="path")
        whole = f"{spot.path.rstrip('/')}/{path}".lstrip("/")
        await self._remote.copy(replace(spot, path=whole), view / "all" / path, "uri_file")

    async def _clear(self) -> None:
        now = self._clock.monotonic()
        for view in [view for view, until in self._until.items() if until < now]:
            del self._until[view]
            await asyncio.to_thread(shutil.rmtree, view, True)
