"""Which run is which child of a job: names follow from the parent's and from what the child is to it."""

from __future__ import annotations

import hashlib
import re

from zaffre.store import Tx, runs
from zaffre.store.runs import Run

LONGEST_NAME = 255
_MOST_ATTEMPTS = 100
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")


def name(tx: Tx, parent: str, key: str) -> str:
    """The child's name; another's of that name is stepped aside from."""
    wanted = f"{parent}_{_UNFIT.sub('_', key)}"
    short = hashlib.sha256(f"{parent}/{key}".encode()).hexdigest()[:10]
    fitting = wanted if len(wanted) <= LONGEST_NAME else f"{wanted[: LONGEST_NAME - 11]}-{short}"
    found = runs.get(tx, fitting)
    return fitting if found is None or _is(found, parent, key) else f"{fitting[: LONGEST_NAME - 11]}-{short}"


def child(tx: Tx, parent: str, key: str) -> Run | None:
    """The child, if it was ever started."""
    found = runs.get(tx, name(tx, parent, key))
    return found if found is not None and _is(found, parent, key) else None


def last(tx: Tx, parent: str, key: str) -> Run | None:
    """The last attempt at a step that is run again where it fails."""
    found = child(tx, parent, key)
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        following = child(tx, parent, f"{key}.retry{attempt}") if found is not None else None
        if following is None:
            break
        found = following
    return found


def _is(run: Run, parent: str, key: str) -> bool:
    return run.parent == parent and run.facts.get("key") == key
