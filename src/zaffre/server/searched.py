"""Sweeps put together: who answers what their plans ask, in which process, and who wakes them when a trial logs something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from zaffre.control.loop import Loop
from zaffre.core.errors import Invalid
from zaffre.core.parents import Ask, ParentFacts
from zaffre.core.registry import job_types
from zaffre.jobs.sweep.parts.document import flat
from zaffre.jobs.sweep.parts.record import METRICS, PLANNED, RESUMED, Record
from zaffre.search.process import SearchProcess
from zaffre.search.trial import COMPLETED, Search, Trial
from zaffre.store import Store, families, runs
from zaffre.store.runs import Run
from zaffre.tracking.service import TrackingService


class Searches:
    """The one process that knows samplers, and the sweeps that ask it."""

    def __init__(self, store: Store, loop: Loop) -> None:
        self._store = store
        self._loop = loop
        self._process = SearchProcess()
        self._waking: set[asyncio.Task[None]] = set()

    def adviser(self, tracking: TrackingService) -> Sweeps:
        """Of sweep jobs."""
        return Sweeps(self._store, tracking, self._process, self._wake)

    def _wake(self, run: str) -> None:
        task = asyncio.ensure_future(self._loop.wake(f"run:{run}"))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def close(self) -> None:
        """End the process; the next server starts another, which answers the same."""
        await self._process.close()


class Logged(Protocol):
    """What a run has logged (``tracking.trials``)."""

    @property
    def histories(self) -> Mapping[str, Sequence[float | None]]:
        """Of the metrics that were asked for; None is NaN."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """What else it logged."""
        ...


class Records(Protocol):
    """The tracking records."""

    async def logged(
        self, names: Sequence[str], wanted: Sequence[str], params: Mapping[str, Mapping[str, str]]
    ) -> Mapping[str, Logged]:
        """By run; puts on record the params that are missing."""
        ...

    def watch(self, run: str, heard: Callable[[], None] | None) -> None:
        """Call ``heard`` when the run logs a metric next."""
        ...


class Suggester(Protocol):
    """Answers for samplers that learn (``search.process``)."""

    async def suggest(self, search: Search, history: Sequence[Trial], count: int) -> list[dict[str, Any]]:
        """Parameters of the next trials; raises ``Invalid`` where its sampler is not there."""
        ...


class Sweeps:
    """The adviser of sweeps."""

    def __init__(self, store: Store, records: Records, suggester: Suggester, wake: Callable[[str], None]) -> None:
        """``wake`` has a run looked at now, by its name."""
        self._store = store
        self._records = records
        self._suggester = suggester
        self._wake = wake

    async def answer(self, run: Run, spec: Any, facts: ParentFacts, asked: Ask) -> Mapping[str, Any]:
        """The answer to one question."""
        del spec
        if asked.name == METRICS:
            return await self._metrics(run, facts, asked.question)
        if asked.name == PLANNED:
            return await self._suggested(asked.question)
        return {"trials": await self._earlier(asked.question["jobs"], whole=asked.name == RESUMED)}

    async def _metrics(self, run: Run, facts: ParentFacts, question: Mapping[str, Any]) -> dict[str, Any]:
        """What each trial has logged; the next value that one of those that run logs has the sweep looked at."""
        names: Mapping[str, str] = question["runs"]
        ended: Mapping[str, Mapping[str, Any] | None] = question["ended"]
        for key, name in names.items():
            child = facts.children.get(key)
            over = key in ended or child is None or child.status.is_final
            self._records.watch(name, None if over else lambda: self._wake(run.name))
        params = {names[key]: flat(told) for key, told in ended.items() if told}
        found = await self._records.logged(list(names.values()), question["metrics"], params)
        return {
            key: {"histories": dict(found[name].histories), "logged": list(found[name].names)}
            for key, name in names.items()
        }

    async def _suggested(self, question: Mapping[str, Any]) -> dict[str, Any]:
        history = [Trial.from_json(row) for row in question["history"]]
        try:
            made = await self._suggester.suggest(Search.from_json(question["search"]), history, question["count"])
        except Invalid as error:
            return {"problem": error.message}
        return {"parameters": made}

    async def _earlier(self, jobs: Sequence[str], *, whole: bool) -> list[list[Any]]:
        """What other sweeps have noted of their trials; of one that is gone on with, the completed ones and their runs."""
        found: list[list[Any]] = []
        for name in jobs:
            run = await self._store.read(lambda tx, name=name: runs.get(tx, name))
            if run is None:
                continue
            below = await self._store.read(lambda tx, name=name: families.children(tx, name)) if whole else ()
            names = {child.key: child.reused or child.name for child in below}
            for trial in _noted(run):
                if trial.state == COMPLETED if whole else trial.counts:
                    row = replace(trial, number=len(found)).to_json()
                    found.append([*row, names.get(str(trial.number), "")] if whole else row)
        return found


def _noted(run: Run) -> list[Trial]:
    """The trials of one sweep, by number."""
    memory: dict[str, Any] = run.facts.get("memory", {})
    spec = job_types()["sweep"].model().from_stored(run.facts["spec"])
    facts = ParentFacts(run.name, run.status, None, 0.0, None, {}, memory)
    numbers = sorted(int(key.partition(".")[2]) for key in memory if key.startswith("trial."))
    record = Record(spec, facts)
    return [record.trial(number) for number in numbers]
