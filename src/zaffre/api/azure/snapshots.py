"""Code where the official client looks for it: it downloads what lies at a code's address in the default datastore.

Code is kept by content and has no folder of its own there; one is laid out when its address is first listed.
"""

from __future__ import annotations

import asyncio
import re

from starlette.concurrency import run_in_threadpool

from zaffre.control.containers import Container
from zaffre.control.locations import DEFAULT_DATASTORE
from zaffre.core.resource import Key
from zaffre.store import Store, resources
from zaffre.store.blobs import Blobs, File

_FOLDER = re.compile(r"code--([A-Za-z0-9_][\w.-]{0,254})--([\w.]{1,64})(?:/.*)?")


def folder(key: Key) -> str:
    """The folder of a code's files; one segment, since the client takes the last one for it."""
    return f"code--{key.name}--{key.version}"


def code_at(path: str) -> tuple[str, str] | None:
    """Name and version of the code whose folder this is, or what is in it; None for any other path."""
    found = _FOLDER.fullmatch(path)
    return (found[1], found[2]) if found is not None else None


class Snapshots:
    """Lays code out for downloads."""

    def __init__(self, store: Store, code: Blobs) -> None:
        self._store = store
        self._code = code
        self._laying = asyncio.Lock()

    async def lay_out(self, container: Container, prefix: str) -> None:
        """See to it that what ``prefix`` names is there, where it is a code's folder and there is such a code."""
        named = code_at(prefix)
        if named is None or container.datastore != DEFAULT_DATASTORE:
            return
        key = Key(container.workspace, "code", named[0], "", named[1])
        target = container.root / folder(key)
        async with self._laying:
            if target.exists():
                return
            found = await self._store.read(lambda tx: resources.get(tx, key))
            if found is not None:
                files = tuple(File(*entry) for entry in found.state["files"])
                await run_in_threadpool(self._code.materialise, files, target)
