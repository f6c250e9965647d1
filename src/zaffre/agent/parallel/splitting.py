"""Which files make which mini-batch: by number, by size, or by what their folders are called. Pure."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Sequence, Tuple

_NAMED = re.compile(r"([^=/]+)=(.*)")


class File(NamedTuple):
    """One file of the input."""

    path: str
    """Below the input's folder, with slashes; the file's own name where the input is a file."""
    size: int


class Unsplittable(Exception):
    """The input cannot be shared out; the text is for the user."""


def by_count(files: Sequence[File], count: int) -> Iterator[Dict[str, Any]]:
    """``count`` files each; the last may have fewer."""
    for begin in range(0, len(files), count):
        yield _batch(files[begin : begin + count])


def by_size(files: Iterable[File], size: int) -> Iterator[Dict[str, Any]]:
    """As many files in their order as have at most ``size`` bytes together; a larger one is alone."""
    held: List[File] = []
    total = 0
    for file in files:
        if held and total + file.size > size:
            yield _batch(held)
            held, total = [], 0
        held.append(file)
        total += file.size
    if held:
        yield _batch(held)


def by_keys(files: Iterable[File], keys: Sequence[str]) -> Iterator[Dict[str, Any]]:
    """The files whose folders say the same for every key: ``Store=1/Brand=a/x.csv``. In order of their first files."""
    groups: Dict[Tuple[str, ...], List[File]] = {}
    for file in files:
        named = dict(_pairs(file.path))
        missing = [key for key in keys if key not in named]
        if missing:
            told = "partition_keys: %s lies in no folder %s=…; name folders so, or give a table (mltable)"
            raise Unsplittable(told % (file.path, missing[0]))
        groups.setdefault(tuple(named[key] for key in keys), []).append(file)
    for values, members in groups.items():
        yield dict(_batch(members), keys=dict(zip(keys, values)))  # noqa: B905 - Python 3.7


def _pairs(path: str) -> Iterator[Tuple[str, str]]:
    for part in path.split("/")[:-1]:
        found = _NAMED.fullmatch(part)
        if found:
            yield found.group(1), found.group(2)


def _batch(files: Sequence[File]) -> Dict[str, Any]:
    return {"items": len(files), "files": [file.path for file in files]}
