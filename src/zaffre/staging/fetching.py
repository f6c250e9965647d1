"""One object, from a store into a cache entry: in parallel ranges that survive a broken-off process, or as one stream."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable

from zaffre.core.errors import Unavailable
from zaffre.staging import threads
from zaffre.staging.cache import Entry, boot
from zaffre.staging.order import Item
from zaffre.staging.store import Changed, Store

PART = 8 * 1024 * 1024
Tell = Callable[[int], None]
"""Called with the number of bytes that have arrived."""


def fetch(store: Store, entry: Entry, tell: Tell) -> None:
    """Bring one object that is not there; raises what the store raises, and ``Changed`` where it ends elsewhere than listed."""
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    item = entry.item
    if 0 <= item.size <= PART or store.at_once == 1:
        bring_whole(store, entry, tell)
        return
    with entry.alone():
        if not entry.is_there():
            _ranges(store, entry, tell)
            entry.seal(entry.partial)


def bring_whole(store: Store, entry: Entry, tell: Tell) -> None:
    """At one go, with nothing kept of a try that failed."""
    try:
        (_small if 0 <= entry.item.size <= PART and store.at_once > 1 else _streamed)(store, entry, tell)
        entry.seal(entry.draft)
    finally:
        entry.draft.unlink(missing_ok=True)


def _small(store: Store, entry: Entry, tell: Tell) -> None:
    item = entry.item
    data = store.read(item.path, 0, item.size, item.etag)
    if len(data) != item.size:
        raise Changed(f"{store.shown}: {item.path} has {len(data)} bytes, and {item.size} were listed")
    entry.draft.write_bytes(data)
    tell(len(data))


def _streamed(store: Store, entry: Entry, tell: Tell) -> None:
    item = entry.item
    with entry.draft.open("wb") as file:
        for piece in store.stream(item):
            file.write(piece)
            tell(len(piece))
        _check(store, item, file.tell())


def _ranges(store: Store, entry: Entry, tell: Tell) -> None:
    """Every range that arrived is noted, so that the next process asks for the others only."""
    item = entry.item
    there = _noted(entry)
    descriptor = os.open(entry.partial, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    lock = threading.Lock()
    try:
        os.ftruncate(descriptor, item.size)
        with entry.done.open("a", encoding="ascii") as notes:
            if not there:
                notes.write(f"{boot()}\n")

            def one(offset: int) -> None:
                length = min(PART, item.size - offset)
                data = store.read(item.path, offset, length, item.etag)
                if len(data) != length:
                    raise Changed(f"{store.shown}: {item.path} ends before the size that was listed")
                os.pwrite(descriptor, data, offset)
                with lock:
                    notes.write(f"{offset} {hashlib.blake2b(data, digest_size=8).hexdigest()}\n")
                    notes.flush()
                tell(length)

            tell(sum(min(PART, item.size - offset) for offset in there))
            missing = [offset for offset in range(0, item.size, PART) if offset not in there]
            threads.each(one, missing, min(8, store.at_once))
    finally:
        os.close(descriptor)


def _noted(entry: Entry) -> set[int]:
    """The offsets of the ranges that an earlier process brought, and that are as it left them."""
    try:
        first, *lines = entry.done.read_text(encoding="ascii").split("\n")
        file = entry.partial.open("rb")
    except (OSError, UnicodeDecodeError):
        entry.discard()
        return set()
    found: set[int] = set()
    with file:
        if first != boot() or os.fstat(file.fileno()).st_size != entry.item.size:
            entry.discard()
            return set()
        for line in lines[:-1]:  # after the last line feed: nothing, or a line broken off
            offset, _, digest = line.partition(" ")
            file.seek(int(offset))
            if hashlib.blake2b(file.read(PART), digest_size=8).hexdigest() == digest:
                found.add(int(offset))
    return found


def _check(store: Store, item: Item, seen: int) -> None:
    if item.size >= 0 and seen != item.size:
        raise Unavailable(f"{store.shown}: {item.path} broke off after {seen} of {item.size} bytes")
