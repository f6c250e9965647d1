"""What the environment builder asks on a thread of its own: who is one to these package indexes?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from zaffre.builder.parts.logins import Login
from zaffre.control.sealed import Sealed
from zaffre.store import Store

_SECONDS = 30.0


class Feeds:
    """Answers from the workspace's ``python_feed`` connections."""

    def __init__(self, store: Store, sealed: Sealed) -> None:
        self._store = store
        self._sealed = sealed
        self._loop = asyncio.get_running_loop()

    def __call__(self, workspace: str, urls: Sequence[str]) -> Sequence[Login]:
        """The logins that are known for ``urls``; called from another thread than the loop's."""
        asked = self._store.read(lambda tx: self._sealed.feeds(tx, workspace, urls))
        found = asyncio.run_coroutine_threadsafe(asked, self._loop).result(_SECONDS)
        return [Login(feed.url, feed.user, feed.password) for feed in found]
