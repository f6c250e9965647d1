"""Layers of runs used again: one in which nothing was installed is as good for the next run of its environment.

Making a layer is a dozen files and folders, and a job that ended well has most often not touched its own. Whether it has is
told by names, sizes and the times of changes, which the kernel sets and no program can. Kept are a few, in memory; what lies in
their place from an earlier server is removed.
"""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from zaffre.builder.layer import layer, programs
from zaffre.core.ports import Interpreter

_MOST = 16
"""Of one environment."""

Stamp = tuple[Any, ...]
Environment = tuple[str, str]
"""Its folder and its Python: a folder may be built anew over another."""


class _Given(NamedTuple):
    """A layer in use, and how it looked before."""

    environment: Environment
    stamp: Stamp


class Layers:
    """Gives every run a layer of its own (``builder.layer``); ``folder`` is where unused ones wait."""

    def __init__(self, folder: Path, last: str) -> None:
        self._folder = folder
        self._last = last
        self._number = count(1)
        self._given: dict[str, _Given] = {}
        self._waiting: dict[Environment, list[tuple[str, Stamp]]] = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)

    def __call__(self, interpreter: Interpreter, directory: str) -> Interpreter:
        """The interpreter with the layer ``directory``, which is there afterwards."""
        if os.path.isdir(directory):  # noqa: PTH112 - launched again: its run may have been at it already
            self.forget(directory)
            return layer(interpreter, directory, self._last)
        environment = interpreter.prefix, os.path.realpath(interpreter.python)
        stamp = self._moved(environment, directory)
        if stamp is not None:
            self._given[directory] = _Given(environment, stamp)
            return programs(interpreter, directory)
        made = layer(interpreter, directory, self._last)
        if made.prefix == directory and "R_LIBS" not in made.environ:
            self._given[directory] = _Given(environment, _stamp(directory))
        return made

    def take_back(self, directory: str) -> None:
        """The run has ended, and no process of it lives: its layer is kept for another where it is as it was."""
        given = self._given.pop(directory, None)
        waiting = self._waiting.setdefault(given.environment, []) if given else []
        if given is None or len(waiting) >= _MOST:
            return
        place = str(self._folder / str(next(self._number)))
        try:
            if _stamp(directory) == given.stamp:
                os.rename(directory, place)  # noqa: PTH104 - on every run's way
                waiting.append((place, given.stamp))
        except OSError:  # somebody has removed it, or a part of it
            return

    def forget(self, directory: str) -> None:
        """The run has ended otherwise; its layer stays with it."""
        self._given.pop(directory, None)

    def _moved(self, environment: Environment, directory: str) -> Stamp | None:
        waiting = self._waiting.get(environment)
        if not waiting:
            return None
        place, stamp = waiting.pop()
        try:
            os.makedirs(directory.rpartition("/")[0], exist_ok=True)  # noqa: PTH103
            os.rename(place, directory)  # noqa: PTH104
        except OSError:  # somebody has removed it
            shutil.rmtree(place, ignore_errors=True)
            return None
        return stamp


def _stamp(directory: str) -> Stamp:
    """What is in each folder of a fresh layer, how long each file of its own is, and when each was last changed.

    The time of the topmost folder alone is that of its content, since its other one changes as it is moved.
    """
    above = os.stat(directory)  # noqa: PTH116 - on every run's way
    found: list[Any] = [(above.st_ino, above.st_mtime_ns, *sorted(os.listdir(directory)))]  # noqa: PTH208
    found += [_changed(f"{directory}/{name}") for name in ("bin/pip", "pyvenv.cfg")]
    folders = [f"{directory}/bin", f"{directory}/lib"]
    while folders:
        folder = folders.pop()
        names = sorted(os.listdir(folder))  # noqa: PTH208
        found.append((_changed(folder), *names))
        if folder.endswith("/site-packages"):
            found += [_changed(f"{folder}/{name}") for name in names]
        elif not folder.endswith("/bin"):
            folders += [f"{folder}/{name}" for name in names]
    return tuple(found)


def _changed(place: str) -> tuple[int, int, int]:
    one = os.stat(place, follow_symlinks=False)  # noqa: PTH116
    return one.st_ino, one.st_size, one.st_ctime_ns
