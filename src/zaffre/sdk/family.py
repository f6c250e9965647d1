"""A job that runs other jobs, as it goes: its children as they begin and end, and the best of a sweep's trials."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources, Which, is_final, reason_of, status_of

PARENTS = ("sweep", "pipeline")
_PAUSE = 0.5
_LONGEST_PAUSE = 5.0
_MANY = 200
_TOLD = ("Running", "Completed", "Failed", "Canceled")
_BEST = "job"


def is_parent(job: Mapping[str, Any]) -> bool:
    """Whether a job has no log of its own, but children."""
    return mapping(job.get("spec")).get("type") in PARENTS


class Family:
    """Tells what is new of one parent."""

    def __init__(self, jobs: Resources, which: Which, write: Callable[[str], None]) -> None:
        self._jobs = jobs
        self._which = which
        self._write = write
        self._seen: dict[str, str] = {}
        self._best: Mapping[str, Any] = {}

    def run(self) -> None:
        """Until it is final."""
        pause = _PAUSE
        while True:
            job = self._jobs.get(self._which)
            before = len(self._seen), dict(self._seen)
            self._children()
            self._compare(job)
            if is_final(job):
                return
            pause = _PAUSE if before != (len(self._seen), self._seen) else min(pause * 2, _LONGEST_PAUSE)
            time.sleep(pause)

    def _children(self) -> None:
        """Those whose status is another than it was; the oldest first."""
        found = list(self._jobs.list(filters={"parent_job_name": self._which.name}, limit=_MANY))
        for child in reversed(found):
            name, status = str(child["name"]), status_of(child)
            if status in _TOLD and self._seen.get(name) != status:
                self._seen[name] = status
                self._write(f"{name}: {status}{_about(child, status)}\n")

    def _compare(self, job: Mapping[str, Any]) -> None:
        best = mapping(mapping(job.get("state")).get("best"))
        if best and best != self._best:
            self._best = best
            scores = ", ".join(f"{name} = {value:.6g}" for name, value in best.items() if name != _BEST)
            self._write(f"best so far: {best[_BEST]}, {scores}\n")


def _about(child: Mapping[str, Any], status: str) -> str:
    """What it tries as it begins; why it failed when it has."""
    if status == "Failed":
        return f" ({reason_of(dict(child))})"
    tried = mapping(mapping(child.get("spec")).get("tags")).get("hyperparameters")
    return f" {tried}" if tried and status == "Running" else ""
