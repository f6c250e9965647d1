"""Inputs, from their stores to where a job expects them: listed, brought into the cache, linked into place."""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import Conflict, Invalid, NotFound, ZaffreError
from zaffre.staging import fetching, threads
from zaffre.staging.cache import Cache, Entry, link
from zaffre.staging.order import Input, Item
from zaffre.staging.progress import Progress
from zaffre.staging.store import Changed, Store

TRIES = 3
_FILE, _EITHER = "uri_file", "custom_model"
_NEAR = 3
_LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file: what it is, and where it goes below the input's place; '' for the place itself."""

    item: Item
    below: str


class Bringing:
    """One input under way."""

    def __init__(self, wanted: Input, store: Store, cache: Cache) -> None:
        self._input = wanted
        self._store = store
        self._cache = cache
        self._progress = Progress(wanted.name, "brought")

    def bring(self) -> None:
        """All of it is in its place afterwards. What changes meanwhile is listed and fetched again, three times at most."""
        one = self._input
        self._progress.say(f"from {self._store.shown}, {one.path or 'all of it'}")
        with self._cache.locked(one.store, one.path, self._waiting):
            for number in range(1, TRIES + 1):
                try:
                    self._once()
                    return
                except Changed as error:
                    if number == TRIES:
                        told = f"{error.message}, {TRIES} times; what is being written cannot be read at the same time"
                        raise Conflict(told) from error
                    self._progress.say(f"{error.message}; once more")

    def _once(self) -> None:
        wanted = self._listed()
        target = Path(self._input.target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if self._input.type != _FILE and not (len(wanted) == 1 and not wanted[0].below):
            target.mkdir(exist_ok=True)
            _make_folders(target, wanted)
        with self._progress.told():
            self._fetch(wanted)
        for each in wanted:
            self._place(each, target)

    def _listed(self) -> list[Wanted]:
        one = self._input
        if one.type in (_FILE, _EITHER):
            item = self._store.look(one.path)
            if item is not None:
                return [Wanted(item, "")]
            if one.type == _FILE:
                raise self._missing()
        items = self._store.list(one.path)
        folder = f"{one.path.strip('/')}/" if one.path.strip("/") else ""
        found = [Wanted(item, _checked(item.path[len(folder) :])) for item in items if not _is_marker(item)]
        if not found:
            raise self._missing()
        return found

    def _fetch(self, wanted: list[Wanted]) -> None:
        """What the cache lacks; no more than the disk can hold."""
        entries = [self._entry(each) for each in wanted]
        absent = [entry for entry in entries if entry is not None and not entry.is_there()]
        size = sum(max(0, entry.item.size) for entry in absent)
        self._progress.expect(len(absent), size)
        if len(absent) < len(wanted):
            self._progress.say(f"{len(wanted) - len(absent)} of {len(wanted)} files are here already")
        self._cache.make_room(size)
        small = [entry for entry in absent if entry.item.size <= fetching.PART]
        threads.each(self._one, small, self._store.at_once)
        for entry in absent:
            if entry.item.size > fetching.PART:
                self._one(entry)  # in parallel within itself

    def _one(self, entry: Entry) -> None:
        try:
            fetching.fetch(self._store, entry, self._progress.add)
        except NotFound as error:
            raise Changed(f"{self._store.shown}: {entry.item.path} vanished after it was listed") from error
        self._progress.add(files=1)

    def _entry(self, wanted: Wanted) -> Entry | None:
        """None for what cannot be recognised the next time."""
        known = wanted.item.version and wanted.item.size >= 0
        return self._cache.entry(self._input.store, wanted.item) if known else None

    def _place(self, wanted: Wanted, target: Path) -> None:
        place = target / wanted.below if wanted.below else target
        place.unlink(missing_ok=True)
        entry = self._entry(wanted)
        if entry is None:
            own = Entry(place, wanted.item)
            fetching.bring_whole(self._store, own, self._progress.add)
            return
        link(entry, place)

    def _waiting(self) -> None:
        self._progress.say("another job is bringing it; waiting for that")

    def _missing(self) -> NotFound:
        """Nothing there: the names that are nearest to it."""
        path = self._input.path.strip("/")
        told = f"{self._store.shown}: nothing is at {path or 'its root'}"
        near = self._near(path)
        return NotFound(f"{told}; near it there are {', '.join(near)}" if near else told, target=path)

    def _near(self, path: str) -> list[str]:
        folder, _, name = path.rpartition("/")
        try:
            found = list(itertools.islice(self._store.list(folder), _LOOKED_AT))
        except ZaffreError:
            return []
        start = len(folder) + 1 if folder else 0
        names = list(dict.fromkeys(item.path[start:].partition("/")[0] for item in found))
        near = difflib.get_close_matches(name, names, _NEAR, 0.5) or sorted(names)[:_NEAR]
        return [f"{folder}/{each}" if folder else each for each in near if each]


def _make_folders(target: Path, wanted: list[Wanted]) -> None:
    """Every folder once."""
    names = {each.below for each in wanted}
    for folder in sorted({each.below.rpartition("/")[0] for each in wanted} - {""}):
        parts = folder.split("/")
        both = next((path for n in range(len(parts)) if (path := "/".join(parts[: n + 1])) in names), None)
        if both is not None:
            raise Invalid(f"{both} is both an object and a folder of others, which no file system can hold")
        (target / folder).mkdir(parents=True, exist_ok=True)


def _is_marker(item: Item) -> bool:
    """An empty object that stands for a folder."""
    return item.size == 0 and item.path.endswith("/")


def _checked(path: str) -> str:
    """A key as a relative path; refuses one that would lead elsewhere."""
    parts = path.split("/")
    if not path or any(part in ("", ".", "..") for part in parts) or "\x00" in path:
        raise Invalid(f"the object {path!r} has a name that cannot be a file's")
    return path
