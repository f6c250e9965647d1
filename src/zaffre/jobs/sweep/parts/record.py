"""What a sweep knows of its trials: its children as the engine tells of them, and what it noted when they began and ended.

Notes lie flat in the parent's memory, one key a fact: ``parameters.7``, ``trial.7``, ``stopped.7``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from zaffre.core.parents import Child, ParentFacts
from zaffre.core.status import RunStatus
from zaffre.core.sweeping import Objective, Sampler, read_sampler
from zaffre.jobs.sweep.spec import SweepJob
from zaffre.search.drawing import drawn, draws, grid_size
from zaffre.search.scoring import best_value
from zaffre.search.trial import COMPLETED, FAILED, STOPPED, Search, Trial, seed_of

BEFORE, RESUMED, METRICS, PLANNED = "before", "resumed", "metrics", "suggest"
"""Questions to the adviser; the first two are also where its answers are kept."""
LEARNERS_AT_ONCE = 4
"""Trials at once where nothing is said and the sampler learns: all at once would teach it nothing."""


def sampler_of(spec: SweepJob) -> Sampler:
    """``random`` where nothing is said."""
    return spec.sampling_algorithm or read_sampler({"type": "random"})


def search_of(spec: SweepJob, name: str, before: tuple[Trial, ...] = ()) -> Search:
    """What is searched; a seed that is not given follows from the sweep's name, so that it is the same after a restart."""
    sampler = sampler_of(spec)
    said = getattr(sampler, "seed", None)
    seed = seed_of(name) if said is None else int(said)
    return Search(spec.search_space or {}, sampler, tuple(one.goal for one in spec.objectives), seed, before)


@dataclass
class Record:
    """One look at a sweep."""

    spec: SweepJob
    facts: ParentFacts
    notes: dict[str, Any] = field(default_factory=dict[str, Any])
    """What this look found out, to be noted."""

    def known(self, key: str) -> Any:
        """A note, of this look or an earlier one."""
        return self.notes.get(key, self.facts.memory.get(key))

    @cached_property
    def search(self) -> Search:
        """With the trials of earlier sweeps, where it is to learn from any."""
        rows: list[list[Any]] = self.known(BEFORE) or []
        return search_of(self.spec, self.facts.name, tuple(Trial.from_json(row) for row in rows))

    @cached_property
    def children(self) -> dict[int, Child]:
        """By trial number."""
        return {int(key): child for key, child in sorted(self.facts.children.items(), key=lambda item: int(item[0]))}

    @cached_property
    def running(self) -> dict[int, Child]:
        """Those that have not ended."""
        return {number: child for number, child in self.children.items() if not child.status.is_final}

    def unread(self) -> dict[int, Child]:
        """Those that have ended, and what they logged was not looked at."""
        return {
            number: child
            for number, child in self.children.items()
            if child.status.is_final and self.known(f"trial.{number}") is None
        }

    @property
    def total(self) -> int:
        """How many trials there are to be; a grid may have fewer than are allowed."""
        most = self.spec.limits.max_total_trials or 0
        return min(most, grid_size(self.search.spaces)) if self.search.sampler.type == "grid" else most

    @property
    def at_once(self) -> int:
        """Azure starts all at once where nothing is said; samplers that learn do not."""
        said = self.spec.limits.max_concurrent_trials
        return said or (self.total if draws(self.search) else LEARNERS_AT_ONCE)

    def parameters(self, number: int) -> dict[str, Any] | None:
        """Of a trial that began, or of one that is drawn without looking at others; None where the sampler must be asked."""
        noted: dict[str, Any] | None = self.known(f"parameters.{number}")
        if noted is not None:
            return noted
        if (taken := self.resumed(number)) is not None:
            return taken
        return next(iter(drawn(self.search, number, 1)), None) if draws(self.search) else None

    def resumed(self, number: int) -> dict[str, Any] | None:
        """The parameters that the trial of this number had in the sweep that this one goes on with."""
        rows: list[list[Any]] = self.known(RESUMED) or []
        return rows[number][1] if number < len(rows) else None

    def done_before(self, number: int) -> str:
        """The run of that sweep which did this trial, if one did."""
        rows: list[list[Any]] = self.known(RESUMED) or []
        return str(rows[number][4]) if number < len(rows) else ""

    def trials(self) -> list[Trial]:
        """Every trial so far, by number."""
        return [self.trial(number) for number in self.children]

    def trial(self, number: int) -> Trial:
        """One of them; what was not looked at yet counts as running."""
        noted: list[Any] | None = self.known(f"trial.{number}")
        parameters = self.parameters(number) or {}
        if noted is None:
            return Trial(number, parameters)
        state, values = noted[0], noted[1]
        return Trial(number, parameters, state, None if values is None else tuple(map(_float, values)))

    def read(self, told: Mapping[str, Any]) -> None:
        """Note what ended trials have come to, from the histories that the adviser found."""
        for number, child in self.unread().items():
            answer: Mapping[str, Any] | None = told.get(str(number))
            if answer is not None or child.refused:
                self.notes[f"trial.{number}"] = self._outcome(number, child, answer or {})

    def _outcome(self, number: int, child: Child, answer: Mapping[str, Any]) -> list[Any]:
        """State, values, and where it has none the metrics it logged instead."""
        histories: Mapping[str, list[float]] = answer.get("histories", {})
        values = [
            best_value([_float(one) for one in histories.get(o.primary_metric, [])], o.goal) for o in self.objectives
        ]
        state = _STATES.get(child.status, FAILED)
        if child.status is RunStatus.CANCELED and self.known(f"stopped.{number}") is not None:
            state = STOPPED
        if any(value is None for value in values):
            return [state, None, list(answer.get("logged", []))]
        return [state, [None if value is None or math.isnan(value) else value for value in values]]

    @property
    def objectives(self) -> list[Objective]:
        """The first is the one that decides."""
        return self.spec.objectives


_STATES = {RunStatus.COMPLETED: COMPLETED}


def _float(value: Any) -> float:
    """JSON has no NaN: it is null there."""
    return math.nan if value is None else float(value)
