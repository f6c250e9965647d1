"""Outputs, to their stores: every file under its final name, each whole or not there at all.

If one cannot be sent, what this process newly put there is removed again. An object that was there before and was
replaced stays replaced: stores keep no two contents of a name (versioned buckets do, by themselves).
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zaffre.core.errors import Invalid, Unavailable, ZaffreError
from zaffre.staging import threads
from zaffre.staging.order import Output
from zaffre.staging.progress import Progress
from zaffre.staging.store import Store


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    key: str
    size: int


class Sending:
    """One output under way."""

    def __init__(self, output: Output, store: Store) -> None:
        self._output = output
        self._store = store
        self._progress = Progress(output.name, "sent")
        self._new: list[str] = []
        self._lock = threading.Lock()

    def send(self) -> None:
        """All of it is in the store afterwards and gone from here; or it is still here, and new objects are gone."""
        source = Path(self._output.source)
        if not source.exists():
            self._progress.say("the command left nothing there")
            return
        files = list(self._files(source))
        self._progress.say(f"to {self._store.shown}, {self._output.path}")
        self._progress.expect(len(files), sum(file.size for file in files))
        before = self._before(files)
        try:
            with self._progress.told():
                self._put(files, before)
        except ZaffreError:
            self._take_back()
            raise
        shutil.rmtree(source) if source.is_dir() else source.unlink()

    def _put(self, files: list[_File], before: frozenset[str]) -> None:
        def one(file: _File) -> None:
            if file.key not in before:
                with self._lock:
                    self._new.append(file.key)
            self._store.write(file.key, file.path)
            self._check(file)
            self._progress.add(file.size, 1)

        threads.each(one, files, self._store.at_once // 2)

    def _check(self, file: _File) -> None:
        """Large files are looked at again; a small one is a single request, which the store acknowledged."""
        if file.size < _LARGE:
            return
        found = self._store.look(file.key)
        if found is None or found.size != file.size:
            raise Unavailable(f"{self._store.shown}: {file.key} has not the size that was sent")

    def _before(self, files: list[_File]) -> frozenset[str]:
        """What is there already and must not be removed should anything fail."""
        if len(files) == 1:
            return frozenset({files[0].key}) if self._store.look(files[0].key) is not None else frozenset()
        try:
            return frozenset(item.path for item in self._store.list(self._output.path))
        except ZaffreError as error:
            if error.status == 404:
                return frozenset()
            raise

    def _take_back(self) -> None:
        for key in self._new:
            try:
                self._store.remove(key)
            except ZaffreError as error:
                self._progress.say(f"{key} could not be removed again: {error.message}")

    def _files(self, source: Path) -> Iterator[_File]:
        """Every file; a link counts as what it leads to, as long as that lies within the output."""
        root = source.resolve()
        base = self._output.path.strip("/")
        if source.is_file():
            yield _File(root, base, root.stat().st_size)
            return
        for folder, folders, names in os.walk(root, followlinks=False):
            links = [name for name in folders if Path(folder, name).is_symlink()]
            for name in sorted(names) + links:
                path = Path(folder, name)
                found = path.resolve()
                if not found.is_relative_to(root) or not found.is_file():
                    what = f"a link to {path.readlink()}" if path.is_symlink() else "no plain file"
                    raise Invalid(f"{path.relative_to(root)} is {what}, which a store cannot hold")
                below = path.relative_to(root).as_posix()
                yield _File(found, f"{base}/{below}" if base else below, found.stat().st_size)


_LARGE = 8 * 1024 * 1024
