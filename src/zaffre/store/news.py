"""What servers on one database tell each other: every commit's events and nudges, heard by all, in the order of commits.

A notice names a range of events, not their contents; who hears it reads them. What this server itself committed it has
published already. After a lost connection the events since the last notice are read, so none is missed.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from zaffre.core.errors import ZaffreError
from zaffre.core.events import Event
from zaffre.store.dialect import Dialect
from zaffre.store.writer import Job, kept

LARGEST_NOTICE = 7000
"""Bytes of keys in one notice; PostgreSQL takes 8000 in all."""
_PAGE = 1000

Read = Callable[[int], list[Event]]
"""The events after a number, oldest first, ``_PAGE`` at most."""


class News:
    """Listens on a thread of its own; ``hear`` is called there with the events and nudged keys of other servers."""

    def __init__(self, database: Dialect, read: Read, hear: Callable[[list[Event], list[str]], None]) -> None:
        self._database = database
        self._read = read
        self._hear = hear
        self._me = secrets.token_hex(8)
        self._upto = 0
        """Every event up to here was published here."""
        self._own: set[int] = set()
        """Later ones that were, because they are this server's."""
        self._pending: set[int] = set()
        """Those of the transaction that is about to be committed."""
        self._stop, self._stopped = socket.socketpair()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="zaffre-news", daemon=True)

    def start(self, newest: int) -> None:
        """Listen; events up to ``newest`` are old."""
        self._upto = newest
        self._thread.start()
        self._listening.wait(5)

    def close(self) -> None:
        """Listen no more. Blocks a moment."""
        self._stop.close()
        if self._thread.is_alive():
            self._thread.join()
        self._stopped.close()

    def notices(self, jobs: Sequence[Job]) -> list[str]:
        """What others are to hear of ``jobs``, which are about to be committed."""
        seqs = [event.seq for event in kept(jobs)]
        self._pending = set(seqs)
        nudged = {key for job in jobs if job.tx is not None and job.error is None for key in job.tx.nudged}
        if not seqs and not nudged:
            return []
        told: dict[str, Any] = {"by": self._me, "events": [seqs[0], seqs[-1]] if seqs else []}
        return [json.dumps(told | {"nudged": keys}, separators=(",", ":")) for keys in _groups(sorted(nudged))]

    def published(self, jobs: Sequence[Job]) -> None:
        """``jobs`` are committed, and heard of on this server."""
        self._own.update(event.seq for event in kept(jobs))

    def _listen(self) -> None:
        for notice in self._database.notices(self._stopped):
            try:
                self._take(None if notice is None else json.loads(notice))
            except (ZaffreError, ValueError):
                continue  # read again with the next notice, since nothing was marked as heard
            self._listening.set()

    def _take(self, notice: dict[str, Any] | None) -> None:
        if notice is None:
            self._tell(self._missing(None), [])
            return
        newest: int = max(notice["events"], default=0)
        if notice["by"] == self._me:
            self._heard(newest)
        else:
            self._tell(self._missing(newest), notice["nudged"])

    def _tell(self, events: list[Event], nudged: list[str]) -> None:
        if events or nudged:
            self._hear(events, nudged)

    def _missing(self, upto: int | None) -> list[Event]:
        """Events that were not published here yet, up to ``upto`` or to the newest."""
        found: list[Event] = []
        while upto is None or self._upto < upto:
            page = self._read(self._upto)
            own = self._own | self._pending
            found += [event for event in page if event.seq not in own]
            self._heard(page[-1].seq if page else upto or 0)
            if len(page) < _PAGE:
                break
        return found

    def _heard(self, upto: int) -> None:
        self._upto = max(self._upto, upto)
        for seq in [seq for seq in tuple(self._own) if seq <= self._upto]:
            self._own.discard(seq)


def _groups(keys: list[str], largest: int = LARGEST_NOTICE) -> Iterable[list[str]]:
    """``keys`` in lists that fit into a notice; one empty list where there is none."""
    group: list[str] = []
    size = 0
    for key in keys:
        length = len(json.dumps(key)) + 1
        if group and size + length > largest:
            yield group
            group, size = [], 0
        group.append(key)
        size += length
    yield group
