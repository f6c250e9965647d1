"""The specifications of job runs, as they were pinned when they were submitted: they never change, so each is parsed once."""

from __future__ import annotations

from typing import Any

from zaffre.core.registry import JobType, job_types
from zaffre.store.runs import Run

_KEPT = 200


class Specs:
    """A few hundred of them."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[JobType, Any]] = {}

    def of(self, run: Run) -> tuple[JobType, Any]:
        """The job type and the specification."""
        found = self._known.get(run.name)
        if found is None:
            job_type = job_types()[run.facts["type"]]
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[run.name] = job_type, job_type.model().from_stored(run.facts["spec"])
        return found

    def forget(self, name: str) -> None:
        """It is over."""
        self._known.pop(name, None)
