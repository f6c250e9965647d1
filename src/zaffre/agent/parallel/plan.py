"""The mini-batches of a job, written once and the same for every attempt, however the input changes meanwhile.

A line each, after a first one with their number. Only the places of the lines are held in memory.
"""

from __future__ import annotations

import json
import os
from array import array
from typing import Any, Dict, Iterable, Iterator, List, Set, Tuple

from zaffre.agent.parallel import splitting
from zaffre.agent.parallel.settings import Settings
from zaffre.agent.parallel.splitting import File, Unsplittable

FILE = "plan.jsonl"


class Plan:
    """A plan that lies in the kept folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._stream = open(os.path.join(folder, FILE), "rb")  # noqa: SIM115 - read all the time
        head: Dict[str, Any] = json.loads(self._stream.readline())
        self.items: int = head["items"]
        self._places = array("Q")
        while True:
            place = self._stream.tell()
            if not self._stream.readline():
                break
            self._places.append(place)

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> Dict[str, Any]:
        self._stream.seek(self._places[index])
        found: Dict[str, Any] = json.loads(self._stream.readline())
        return found


def opened(settings: Settings) -> Plan:
    """The plan that is there, else the one that the input's files make."""
    if not os.path.exists(os.path.join(settings.kept, FILE)):
        written(settings.kept, _split(settings))
    return Plan(settings.kept)


def written(folder: str, batches: Iterable[Dict[str, Any]]) -> None:
    """Whole or not at all, and lasting."""
    body = os.path.join(folder, FILE + ".body")
    count = items = 0
    with open(body, "w", encoding="utf-8") as stream:
        for batch in batches:
            stream.write(json.dumps(batch) + "\n")
            count += 1
            items += batch["items"]
    draft = os.path.join(folder, FILE + ".draft")
    with open(draft, "w", encoding="utf-8") as stream, open(body, encoding="utf-8") as lines:
        stream.write(json.dumps({"count": count, "items": items}) + "\n")
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, os.path.join(folder, FILE))
    os.unlink(body)


def _split(settings: Settings) -> Iterator[Dict[str, Any]]:
    files = listed(settings.source)
    if not files:
        raise Unsplittable("input %s holds no file, so there is nothing to share out" % settings.name)
    if settings.keys:
        return splitting.by_keys(files, settings.keys)
    if settings.size:
        return splitting.by_size(files, settings.size)
    return splitting.by_count(files, settings.files)


def listed(source: str) -> List[File]:
    """The files of the input in the order of their names; hidden ones, which tools leave behind, do not count."""
    if not os.path.isdir(source):
        return [File(os.path.basename(source), os.path.getsize(source))] if os.path.exists(source) else []
    found: List[File] = []
    seen: Set[Tuple[int, int]] = set()
    for folder, inner, names in os.walk(source, followlinks=True):
        here = os.stat(folder)
        if (here.st_dev, here.st_ino) in seen:  # links that lead in a circle
            inner[:] = []
            continue
        seen.add((here.st_dev, here.st_ino))
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in names:
            path = os.path.join(folder, name)
            if not name.startswith(".") and os.path.isfile(path):
                found.append(File(os.path.relpath(path, source).replace(os.sep, "/"), os.path.getsize(path)))
    return sorted(found)


def paths(settings: Settings, batch: Dict[str, Any]) -> List[str]:
    """The absolute paths of a mini-batch's files."""
    root = settings.source if os.path.isdir(settings.source) else os.path.dirname(settings.source)
    return [os.path.join(root, path) for path in batch["files"]]
