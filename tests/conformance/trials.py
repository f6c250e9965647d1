"""The trials of a sweep that was run: how they ended, what they were given, and which was called the best."""

from __future__ import annotations

from typing import Any

from installation import Installation
from observing import Look

_BEST = "best_child_run_id"


class Trials:
    """The children of one sweep, fetched once, with what tracking has of them."""

    def __init__(self, site: Installation, job: dict[str, Any], document: dict[str, Any]) -> None:
        self._job, self._document = job, document
        self.jobs: list[dict[str, Any]] = site.tell("job", "list", "-p", job["name"], "--all-results")
        runs = {one["name"]: site.ask(f"runs/get?run_id={one['name']}")["run"]["data"] for one in self.jobs}
        self.metrics = {name: _pairs(data.get("metrics", [])) for name, data in runs.items()}
        self.params = {name: _pairs(data.get("params", [])) for name, data in runs.items()}

    def unmet(self, look: Look) -> str:
        """What an observation finds wrong; empty where it is as the note says."""
        return getattr(self, f"_{look.at}")(look)

    def _trials(self, look: Look) -> str:
        ended = [one["name"] for one in self.jobs if one["status"] == "Completed"]
        return "" if len(ended) == look.value else f"{len(ended)} trials completed, expected {look.value}"

    def _best(self, look: Look) -> str:
        """The one that the sweep calls its best has the least, or the greatest, of all last values."""
        found = {name: float(metrics[look.name]) for name, metrics in self.metrics.items() if look.name in metrics}
        said = (self._job.get("properties") or {}).get(_BEST)
        if not found or said not in found:
            return f"its best is {said}, of {sorted(found)} with {look.name}"
        best = (min if look.value == "min" else max)(found.values())
        return "" if found[said] == best else f"its best has {look.name}={found[said]}, another {best}"

    def _within(self, look: Look) -> str:
        """Every trial has a value for all that is searched for, inside the space."""
        space: dict[str, dict[str, Any]] = self._document["search_space"]
        wrong = [
            f"{name}: {key}={params.get(key)}"
            for name, params in self.params.items()
            for key, domain in space.items()
            if not _inside(params.get(key), domain)
        ]
        return "; ".join(wrong) if self.params else "it has no trials"


def _pairs(said: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["key"]: one["value"] for one in said}


def _inside(value: Any, domain: dict[str, Any]) -> bool:
    if value is None:
        return False
    if domain["type"] == "choice":
        return str(value) in map(str, domain["values"])
    return domain["min_value"] <= float(value) <= domain["max_value"]
